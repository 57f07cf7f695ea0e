/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-ui.h"

#include "rafilm-menu-names.h"
#include "rafilm-ui-resources.h"

#define RESOURCES "/app/rafilm/Rafilm"

void
rafilm_ui_init (void)
{
  g_autoptr (GtkCssProvider) style = NULL;
  GdkDisplay *display = gdk_display_get_default ();

  rafilm_ui_register_resource ();
  rafilm_menu_names_init ();
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display), RESOURCES "/icons");

  style = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (style, RESOURCES "/style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}
