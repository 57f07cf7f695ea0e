/* SPDX-License-Identifier: GPL-3.0-or-later */

/* log, rate, edit, delete, undo */

#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>

#include "rafilm-cli-input.h"
#include "rafilm-cli-journal.h"
#include "rafilm-cli-output.h"
#include "rafilm-clock.h"
#include "rafilm-id.h"

/* What the options say, into the viewing. */
static gboolean
take_options (RafilmCli *self, RafilmViewing *viewing, GError **error)
{
  const RafilmCliOptions *options = &self->options;
  g_auto (GStrv) tags = NULL;

  if (options->rating != NULL)
    {
      int rating = 0;

      if (!rafilm_cli_parse_rating (options->rating, &rating, error))
        return FALSE;
      g_object_set (viewing, "rating", rating, NULL);
    }
  if (options->date != NULL)
    {
      g_autofree char *date = NULL;

      if (!rafilm_cli_parse_date (options->date, &date, error))
        return FALSE;
      g_object_set (viewing, "date", date, NULL);
    }
  if (options->review != NULL)
    {
      g_autofree char *review = rafilm_cli_read_review (options->review, error);

      if (review == NULL)
        return FALSE;
      g_object_set (viewing, "review", review[0] != '\0' ? review : NULL, NULL);
    }

  tags = rafilm_cli_apply_tags (rafilm_viewing_get_tags (viewing),
                                (const char *const *) options->tags);
  g_object_set (viewing, "tags", tags, NULL);
  if (options->like || options->unlike)
    g_object_set (viewing, "liked", options->like, NULL);
  if (options->rewatch)
    g_object_set (viewing, "rewatch", TRUE, NULL);
  if (options->unfinished || options->finished)
    g_object_set (viewing, "finished", !options->unfinished, NULL);
  if (options->spoiler)
    g_object_set (viewing, "spoiler", TRUE, NULL);

  return TRUE;
}

/* Applies the edit and remembers how to undo it. */
static gboolean
apply (RafilmCli *self, RafilmEdit *edit, RafilmFilm *film, const char *viewing, GError **error)
{
  g_auto (RafilmCliJournalEntry) entry = { 0 };

  if (rafilm_edit_is_empty (edit))
    return TRUE;
  if (!rafilm_cli_journal_begin (self, &entry, film, viewing, error)
      || !dex_await (rafilm_store_apply (self->store, edit), error))
    return FALSE;
  rafilm_cli_journal_end (self, &entry, rafilm_edit_get_label (edit));

  return TRUE;
}

static gboolean
show_viewing (RafilmCli *self, const char *id, GError **error)
{
  g_autoptr (RafilmViewing) viewing =
      dex_await_object (rafilm_store_get_viewing (self->store, id), error);
  g_autofree char *text = NULL;

  if (viewing == NULL)
    return FALSE;
  text = rafilm_cli_dup_viewing_text (viewing);
  rafilm_cli_say (self, "%s", text);
  rafilm_cli_show (self, rafilm_cli_viewing_to_json (viewing));

  return TRUE;
}

gboolean
rafilm_cli_run_log (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmFilm) film = NULL;
  g_autoptr (RafilmViewing) viewing = NULL;
  g_autoptr (RafilmEdit) edit = NULL;
  g_autofree char *id = rafilm_id_new ();
  g_autofree char *today = rafilm_clock_dup_today ();
  g_autofree char *name = NULL;
  g_autofree char *label = NULL;

  if (!rafilm_cli_open_store (self, error))
    return FALSE;
  film = rafilm_cli_find_film (self, self->arguments[0], error);
  if (film == NULL)
    return FALSE;

  viewing = rafilm_viewing_new (id, film);
  g_object_set (viewing, "date", today, NULL);
  if (!take_options (self, viewing, error))
    return FALSE;
  name = rafilm_cli_dup_film_name (film);
  label = g_strdup_printf (_ ("Log %s"), name);
  edit = rafilm_edit_new (label);
  rafilm_edit_log_viewing (edit, viewing);

  return apply (self, edit, film, id, error) && show_viewing (self, id, error);
}

gboolean
rafilm_cli_run_rate (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmFilm) film = NULL;
  g_autoptr (RafilmFilm) rated = NULL;
  g_autoptr (RafilmEdit) edit = NULL;
  g_autofree char *name = NULL;
  g_autofree char *label = NULL;
  g_autofree char *line = NULL;
  int rating = 0;

  if (!rafilm_cli_parse_rating (self->arguments[1], &rating, error)
      || !rafilm_cli_open_store (self, error))
    return FALSE;
  film = rafilm_cli_find_film (self, self->arguments[0], error);
  if (film == NULL)
    return FALSE;

  name = rafilm_cli_dup_film_name (film);
  label = g_strdup_printf (_ ("Rate %s"), name);
  edit = rafilm_edit_new (label);
  rafilm_edit_rate_film (edit, rafilm_film_get_id (film), rating);
  if (!apply (self, edit, film, NULL, error))
    return FALSE;

  rated = dex_await_object (rafilm_store_get_film (self->store, rafilm_film_get_id (film)), error);
  if (rated == NULL)
    return FALSE;
  line = rafilm_cli_dup_film_line (rated);
  rafilm_cli_say (self, "%s", line);
  rafilm_cli_show (self, rafilm_cli_film_to_json (rated));

  return TRUE;
}

gboolean
rafilm_cli_run_edit (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmViewing) before = NULL;
  g_autoptr (RafilmViewing) after = NULL;
  g_autoptr (RafilmEdit) edit = NULL;
  g_autofree char *name = NULL;
  g_autofree char *label = NULL;

  if (!rafilm_cli_open_store (self, error))
    return FALSE;
  before = rafilm_cli_find_viewing (self, self->arguments[0], error);
  if (before == NULL)
    return FALSE;
  after = rafilm_viewing_copy (before);
  if (!take_options (self, after, error))
    return FALSE;

  name = rafilm_cli_dup_film_name (rafilm_viewing_get_film (before));
  label = g_strdup_printf (_ ("Edit %s"), name);
  edit = rafilm_edit_new (label);
  rafilm_edit_update_viewing (edit, before, after);

  return apply (self, edit, rafilm_viewing_get_film (before), rafilm_viewing_get_id (before), error)
         && show_viewing (self, rafilm_viewing_get_id (before), error);
}

gboolean
rafilm_cli_run_delete (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmViewing) viewing = NULL;
  g_autoptr (RafilmEdit) edit = NULL;
  g_autofree char *name = NULL;
  g_autofree char *label = NULL;

  if (!rafilm_cli_open_store (self, error))
    return FALSE;
  viewing = rafilm_cli_find_viewing (self, self->arguments[0], error);
  if (viewing == NULL)
    return FALSE;

  name = rafilm_cli_dup_film_name (rafilm_viewing_get_film (viewing));
  label = g_strdup_printf (_ ("Delete the viewing of %s"), name);
  edit = rafilm_edit_new (label);
  rafilm_edit_delete_viewing (edit, rafilm_viewing_get_id (viewing));
  if (!apply (self, edit, rafilm_viewing_get_film (viewing), rafilm_viewing_get_id (viewing),
              error))
    return FALSE;
  rafilm_cli_say (self, _ ("Deleted the viewing of %s; “undo” brings it back"), name);
  rafilm_cli_show_string (self, "deleted", rafilm_viewing_get_id (viewing));

  return TRUE;
}

gboolean
rafilm_cli_run_undo (RafilmCli *self, GError **error)
{
  g_autofree char *label = NULL;

  if (!rafilm_cli_open_store (self, error))
    return FALSE;
  label = rafilm_cli_journal_undo (self, error);
  if (label == NULL)
    return FALSE;
  rafilm_cli_say (self, _ ("Undone: %s"), label);
  rafilm_cli_show_string (self, "undone", label);

  return TRUE;
}
