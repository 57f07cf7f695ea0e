/* SPDX-License-Identifier: GPL-3.0-or-later */

/* diary, show, search, watchlist */

#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>

#include "rafilm-catalogue.h"
#include "rafilm-cli-input.h"
#include "rafilm-cli-journal.h"
#include "rafilm-cli-output.h"

#define DEFAULT_LIMIT 20

static guint
get_limit (RafilmCli *self)
{
  return self->options.limit >= 0 ? (guint) self->options.limit : DEFAULT_LIMIT;
}

static void
print_films (RafilmCli *self, GListModel *films, guint limit)
{
  for (guint i = 0; i < g_list_model_get_n_items (films) && (limit == 0 || i < limit); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);
      g_autofree char *line = rafilm_cli_dup_film_line (film);
      const RafilmFilmState *state = rafilm_film_get_state (film);

      rafilm_cli_say (self, "%s", line);
      if (state->note != NULL && state->note[0] != '\0')
        rafilm_cli_say (self, "         %s", state->note);
    }
}

static gboolean
print_viewings (RafilmCli *self, gint64 film, guint limit, GError **error)
{
  g_autoptr (GListModel) viewings =
      dex_await_object (rafilm_store_list_viewings (self->store, film, limit, 0), error);

  if (viewings == NULL)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (viewings); i++)
    {
      g_autoptr (RafilmViewing) viewing = g_list_model_get_item (viewings, i);
      g_autofree char *text = rafilm_cli_dup_viewing_text (viewing);

      rafilm_cli_say (self, "%s", text);
    }
  if (film == 0 && g_list_model_get_n_items (viewings) == 0)
    rafilm_cli_say (self, _ ("The diary is empty: rafilm-cli log FILM"));
  rafilm_cli_show (self, rafilm_cli_model_to_json (viewings, (JsonNode * (*) (gpointer))
                                                                 rafilm_cli_viewing_to_json));

  return TRUE;
}

gboolean
rafilm_cli_run_diary (RafilmCli *self, GError **error)
{
  return rafilm_cli_open_store (self, error) && print_viewings (self, 0, get_limit (self), error);
}

gboolean
rafilm_cli_run_show (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmFilm) film = NULL;
  g_autofree char *line = NULL;
  const RafilmFilmFacts *facts;

  if (!rafilm_cli_open_store (self, error))
    return FALSE;
  film = rafilm_cli_find_film (self, self->arguments[0], error);
  if (film == NULL)
    return FALSE;
  if (self->options.json)
    {
      rafilm_cli_show (self, rafilm_cli_film_to_json (film));
      return TRUE;
    }

  line = rafilm_cli_dup_film_line (film);
  facts = rafilm_film_get_facts (film);
  rafilm_cli_say (self, "%s", line);
  if (facts->overview != NULL)
    rafilm_cli_say (self, "         %s", facts->overview);

  return print_viewings (self, rafilm_film_get_id (film), 0, error);
}

/* ---- search ------------------------------------------------------------------------------- */

static gboolean
has_film (GListStore *films, gint64 id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (films)); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (G_LIST_MODEL (films), i);

      if (rafilm_film_get_id (film) == id)
        return TRUE;
    }

  return FALSE;
}

static void
append_films (GListStore *films, GListModel *more, guint limit)
{
  for (guint i = 0; i < g_list_model_get_n_items (more); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (more, i);

      if (limit > 0 && g_list_model_get_n_items (G_LIST_MODEL (films)) >= limit)
        return;
      if (!has_film (films, rafilm_film_get_id (film)))
        g_list_store_append (films, film);
    }
}

/* Operators are the mirror's; the service looks for titles. */
static gboolean
is_plain (GStrv words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (strchr (words[i], ':') != NULL)
      return FALSE;

  return TRUE;
}

gboolean
rafilm_cli_run_search (RafilmCli *self, GError **error)
{
  g_autofree char *text = g_strjoinv (" ", self->arguments);
  g_autoptr (GListStore) films = g_list_store_new (RAFILM_TYPE_FILM);
  g_autoptr (GListModel) local = NULL;
  guint limit = get_limit (self);

  if (!rafilm_cli_open_store (self, error))
    return FALSE;
  local = dex_await_object (rafilm_store_search (self->store, text, limit), error);
  if (local == NULL)
    return FALSE;
  append_films (films, local, limit);

  if (self->endpoints->api != NULL && is_plain (self->arguments))
    {
      g_autoptr (RafilmCatalogue) catalogue = rafilm_catalogue_new (self->store, self->api);
      g_autoptr (GError) offline = NULL;
      g_autoptr (GListModel) online =
          dex_await_object (rafilm_catalogue_search (catalogue, text), &offline);

      if (online != NULL)
        append_films (films, online, limit);
      else
        g_printerr (_ ("rafilm-cli: only this computer was searched: %s\n"), offline->message);
    }

  print_films (self, G_LIST_MODEL (films), limit);
  if (g_list_model_get_n_items (G_LIST_MODEL (films)) == 0)
    rafilm_cli_say (self, _ ("Nothing found"));
  rafilm_cli_show (self,
                   rafilm_cli_model_to_json (G_LIST_MODEL (films),
                                             (JsonNode * (*) (gpointer)) rafilm_cli_film_to_json));

  return TRUE;
}

/* ---- watchlist ---------------------------------------------------------------------------- */

static gboolean
list_watchlist (RafilmCli *self, GError **error)
{
  RafilmFilmQuery query = { .flags = RAFILM_FILM_WATCHLIST,
                            .sort = RAFILM_FILM_SORT_ADDED,
                            .descending = TRUE,
                            .limit = self->options.limit >= 0 ? (guint) self->options.limit : 0 };
  g_autoptr (GListModel) films =
      dex_await_object (rafilm_store_list_films (self->store, &query), error);

  if (films == NULL)
    return FALSE;
  print_films (self, films, 0);
  if (g_list_model_get_n_items (films) == 0)
    rafilm_cli_say (self, _ ("The watchlist is empty: rafilm-cli watchlist add FILM"));
  rafilm_cli_show (
      self, rafilm_cli_model_to_json (films, (JsonNode * (*) (gpointer)) rafilm_cli_film_to_json));

  return TRUE;
}

static gboolean
change_watchlist (RafilmCli *self, gboolean add, GError **error)
{
  g_auto (RafilmCliJournalEntry) entry = { 0 };
  g_autoptr (RafilmFilm) film = rafilm_cli_find_film (self, self->arguments[1], error);
  g_autoptr (RafilmFilm) changed = NULL;
  g_autoptr (RafilmEdit) edit = NULL;
  g_autofree char *name = NULL;
  g_autofree char *label = NULL;

  if (film == NULL)
    return FALSE;
  name = rafilm_cli_dup_film_name (film);
  label = g_strdup_printf (add ? _ ("Add %s to the watchlist") : _ ("Remove %s from the watchlist"),
                           name);
  edit = rafilm_edit_new (label);
  rafilm_edit_set_watchlist (edit, rafilm_film_get_id (film), add, self->options.note);
  if (!rafilm_cli_journal_begin (self, &entry, film, NULL, error)
      || !dex_await (rafilm_store_apply (self->store, edit), error))
    return FALSE;
  rafilm_cli_journal_end (self, &entry, label);

  changed =
      dex_await_object (rafilm_store_get_film (self->store, rafilm_film_get_id (film)), error);
  if (changed == NULL)
    return FALSE;
  rafilm_cli_say (self, add ? _ ("%s is on the watchlist") : _ ("%s is not on the watchlist"),
                  name);
  rafilm_cli_show (self, rafilm_cli_film_to_json (changed));

  return TRUE;
}

gboolean
rafilm_cli_run_watchlist (RafilmCli *self, GError **error)
{
  const char *verb = self->arguments[0] != NULL ? self->arguments[0] : "list";
  gboolean add = g_str_equal (verb, "add");
  gboolean list = g_str_equal (verb, "list");

  if ((!list && !add && !g_str_equal (verb, "remove"))
      || list != (g_strv_length (self->arguments) < 2))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("Usage: rafilm-cli %s %s"),
                   self->command->name, self->command->arguments);
      return FALSE;
    }
  if (!rafilm_cli_open_store (self, error))
    return FALSE;

  return list ? list_watchlist (self, error) : change_watchlist (self, add, error);
}
