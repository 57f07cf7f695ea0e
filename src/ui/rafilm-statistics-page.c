/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-statistics-page.h"

#include <glib/gi18n.h>

#include "rafilm-bar-chart.h"
#include "rafilm-closures.h"
#include "rafilm-spawn.h"

#define SHOWN_NAMES 6

struct _RafilmStatisticsPage
{
  AdwBin parent_instance;

  RafilmStore *store;
  DexFuture *loading;
  guint refresh_source;
  gboolean changed; /* since it was counted last */
  GArray *years;    /* gint, as in the drop-down below "All Years" */
  GPtrArray *rows;
  gboolean filling;

  GtkStack *stack;
  GtkLabel *title;
  GtkDropDown *year;
  AdwWrapBox *figures;
  RafilmBarChart *months;
  RafilmBarChart *ratings;
  AdwPreferencesGroup *genres;
  AdwPreferencesGroup *directors;
};

G_DEFINE_FINAL_TYPE (RafilmStatisticsPage, rafilm_statistics_page, ADW_TYPE_BIN)

static int
get_year (RafilmStatisticsPage *self)
{
  guint selected = gtk_drop_down_get_selected (self->year);

  if (selected == 0 || selected == GTK_INVALID_LIST_POSITION || selected > self->years->len)
    return 0;

  return g_array_index (self->years, gint, selected - 1);
}

static void
add_figure (RafilmStatisticsPage *self, const char *number, const char *name)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *number_label = gtk_label_new (number);
  GtkWidget *name_label = gtk_label_new (name);

  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "figure");
  gtk_widget_add_css_class (number_label, "title-2");
  gtk_widget_add_css_class (number_label, "numeric");
  gtk_widget_add_css_class (name_label, "caption");
  gtk_widget_add_css_class (name_label, "dimmed");
  gtk_box_append (GTK_BOX (box), number_label);
  gtk_box_append (GTK_BOX (box), name_label);
  adw_wrap_box_append (self->figures, box);
}

static void
add_count (RafilmStatisticsPage *self, guint count, const char *name)
{
  g_autofree char *number = g_strdup_printf ("%'u", count);

  add_figure (self, number, name);
}

static void
fill_figures (RafilmStatisticsPage *self, const RafilmStatistics *statistics)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->figures))) != NULL)
    adw_wrap_box_remove (self->figures, child);

  add_count (self, statistics->viewings, _ ("Viewings"));
  add_count (self, statistics->films, _ ("Films"));
  add_count (self, statistics->minutes / 60, _ ("Hours"));
  add_count (self, statistics->rewatches, _ ("Rewatches"));
  add_count (self, statistics->reviews, _ ("Reviews"));
  add_count (self, statistics->likes, _ ("Likes"));
  if (statistics->mean_rating > 0)
    {
      g_autofree char *mean = g_strdup_printf ("%.1f ★", statistics->mean_rating / 2.0);

      add_figure (self, mean, _ ("Average"));
    }
}

static void
fill_charts (RafilmStatisticsPage *self, const RafilmStatistics *statistics)
{
  const char *const stars[] = { "½", "1", "1½", "2", "2½", "3", "3½", "4", "4½", "5" };
  char *months[13] = { NULL };

  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (GDateTime) day = g_date_time_new_utc (2024, (int) i + 1, 1, 0, 0, 0);

      months[i] = g_date_time_format (day, "%b");
    }
  rafilm_bar_chart_set_bars (self->months, statistics->months, (const char *const *) months, 12);
  rafilm_bar_chart_set_bars (self->ratings, statistics->ratings + 1, stars, 10);
  for (guint i = 0; i < 12; i++)
    g_free (months[i]);
}

static void
fill_names (RafilmStatisticsPage *self, AdwPreferencesGroup *group, GArray *counts)
{
  guint n_rows = counts != NULL ? MIN (counts->len, SHOWN_NAMES) : 0;

  gtk_widget_set_visible (GTK_WIDGET (group), n_rows > 0);
  for (guint i = 0; i < n_rows; i++)
    {
      const RafilmCount *count = &g_array_index (counts, RafilmCount, i);
      g_autofree char *number = g_strdup_printf ("%u", count->count);
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *label = gtk_label_new (number);

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (count->name));
      gtk_widget_add_css_class (label, "dimmed");
      gtk_widget_add_css_class (label, "numeric");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
      adw_preferences_group_add (group, row);
      g_object_set_data (G_OBJECT (row), "rafilm-group", group);
      g_ptr_array_add (self->rows, g_object_ref (row));
    }
}

static void
remove_rows (RafilmStatisticsPage *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);

      adw_preferences_group_remove (g_object_get_data (G_OBJECT (row), "rafilm-group"), row);
    }
  g_ptr_array_set_size (self->rows, 0);
}

/* The choice of a year stays where that year still has viewings. */
static void
fill_years (RafilmStatisticsPage *self, const RafilmStatistics *statistics)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  self->filling = TRUE;
  g_array_set_size (self->years, 0);
  gtk_string_list_append (names, _ ("All Years"));
  for (guint i = 0; statistics->years != NULL && i < statistics->years->len; i++)
    {
      int year = g_array_index (statistics->years, gint, i);

      g_array_append_val (self->years, year);
      gtk_string_list_take (names, g_strdup_printf ("%d", year));
      if (year == statistics->year)
        selected = i + 1;
    }
  gtk_drop_down_set_model (self->year, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->year, selected);
  self->filling = FALSE;
}

static void
fill (RafilmStatisticsPage *self, const RafilmStatistics *statistics)
{
  g_autofree char *title = NULL;

  if (statistics->viewings == 0 && statistics->year == 0)
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }

  /* Translators: %d is a year */
  title = statistics->year > 0 ? g_strdup_printf (_ ("%d in Review"), statistics->year)
                               : g_strdup (_ ("All Years"));
  gtk_label_set_text (self->title, title);
  fill_years (self, statistics);
  fill_figures (self, statistics);
  fill_charts (self, statistics);
  remove_rows (self);
  fill_names (self, self->genres, statistics->genres);
  fill_names (self, self->directors, statistics->directors);
  gtk_stack_set_visible_child_name (self->stack, "numbers");
}

typedef struct
{
  GWeakRef page;
  int year;
} LoadData;

static void
load_data_free (LoadData *data)
{
  g_weak_ref_clear (&data->page);
  g_free (data);
}

static DexFuture *
load_fiber (gpointer user_data)
{
  LoadData *data = user_data;
  g_autoptr (RafilmStatisticsPage) self = g_weak_ref_get (&data->page);
  g_autoptr (RafilmStatistics) statistics = NULL;
  g_autoptr (GError) error = NULL;
  DexFuture *question = NULL;

  if (self == NULL)
    return NULL;
  question = rafilm_store_get_statistics (self->store, data->year);
  g_clear_object (&self);
  statistics = dex_await_boxed (question, &error);

  self = g_weak_ref_get (&data->page);
  if (self != NULL && statistics != NULL)
    fill (self, statistics);

  return NULL;
}

static void
load (RafilmStatisticsPage *self, int year)
{
  LoadData *data = g_new0 (LoadData, 1);

  g_weak_ref_init (&data->page, self);
  data->year = year;
  dex_clear (&self->loading);
  self->loading = rafilm_spawn (load_fiber, data, (GDestroyNotify) load_data_free);
}

static void
year_changed_cb (RafilmStatisticsPage *self)
{
  if (!self->filling && self->store != NULL)
    load (self, get_year (self));
}

static gboolean
refresh_cb (gpointer user_data)
{
  RafilmStatisticsPage *self = user_data;

  self->refresh_source = 0;
  self->changed = FALSE;
  load (self, get_year (self));

  return G_SOURCE_REMOVE;
}

/* What changes under another page is counted when somebody looks. */
static void
refresh_when_seen (RafilmStatisticsPage *self)
{
  if (self->changed && self->refresh_source == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->refresh_source = g_idle_add (refresh_cb, self);
}

static void
store_changed_cb (RafilmStore *store, RafilmStoreChange *change, RafilmStatisticsPage *self)
{
  const guint kinds = RAFILM_STORE_CHANGE_VIEWINGS | RAFILM_STORE_CHANGE_FILMS;

  if ((change->kinds & kinds) == 0)
    return;

  self->changed = TRUE;
  refresh_when_seen (self);
}

static void
rafilm_statistics_page_dispose (GObject *object)
{
  RafilmStatisticsPage *self = RAFILM_STATISTICS_PAGE (object);

  g_clear_handle_id (&self->refresh_source, g_source_remove);
  dex_clear (&self->loading);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_object (&self->store);
  /* The bin must let its child go first: it does not notice when the template does. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_STATISTICS_PAGE);
  g_clear_pointer (&self->years, g_array_unref);

  G_OBJECT_CLASS (rafilm_statistics_page_parent_class)->dispose (object);
}

static void
rafilm_statistics_page_class_init (RafilmStatisticsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_statistics_page_dispose;

  g_type_ensure (RAFILM_TYPE_BAR_CHART);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-statistics-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmStatisticsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmStatisticsPage, title);
  gtk_widget_class_bind_template_child (widget_class, RafilmStatisticsPage, year);
  gtk_widget_class_bind_template_child (widget_class, RafilmStatisticsPage, figures);
  gtk_widget_class_bind_template_child (widget_class, RafilmStatisticsPage, months);
  gtk_widget_class_bind_template_child (widget_class, RafilmStatisticsPage, ratings);
  gtk_widget_class_bind_template_child (widget_class, RafilmStatisticsPage, genres);
  gtk_widget_class_bind_template_child (widget_class, RafilmStatisticsPage, directors);
  gtk_widget_class_bind_template_callback (widget_class, year_changed_cb);
}

static void
rafilm_statistics_page_init (RafilmStatisticsPage *self)
{
  self->years = g_array_new (FALSE, FALSE, sizeof (gint));
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "map", G_CALLBACK (refresh_when_seen), NULL);
}

void
rafilm_statistics_page_set_context (RafilmStatisticsPage *self, RafilmAppContext *context)
{
  g_return_if_fail (RAFILM_IS_STATISTICS_PAGE (self));
  g_return_if_fail (self->store == NULL);

  self->store = g_object_ref (rafilm_app_context_get_store (context));
  g_signal_connect_object (self->store, "changed", G_CALLBACK (store_changed_cb), self, 0);
  load (self, 0);
}
