/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of an archive that is CSV: diary, rated films, watchlist and lists, in files of the size
 * that Letterboxd's importer takes. */
#pragma once

#include "rafilm-takeout-walk.h"

bool rafilm_takeout_sheets_write (RafilmTakeout *self);
