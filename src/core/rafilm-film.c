/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-film.h"

#include <glib/gi18n-lib.h>

#include "rafilm-date.h"
#include "rafilm-rating.h"

struct _RafilmFilm
{
  GObject parent_instance;

  gint64 id;
  char *placeholder_title;
  RafilmFilmFacts facts;
  RafilmFilmState state;
};

G_DEFINE_FINAL_TYPE (RafilmFilm, rafilm_film, G_TYPE_OBJECT)

typedef enum
{
  PROP_ID = 1,
  PROP_KNOWN,
  PROP_TITLE,
  PROP_YEAR,
  PROP_SUBTITLE,
  PROP_OVERVIEW,
  PROP_RUNTIME,
  PROP_POSTER_PATH,
  PROP_BACKDROP_PATH,
  PROP_RATING,
  PROP_LIKE,
  PROP_SEEN,
  PROP_HIDDEN,
  PROP_ON_WATCHLIST,
  PROP_VIEWINGS,
  PROP_LAST_WATCHED,
  PROP_UNFINISHED,
  PROP_ACCESSIBLE_LABEL,
} FilmProperty;

static GParamSpec *properties[PROP_ACCESSIBLE_LABEL + 1];

void
rafilm_film_facts_clear (RafilmFilmFacts *facts)
{
  g_clear_pointer (&facts->title, g_free);
  g_clear_pointer (&facts->original_title, g_free);
  g_clear_pointer (&facts->language, g_free);
  g_clear_pointer (&facts->release_date, g_free);
  g_clear_pointer (&facts->overview, g_free);
  g_clear_pointer (&facts->poster_path, g_free);
  g_clear_pointer (&facts->backdrop_path, g_free);
  g_clear_pointer (&facts->countries, g_strfreev);
  g_clear_pointer (&facts->genres, g_strfreev);
  g_clear_pointer (&facts->directors, g_strfreev);
  g_clear_pointer (&facts->cast, g_strfreev);
  g_clear_pointer (&facts->characters, g_strfreev);
  g_clear_pointer (&facts->keywords, g_strfreev);
  g_clear_pointer (&facts->similar, g_array_unref);
  *facts = (RafilmFilmFacts) { 0 };
}

void
rafilm_film_state_clear (RafilmFilmState *state)
{
  g_clear_pointer (&state->note, g_free);
  g_clear_pointer (&state->last_watched, g_free);
  *state = (RafilmFilmState) { 0 };
}

static char *
dup_subtitle (RafilmFilm *self)
{
  g_autofree char *directors = NULL;
  int year = rafilm_film_get_year (self);

  if (self->facts.directors != NULL)
    directors = g_strjoinv (", ", self->facts.directors);

  if (year != 0 && directors != NULL && *directors != '\0')
    return g_strdup_printf ("%d · %s", year, directors);
  if (year != 0)
    return g_strdup_printf ("%d", year);

  return g_steal_pointer (&directors);
}

static void
notify_facts (RafilmFilm *self)
{
  for (guint i = PROP_KNOWN; i <= PROP_BACKDROP_PATH; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
}

static void
rafilm_film_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmFilm *self = RAFILM_FILM (object);

  switch ((FilmProperty) prop_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_KNOWN:
      g_value_set_boolean (value, rafilm_film_is_known (self));
      break;
    case PROP_TITLE:
      g_value_set_string (value, rafilm_film_get_title (self));
      break;
    case PROP_YEAR:
      g_value_set_int (value, rafilm_film_get_year (self));
      break;
    case PROP_SUBTITLE:
      g_value_take_string (value, dup_subtitle (self));
      break;
    case PROP_OVERVIEW:
      g_value_set_string (value, self->facts.overview);
      break;
    case PROP_RUNTIME:
      g_value_set_int (value, self->facts.runtime);
      break;
    case PROP_POSTER_PATH:
      g_value_set_string (value, self->facts.poster_path);
      break;
    case PROP_BACKDROP_PATH:
      g_value_set_string (value, self->facts.backdrop_path);
      break;
    case PROP_RATING:
      g_value_set_int (value, self->state.rating);
      break;
    case PROP_LIKE:
      g_value_set_boolean (value, self->state.like);
      break;
    case PROP_SEEN:
      g_value_set_boolean (value, self->state.seen);
      break;
    case PROP_HIDDEN:
      g_value_set_boolean (value, self->state.hidden);
      break;
    case PROP_ON_WATCHLIST:
      g_value_set_boolean (value, self->state.watchlist);
      break;
    case PROP_VIEWINGS:
      g_value_set_uint (value, self->state.viewings);
      break;
    case PROP_LAST_WATCHED:
      g_value_set_string (value, self->state.last_watched);
      break;
    case PROP_UNFINISHED:
      g_value_set_boolean (value, self->state.unfinished);
      break;
    case PROP_ACCESSIBLE_LABEL:
      g_value_take_string (value, rafilm_film_dup_accessible_label (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_film_finalize (GObject *object)
{
  RafilmFilm *self = RAFILM_FILM (object);

  g_clear_pointer (&self->placeholder_title, g_free);
  rafilm_film_facts_clear (&self->facts);
  rafilm_film_state_clear (&self->state);

  G_OBJECT_CLASS (rafilm_film_parent_class)->finalize (object);
}

static void
rafilm_film_class_init (RafilmFilmClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = rafilm_film_get_property;
  object_class->finalize = rafilm_film_finalize;

  properties[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_KNOWN] = g_param_spec_boolean ("known", NULL, NULL, FALSE, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_YEAR] = g_param_spec_int ("year", NULL, NULL, 0, 9999, 0, flags);
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  properties[PROP_OVERVIEW] = g_param_spec_string ("overview", NULL, NULL, NULL, flags);
  properties[PROP_RUNTIME] = g_param_spec_int ("runtime", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_POSTER_PATH] = g_param_spec_string ("poster-path", NULL, NULL, NULL, flags);
  properties[PROP_BACKDROP_PATH] = g_param_spec_string ("backdrop-path", NULL, NULL, NULL, flags);
  properties[PROP_RATING] = g_param_spec_int ("rating", NULL, NULL, 0, RAFILM_RATING_MAX, 0, flags);
  properties[PROP_LIKE] = g_param_spec_boolean ("like", NULL, NULL, FALSE, flags);
  properties[PROP_SEEN] = g_param_spec_boolean ("seen", NULL, NULL, FALSE, flags);
  properties[PROP_HIDDEN] = g_param_spec_boolean ("hidden", NULL, NULL, FALSE, flags);
  properties[PROP_ON_WATCHLIST] = g_param_spec_boolean ("on-watchlist", NULL, NULL, FALSE, flags);
  properties[PROP_VIEWINGS] = g_param_spec_uint ("viewings", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_LAST_WATCHED] = g_param_spec_string ("last-watched", NULL, NULL, NULL, flags);
  properties[PROP_UNFINISHED] = g_param_spec_boolean ("unfinished", NULL, NULL, FALSE, flags);
  properties[PROP_ACCESSIBLE_LABEL] =
      g_param_spec_string ("accessible-label", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
rafilm_film_init (RafilmFilm *self)
{
}

RafilmFilm *
rafilm_film_new (gint64 id)
{
  RafilmFilm *self = g_object_new (RAFILM_TYPE_FILM, NULL);

  self->id = id;

  return self;
}

gint64
rafilm_film_get_id (RafilmFilm *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM (self), 0);

  return self->id;
}

gboolean
rafilm_film_is_known (RafilmFilm *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM (self), FALSE);

  return self->facts.fetched_at != 0;
}

const char *
rafilm_film_get_title (RafilmFilm *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM (self), NULL);

  if (self->facts.title != NULL)
    return self->facts.title;

  if (self->placeholder_title == NULL)
    /* Translators: a film of which only TMDb's number is known yet */
    self->placeholder_title = g_strdup_printf (_ ("Film %" G_GINT64_FORMAT), self->id);

  return self->placeholder_title;
}

int
rafilm_film_get_year (RafilmFilm *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM (self), 0);

  return rafilm_date_get_year (self->facts.release_date);
}

const RafilmFilmFacts *
rafilm_film_get_facts (RafilmFilm *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM (self), NULL);

  return &self->facts;
}

const RafilmFilmState *
rafilm_film_get_state (RafilmFilm *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM (self), NULL);

  return &self->state;
}

void
rafilm_film_take_facts (RafilmFilm *self, RafilmFilmFacts *facts)
{
  g_return_if_fail (RAFILM_IS_FILM (self));
  g_return_if_fail (facts != NULL);

  rafilm_film_facts_clear (&self->facts);
  self->facts = *facts;
  *facts = (RafilmFilmFacts) { 0 };

  g_object_freeze_notify (G_OBJECT (self));
  notify_facts (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCESSIBLE_LABEL]);
  g_object_thaw_notify (G_OBJECT (self));
}

void
rafilm_film_take_state (RafilmFilm *self, RafilmFilmState *state)
{
  RafilmFilmState old;

  g_return_if_fail (RAFILM_IS_FILM (self));
  g_return_if_fail (state != NULL);

  old = self->state;
  self->state = *state;
  *state = (RafilmFilmState) { 0 };

  g_object_freeze_notify (G_OBJECT (self));
  if (old.rating != self->state.rating)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RATING]);
  if (old.like != self->state.like)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIKE]);
  if (old.seen != self->state.seen)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEEN]);
  if (old.hidden != self->state.hidden)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HIDDEN]);
  if (old.watchlist != self->state.watchlist)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ON_WATCHLIST]);
  if (old.viewings != self->state.viewings)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VIEWINGS]);
  if (g_strcmp0 (old.last_watched, self->state.last_watched) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_WATCHED]);
  if (old.unfinished != self->state.unfinished)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNFINISHED]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCESSIBLE_LABEL]);
  g_object_thaw_notify (G_OBJECT (self));

  rafilm_film_state_clear (&old);
}

char *
rafilm_film_dup_accessible_label (RafilmFilm *self)
{
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();
  g_auto (GStrv) strings = NULL;
  int year;

  g_return_val_if_fail (RAFILM_IS_FILM (self), NULL);

  year = rafilm_film_get_year (self);
  g_strv_builder_add (parts, rafilm_film_get_title (self));
  if (year != 0)
    g_strv_builder_take (parts, g_strdup_printf ("%d", year));
  if (self->state.rating != RAFILM_RATING_NONE)
    {
      g_autofree char *number = rafilm_rating_dup_number (self->state.rating);

      /* Translators: %s is a number of stars such as 4½ */
      g_strv_builder_take (parts, g_strdup_printf (_ ("rated %s of 5"), number));
    }
  if (self->state.like)
    g_strv_builder_add (parts, _ ("liked"));
  if (self->state.last_watched != NULL)
    {
      g_autofree char *date = rafilm_date_format (self->state.last_watched);

      /* Translators: %s is a date such as 3 March 2026 */
      g_strv_builder_take (parts, g_strdup_printf (_ ("watched %s"), date));
    }
  else if (self->state.seen)
    g_strv_builder_add (parts, _ ("watched"));
  if (self->state.unfinished)
    g_strv_builder_add (parts, _ ("not finished"));
  if (self->state.watchlist)
    g_strv_builder_add (parts, _ ("in watchlist"));

  strings = g_strv_builder_end (parts);

  return g_strjoinv (", ", strings);
}
