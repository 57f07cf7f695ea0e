/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cli-input.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "rafilm-catalogue.h"
#include "rafilm-cli-output.h"
#include "rafilm-clock.h"
#include "rafilm-date.h"
#include "rafilm-error.h"
#include "rafilm-rating.h"

#define MAX_REVIEW (64 * 1024)
#define MAX_CANDIDATES 8
#define TITLE_PREFIX "title:"

gboolean
rafilm_cli_parse_rating (const char *text, int *ret_rating, GError **error)
{
  if (rafilm_rating_parse (text, ret_rating))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is no rating: 0.5 to 5 stars in halves, or “none”"), text);

  return FALSE;
}

gboolean
rafilm_cli_parse_date (const char *text, char **ret_date, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (now, -1);

  if (g_str_equal (text, "none"))
    *ret_date = NULL;
  else if (g_str_equal (text, "today"))
    *ret_date = rafilm_clock_dup_today ();
  else if (g_str_equal (text, "yesterday"))
    *ret_date = g_date_time_format (yesterday, "%Y-%m-%d");
  else if (rafilm_date_is_valid (text))
    *ret_date = g_strdup (text);
  else
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is no day: YYYY-MM-DD, “today”, “yesterday” or “none”"), text);
      return FALSE;
    }

  return TRUE;
}

GStrv
rafilm_cli_apply_tags (const char *const *tags, const char *const *changes)
{
  g_autoptr (GPtrArray) result = g_ptr_array_new_null_terminated (4, g_free, TRUE);

  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    g_ptr_array_add (result, g_strdup (tags[i]));
  for (guint i = 0; changes != NULL && changes[i] != NULL; i++)
    {
      gboolean off = changes[i][0] == '-';
      const char *tag = changes[i] + (off ? 1 : 0);
      guint index = 0;
      gboolean there = g_ptr_array_find_with_equal_func (result, tag, g_str_equal, &index);

      if (off && there)
        g_ptr_array_remove_index (result, index);
      else if (!off && !there && tag[0] != '\0')
        g_ptr_array_add (result, g_strdup (tag));
    }

  return (GStrv) g_ptr_array_free (g_steal_pointer (&result), FALSE);
}

char *
rafilm_cli_read_review (const char *text, GError **error)
{
  g_autofree char *read = NULL;
  gsize length;

  if (!g_str_equal (text, "-"))
    return g_strdup (text);

  read = g_malloc (MAX_REVIEW + 1);
  length = fread (read, 1, MAX_REVIEW + 1, stdin);
  if (length > MAX_REVIEW)
    {
      g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_TOO_LARGE,
                   _ ("A review may have 64 KiB at most"));
      return NULL;
    }
  read[length] = '\0';
  if (!g_utf8_validate (read, (gssize) length, NULL))
    {
      g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_INVALID, _ ("The review is not UTF-8"));
      return NULL;
    }

  return g_strdup (g_strchomp (read));
}

/* ---- films -------------------------------------------------------------------------------- */

static gboolean
is_id (const char *text, gint64 *ret_id)
{
  guint64 id = 0;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT32, &id, NULL))
    return FALSE;
  *ret_id = (gint64) id;

  return TRUE;
}

/* "Heat (1995)" is the title "Heat" of the year 1995. */
static char *
split_year (const char *text, int *ret_year)
{
  gsize length = strlen (text);
  int year = 0;

  *ret_year = 0;
  if (length > 7 && text[length - 1] == ')' && sscanf (text + length - 6, "(%4d)", &year) == 1
      && year > 1800)
    {
      g_autofree char *title = g_strndup (text, length - 6);

      *ret_year = year;
      return g_strdup (g_strstrip (title));
    }

  return g_strdup (text);
}

static gboolean
is_called (RafilmFilm *film, const char *title, int year)
{
  const RafilmFilmFacts *facts = rafilm_film_get_facts (film);
  g_autofree char *wanted = g_utf8_casefold (title, -1);
  g_autofree char *own = g_utf8_casefold (rafilm_film_get_title (film), -1);
  g_autofree char *original =
      facts->original_title != NULL ? g_utf8_casefold (facts->original_title, -1) : NULL;

  return (year == 0 || rafilm_film_get_year (film) == year)
         && (g_str_equal (own, wanted) || g_strcmp0 (original, wanted) == 0);
}

/* The one film of that name; else those that may have been meant are told. */
static RafilmFilm *
choose (GListModel *films, const char *title, int year, GString *candidates)
{
  g_autoptr (RafilmFilm) found = NULL;
  guint n_found = 0;

  g_string_truncate (candidates, 0);
  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);
      gboolean called = is_called (film, title, year);

      if (i < MAX_CANDIDATES || called)
        {
          g_autofree char *line = rafilm_cli_dup_film_line (film);

          g_string_append_printf (candidates, "\n  %s", line);
        }
      if (called && ++n_found == 1)
        found = g_steal_pointer (&film);
    }

  return n_found == 1 ? g_steal_pointer (&found) : NULL;
}

static RafilmFilm *
find_by_title (RafilmCli *self, const char *text, GError **error)
{
  int year = 0;
  g_autofree char *title = split_year (text, &year);
  g_autoptr (GString) candidates = g_string_new (NULL);
  g_autoptr (GListModel) films = NULL;
  g_autoptr (RafilmCatalogue) catalogue = NULL;
  g_autoptr (GError) offline = NULL;
  RafilmFilm *film;

  films = dex_await_object (rafilm_store_search (self->store, title, 0), error);
  if (films == NULL)
    return NULL;
  film = choose (films, title, year, candidates);
  if (film != NULL)
    return film;

  if (self->endpoints->api != NULL)
    {
      catalogue = rafilm_catalogue_new (self->store, self->api);
      g_clear_object (&films);
      films = dex_await_object (rafilm_catalogue_search (catalogue, title), &offline);
      film = films != NULL ? choose (films, title, year, candidates) : NULL;
      if (film != NULL)
        return film;
    }

  if (candidates->len > 0)
    g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND,
                 _ ("Which film is “%s”? Give its id:%s"), text, candidates->str);
  else if (offline != NULL)
    g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND,
                 _ ("This computer knows no film “%s”, and it cannot be looked up: %s"), text,
                 offline->message);
  else
    g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND, _ ("There is no film “%s”"), text);

  return NULL;
}

RafilmFilm *
rafilm_cli_find_film (RafilmCli *self, const char *text, GError **error)
{
  gint64 id = 0;

  if (is_id (text, &id))
    return dex_await_object (rafilm_store_get_film (self->store, id), error);
  if (g_str_has_prefix (text, TITLE_PREFIX))
    text += strlen (TITLE_PREFIX);

  return find_by_title (self, text, error);
}

RafilmViewing *
rafilm_cli_choose_viewing (GListModel *viewings, const char *text, GError **error)
{
  g_autoptr (RafilmViewing) found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (viewings); i++)
    {
      g_autoptr (RafilmViewing) viewing = g_list_model_get_item (viewings, i);

      if (text[0] == '\0' || !g_str_has_prefix (rafilm_viewing_get_id (viewing), text))
        continue;
      if (found != NULL)
        {
          g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND,
                       _ ("Several viewings begin with “%s”"), text);
          return NULL;
        }
      found = g_steal_pointer (&viewing);
    }

  return g_steal_pointer (&found);
}

RafilmViewing *
rafilm_cli_find_viewing (RafilmCli *self, const char *text, GError **error)
{
  g_autoptr (GListModel) viewings = NULL;
  g_autoptr (GError) failure = NULL;
  RafilmViewing *viewing;

  viewing = dex_await_object (rafilm_store_get_viewing (self->store, text), NULL);
  if (viewing != NULL)
    return viewing;

  viewings = dex_await_object (rafilm_store_list_viewings (self->store, 0, 0, 0), error);
  if (viewings == NULL)
    return NULL;
  viewing = rafilm_cli_choose_viewing (viewings, text, &failure);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (viewing == NULL)
    g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND, _ ("There is no viewing “%s”"), text);

  return viewing;
}
