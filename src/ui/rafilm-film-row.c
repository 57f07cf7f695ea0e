/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-film-row.h"

#include "rafilm-closures.h"
#include "rafilm-poster-view.h"
#include "rafilm-stars.h"

#define LABEL_GROUP "rafilm-label-group"

struct _RafilmFilmRow
{
  GtkBox parent_instance;

  RafilmFilm *film;
  GBindingGroup *labels;

  GtkLabel *rank_label;
};

enum
{
  PROP_0,
  PROP_FILM,
  PROP_SPOKEN_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmFilmRow, rafilm_film_row, GTK_TYPE_BOX)

static void
rafilm_film_row_dispose (GObject *object)
{
  RafilmFilmRow *self = RAFILM_FILM_ROW (object);

  g_clear_object (&self->labels);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_FILM_ROW);
  g_clear_object (&self->film);

  G_OBJECT_CLASS (rafilm_film_row_parent_class)->dispose (object);
}

static void
rafilm_film_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmFilmRow *self = RAFILM_FILM_ROW (object);

  switch (prop_id)
    {
    case PROP_FILM:
      g_value_set_object (value, self->film);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_film_row_set_property (GObject *object, guint prop_id, const GValue *value,
                              GParamSpec *pspec)
{
  RafilmFilmRow *self = RAFILM_FILM_ROW (object);

  switch (prop_id)
    {
    case PROP_FILM:
      rafilm_film_row_set_film (self, g_value_get_object (value));
      break;
    case PROP_SPOKEN_NAME:
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      g_value_get_string (value), -1);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_film_row_class_init (RafilmFilmRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rafilm_film_row_dispose;
  object_class->get_property = rafilm_film_row_get_property;
  object_class->set_property = rafilm_film_row_set_property;

  properties[PROP_FILM] =
      g_param_spec_object ("film", NULL, NULL, RAFILM_TYPE_FILM,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SPOKEN_NAME] = g_param_spec_string ("spoken-name", NULL, NULL, NULL,
                                                      G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (RAFILM_TYPE_POSTER_VIEW);
  g_type_ensure (RAFILM_TYPE_STARS);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-film-row.ui");
  rafilm_closures_bind (widget_class);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmRow, rank_label);
  gtk_widget_class_set_css_name (widget_class, "filmrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
rafilm_film_row_init (RafilmFilmRow *self)
{
  self->labels = g_binding_group_new ();
  g_binding_group_bind (self->labels, "accessible-label", self, "spoken-name",
                        G_BINDING_SYNC_CREATE);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
rafilm_film_row_new (void)
{
  return g_object_new (RAFILM_TYPE_FILM_ROW, NULL);
}

RafilmFilm *
rafilm_film_row_get_film (RafilmFilmRow *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM_ROW (self), NULL);

  return self->film;
}

void
rafilm_film_row_set_film (RafilmFilmRow *self, RafilmFilm *film)
{
  g_return_if_fail (RAFILM_IS_FILM_ROW (self));

  if (!g_set_object (&self->film, film))
    return;
  g_binding_group_set_source (self->labels, film);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILM]);
}

void
rafilm_film_row_set_rank (RafilmFilmRow *self, guint rank)
{
  g_autofree char *text = NULL;

  g_return_if_fail (RAFILM_IS_FILM_ROW (self));

  text = rank > 0 ? g_strdup_printf ("%u", rank) : NULL;
  gtk_label_set_text (self->rank_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->rank_label), rank > 0);
}

/* The list item, which takes the focus, is named after its film. */
static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GBindingGroup *labels = g_binding_group_new ();

  g_binding_group_bind (labels, "accessible-label", item, "accessible-label",
                        G_BINDING_SYNC_CREATE);
  g_object_set_data_full (G_OBJECT (item), LABEL_GROUP, labels, g_object_unref);
  gtk_list_item_set_child (item, rafilm_film_row_new ());
}

static void
position_changed_cb (GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  if (row != NULL && gtk_list_item_get_item (item) != NULL)
    rafilm_film_row_set_rank (RAFILM_FILM_ROW (row), gtk_list_item_get_position (item) + 1);
}

static void
setup_ranked_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  setup_cb (factory, item, user_data);
  g_signal_connect (item, "notify::position", G_CALLBACK (position_changed_cb), NULL);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  RafilmFilmRow *row = RAFILM_FILM_ROW (gtk_list_item_get_child (item));
  RafilmFilm *film = gtk_list_item_get_item (item);

  rafilm_film_row_set_film (row, film);
  g_binding_group_set_source (g_object_get_data (G_OBJECT (item), LABEL_GROUP), film);
  if (GPOINTER_TO_INT (user_data))
    position_changed_cb (item);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  rafilm_film_row_set_film (RAFILM_FILM_ROW (gtk_list_item_get_child (item)), NULL);
  g_binding_group_set_source (g_object_get_data (G_OBJECT (item), LABEL_GROUP), NULL);
}

GtkListItemFactory *
rafilm_film_row_factory_new (gboolean ranked)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (ranked ? setup_ranked_cb : setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GINT_TO_POINTER (ranked));
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);

  return factory;
}
