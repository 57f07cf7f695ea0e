/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Makes the templates, the icons and the style known. Call it once after
 * adw_init(), and before any widget of Rafilm is made. */
void rafilm_ui_init (void);

G_END_DECLS
