/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Where the compiled templates lie among the resources. */
#define RAFILM_UI "/app/rafilm/Rafilm/ui/"

/*
 * Binds the functions that templates call in their expressions:
 * format_year (int), format_date (string), format_runtime (int), is_rated
 * (int), is_some (string), is_object (GObject), invert (bool).
 */
void rafilm_closures_bind (GtkWidgetClass *widget_class);

G_END_DECLS
