/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-changes-dialog.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-error.h"
#include "rafilm-spawn.h"

/* More than anybody reads; their number stands under them. */
#define SHOWN 100

struct _RafilmChangesDialog
{
  AdwDialog parent_instance;

  RafilmStore *store;
  DexFuture *loading;
  guint refresh_source;
  GPtrArray *rows; /* of both groups; each has its group as data */

  GtkStack *stack;
  AdwPreferencesGroup *refused;
  AdwPreferencesGroup *waiting;
};

G_DEFINE_FINAL_TYPE (RafilmChangesDialog, rafilm_changes_dialog, ADW_TYPE_DIALOG)

static void refresh (RafilmChangesDialog *self);

/* ---- Words ---- */

static const char *
get_kind (const RafilmPendingChange *change)
{
  if (g_strv_contains ((const char *const *) change->fields, "x"))
    return _ ("Deleted or restored");

  switch (*change->kind)
    {
    case 'd':
      return g_strv_contains ((const char *const *) change->fields, "film") ? _ ("Viewing logged")
                                                                            : _ ("Viewing edited");
    case 'f':
      return _ ("Rating, like or mark");
    case 'w':
      return _ ("Watchlist");
    case 'l':
      return _ ("List");
    case 'i':
      return _ ("Film of a list");
    case 'p':
      return _ ("Profile");
    case 'x':
      return _ ("Choice between two versions");
    default:
      return _ ("Something of a newer Rafilm");
    }
}

static const char *
get_reason (const char *code)
{
  if (g_strcmp0 (code, "size") == 0)
    return _ ("It is too long for the server.");
  if (g_strcmp0 (code, "value") == 0 || g_strcmp0 (code, "form") == 0)
    return _ ("The server does not accept this value.");
  if (g_strcmp0 (code, "kind") == 0 || g_strcmp0 (code, "field") == 0)
    return _ ("The server does not know this kind of record yet.");
  if (g_strcmp0 (code, "need_full") == 0)
    return _ ("The record no longer exists on the server.");

  return _ ("The server gives no reason that Rafilm knows.");
}

static char *
dup_when (const RafilmPendingChange *change)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (change->at / 1000);

  return at != NULL ? g_date_time_format (at, "%x %H:%M") : g_strdup ("");
}

/* ---- What can be done ---- */

typedef struct
{
  RafilmChangesDialog *dialog;
  gint64 n;
  gboolean retry;
} SettleData;

static void
settle_data_free (SettleData *data)
{
  g_object_unref (data->dialog);
  g_free (data);
}

static DexFuture *
settle_fiber (gpointer user_data)
{
  SettleData *data = user_data;
  RafilmStore *store = data->dialog->store;
  g_autoptr (GError) error = NULL;

  dex_await (data->retry ? rafilm_store_retry_dead (store, data->n)
                         : rafilm_store_discard_dead (store, data->n),
             &error);
  if (error != NULL && !rafilm_error_is_cancelled (error))
    g_warning ("A refused change could not be settled: %s", error->message);
  if (data->dialog->rows != NULL)
    refresh (data->dialog);

  return NULL;
}

static void
settle_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SettleData *data = g_new0 (SettleData, 1);

  data->dialog = g_object_ref (RAFILM_CHANGES_DIALOG (widget));
  data->n = g_variant_get_int64 (parameter);
  data->retry = g_str_equal (name, "changes.retry");
  /* The decision must be written even when the dialog is closed right after. */
  dex_future_disown (rafilm_spawn (settle_fiber, data, (GDestroyNotify) settle_data_free));
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          g_variant_get_string (parameter, NULL));
}

/* ---- Rows ---- */

static void
add_button (GtkWidget *row, const char *icon, const char *label, const char *action,
            GVariant *target)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static void
add_row (RafilmChangesDialog *self, AdwPreferencesGroup *group, const RafilmPendingChange *change,
         RafilmFilm *film)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *when = dup_when (change);
  g_autofree char *subtitle = NULL;

  if (film != NULL)
    subtitle = g_strdup_printf ("%s · %s", get_kind (change), when);
  else
    subtitle = g_strdup (when);
  if (change->code != NULL)
    {
      g_autofree char *facts = g_steal_pointer (&subtitle);

      subtitle = g_strdup_printf ("%s\n%s", facts, get_reason (change->code));
    }
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 film != NULL ? rafilm_film_get_title (film) : get_kind (change));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (change->code != NULL)
    {
      if (change->text != NULL)
        add_button (row, "edit-copy-symbolic", _ ("Copy the text"), "changes.copy",
                    g_variant_new_string (change->text));
      add_button (row, "view-refresh-symbolic", _ ("Send again"), "changes.retry",
                  g_variant_new_int64 (change->n));
      add_button (row, "user-trash-symbolic", _ ("Discard"), "changes.discard",
                  g_variant_new_int64 (change->n));
    }
  adw_preferences_group_add (group, row);
  g_object_set_data (G_OBJECT (row), "rafilm-group", group);
  g_ptr_array_add (self->rows, g_object_ref (row));
}

static void
remove_rows (RafilmChangesDialog *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);

      adw_preferences_group_remove (g_object_get_data (G_OBJECT (row), "rafilm-group"), row);
    }
  g_ptr_array_set_size (self->rows, 0);
}

static void
fill (RafilmChangesDialog *self, AdwPreferencesGroup *group, GPtrArray *changes, GHashTable *films)
{
  for (guint i = 0; i < MIN (changes->len, SHOWN); i++)
    {
      const RafilmPendingChange *change = g_ptr_array_index (changes, i);

      add_row (self, group, change, g_hash_table_lookup (films, &change->film));
    }
  if (changes->len > SHOWN)
    {
      g_autofree char *rest = g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "And %u more", "And %u more", changes->len - SHOWN),
          changes->len - SHOWN);
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), rest);
      adw_preferences_group_add (group, row);
      g_object_set_data (G_OBJECT (row), "rafilm-group", group);
      g_ptr_array_add (self->rows, g_object_ref (row));
    }
  gtk_widget_set_visible (GTK_WIDGET (group), changes->len > 0);
}

/* ---- Focus ---- */

/* The row that has the focus; -1 for none. */
static int
find_focus (RafilmChangesDialog *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  for (guint i = 0; focus != NULL && i < self->rows->len; i++)
    if (gtk_widget_is_ancestor (focus, g_ptr_array_index (self->rows, i))
        || focus == g_ptr_array_index (self->rows, i))
      return (int) i;

  return -1;
}

/* What took the place of the row that had the focus, or the dialog's own. */
static void
restore_focus (RafilmChangesDialog *self, int index)
{
  GtkWidget *widget = GTK_WIDGET (self);

  if (index < 0)
    return;
  if (self->rows->len > 0)
    widget = g_ptr_array_index (self->rows, MIN ((guint) index, self->rows->len - 1));
  gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD);
}

/* ---- Loading ---- */

static void
add_films (RafilmStore *store, GPtrArray *changes, GHashTable *films)
{
  for (guint i = 0; i < MIN (changes->len, SHOWN); i++)
    {
      const RafilmPendingChange *change = g_ptr_array_index (changes, i);
      RafilmFilm *film = NULL;

      if (change->film == 0 || g_hash_table_contains (films, &change->film))
        continue;
      film = dex_await_object (rafilm_store_get_film (store, change->film), NULL);
      if (film != NULL)
        g_hash_table_insert (films, g_memdup2 (&change->film, sizeof (gint64)), film);
    }
}

static DexFuture *
load_fiber (gpointer user_data)
{
  GWeakRef *weak = user_data;
  g_autoptr (RafilmChangesDialog) self = g_weak_ref_get (weak);
  g_autoptr (RafilmStore) store = NULL;
  g_autoptr (GPtrArray) dead = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  g_autoptr (GHashTable) films = NULL;
  int focus;

  if (self == NULL)
    return NULL;
  store = g_object_ref (self->store);
  g_clear_object (&self);
  dead = dex_await_boxed (rafilm_store_list_dead (store), NULL);
  outbox = dex_await_boxed (rafilm_store_list_outbox (store), NULL);
  if (dead == NULL || outbox == NULL)
    return NULL;
  films = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  add_films (store, dead, films);
  add_films (store, outbox, films);

  self = g_weak_ref_get (weak);
  if (self == NULL || self->rows == NULL)
    return NULL;
  focus = find_focus (self);
  remove_rows (self);
  fill (self, self->refused, dead, films);
  fill (self, self->waiting, outbox, films);
  gtk_stack_set_visible_child_name (self->stack, dead->len + outbox->len > 0 ? "changes" : "none");
  restore_focus (self, focus);

  return NULL;
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
refresh (RafilmChangesDialog *self)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, self);
  dex_clear (&self->loading);
  self->loading = rafilm_spawn (load_fiber, weak, weak_ref_free);
}

static gboolean
refresh_cb (gpointer user_data)
{
  RafilmChangesDialog *self = user_data;

  self->refresh_source = 0;
  refresh (self);

  return G_SOURCE_REMOVE;
}

static void
store_changed_cb (RafilmStore *store, RafilmStoreChange *change, RafilmChangesDialog *self)
{
  if ((change->kinds & RAFILM_STORE_CHANGE_OUTBOX) != 0 && self->refresh_source == 0)
    self->refresh_source = g_idle_add (refresh_cb, self);
}

/* ---- Type ---- */

static void
rafilm_changes_dialog_dispose (GObject *object)
{
  RafilmChangesDialog *self = RAFILM_CHANGES_DIALOG (object);

  g_clear_handle_id (&self->refresh_source, g_source_remove);
  dex_clear (&self->loading);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_CHANGES_DIALOG);

  G_OBJECT_CLASS (rafilm_changes_dialog_parent_class)->dispose (object);
}

static void
rafilm_changes_dialog_finalize (GObject *object)
{
  g_clear_object (&RAFILM_CHANGES_DIALOG (object)->store);

  G_OBJECT_CLASS (rafilm_changes_dialog_parent_class)->finalize (object);
}

static void
rafilm_changes_dialog_class_init (RafilmChangesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_changes_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = rafilm_changes_dialog_finalize;

  gtk_widget_class_install_action (widget_class, "changes.retry", "x", settle_action);
  gtk_widget_class_install_action (widget_class, "changes.discard", "x", settle_action);
  gtk_widget_class_install_action (widget_class, "changes.copy", "s", copy_action);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-changes-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmChangesDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmChangesDialog, refused);
  gtk_widget_class_bind_template_child (widget_class, RafilmChangesDialog, waiting);
}

static void
rafilm_changes_dialog_init (RafilmChangesDialog *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
rafilm_changes_dialog_new (RafilmStore *store)
{
  RafilmChangesDialog *self;

  g_return_val_if_fail (RAFILM_IS_STORE (store), NULL);

  self = g_object_new (RAFILM_TYPE_CHANGES_DIALOG, NULL);
  self->store = g_object_ref (store);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self, 0);
  refresh (self);

  return ADW_DIALOG (self);
}
