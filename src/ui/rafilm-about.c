/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-about.h"

#include <glib/gi18n.h>

static char *
dup_debug_info (void)
{
  return g_strdup_printf (
      "Rafilm " PACKAGE_VERSION "\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\nGLib %u.%u.%u\nRenderer: %s",
      gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
      adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version (),
      glib_major_version, glib_minor_version, glib_micro_version,
      g_getenv ("GSK_RENDERER") != NULL ? g_getenv ("GSK_RENDERER") : "default");
}

AdwDialog *
rafilm_about_new (void)
{
  AdwAboutDialog *about = ADW_ABOUT_DIALOG (adw_about_dialog_new ());
  g_autofree char *debug_info = dup_debug_info ();

  adw_about_dialog_set_application_name (about, "Rafilm");
  adw_about_dialog_set_application_icon (about, APP_ID);
  adw_about_dialog_set_version (about, PACKAGE_VERSION);
  adw_about_dialog_set_developer_name (about, _ ("The Rafilm developers"));
  adw_about_dialog_set_license_type (about, GTK_LICENSE_GPL_3_0);
  adw_about_dialog_set_website (about, "https://rafilm.app");
  adw_about_dialog_set_comments (
      about, _ ("A diary of the films you watch. Film data and posters come from TMDB.\n\n"
                "This product uses the TMDB API but is not endorsed or certified by TMDB."));
  adw_about_dialog_add_link (about, "TMDB", "https://www.themoviedb.org");
  adw_about_dialog_add_legal_section (
      about, "TMDB", NULL, GTK_LICENSE_CUSTOM,
      _ ("This product uses the TMDB API but is not endorsed or certified by TMDB."));
  adw_about_dialog_set_debug_info (about, debug_info);
  adw_about_dialog_set_debug_info_filename (about, "rafilm-debug-info.txt");

  return ADW_DIALOG (about);
}
