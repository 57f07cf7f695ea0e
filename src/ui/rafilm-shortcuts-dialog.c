/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-shortcuts-dialog.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"

struct _RafilmShortcutsDialog
{
  AdwDialog parent_instance;

  AdwPreferencesPage *page;
};

G_DEFINE_FINAL_TYPE (RafilmShortcutsDialog, rafilm_shortcuts_dialog, ADW_TYPE_DIALOG)

/* A line without keys begins a group. */
typedef struct
{
  const char *title;
  const char *keys;
} Shortcut;

static const Shortcut shortcuts[] = {
  { N_ ("Diary"), NULL },
  { N_ ("Log a film"), "<Control>n" },
  { N_ ("Edit"), "<Control>e" },
  { N_ ("On or off the watchlist"), "<Control>d" },
  { N_ ("Remove"), "Delete" },
  { N_ ("Undo"), "<Control>z" },
  { N_ ("Redo"), "<Shift><Control>z" },
  { N_ ("Finding"), NULL },
  { N_ ("Search; or simply begin to type"), "<Control>f" },
  { N_ ("For You, Films, Diary, Watchlist, Lists, Statistics"), "<Alt>1...6" },
  { N_ ("Back"), "<Alt>Left" },
  { N_ ("Larger posters"), "<Control>plus" },
  { N_ ("Smaller posters"), "<Control>minus" },
  { N_ ("Posters of the usual size"), "<Control>0" },
  { N_ ("In the Diary and on Pages"), NULL },
  { N_ ("Open what has the focus"), "Return" },
  { N_ ("Close a dialog, or end the search"), "Escape" },
  { N_ ("In a Dialog"), NULL },
  { N_ ("Save"), "Return" },
  { N_ ("Save from within the review"), "<Control>Return" },
  { N_ ("In a Ranked List"), NULL },
  { N_ ("Move a film up or down"), "<Alt>Up <Alt>Down" },
  { N_ ("Take a film off the list"), "Delete" },
  { N_ ("In a Rating"), NULL },
  { N_ ("½ to ★★★★½, and 0 for ★★★★★"), "1...9 0" },
  { N_ ("Half a star less or more"), "Left Right" },
  { N_ ("No rating"), "Delete" },
  { N_ ("Chat"), NULL },
  { N_ ("Show or hide the chat"), "F9" },
  { N_ ("Write a message"), "<Control>l" },
  { N_ ("Send"), "Return" },
  { N_ ("New line"), "<Shift>Return" },
  { N_ ("Stop the answer"), "<Control>period" },
  { N_ ("General"), NULL },
  { N_ ("Sync now"), "<Control>r" },
  { N_ ("Preferences"), "<Control>comma" },
  { N_ ("Keyboard shortcuts"), "<Control>question" },
  { N_ ("Menu"), "F10" },
  { N_ ("Close the window"), "<Control>w" },
  { N_ ("Quit"), "<Control>q" },
};

static GtkWidget *
make_row (const Shortcut *shortcut)
{
  GtkWidget *row = adw_action_row_new ();
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  GtkWidget *keys = gtk_shortcut_label_new (shortcut->keys);
  G_GNUC_END_IGNORE_DEPRECATIONS

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), gettext (shortcut->title));
  gtk_widget_set_valign (keys, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), keys);

  return row;
}

static void
rafilm_shortcuts_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), RAFILM_TYPE_SHORTCUTS_DIALOG);

  G_OBJECT_CLASS (rafilm_shortcuts_dialog_parent_class)->dispose (object);
}

static void
rafilm_shortcuts_dialog_class_init (RafilmShortcutsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_shortcuts_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               RAFILM_UI "rafilm-shortcuts-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmShortcutsDialog, page);
}

static void
rafilm_shortcuts_dialog_init (RafilmShortcutsDialog *self)
{
  AdwPreferencesGroup *group = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    {
      if (shortcuts[i].keys != NULL)
        {
          adw_preferences_group_add (group, make_row (&shortcuts[i]));
          continue;
        }
      group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
      adw_preferences_group_set_title (group, gettext (shortcuts[i].title));
      adw_preferences_page_add (self->page, group);
    }
}

AdwDialog *
rafilm_shortcuts_dialog_new (void)
{
  return g_object_new (RAFILM_TYPE_SHORTCUTS_DIALOG, NULL);
}
