/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-film-grid.h"

#include "rafilm-closures.h"
#include "rafilm-film-card.h"

#define LABEL_GROUP "rafilm-label-group"

struct _RafilmFilmGrid
{
  AdwBin parent_instance;

  GListModel *model;
  int poster_width;

  GtkGridView *view;
};

enum
{
  PROP_0,
  PROP_MODEL,
  PROP_POSTER_WIDTH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmFilmGrid, rafilm_film_grid, ADW_TYPE_BIN)

/* The cell, which takes the focus, is named after the film that it holds at
 * the moment. */
static void
setup_cb (RafilmFilmGrid *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  GtkWidget *card = rafilm_film_card_new ();
  GBindingGroup *labels = g_binding_group_new ();

  g_binding_group_bind (labels, "accessible-label", item, "accessible-label",
                        G_BINDING_SYNC_CREATE);
  g_object_set_data_full (G_OBJECT (item), LABEL_GROUP, labels, g_object_unref);
  g_object_bind_property (self, "poster-width", card, "poster-width", G_BINDING_SYNC_CREATE);
  gtk_list_item_set_child (item, card);
}

static void
bind_cb (RafilmFilmGrid *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  RafilmFilm *film = gtk_list_item_get_item (item);

  rafilm_film_card_set_film (RAFILM_FILM_CARD (gtk_list_item_get_child (item)), film);
  g_binding_group_set_source (g_object_get_data (G_OBJECT (item), LABEL_GROUP), film);
}

static void
unbind_cb (RafilmFilmGrid *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  rafilm_film_card_set_film (RAFILM_FILM_CARD (gtk_list_item_get_child (item)), NULL);
  g_binding_group_set_source (g_object_get_data (G_OBJECT (item), LABEL_GROUP), NULL);
}

static void
activate_cb (RafilmFilmGrid *self, guint position, GtkGridView *view)
{
  g_autoptr (RafilmFilm) film = g_list_model_get_item (self->model, position);

  if (film != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-film", "x", rafilm_film_get_id (film));
}

static gboolean
rafilm_film_grid_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RAFILM_FILM_GRID (widget)->view));
}

static void
rafilm_film_grid_dispose (GObject *object)
{
  RafilmFilmGrid *self = RAFILM_FILM_GRID (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_FILM_GRID);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (rafilm_film_grid_parent_class)->dispose (object);
}

static void
rafilm_film_grid_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmFilmGrid *self = RAFILM_FILM_GRID (object);

  switch (prop_id)
    {
    case PROP_MODEL:
      g_value_set_object (value, self->model);
      break;
    case PROP_POSTER_WIDTH:
      g_value_set_int (value, self->poster_width);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_film_grid_set_property (GObject *object, guint prop_id, const GValue *value,
                               GParamSpec *pspec)
{
  RafilmFilmGrid *self = RAFILM_FILM_GRID (object);

  switch (prop_id)
    {
    case PROP_MODEL:
      rafilm_film_grid_set_model (self, g_value_get_object (value));
      break;
    case PROP_POSTER_WIDTH:
      if (self->poster_width != g_value_get_int (value))
        {
          self->poster_width = g_value_get_int (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_film_grid_class_init (RafilmFilmGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = rafilm_film_grid_dispose;
  object_class->get_property = rafilm_film_grid_get_property;
  object_class->set_property = rafilm_film_grid_set_property;
  widget_class->grab_focus = rafilm_film_grid_grab_focus;

  properties[PROP_MODEL] = g_param_spec_object ("model", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_POSTER_WIDTH] =
      g_param_spec_int ("poster-width", NULL, NULL, 64, 512, 150, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-film-grid.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmGrid, view);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
rafilm_film_grid_init (RafilmFilmGrid *self)
{
  self->poster_width = 150;
  gtk_widget_init_template (GTK_WIDGET (self));
}

GListModel *
rafilm_film_grid_get_model (RafilmFilmGrid *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM_GRID (self), NULL);

  return self->model;
}

void
rafilm_film_grid_set_model (RafilmFilmGrid *self, GListModel *model)
{
  g_autoptr (GtkSingleSelection) selection = NULL;

  g_return_if_fail (RAFILM_IS_FILM_GRID (self));

  if (!g_set_object (&self->model, model))
    return;
  if (model != NULL)
    {
      selection = gtk_single_selection_new (g_object_ref (model));
      gtk_single_selection_set_autoselect (selection, FALSE);
      gtk_single_selection_set_can_unselect (selection, TRUE);
      gtk_single_selection_set_selected (selection, GTK_INVALID_LIST_POSITION);
    }
  gtk_grid_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODEL]);
}
