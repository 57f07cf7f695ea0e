/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-log-dialog.h"

#include <glib/gi18n.h>

#include "rafilm-clock.h"
#include "rafilm-closures.h"
#include "rafilm-date.h"
#include "rafilm-error-text.h"
#include "rafilm-film-row.h"
#include "rafilm-film-search.h"
#include "rafilm-poster-view.h"
#include "rafilm-spawn.h"
#include "rafilm-stars.h"
#include "rafilm-window.h"

/* A tag's limit on the wire is 64 bytes, and a viewing's fields are bounded. */
#define MAX_TAG_BYTES 64
#define MAX_TAGS 20

struct _RafilmLogDialog
{
  AdwDialog parent_instance;

  RafilmAppContext *context;
  RafilmFilm *film;
  RafilmViewing *before; /* what is edited, or NULL */
  RafilmFilmSearch *search;
  char *date; /* "YYYY-MM-DD", or NULL */
  gboolean filling;

  GtkWidget *header;
  GtkWidget *nothing_found;
  GtkStack *stack;
  GtkSearchEntry *search_entry;
  GtkListView *results;
  RafilmStars *rating;
  GtkToggleButton *like_button;
  GtkMenuButton *date_button;
  GtkPopover *date_popover;
  GtkCalendar *calendar;
  AdwSwitchRow *rewatch;
  AdwSwitchRow *finished;
  GtkTextView *review;
  AdwEntryRow *tags;
  AdwSwitchRow *spoiler;
  AdwSwitchRow *publish;
};

enum
{
  PROP_0,
  PROP_FILM,
  N_PROPS
};

enum
{
  SAVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RafilmLogDialog, rafilm_log_dialog, ADW_TYPE_DIALOG)

/* ---- The date ---- */

static void
set_date (RafilmLogDialog *self, const char *date)
{
  g_autofree char *today = rafilm_clock_dup_today ();
  g_autofree char *text = NULL;

  g_set_str (&self->date, date);
  if (date == NULL)
    text = g_strdup (_ ("No date"));
  else if (g_str_equal (date, today))
    text = g_strdup (_ ("Today"));
  else
    text = rafilm_date_format (date);
  gtk_menu_button_set_label (self->date_button, text);
}

static void
set_date_from_calendar (RafilmLogDialog *self, GDateTime *day)
{
  g_autofree char *text = g_date_time_format (day, "%Y-%m-%d");

  set_date (self, text);
}

static void
day_selected_cb (RafilmLogDialog *self)
{
  g_autoptr (GDateTime) day = NULL;

  if (self->filling)
    return;
  day = gtk_calendar_get_date (self->calendar);
  set_date_from_calendar (self, day);
}

static void
choose_day (RafilmLogDialog *self, int days)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (rafilm_clock_now () / 1000);
  g_autoptr (GDateTime) day = g_date_time_add_days (now, days);

  gtk_calendar_select_day (self->calendar, day);
  set_date_from_calendar (self, day);
  gtk_popover_popdown (self->date_popover);
}

static void
today_cb (RafilmLogDialog *self)
{
  choose_day (self, 0);
}

static void
yesterday_cb (RafilmLogDialog *self)
{
  choose_day (self, -1);
}

static void
no_date_cb (RafilmLogDialog *self)
{
  set_date (self, NULL);
  gtk_popover_popdown (self->date_popover);
}

static void
like_toggled_cb (RafilmLogDialog *self)
{
  gboolean liked = gtk_toggle_button_get_active (self->like_button);

  gtk_button_set_icon_name (GTK_BUTTON (self->like_button),
                            liked ? "rafilm-heart-filled-symbolic" : "rafilm-heart-symbolic");
  if (liked)
    gtk_widget_add_css_class (GTK_WIDGET (self->like_button), "like");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->like_button), "like");
}

/* ---- Filling and reading the fields ---- */

static void
fill_from_viewing (RafilmLogDialog *self, RafilmViewing *viewing)
{
  const char *const *tags = rafilm_viewing_get_tags (viewing);
  const char *date = rafilm_viewing_get_date (viewing);
  const char *review = rafilm_viewing_get_review (viewing);
  g_autofree char *joined = NULL;

  if (date != NULL)
    {
      g_autofree char *moment = g_strconcat (date, "T12:00:00", NULL);
      g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
      g_autoptr (GDateTime) day = g_date_time_new_from_iso8601 (moment, zone);

      self->filling = TRUE;
      if (day != NULL)
        gtk_calendar_select_day (self->calendar, day);
      self->filling = FALSE;
    }
  set_date (self, date);
  rafilm_stars_set_value (self->rating, rafilm_viewing_get_rating (viewing));
  gtk_toggle_button_set_active (self->like_button, rafilm_viewing_get_liked (viewing));
  adw_switch_row_set_active (self->rewatch, rafilm_viewing_get_rewatch (viewing));
  adw_switch_row_set_active (self->finished, rafilm_viewing_get_finished (viewing));
  adw_switch_row_set_active (self->spoiler, rafilm_viewing_get_spoiler (viewing));
  adw_switch_row_set_active (self->publish, rafilm_viewing_get_public (viewing));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->review), review != NULL ? review : "",
                            -1);
  if (tags != NULL)
    joined = g_strjoinv (", ", (char **) tags);
  gtk_editable_set_text (GTK_EDITABLE (self->tags), joined != NULL ? joined : "");
}

/* What is known of the film is the likely answer: its like stays, and one
 * that was seen is seen again. */
static void
fill_from_film (RafilmLogDialog *self)
{
  const RafilmFilmState *state = rafilm_film_get_state (self->film);

  gtk_toggle_button_set_active (self->like_button, state->like);
  adw_switch_row_set_active (self->rewatch, state->seen);
}

static GStrv
read_tags (RafilmLogDialog *self)
{
  g_auto (GStrv) parts =
      g_strsplit (gtk_editable_get_text (GTK_EDITABLE (self->tags)), ",", MAX_TAGS + 1);
  g_autoptr (GPtrArray) tags = g_ptr_array_new_null_terminated (MAX_TAGS, g_free, TRUE);

  for (guint i = 0; parts[i] != NULL && tags->len < MAX_TAGS; i++)
    {
      char *tag = g_strstrip (parts[i]);

      while (*tag == '#')
        tag++;
      if (*tag != '\0' && strlen (tag) <= MAX_TAG_BYTES
          && !g_ptr_array_find_with_equal_func (tags, tag, g_str_equal, NULL))
        g_ptr_array_add (tags, g_strdup (tag));
    }

  return (GStrv) g_ptr_array_steal (tags, NULL);
}

static char *
read_review (RafilmLogDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->review);
  g_autofree char *text = NULL;
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));

  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static RafilmViewing *
read_viewing (RafilmLogDialog *self)
{
  RafilmViewing *viewing = self->before != NULL ? rafilm_viewing_copy (self->before)
                                                : rafilm_viewing_new (NULL, self->film);
  g_auto (GStrv) tags = read_tags (self);
  g_autofree char *review = read_review (self);

  g_object_set (viewing, "date", self->date, "rating", rafilm_stars_get_value (self->rating),
                "liked", gtk_toggle_button_get_active (self->like_button), "rewatch",
                adw_switch_row_get_active (self->rewatch), "finished",
                adw_switch_row_get_active (self->finished), "review", review, "spoiler",
                review != NULL && adw_switch_row_get_active (self->spoiler), "tags", tags, "public",
                review != NULL && adw_switch_row_get_active (self->publish), NULL);

  return viewing;
}

/* ---- Choosing the film ---- */

static void
choose_film (RafilmLogDialog *self, RafilmFilm *film)
{
  g_set_object (&self->film, film);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILM]);
  gtk_stack_set_visible_child_name (self->stack, "details");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.save", TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->rating));
}

static void
choose_at (RafilmLogDialog *self, guint position)
{
  g_autoptr (RafilmFilm) film =
      g_list_model_get_item (rafilm_film_search_get_model (self->search), position);

  if (film == NULL)
    return;
  choose_film (self, film);
  fill_from_film (self);
}

static void
search_changed_cb (RafilmLogDialog *self)
{
  /* The entry empties itself when the dialog goes. */
  if (self->search == NULL)
    return;
  rafilm_film_search_set_text (self->search,
                               gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

static void
results_changed_cb (RafilmLogDialog *self)
{
  gboolean any = g_list_model_get_n_items (rafilm_film_search_get_model (self->search)) > 0;

  gtk_widget_set_visible (self->nothing_found, !any && !rafilm_film_search_is_empty (self->search)
                                                   && !rafilm_film_search_is_busy (self->search));
}

static void
search_activated_cb (RafilmLogDialog *self)
{
  choose_at (self, 0);
}

static void
search_next_cb (RafilmLogDialog *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->results));
}

static void
search_stopped_cb (RafilmLogDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

/* In a narrow window a dialog is a sheet, which gives the focus to the first that takes it; that
 * shall not be a button that gives up, or saves what is still empty. */
static void
focus_entered_cb (RafilmLogDialog *self)
{
  gtk_widget_set_can_focus (self->header, TRUE);
}

static void
result_activated_cb (RafilmLogDialog *self, guint position, GtkListView *view)
{
  choose_at (self, position);
}

static void
show_chooser (RafilmLogDialog *self)
{
  g_autoptr (GtkNoSelection) selection = NULL;
  g_autoptr (GtkListItemFactory) rows = rafilm_film_row_factory_new (FALSE);
  g_autoptr (GtkListItemFactory) headings = rafilm_film_search_heading_factory_new ();

  self->search = rafilm_film_search_new (self->context);
  g_signal_connect_object (self->search, "changed", G_CALLBACK (results_changed_cb), self,
                           G_CONNECT_SWAPPED);
  selection = gtk_no_selection_new (g_object_ref (rafilm_film_search_get_model (self->search)));
  gtk_list_view_set_factory (self->results, rows);
  gtk_list_view_set_header_factory (self->results, headings);
  gtk_list_view_set_model (self->results, GTK_SELECTION_MODEL (selection));
  gtk_stack_set_visible_child_name (self->stack, "choose");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.save", FALSE);
  adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (self->search_entry));
}

/* ---- Saving ---- */

typedef struct
{
  RafilmLogDialog *dialog;
  RafilmWindow *window; /* may be NULL */
  RafilmEdit *edit;
  char *viewing;
  char *text;
} SaveData;

static void
save_data_free (SaveData *data)
{
  g_object_unref (data->dialog);
  g_clear_object (&data->window);
  rafilm_edit_unref (data->edit);
  g_free (data->viewing);
  g_free (data->text);
  g_free (data);
}

static DexFuture *
save_fiber (gpointer user_data)
{
  SaveData *data = user_data;
  RafilmStore *store = rafilm_app_context_get_store (data->dialog->context);
  g_autoptr (GError) error = NULL;

  dex_await_int64 (rafilm_store_apply (store, data->edit), &error);
  if (error != NULL)
    {
      /* The dialog stays, so that nothing that was written is lost. */
      gtk_widget_action_set_enabled (GTK_WIDGET (data->dialog), "log.save", TRUE);
      if (data->window != NULL)
        rafilm_window_say_error (data->window, error);
      return NULL;
    }

  g_signal_emit (data->dialog, signals[SAVED], 0, data->viewing);
  if (data->window != NULL)
    rafilm_window_say_undo (data->window, data->text);
  adw_dialog_force_close (ADW_DIALOG (data->dialog));

  return NULL;
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmLogDialog *self = RAFILM_LOG_DIALOG (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autoptr (RafilmViewing) viewing = NULL;
  SaveData *data;

  if (self->film == NULL)
    return;
  gtk_widget_action_set_enabled (widget, "log.save", FALSE);
  viewing = read_viewing (self);
  data = g_new0 (SaveData, 1);
  data->dialog = g_object_ref (self);
  data->window = RAFILM_IS_WINDOW (root) ? g_object_ref (RAFILM_WINDOW (root)) : NULL;
  /* Translators: %s is a film's title */
  data->text = g_strdup_printf (self->before != NULL ? _ ("Your viewing of “%s” was changed")
                                                     : _ ("“%s” is in your diary"),
                                rafilm_film_get_title (self->film));
  data->edit = rafilm_edit_new (data->text);
  if (self->before != NULL)
    {
      rafilm_edit_update_viewing (data->edit, self->before, viewing);
      data->viewing = g_strdup (rafilm_viewing_get_id (self->before));
    }
  else
    data->viewing = g_strdup (rafilm_edit_log_viewing (data->edit, viewing));
  dex_future_disown (rafilm_spawn (save_fiber, data, (GDestroyNotify) save_data_free));
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  adw_dialog_close (ADW_DIALOG (widget));
}

/* ---- Type ---- */

static void
rafilm_log_dialog_dispose (GObject *object)
{
  RafilmLogDialog *self = RAFILM_LOG_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_LOG_DIALOG);
  g_clear_object (&self->search);
  g_clear_object (&self->before);
  g_clear_object (&self->film);
  g_clear_object (&self->context);
  g_clear_pointer (&self->date, g_free);

  G_OBJECT_CLASS (rafilm_log_dialog_parent_class)->dispose (object);
}

static void
rafilm_log_dialog_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, RAFILM_LOG_DIALOG (object)->film);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, search_entry);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, results);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, rating);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, like_button);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, date_button);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, date_popover);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, calendar);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, rewatch);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, finished);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, review);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, tags);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, spoiler);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, publish);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, header);
  gtk_widget_class_bind_template_child (widget_class, RafilmLogDialog, nothing_found);
  gtk_widget_class_bind_template_callback (widget_class, focus_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, day_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, today_cb);
  gtk_widget_class_bind_template_callback (widget_class, yesterday_cb);
  gtk_widget_class_bind_template_callback (widget_class, no_date_cb);
  gtk_widget_class_bind_template_callback (widget_class, like_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, result_activated_cb);
}

static void
rafilm_log_dialog_class_init (RafilmLogDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rafilm_log_dialog_dispose;
  object_class->get_property = rafilm_log_dialog_get_property;

  properties[PROP_FILM] = g_param_spec_object ("film", NULL, NULL, RAFILM_TYPE_FILM,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (RAFILM_TYPE_POSTER_VIEW);
  g_type_ensure (RAFILM_TYPE_STARS);
  gtk_widget_class_install_action (widget_class, "log.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "log.cancel", NULL, cancel_action);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-log-dialog.ui");
  bind_template (widget_class);
}

static void
add_save_key (RafilmLogDialog *self, GdkModifierType modifiers, GtkPropagationPhase phase)
{
  static const guint keys[] = { GDK_KEY_Return, GDK_KEY_KP_Enter };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new (gtk_keyval_trigger_new (keys[i], modifiers),
                          gtk_named_action_new ("log.save")));
  gtk_event_controller_set_propagation_phase (controller, phase);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/* Ctrl+Return saves from everywhere.  It is caught on its way down, since the
 * review would take it for a new line.  Return saves where nothing else wants
 * it; the default widget alone would only do so for entries. */
static void
add_save_keys (RafilmLogDialog *self)
{
  add_save_key (self, GDK_CONTROL_MASK, GTK_PHASE_CAPTURE);
  add_save_key (self, 0, GTK_PHASE_BUBBLE);
}

static void
rafilm_log_dialog_init (RafilmLogDialog *self)
{
  g_autofree char *today = rafilm_clock_dup_today ();

  gtk_widget_init_template (GTK_WIDGET (self));
  add_save_keys (self);
  set_date (self, today);
}

AdwDialog *
rafilm_log_dialog_new (RafilmAppContext *context, RafilmFilm *film, RafilmViewing *viewing)
{
  RafilmLogDialog *self;

  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (context), NULL);

  self = g_object_new (RAFILM_TYPE_LOG_DIALOG, NULL);
  self->context = g_object_ref (context);
  if (film == NULL)
    {
      show_chooser (self);
      return ADW_DIALOG (self);
    }

  choose_film (self, film);
  adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (self->rating));
  if (viewing != NULL)
    {
      self->before = g_object_ref (viewing);
      fill_from_viewing (self, viewing);
      adw_dialog_set_title (ADW_DIALOG (self), _ ("Edit Viewing"));
    }
  else
    fill_from_film (self);

  return ADW_DIALOG (self);
}
