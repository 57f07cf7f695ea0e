/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * RafilmFilmFacts:
 * @title: the title to show
 * @original_title: (nullable): the title in the film's own language
 * @language: (nullable): its original language, ISO 639-1
 * @release_date: (nullable): "YYYY-MM-DD"
 * @overview: (nullable): a few sentences on what it is about
 * @poster_path: (nullable): the poster's name at the image server, such as "/abc.jpg"
 * @backdrop_path: (nullable): likewise for the wide picture
 * @countries: (nullable): ISO 3166-1 codes
 * @genres: (nullable): TMDb's English genre names
 * @directors: (nullable): names
 * @cast: (nullable): names, first billed first
 * @characters: (nullable): who @cast play, in the same order; "" where that is not known
 * @keywords: (nullable): lower case
 * @similar: (nullable) (element-type gint64): ids of similar films
 * @runtime: minutes; 0 when not known
 * @popularity: TMDb's figure; only good for sorting
 * @fetched_at: when the facts were fetched, milliseconds since 1970; 0 when the film is only an id
 *
 * What everybody knows about a film. Facts are kept on the device and never synced.
 */
typedef struct
{
  char *title;
  char *original_title;
  char *language;
  char *release_date;
  char *overview;
  char *poster_path;
  char *backdrop_path;
  GStrv countries;
  GStrv genres;
  GStrv directors;
  GStrv cast;
  GStrv characters;
  GStrv keywords;
  GArray *similar;
  int runtime;
  double popularity;
  gint64 fetched_at;
} RafilmFilmFacts;

void rafilm_film_facts_clear (RafilmFilmFacts *facts);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RafilmFilmFacts, rafilm_film_facts_clear)

/**
 * RafilmFilmState:
 * @note: (nullable): the note on the watchlist
 * @last_watched: (nullable): the newest date of a viewing, "YYYY-MM-DD"
 * @rating: current rating in half stars, 1 to 10; 0 for none
 * @viewings: how many viewings the diary has
 * @like: liked
 * @seen: marked as seen, or has a viewing
 * @hidden: "not interested"
 * @watchlist: on the watchlist
 * @unfinished: the newest viewing was not finished
 *
 * What the film is to the person whose diary this is.
 */
typedef struct
{
  char *note;
  char *last_watched;
  int rating;
  guint viewings;
  guint like : 1;
  guint seen : 1;
  guint hidden : 1;
  guint watchlist : 1;
  guint unfinished : 1;
} RafilmFilmState;

void rafilm_film_state_clear (RafilmFilmState *state);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RafilmFilmState, rafilm_film_state_clear)

/**
 * RafilmFilm:
 *
 * A film with its facts and its state, as the mirror has them. The mirror hands out one object a
 * film and updates it in place, so that bindings on its properties follow. All properties are
 * read-only: id, known, title, year, subtitle, overview, runtime, poster-path, backdrop-path,
 * rating, like, seen, hidden, on-watchlist, viewings, last-watched, unfinished and
 * accessible-label.
 */
#define RAFILM_TYPE_FILM (rafilm_film_get_type ())
G_DECLARE_FINAL_TYPE (RafilmFilm, rafilm_film, RAFILM, FILM, GObject)

RafilmFilm *rafilm_film_new (gint64 id);

gint64 rafilm_film_get_id (RafilmFilm *self);

/* Whether the facts were ever fetched. */
gboolean rafilm_film_is_known (RafilmFilm *self);

/* Never %NULL; "Film 949" while the facts are missing. */
const char *rafilm_film_get_title (RafilmFilm *self);

/* 0 when not known. */
int rafilm_film_get_year (RafilmFilm *self);

const RafilmFilmFacts *rafilm_film_get_facts (RafilmFilm *self);
const RafilmFilmState *rafilm_film_get_state (RafilmFilm *self);

/**
 * rafilm_film_take_facts:
 * @facts: (inout): its members are taken over, and it is left empty
 */
void rafilm_film_take_facts (RafilmFilm *self, RafilmFilmFacts *facts);

/**
 * rafilm_film_take_state:
 * @state: (inout): its members are taken over, and it is left empty
 */
void rafilm_film_take_state (RafilmFilm *self, RafilmFilmState *state);

/**
 * rafilm_film_dup_accessible_label:
 *
 * Returns: (transfer full): what a screen reader says of the film's poster, such as "Heat, 1995,
 *   rated 4½ of 5, watched 3 March 2026, in watchlist"
 */
char *rafilm_film_dup_accessible_label (RafilmFilm *self);

G_END_DECLS
