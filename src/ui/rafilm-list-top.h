/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * A list view holds on to its first item and not to the heading above it, so
 * that the heading is scrolled out as soon as the items come.  This keeps the
 * heading in sight when the items change, unless somebody has scrolled away.
 * Call it after the view has got its model.
 */
void rafilm_list_top_keep (GtkListView *view);

G_END_DECLS
