/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/* Takes pictures of every page and dialog, wide and narrow, light and dark,
 * saves them in FOLDER as PNG and ends the application.  For "dev shots". */
DexFuture *rafilm_shots_take (GtkApplication *application, RafilmAppContext *context,
                              const char *folder) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
