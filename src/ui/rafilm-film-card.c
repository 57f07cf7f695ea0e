/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-film-card.h"

#include "rafilm-closures.h"
#include "rafilm-poster-view.h"
#include "rafilm-stars.h"

struct _RafilmFilmCard
{
  GtkBox parent_instance;

  RafilmFilm *film;
  GSignalGroup *film_signals;
  char *spoken_name;
  int poster_width;

  RafilmPosterView *poster;
  GtkInscription *caption;
};

enum
{
  PROP_0,
  PROP_FILM,
  PROP_CAPTION,
  PROP_POSTER_WIDTH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmFilmCard, rafilm_film_card, GTK_TYPE_BOX)

/* The name is the film's, and the caption goes with it as one sentence. */
static void
update_spoken_name (RafilmFilmCard *self)
{
  const char *caption = gtk_inscription_get_text (self->caption);
  g_autofree char *label = NULL;

  g_clear_pointer (&self->spoken_name, g_free);
  if (self->film == NULL)
    {
      gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL);
      return;
    }

  label = rafilm_film_dup_accessible_label (self->film);
  if (caption != NULL && *caption != '\0')
    self->spoken_name = g_strconcat (label, ", ", caption, NULL);
  else
    self->spoken_name = g_steal_pointer (&label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->spoken_name, -1);
}

static void
rafilm_film_card_dispose (GObject *object)
{
  RafilmFilmCard *self = RAFILM_FILM_CARD (object);

  g_clear_object (&self->film_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_FILM_CARD);
  g_clear_object (&self->film);
  g_clear_pointer (&self->spoken_name, g_free);

  G_OBJECT_CLASS (rafilm_film_card_parent_class)->dispose (object);
}

static void
rafilm_film_card_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmFilmCard *self = RAFILM_FILM_CARD (object);

  switch (prop_id)
    {
    case PROP_FILM:
      g_value_set_object (value, self->film);
      break;
    case PROP_CAPTION:
      g_value_set_string (value, gtk_inscription_get_text (self->caption));
      break;
    case PROP_POSTER_WIDTH:
      g_value_set_int (value, self->poster_width);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_film_card_set_property (GObject *object, guint prop_id, const GValue *value,
                               GParamSpec *pspec)
{
  RafilmFilmCard *self = RAFILM_FILM_CARD (object);

  switch (prop_id)
    {
    case PROP_FILM:
      rafilm_film_card_set_film (self, g_value_get_object (value));
      break;
    case PROP_CAPTION:
      rafilm_film_card_set_caption (self, g_value_get_string (value));
      break;
    case PROP_POSTER_WIDTH:
      rafilm_film_card_set_poster_width (self, g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_film_card_class_init (RafilmFilmCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = rafilm_film_card_dispose;
  object_class->get_property = rafilm_film_card_get_property;
  object_class->set_property = rafilm_film_card_set_property;

  properties[PROP_FILM] = g_param_spec_object ("film", NULL, NULL, RAFILM_TYPE_FILM, flags);
  properties[PROP_CAPTION] = g_param_spec_string ("caption", NULL, NULL, NULL, flags);
  properties[PROP_POSTER_WIDTH] =
      g_param_spec_int ("poster-width", NULL, NULL, 16, 1024, 150, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (RAFILM_TYPE_POSTER_VIEW);
  g_type_ensure (RAFILM_TYPE_STARS);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-film-card.ui");
  rafilm_closures_bind (widget_class);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmCard, poster);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmCard, caption);
  gtk_widget_class_set_css_name (widget_class, "filmcard");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
rafilm_film_card_init (RafilmFilmCard *self)
{
  self->poster_width = 150;
  self->film_signals = g_signal_group_new (RAFILM_TYPE_FILM);
  g_signal_group_connect_swapped (self->film_signals, "notify::accessible-label",
                                  G_CALLBACK (update_spoken_name), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
rafilm_film_card_new (void)
{
  return g_object_new (RAFILM_TYPE_FILM_CARD, NULL);
}

RafilmFilm *
rafilm_film_card_get_film (RafilmFilmCard *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM_CARD (self), NULL);

  return self->film;
}

void
rafilm_film_card_set_film (RafilmFilmCard *self, RafilmFilm *film)
{
  g_return_if_fail (RAFILM_IS_FILM_CARD (self));

  if (!g_set_object (&self->film, film))
    return;
  g_signal_group_set_target (self->film_signals, film);
  update_spoken_name (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILM]);
}

void
rafilm_film_card_set_caption (RafilmFilmCard *self, const char *caption)
{
  g_return_if_fail (RAFILM_IS_FILM_CARD (self));

  if (g_strcmp0 (caption, gtk_inscription_get_text (self->caption)) == 0)
    return;
  gtk_inscription_set_text (self->caption, caption);
  gtk_widget_set_visible (GTK_WIDGET (self->caption), caption != NULL);
  update_spoken_name (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAPTION]);
}

void
rafilm_film_card_set_poster_width (RafilmFilmCard *self, int width)
{
  g_return_if_fail (RAFILM_IS_FILM_CARD (self));

  if (width == self->poster_width)
    return;
  self->poster_width = width;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSTER_WIDTH]);
}

const char *
rafilm_film_card_get_spoken_name (RafilmFilmCard *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM_CARD (self), NULL);

  return self->spoken_name;
}
