/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim-history.h"
#include "sim-world.h"

/* I3, I4, I5, I12 and I13: no write is lost. `rows`: RafilmWireRow, all that the server has. */
void sim_check_writes (SimWorld *world, GPtrArray *rows);
