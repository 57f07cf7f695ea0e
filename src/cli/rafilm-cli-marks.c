/* SPDX-License-Identifier: GPL-3.0-or-later */

/* mark, profile */

#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>

#include "rafilm-cli-input.h"
#include "rafilm-cli-journal.h"
#include "rafilm-cli-output.h"

static gboolean
refuse_both (const char *one, const char *other, GError **error)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("--%s and --%s exclude each other"), one, other);

  return FALSE;
}

static gboolean
check_marks (const RafilmCliOptions *options, GError **error)
{
  if (options->like && options->unlike)
    return refuse_both ("like", "unlike", error);
  if (options->seen && options->unseen)
    return refuse_both ("seen", "unseen", error);
  if (options->hide && options->unhide)
    return refuse_both ("hide", "unhide", error);
  if (options->like || options->unlike || options->seen || options->unseen || options->hide
      || options->unhide)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("Which mark?"));

  return FALSE;
}

gboolean
rafilm_cli_run_mark (RafilmCli *self, GError **error)
{
  const RafilmCliOptions *options = &self->options;
  g_auto (RafilmCliJournalEntry) entry = { 0 };
  g_autoptr (RafilmFilm) film = NULL;
  g_autoptr (RafilmFilm) marked = NULL;
  g_autoptr (RafilmEdit) edit = NULL;
  g_autofree char *name = NULL;
  g_autofree char *label = NULL;
  g_autofree char *line = NULL;
  gint64 id;

  if (!check_marks (options, error) || !rafilm_cli_open_store (self, error))
    return FALSE;
  film = rafilm_cli_find_film (self, self->arguments[0], error);
  if (film == NULL)
    return FALSE;

  id = rafilm_film_get_id (film);
  name = rafilm_cli_dup_film_name (film);
  label = g_strdup_printf (_ ("Mark %s"), name);
  edit = rafilm_edit_new (label);
  if (options->like || options->unlike)
    rafilm_edit_like_film (edit, id, options->like);
  if (options->seen || options->unseen)
    rafilm_edit_mark_seen (edit, id, options->seen);
  if (options->hide || options->unhide)
    rafilm_edit_hide_film (edit, id, options->hide);
  if (!rafilm_cli_journal_begin (self, &entry, film, NULL, error)
      || !dex_await (rafilm_store_apply (self->store, edit), error))
    return FALSE;
  rafilm_cli_journal_end (self, &entry, label);

  marked = dex_await_object (rafilm_store_get_film (self->store, id), error);
  if (marked == NULL)
    return FALSE;
  line = rafilm_cli_dup_film_line (marked);
  rafilm_cli_say (self, "%s", line);
  rafilm_cli_show (self, rafilm_cli_film_to_json (marked));

  return TRUE;
}

static gboolean
show_profile (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmStoreProfile) profile =
      dex_await_boxed (rafilm_store_get_profile (self->store), error);
  g_autoptr (JsonObject) object = NULL;
  JsonNode *node;

  if (profile == NULL)
    return FALSE;
  rafilm_cli_say (self, _ ("Name: %s"), profile->name);
  rafilm_cli_say (self, _ ("About: %s"), profile->bio);
  object = json_object_new ();
  json_object_set_string_member (object, "name", profile->name);
  json_object_set_string_member (object, "bio", profile->bio);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, object);
  rafilm_cli_show (self, node);

  return TRUE;
}

gboolean
rafilm_cli_run_profile (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmEdit) edit = NULL;

  if (!rafilm_cli_open_store (self, error))
    return FALSE;
  if (self->options.name != NULL || self->options.bio != NULL)
    {
      edit = rafilm_edit_new (_ ("Edit the profile"));
      rafilm_edit_set_profile (edit, self->options.name, self->options.bio);
      if (!dex_await (rafilm_store_apply (self->store, edit), error))
        return FALSE;
    }

  return show_profile (self, error);
}
