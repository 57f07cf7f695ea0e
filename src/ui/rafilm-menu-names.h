/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Gives the items of all menus accessible names, each time that a menu is
 * shown: GTK 4.18 leaves them without, so that a screen reader has nothing to
 * read.  To be called once, after gtk_init (). */
void rafilm_menu_names_init (void);

G_END_DECLS
