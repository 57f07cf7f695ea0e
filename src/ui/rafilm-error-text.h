/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What to tell a person of ERROR: what happened and, where there is something
 * to do, what.  Never the text of a library. */
const char *rafilm_error_text (const GError *error);

G_END_DECLS
