/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-viewing.h"

#include "rafilm-rating.h"

struct _RafilmViewing
{
  GObject parent_instance;

  char *id;
  RafilmFilm *film;
  char *date;
  char *review;
  char *language;
  GStrv tags;
  int rating;
  guint versions;
  gboolean liked;
  gboolean rewatch;
  gboolean finished;
  gboolean spoiler;
  gboolean public;
  gboolean deleted;
  gboolean pending;
};

G_DEFINE_FINAL_TYPE (RafilmViewing, rafilm_viewing, G_TYPE_OBJECT)

typedef enum
{
  PROP_ID = 1,
  PROP_FILM,
  PROP_DATE,
  PROP_RATING,
  PROP_LIKED,
  PROP_REWATCH,
  PROP_FINISHED,
  PROP_REVIEW,
  PROP_SPOILER,
  PROP_LANGUAGE,
  PROP_TAGS,
  PROP_PUBLIC,
  PROP_DELETED,
  PROP_VERSIONS,
  PROP_PENDING,
} ViewingProperty;

static GParamSpec *properties[PROP_PENDING + 1];

static void
set_boolean (RafilmViewing *self, gboolean *field, ViewingProperty property, gboolean value)
{
  if (*field == value)
    return;

  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_string (RafilmViewing *self, char **field, ViewingProperty property, const char *value)
{
  if (g_set_str (field, value))
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_tags (RafilmViewing *self, char **tags)
{
  static const char *const none[] = { NULL };
  const char *const *value = tags != NULL ? (const char *const *) tags : none;
  GStrv old = self->tags;

  if (g_strv_equal (value, (const char *const *) old))
    return;

  self->tags = g_strdupv ((GStrv) value);
  g_strfreev (old);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TAGS]);
}

static void
rafilm_viewing_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmViewing *self = RAFILM_VIEWING (object);

  switch ((ViewingProperty) prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_FILM:
      g_value_set_object (value, self->film);
      break;
    case PROP_DATE:
      g_value_set_string (value, self->date);
      break;
    case PROP_RATING:
      g_value_set_int (value, self->rating);
      break;
    case PROP_LIKED:
      g_value_set_boolean (value, self->liked);
      break;
    case PROP_REWATCH:
      g_value_set_boolean (value, self->rewatch);
      break;
    case PROP_FINISHED:
      g_value_set_boolean (value, self->finished);
      break;
    case PROP_REVIEW:
      g_value_set_string (value, self->review);
      break;
    case PROP_SPOILER:
      g_value_set_boolean (value, self->spoiler);
      break;
    case PROP_LANGUAGE:
      g_value_set_string (value, self->language);
      break;
    case PROP_TAGS:
      g_value_set_boxed (value, self->tags);
      break;
    case PROP_PUBLIC:
      g_value_set_boolean (value, self->public);
      break;
    case PROP_DELETED:
      g_value_set_boolean (value, self->deleted);
      break;
    case PROP_VERSIONS:
      g_value_set_uint (value, self->versions);
      break;
    case PROP_PENDING:
      g_value_set_boolean (value, self->pending);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_viewing_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RafilmViewing *self = RAFILM_VIEWING (object);

  switch ((ViewingProperty) prop_id)
    {
    case PROP_ID:
      set_string (self, &self->id, PROP_ID, g_value_get_string (value));
      break;
    case PROP_FILM:
      if (g_set_object (&self->film, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_DATE:
      set_string (self, &self->date, PROP_DATE, g_value_get_string (value));
      break;
    case PROP_RATING:
      if (self->rating != g_value_get_int (value))
        {
          self->rating = g_value_get_int (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    case PROP_LIKED:
      set_boolean (self, &self->liked, PROP_LIKED, g_value_get_boolean (value));
      break;
    case PROP_REWATCH:
      set_boolean (self, &self->rewatch, PROP_REWATCH, g_value_get_boolean (value));
      break;
    case PROP_FINISHED:
      set_boolean (self, &self->finished, PROP_FINISHED, g_value_get_boolean (value));
      break;
    case PROP_REVIEW:
      set_string (self, &self->review, PROP_REVIEW, g_value_get_string (value));
      break;
    case PROP_SPOILER:
      set_boolean (self, &self->spoiler, PROP_SPOILER, g_value_get_boolean (value));
      break;
    case PROP_LANGUAGE:
      set_string (self, &self->language, PROP_LANGUAGE, g_value_get_string (value));
      break;
    case PROP_TAGS:
      set_tags (self, g_value_get_boxed (value));
      break;
    case PROP_PUBLIC:
      set_boolean (self, &self->public, PROP_PUBLIC, g_value_get_boolean (value));
      break;
    case PROP_DELETED:
      set_boolean (self, &self->deleted, PROP_DELETED, g_value_get_boolean (value));
      break;
    case PROP_VERSIONS:
      if (self->versions != g_value_get_uint (value))
        {
          self->versions = g_value_get_uint (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    case PROP_PENDING:
      set_boolean (self, &self->pending, PROP_PENDING, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_viewing_finalize (GObject *object)
{
  RafilmViewing *self = RAFILM_VIEWING (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_object (&self->film);
  g_clear_pointer (&self->date, g_free);
  g_clear_pointer (&self->review, g_free);
  g_clear_pointer (&self->language, g_free);
  g_clear_pointer (&self->tags, g_strfreev);

  G_OBJECT_CLASS (rafilm_viewing_parent_class)->finalize (object);
}

static void
rafilm_viewing_class_init (RafilmViewingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = rafilm_viewing_get_property;
  object_class->set_property = rafilm_viewing_set_property;
  object_class->finalize = rafilm_viewing_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_FILM] = g_param_spec_object ("film", NULL, NULL, RAFILM_TYPE_FILM, flags);
  properties[PROP_DATE] = g_param_spec_string ("date", NULL, NULL, NULL, flags);
  properties[PROP_RATING] = g_param_spec_int ("rating", NULL, NULL, 0, RAFILM_RATING_MAX, 0, flags);
  properties[PROP_LIKED] = g_param_spec_boolean ("liked", NULL, NULL, FALSE, flags);
  properties[PROP_REWATCH] = g_param_spec_boolean ("rewatch", NULL, NULL, FALSE, flags);
  properties[PROP_FINISHED] = g_param_spec_boolean ("finished", NULL, NULL, TRUE, flags);
  properties[PROP_REVIEW] = g_param_spec_string ("review", NULL, NULL, NULL, flags);
  properties[PROP_SPOILER] = g_param_spec_boolean ("spoiler", NULL, NULL, FALSE, flags);
  properties[PROP_LANGUAGE] = g_param_spec_string ("language", NULL, NULL, NULL, flags);
  properties[PROP_TAGS] = g_param_spec_boxed ("tags", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_PUBLIC] = g_param_spec_boolean ("public", NULL, NULL, FALSE, flags);
  properties[PROP_DELETED] = g_param_spec_boolean ("deleted", NULL, NULL, FALSE, flags);
  properties[PROP_VERSIONS] = g_param_spec_uint ("versions", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_PENDING] = g_param_spec_boolean ("pending", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
rafilm_viewing_init (RafilmViewing *self)
{
  self->finished = TRUE;
  self->tags = g_new0 (char *, 1);
}

RafilmViewing *
rafilm_viewing_new (const char *id, RafilmFilm *film)
{
  g_return_val_if_fail (film == NULL || RAFILM_IS_FILM (film), NULL);

  return g_object_new (RAFILM_TYPE_VIEWING, "id", id, "film", film, NULL);
}

RafilmViewing *
rafilm_viewing_copy (RafilmViewing *self)
{
  RafilmViewing *copy;

  g_return_val_if_fail (RAFILM_IS_VIEWING (self), NULL);

  copy = rafilm_viewing_new (self->id, self->film);
  g_object_set (copy, "date", self->date, "rating", self->rating, "liked", self->liked, "rewatch",
                self->rewatch, "finished", self->finished, "review", self->review, "spoiler",
                self->spoiler, "language", self->language, "tags", self->tags, "public",
                self->public, "deleted", self->deleted, "versions", self->versions, "pending",
                self->pending, NULL);

  return copy;
}

#define GETTER(type, name, nothing)                                                                \
  type rafilm_viewing_get_##name (RafilmViewing *self)                                             \
  {                                                                                                \
    g_return_val_if_fail (RAFILM_IS_VIEWING (self), nothing);                                      \
                                                                                                   \
    return self->name;                                                                             \
  }

GETTER (const char *, id, NULL)
GETTER (RafilmFilm *, film, NULL)
GETTER (const char *, date, NULL)
GETTER (int, rating, RAFILM_RATING_NONE)
GETTER (gboolean, liked, FALSE)
GETTER (gboolean, rewatch, FALSE)
GETTER (gboolean, finished, FALSE)
GETTER (const char *, review, NULL)
GETTER (gboolean, spoiler, FALSE)
GETTER (const char *, language, NULL)
GETTER (gboolean, public, FALSE)
GETTER (gboolean, deleted, FALSE)
GETTER (guint, versions, 0)
GETTER (gboolean, pending, FALSE)

const char *const *
rafilm_viewing_get_tags (RafilmViewing *self)
{
  g_return_val_if_fail (RAFILM_IS_VIEWING (self), NULL);

  return (const char *const *) self->tags;
}
