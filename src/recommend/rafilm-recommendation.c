/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-recommendation.h"

struct _RafilmRecommendation
{
  GObject parent_instance;

  RafilmFilm *film;
  RafilmFilm *because;
  char *reason;
  char *row;
};

G_DEFINE_FINAL_TYPE (RafilmRecommendation, rafilm_recommendation, G_TYPE_OBJECT)

typedef enum
{
  PROP_FILM = 1,
  PROP_BECAUSE,
  PROP_REASON,
  PROP_ROW,
} RecommendationProperty;

static GParamSpec *properties[PROP_ROW + 1];

static void
rafilm_recommendation_get_property (GObject *object, guint prop_id, GValue *value,
                                    GParamSpec *pspec)
{
  RafilmRecommendation *self = RAFILM_RECOMMENDATION (object);

  switch ((RecommendationProperty) prop_id)
    {
    case PROP_FILM:
      g_value_set_object (value, self->film);
      break;
    case PROP_BECAUSE:
      g_value_set_object (value, self->because);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    case PROP_ROW:
      g_value_set_string (value, self->row);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_recommendation_finalize (GObject *object)
{
  RafilmRecommendation *self = RAFILM_RECOMMENDATION (object);

  g_clear_object (&self->film);
  g_clear_object (&self->because);
  g_clear_pointer (&self->reason, g_free);
  g_clear_pointer (&self->row, g_free);

  G_OBJECT_CLASS (rafilm_recommendation_parent_class)->finalize (object);
}

static void
rafilm_recommendation_class_init (RafilmRecommendationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = rafilm_recommendation_get_property;
  object_class->finalize = rafilm_recommendation_finalize;

  properties[PROP_FILM] = g_param_spec_object ("film", NULL, NULL, RAFILM_TYPE_FILM, flags);
  properties[PROP_BECAUSE] = g_param_spec_object ("because", NULL, NULL, RAFILM_TYPE_FILM, flags);
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);
  properties[PROP_ROW] = g_param_spec_string ("row", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
rafilm_recommendation_init (RafilmRecommendation *self)
{
}

RafilmRecommendation *
rafilm_recommendation_new (RafilmFilm *film, RafilmFilm *because, const char *reason,
                           const char *row)
{
  RafilmRecommendation *self;

  g_return_val_if_fail (RAFILM_IS_FILM (film), NULL);
  g_return_val_if_fail (because == NULL || RAFILM_IS_FILM (because), NULL);

  self = g_object_new (RAFILM_TYPE_RECOMMENDATION, NULL);
  self->film = g_object_ref (film);
  self->because = because != NULL ? g_object_ref (because) : NULL;
  self->reason = g_strdup (reason);
  self->row = g_strdup (row);

  return self;
}

RafilmFilm *
rafilm_recommendation_get_film (RafilmRecommendation *self)
{
  g_return_val_if_fail (RAFILM_IS_RECOMMENDATION (self), NULL);

  return self->film;
}

RafilmFilm *
rafilm_recommendation_get_because (RafilmRecommendation *self)
{
  g_return_val_if_fail (RAFILM_IS_RECOMMENDATION (self), NULL);

  return self->because;
}

const char *
rafilm_recommendation_get_reason (RafilmRecommendation *self)
{
  g_return_val_if_fail (RAFILM_IS_RECOMMENDATION (self), NULL);

  return self->reason;
}

const char *
rafilm_recommendation_get_row (RafilmRecommendation *self)
{
  g_return_val_if_fail (RAFILM_IS_RECOMMENDATION (self), NULL);

  return self->row;
}
