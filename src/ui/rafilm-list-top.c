/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-list-top.h"

/* As far as a heading may be scrolled out without somebody having scrolled. */
#define HEADING_ROOM 72

#define SOURCE "rafilm-list-top-source"
#define WANTED "rafilm-list-top-wanted"

static GtkAdjustment *
get_adjustment (GtkListView *view)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
}

static gboolean
scroll_cb (gpointer user_data)
{
  GtkListView *view = user_data;
  GtkAdjustment *adjustment = get_adjustment (view);

  if (adjustment != NULL)
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_lower (adjustment));
  g_object_set_data (G_OBJECT (view), WANTED, NULL);
  g_object_set_data (G_OBJECT (view), SOURCE, NULL);

  return G_SOURCE_REMOVE;
}

/* The view ignores what is set while it places its items, hence the pause. */
static void
placed_cb (GtkListView *view, GParamSpec *pspec, GtkAdjustment *adjustment)
{
  GObject *object = G_OBJECT (view);

  if (g_object_get_data (object, WANTED) == NULL || g_object_get_data (object, SOURCE) != NULL
      || gtk_adjustment_get_page_size (adjustment) <= 1
      || gtk_adjustment_get_upper (adjustment) <= HEADING_ROOM)
    return;
  g_object_set_data (object, SOURCE, view);
  g_idle_add_full (G_PRIORITY_HIGH_IDLE, scroll_cb, g_object_ref (view), g_object_unref);
}

static void
items_changed_cb (GtkListView *view)
{
  GtkAdjustment *adjustment = get_adjustment (view);

  if (adjustment == NULL || gtk_adjustment_get_value (adjustment) <= HEADING_ROOM)
    g_object_set_data (G_OBJECT (view), WANTED, view);
}

static void
adjustment_changed_cb (GtkListView *view)
{
  GtkAdjustment *adjustment = get_adjustment (view);

  if (adjustment == NULL)
    return;
  g_signal_connect_object (adjustment, "notify::upper", G_CALLBACK (placed_cb), view,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "notify::page-size", G_CALLBACK (placed_cb), view,
                           G_CONNECT_SWAPPED);
}

void
rafilm_list_top_keep (GtkListView *view)
{
  g_return_if_fail (GTK_IS_LIST_VIEW (view));
  g_return_if_fail (gtk_list_view_get_model (view) != NULL);

  items_changed_cb (view);
  adjustment_changed_cb (view);
  g_signal_connect (view, "notify::vadjustment", G_CALLBACK (adjustment_changed_cb), NULL);
  g_signal_connect_object (gtk_list_view_get_model (view), "items-changed",
                           G_CALLBACK (items_changed_cb), view, G_CONNECT_SWAPPED);
}
