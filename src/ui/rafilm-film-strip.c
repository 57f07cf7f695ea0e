/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-film-strip.h"

#include "rafilm-closures.h"
#include "rafilm-film-card.h"
#include "rafilm-recommendation.h"

#define LABEL_GROUP "rafilm-label-group"

struct _RafilmFilmStrip
{
  AdwBin parent_instance;

  GListModel *model;
  char *heading;
  int poster_width;

  GtkListView *view;
};

enum
{
  PROP_0,
  PROP_HEADING,
  PROP_POSTER_WIDTH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmFilmStrip, rafilm_film_strip, ADW_TYPE_BIN)

static RafilmFilm *
get_film (gpointer item)
{
  if (RAFILM_IS_RECOMMENDATION (item))
    return rafilm_recommendation_get_film (item);

  return RAFILM_IS_FILM (item) ? item : NULL;
}

static void
setup_cb (RafilmFilmStrip *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  GtkWidget *card = rafilm_film_card_new ();
  GBindingGroup *labels = g_binding_group_new ();

  g_binding_group_bind (labels, "accessible-label", item, "accessible-label",
                        G_BINDING_SYNC_CREATE);
  g_object_set_data_full (G_OBJECT (item), LABEL_GROUP, labels, g_object_unref);
  g_object_bind_property (self, "poster-width", card, "poster-width", G_BINDING_SYNC_CREATE);
  gtk_list_item_set_child (item, card);
}

/* The cell takes the focus, so the reason must be said with its name. */
static void
bind_cb (RafilmFilmStrip *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  RafilmFilmCard *card = RAFILM_FILM_CARD (gtk_list_item_get_child (item));
  gpointer subject = gtk_list_item_get_item (item);

  rafilm_film_card_set_film (card, get_film (subject));
  if (RAFILM_IS_RECOMMENDATION (subject))
    {
      const char *reason = rafilm_recommendation_get_reason (subject);

      rafilm_film_card_set_caption (card, reason);
      gtk_list_item_set_accessible_description (item, reason);
    }
  g_binding_group_set_source (g_object_get_data (G_OBJECT (item), LABEL_GROUP), get_film (subject));
}

static void
unbind_cb (RafilmFilmStrip *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  rafilm_film_card_set_film (RAFILM_FILM_CARD (gtk_list_item_get_child (item)), NULL);
  g_binding_group_set_source (g_object_get_data (G_OBJECT (item), LABEL_GROUP), NULL);
}

static void
activate_cb (RafilmFilmStrip *self, guint position, GtkListView *view)
{
  g_autoptr (GObject) item = g_list_model_get_item (self->model, position);
  RafilmFilm *film = get_film (item);

  if (film != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-film", "x", rafilm_film_get_id (film));
}

static void
items_changed_cb (RafilmFilmStrip *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self),
                          self->model != NULL && g_list_model_get_n_items (self->model) > 0);
}

static void
rafilm_film_strip_dispose (GObject *object)
{
  RafilmFilmStrip *self = RAFILM_FILM_STRIP (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_FILM_STRIP);
  g_clear_object (&self->model);
  g_clear_pointer (&self->heading, g_free);

  G_OBJECT_CLASS (rafilm_film_strip_parent_class)->dispose (object);
}

static void
rafilm_film_strip_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmFilmStrip *self = RAFILM_FILM_STRIP (object);

  switch (prop_id)
    {
    case PROP_HEADING:
      g_value_set_string (value, self->heading);
      break;
    case PROP_POSTER_WIDTH:
      g_value_set_int (value, self->poster_width);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_film_strip_set_property (GObject *object, guint prop_id, const GValue *value,
                                GParamSpec *pspec)
{
  RafilmFilmStrip *self = RAFILM_FILM_STRIP (object);

  switch (prop_id)
    {
    case PROP_HEADING:
      if (g_set_str (&self->heading, g_value_get_string (value)))
        g_object_notify_by_pspec (object, pspec);
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
rafilm_film_strip_class_init (RafilmFilmStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = rafilm_film_strip_dispose;
  object_class->get_property = rafilm_film_strip_get_property;
  object_class->set_property = rafilm_film_strip_set_property;

  properties[PROP_HEADING] = g_param_spec_string ("heading", NULL, NULL, NULL, flags);
  properties[PROP_POSTER_WIDTH] =
      g_param_spec_int ("poster-width", NULL, NULL, 64, 512, 150, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-film-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmStrip, view);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
rafilm_film_strip_init (RafilmFilmStrip *self)
{
  self->poster_width = 150;
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
rafilm_film_strip_new (const char *heading)
{
  return g_object_new (RAFILM_TYPE_FILM_STRIP, "heading", heading, NULL);
}

void
rafilm_film_strip_set_model (RafilmFilmStrip *self, GListModel *model)
{
  g_autoptr (GtkSingleSelection) selection = NULL;

  g_return_if_fail (RAFILM_IS_FILM_STRIP (self));

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, items_changed_cb, self);
  g_set_object (&self->model, model);
  if (model != NULL)
    {
      selection = gtk_single_selection_new (g_object_ref (model));
      gtk_single_selection_set_autoselect (selection, FALSE);
      gtk_single_selection_set_can_unselect (selection, TRUE);
      gtk_single_selection_set_selected (selection, GTK_INVALID_LIST_POSITION);
      g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  items_changed_cb (self);
}
