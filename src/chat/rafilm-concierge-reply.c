/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-concierge-reply.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rafilm-date.h"
#include "rafilm-handle.h"
#include "rafilm-rating.h"

#define MAX_CAST 5
#define MAX_FAVOURITES 3

void
rafilm_reply_init (RafilmReply *self)
{
  self->text = g_string_new (NULL);
  self->films = g_ptr_array_new_with_free_func (g_object_unref);
}

void
rafilm_reply_clear (RafilmReply *self)
{
  if (self->text != NULL)
    g_string_free (g_steal_pointer (&self->text), TRUE);
  g_clear_pointer (&self->films, g_ptr_array_unref);
}

void
rafilm_reply_say (RafilmReply *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (self->text, format, args);
  va_end (args);
}

char *
rafilm_reply_name (RafilmReply *self, RafilmFilm *film)
{
  g_ptr_array_add (self->films, g_object_ref (film));

  return rafilm_handle_dup (rafilm_film_get_id (film));
}

void
rafilm_reply_write (RafilmReply *self, RafilmMessage *message)
{
  for (guint i = 0; i < self->films->len; i++)
    rafilm_message_add_film (message, g_ptr_array_index (self->films, i));
  rafilm_message_append_text (message, self->text->str);
}

void
rafilm_reply_add_pick (RafilmReply *self, const RafilmPick *pick)
{
  const RafilmFilmFacts *facts = rafilm_film_get_facts (pick->film);
  g_autofree char *handle = rafilm_reply_name (self, pick->film);
  g_autofree char *stars = rafilm_rating_dup_stars (pick->rating);
  g_autoptr (GString) more = g_string_new (NULL);

  if (pick->rating != 0)
    g_string_append_printf (more, " · %s", stars);
  if (pick->date[0] != '\0')
    {
      g_autofree char *date = rafilm_date_format (pick->date);

      g_string_append_printf (more, " · %s", date);
    }
  else if (facts->runtime != 0)
    {
      /* Translators: a running time in minutes */
      g_string_append (more, " · ");
      g_string_append_printf (more, _ ("%d min"), facts->runtime);
    }
  if (pick->reason != NULL)
    g_string_append_printf (more, " · %s", pick->reason);

  rafilm_reply_say (self, "\n• %s%s", handle, more->str);
}

void
rafilm_reply_say_help (RafilmReply *self)
{
  rafilm_reply_say (
      self, "%s\n• %s\n• %s\n• %s\n• %s\n• %s\n• %s",
      _ ("On this computer I answer from your diary and from the films that I know. For example:"),
      _ ("something like Heat, but shorter"), _ ("a comedy under 100 minutes from the 90s"),
      _ ("what did I rate best last year"), _ ("how many films did I watch in March"),
      _ ("what’s on my watchlist under two hours"), _ ("surprise me"));
}

/* ---- Times ---- */

char *
rafilm_reply_dup_time (const RafilmRequest *request)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  if (request->from[0] == '\0')
    return NULL;
  if (strcmp (request->from, request->to) == 0)
    return rafilm_date_format (request->from);
  if (strncmp (request->from, request->to, 4) == 0 && g_str_has_suffix (request->from, "-01-01")
      && g_str_has_suffix (request->to, "-12-31"))
    return g_strndup (request->from, 4);
  if (strncmp (request->from, request->to, 7) == 0 && g_str_has_suffix (request->from, "-01"))
    return rafilm_date_format_month (request->from);

  from = rafilm_date_format (request->from);
  to = rafilm_date_format (request->to);
  if (g_str_has_prefix (request->to, "9999"))
    /* Translators: a time from this day on */
    return g_strdup_printf (_ ("since %s"), from);
  if (g_str_has_prefix (request->from, "0001"))
    /* Translators: a time that ends on this day */
    return g_strdup_printf (_ ("until %s"), to);

  /* Translators: a time from one day to another */
  return g_strdup_printf (_ ("%s to %s"), from, to);
}

void
rafilm_reply_say_heading (RafilmReply *self, const char *heading, const RafilmRequest *request)
{
  g_autofree char *time = rafilm_reply_dup_time (request);

  if (time != NULL)
    /* Translators: what a list shows, and of what time, as in "You watched these (March 2026):" */
    rafilm_reply_say (self, _ ("%s (%s):"), heading, time);
  else
    rafilm_reply_say (self, _ ("%s:"), heading);
}

/* ---- One film ---- */

static char *
dup_names (GStrv names, guint max)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; names != NULL && names[i] != NULL && i < max; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", names[i]);

  return g_string_free_and_steal (text);
}

static char *
dup_cast (const RafilmFilmFacts *facts)
{
  GString *text = g_string_new (NULL);
  guint n_characters = facts->characters != NULL ? g_strv_length (facts->characters) : 0;

  for (guint i = 0; facts->cast != NULL && facts->cast[i] != NULL && i < MAX_CAST; i++)
    {
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", facts->cast[i]);
      if (i < n_characters && *facts->characters[i] != '\0')
        g_string_append_printf (text, " (%s)", facts->characters[i]);
    }

  return g_string_free_and_steal (text);
}

static void
say_director (RafilmReply *self, const char *handle, const RafilmFilmFacts *facts)
{
  g_autofree char *names = dup_names (facts->directors, MAX_CAST);

  if (*names != '\0')
    /* Translators: a film, its directors */
    rafilm_reply_say (self, _ ("%s was directed by %s."), handle, names);
  else
    rafilm_reply_say (self, _ ("I don’t know who directed %s."), handle);
}

static void
say_cast (RafilmReply *self, const char *handle, const RafilmFilmFacts *facts)
{
  g_autofree char *names = dup_cast (facts);

  if (*names != '\0')
    /* Translators: a film, its actors with their parts */
    rafilm_reply_say (self, _ ("The cast of %s: %s."), handle, names);
  else
    rafilm_reply_say (self, _ ("I don’t know who plays in %s."), handle);
}

static void
say_release (RafilmReply *self, const char *handle, const RafilmFilmFacts *facts)
{
  if (facts->release_date != NULL && rafilm_date_is_valid (facts->release_date))
    {
      g_autofree char *date = rafilm_date_format (facts->release_date);

      /* Translators: a film, a date */
      rafilm_reply_say (self, _ ("%s was released on %s."), handle, date);
    }
  else
    rafilm_reply_say (self, _ ("I don’t know when %s was released."), handle);
}

static void
say_seen (RafilmReply *self, const char *handle, const RafilmFilmState *state)
{
  if (state->viewings > 0 && state->last_watched != NULL)
    {
      g_autofree char *date = rafilm_date_format (state->last_watched);

      rafilm_reply_say (self,
                        ngettext ("You have watched %s %u time, last on %s.",
                                  "You have watched %s %u times, last on %s.", state->viewings),
                        handle, state->viewings, date);
    }
  else if (state->viewings > 0)
    rafilm_reply_say (
        self,
        ngettext ("You have watched %s %u time.", "You have watched %s %u times.", state->viewings),
        handle, state->viewings);
  else if (state->seen)
    rafilm_reply_say (self, _ ("You have marked %s as seen, without a date."), handle);
  else
    rafilm_reply_say (self, _ ("%s is not in your diary."), handle);
  if (state->watchlist)
    rafilm_reply_say (self, " %s", _ ("It is on your watchlist."));
}

static void
say_rating (RafilmReply *self, const char *handle, const RafilmFilmState *state)
{
  g_autofree char *stars = rafilm_rating_dup_stars (state->rating);

  if (state->rating != 0)
    /* Translators: a film, stars */
    rafilm_reply_say (self, _ ("You rated %s %s."), handle, stars);
  else
    rafilm_reply_say (self, _ ("You have not rated %s."), handle);
  if (state->like)
    rafilm_reply_say (self, " %s", _ ("You like it."));
}

static void
say_all (RafilmReply *self, const char *handle, const RafilmFilmFacts *facts,
         const RafilmFilmState *state)
{
  say_director (self, handle, facts);
  if (facts->runtime != 0)
    {
      g_autofree char *genres = dup_names (facts->genres, MAX_CAST);

      rafilm_reply_say (self, " ");
      /* Translators: a running time in minutes, genres */
      rafilm_reply_say (self, _ ("%d min, %s."), facts->runtime, genres);
    }
  if (facts->overview != NULL)
    rafilm_reply_say (self, " %s", facts->overview);
  rafilm_reply_say (self, "\n");
  say_seen (self, handle, state);
  if (state->rating != 0)
    {
      rafilm_reply_say (self, " ");
      say_rating (self, handle, state);
    }
}

void
rafilm_reply_say_fact (RafilmReply *self, RafilmFilm *film, RafilmFact fact)
{
  const RafilmFilmFacts *facts = rafilm_film_get_facts (film);
  const RafilmFilmState *state = rafilm_film_get_state (film);
  g_autofree char *handle = rafilm_reply_name (self, film);

  switch (fact)
    {
    case RAFILM_FACT_DIRECTOR:
      say_director (self, handle, facts);
      break;
    case RAFILM_FACT_CAST:
      say_cast (self, handle, facts);
      break;
    case RAFILM_FACT_RUNTIME:
      if (facts->runtime != 0)
        rafilm_reply_say (self, _ ("%s runs for %d minutes."), handle, facts->runtime);
      else
        rafilm_reply_say (self, _ ("I don’t know how long %s is."), handle);
      break;
    case RAFILM_FACT_YEAR:
      say_release (self, handle, facts);
      break;
    case RAFILM_FACT_SEEN:
    case RAFILM_FACT_TIMES:
      say_seen (self, handle, state);
      break;
    case RAFILM_FACT_RATING:
      say_rating (self, handle, state);
      break;
    case RAFILM_FACT_REVIEW:
      rafilm_reply_say (self, _ ("You have not written about %s."), handle);
      break;
    case RAFILM_FACT_ALL:
    default:
      say_all (self, handle, facts, state);
      break;
    }
}

/* ---- Numbers ---- */

static void
end_with_time (RafilmReply *self, const RafilmRequest *request)
{
  g_autofree char *time = rafilm_reply_dup_time (request);

  rafilm_reply_say (self, time != NULL ? " (%s)." : ".%s", time != NULL ? time : "");
}

void
rafilm_reply_say_count (RafilmReply *self, const RafilmRequest *request, GArray *picks)
{
  guint viewings = 0;

  for (guint i = 0; i < picks->len; i++)
    viewings += g_array_index (picks, RafilmPick, i).viewings;

  if (request->scope == RAFILM_SCOPE_WATCHLIST)
    rafilm_reply_say (self,
                      ngettext ("%u such film is on your watchlist",
                                "%u such films are on your watchlist", picks->len),
                      picks->len);
  else if (request->scope != RAFILM_SCOPE_SEEN)
    rafilm_reply_say (self, ngettext ("I know %u such film", "I know %u such films", picks->len),
                      picks->len);
  else
    {
      rafilm_reply_say (self,
                        ngettext ("You have seen %u film", "You have seen %u films", picks->len),
                        picks->len);
      if (viewings > picks->len)
        {
          rafilm_reply_say (self, ", ");
          rafilm_reply_say (self, ngettext ("in %u viewing", "in %u viewings", viewings), viewings);
        }
    }
  end_with_time (self, request);
}

void
rafilm_reply_say_minutes (RafilmReply *self, const RafilmRequest *request, GArray *picks)
{
  guint minutes = 0;
  guint viewings = 0;

  for (guint i = 0; i < picks->len; i++)
    {
      minutes += g_array_index (picks, RafilmPick, i).minutes;
      viewings += g_array_index (picks, RafilmPick, i).viewings;
    }

  /* Translators: hours, minutes, number of viewings */
  rafilm_reply_say (
      self, ngettext ("%u h %u min with %u viewing", "%u h %u min with %u viewings", viewings),
      minutes / 60, minutes % 60, viewings);
  end_with_time (self, request);
}

void
rafilm_reply_say_average (RafilmReply *self, const RafilmRequest *request, GArray *picks)
{
  guint sum = 0;
  guint n = 0;

  for (guint i = 0; i < picks->len; i++)
    {
      int rating = g_array_index (picks, RafilmPick, i).rating;

      sum += (guint) rating;
      n += rating != 0 ? 1 : 0;
    }

  if (n == 0)
    rafilm_reply_say (self, "%s", _ ("You have rated none of them"));
  else
    /* Translators: a number of stars such as 3.7, how many films it is the mean of */
    rafilm_reply_say (self,
                      ngettext ("%.1f of 5 stars on average, from %u rated film",
                                "%.1f of 5 stars on average, from %u rated films", n),
                      sum / 2.0 / n, n);
  end_with_time (self, request);
}

static void
count_name (GHashTable *counts, const char *name)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, name));

  g_hash_table_replace (counts, g_strdup (name), GUINT_TO_POINTER (n + 1));
}

static void
count_favourites (GHashTable *counts, RafilmFavourite favourite, RafilmFilm *film)
{
  const RafilmFilmFacts *facts = rafilm_film_get_facts (film);
  GStrv names = favourite == RAFILM_FAVOURITE_DIRECTOR ? facts->directors : facts->genres;
  int year = rafilm_film_get_year (film);

  if (favourite == RAFILM_FAVOURITE_DECADE)
    {
      g_autofree char *decade = NULL;

      if (year == 0)
        return;
      /* Translators: a decade, such as 1990s */
      decade = g_strdup_printf (_ ("%ds"), year / 10 * 10);
      count_name (counts, decade);
      return;
    }

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    count_name (counts, names[i]);
}

void
rafilm_reply_say_favourite (RafilmReply *self, const RafilmRequest *request, GArray *picks)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < picks->len; i++)
    count_favourites (counts, request->favourite, g_array_index (picks, RafilmPick, i).film);
  if (g_hash_table_size (counts) == 0)
    {
      rafilm_reply_say (self, "%s", _ ("There is nothing in your diary to tell that from."));
      return;
    }

  rafilm_reply_say_heading (self, _ ("By the number of films that you have seen"), request);
  for (guint rank = 0; rank < MAX_FAVOURITES && g_hash_table_size (counts) > 0; rank++)
    {
      GHashTableIter iter;
      gpointer key;
      gpointer value;
      const char *best = NULL;
      guint most = 0;

      g_hash_table_iter_init (&iter, counts);
      while (g_hash_table_iter_next (&iter, &key, &value))
        if (GPOINTER_TO_UINT (value) > most
            || (GPOINTER_TO_UINT (value) == most && strcmp (key, best) < 0))
          {
            best = key;
            most = GPOINTER_TO_UINT (value);
          }
      rafilm_reply_say (self, "\n• %s (%u)", best, most);
      g_hash_table_remove (counts, best);
    }
}
