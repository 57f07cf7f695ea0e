/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-diary-page.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-date.h"
#include "rafilm-diary-row.h"
#include "rafilm-list-top.h"
#include "rafilm-live-list.h"

struct _RafilmDiaryPage
{
  AdwBin parent_instance;

  GSettings *settings;
  RafilmLiveList *viewings;
  GtkSortListModel *months;
  guint limit;

  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkListView *view;
};

/* As many as are read at first, and twice as many each time that the end is less
 * than so many heights of the page away. */
#define FIRST 200
#define ROOM 4

G_DEFINE_FINAL_TYPE (RafilmDiaryPage, rafilm_diary_page, ADW_TYPE_BIN)

static DexFuture *
load (RafilmStore *store, gpointer data)
{
  RafilmDiaryPage *self = data;

  return rafilm_store_list_viewings (store, 0, self->limit, 0);
}

/* The mirror's order within a month stays, since sorting is stable and this
 * looks at "YYYY-MM" only.  What has no date comes last. */
static int
compare_months (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const char *date_a = rafilm_viewing_get_date (RAFILM_VIEWING ((gpointer) a));
  const char *date_b = rafilm_viewing_get_date (RAFILM_VIEWING ((gpointer) b));

  return strncmp (date_b != NULL ? date_b : "", date_a != NULL ? date_a : "", 7);
}

/* GTK calls this with the header, not with the page. */
static char *
format_month (GtkListHeader *header, const char *date)
{
  if (date == NULL || !rafilm_date_is_valid (date))
    return g_strdup (_ ("Without a Date"));

  return rafilm_date_format_month (date);
}

static void
setup_cb (RafilmDiaryPage *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  GtkWidget *row = rafilm_diary_row_new ();

  g_settings_bind (self->settings, "veil-spoilers", row, "veil", G_SETTINGS_BIND_GET);
  gtk_list_item_set_child (item, row);
}

static void
bind_cb (RafilmDiaryPage *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  RafilmViewing *viewing = gtk_list_item_get_item (item);
  g_autofree char *name = rafilm_diary_row_dup_spoken_name (viewing);

  rafilm_diary_row_set_viewing (RAFILM_DIARY_ROW (gtk_list_item_get_child (item)), viewing);
  gtk_list_item_set_accessible_label (item, name);
}

static void
unbind_cb (RafilmDiaryPage *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  rafilm_diary_row_set_viewing (RAFILM_DIARY_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
activate_cb (RafilmDiaryPage *self, guint position, GtkListView *view)
{
  g_autoptr (RafilmViewing) viewing = g_list_model_get_item (G_LIST_MODEL (self->months), position);

  if (viewing != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-viewing", "s",
                                rafilm_viewing_get_id (viewing));
}

/* Older viewings come in time before somebody has scrolled down to them. */
static void
scrolled_cb (RafilmDiaryPage *self, GtkAdjustment *adjustment)
{
  double left = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_value (adjustment);

  if (left > ROOM * gtk_adjustment_get_page_size (adjustment)
      || g_list_model_get_n_items (G_LIST_MODEL (self->viewings)) < self->limit)
    return;
  self->limit *= 2;
  rafilm_live_list_refresh (self->viewings);
}

static void
update_cb (RafilmDiaryPage *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->viewings)) > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else if (rafilm_live_list_is_loaded (self->viewings))
    gtk_stack_set_visible_child_name (self->stack, "empty");
}

static void
rafilm_diary_page_dispose (GObject *object)
{
  RafilmDiaryPage *self = RAFILM_DIARY_PAGE (object);

  if (self->viewings != NULL)
    g_object_run_dispose (G_OBJECT (self->viewings));
  /* The bin must let its child go first: it does not notice when the template does. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_DIARY_PAGE);
  g_clear_object (&self->months);
  g_clear_object (&self->viewings);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (rafilm_diary_page_parent_class)->dispose (object);
}

static void
rafilm_diary_page_class_init (RafilmDiaryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_diary_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-diary-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmDiaryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmDiaryPage, view);
  gtk_widget_class_bind_template_child (widget_class, RafilmDiaryPage, scroller);
  gtk_widget_class_bind_template_callback (widget_class, format_month);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
rafilm_diary_page_init (RafilmDiaryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rafilm_diary_page_set_context (RafilmDiaryPage *self, RafilmAppContext *context)
{
  g_autoptr (GtkNoSelection) selection = NULL;
  g_autoptr (GtkSorter) sorter = NULL;

  g_return_if_fail (RAFILM_IS_DIARY_PAGE (self));
  g_return_if_fail (self->viewings == NULL);

  self->settings = g_object_ref (rafilm_app_context_get_settings (context));
  self->limit = FIRST;
  self->viewings = rafilm_live_list_new (
      rafilm_app_context_get_store (context), RAFILM_TYPE_VIEWING,
      RAFILM_STORE_CHANGE_VIEWINGS | RAFILM_STORE_CHANGE_VERSIONS, load, self, NULL);
  rafilm_live_list_show_in (self->viewings, GTK_WIDGET (self));
  sorter = GTK_SORTER (gtk_custom_sorter_new (compare_months, NULL, NULL));
  self->months = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (self->viewings)), NULL);
  gtk_sort_list_model_set_section_sorter (self->months, sorter);
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->months)));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  rafilm_list_top_keep (self->view);
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "value-changed",
                           G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->viewings, "notify", G_CALLBACK (update_cb), self,
                           G_CONNECT_SWAPPED);
}
