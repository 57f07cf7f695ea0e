/* SPDX-License-Identifier: GPL-3.0-or-later */

/* lists */

#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>

#include "rafilm-cli-input.h"
#include "rafilm-cli-journal.h"
#include "rafilm-cli-list.h"
#include "rafilm-cli-output.h"
#include "rafilm-error.h"

typedef struct
{
  RafilmCli *cli;
  RafilmList *list;
  RafilmFilm *film;
  RafilmEdit *edit;
} Change;

static gboolean
refuse_use (RafilmCli *self, GError **error)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("Usage: rafilm-cli %s %s"),
               self->command->name, self->command->arguments);

  return FALSE;
}

/* ---- showing ------------------------------------------------------------------------------ */

static gboolean
list_lists (RafilmCli *self, GError **error)
{
  g_autoptr (GListModel) lists = dex_await_object (rafilm_store_list_lists (self->store), error);
  g_autoptr (JsonArray) array = json_array_new ();
  JsonNode *node;

  if (lists == NULL || !rafilm_cli_lists_to_json (self, lists, array, error))
    return FALSE;
  rafilm_cli_say_lists (self, lists);
  if (g_list_model_get_n_items (lists) == 0)
    rafilm_cli_say (self, _ ("There are no lists: rafilm-cli lists create NAME"));
  node = json_node_new (JSON_NODE_ARRAY);
  json_node_set_array (node, array);
  rafilm_cli_show (self, node);

  return TRUE;
}

static void
say_entry (RafilmCli *self, RafilmList *list, guint place, RafilmFilm *film, const char *note)
{
  g_autofree char *line = rafilm_cli_dup_film_line (film);

  if (rafilm_list_get_ranked (list))
    rafilm_cli_say (self, "%4u. %s", place, line);
  else
    rafilm_cli_say (self, "      %s", line);
  if (note != NULL)
    rafilm_cli_say (self, "               %s", note);
}

static gboolean
show_list (RafilmCli *self, const char *id, GError **error)
{
  g_autoptr (RafilmList) list = dex_await_object (rafilm_store_get_list (self->store, id), error);
  g_autoptr (GListModel) films = NULL;
  g_autoptr (GHashTable) notes = NULL;
  JsonNode *node;

  if (list == NULL)
    return FALSE;
  films = dex_await_object (rafilm_store_list_entries (self->store, id), error);
  if (films == NULL)
    return FALSE;
  notes = dex_await_boxed (rafilm_store_list_entry_notes (self->store, id), error);
  node = notes != NULL ? rafilm_cli_list_to_json (self, list, error) : NULL;
  if (node == NULL)
    return FALSE;

  rafilm_cli_say_list (self, list);
  if (rafilm_list_get_description (list) != NULL && *rafilm_list_get_description (list) != '\0')
    rafilm_cli_say (self, "  %s", rafilm_list_get_description (list));
  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);
      gint64 film_id = rafilm_film_get_id (film);

      say_entry (self, list, i + 1, film, g_hash_table_lookup (notes, &film_id));
    }
  rafilm_cli_show (self, node);

  return TRUE;
}

/* ---- changing ----------------------------------------------------------------------------- */

static gboolean
add_film (Change *change, GError **error)
{
  const char *list = rafilm_list_get_id (change->list);
  gint64 film = rafilm_film_get_id (change->film);

  rafilm_edit_add_to_list (change->edit, list, film, change->cli->options.note);
  if (change->cli->options.note != NULL)
    rafilm_edit_set_list_note (change->edit, list, film, change->cli->options.note);

  return TRUE;
}

static gboolean
check_film (Change *change, GError **error)
{
  g_autoptr (GListModel) films = NULL;
  g_autofree char *name = NULL;

  films = dex_await_object (
      rafilm_store_list_entries (change->cli->store, rafilm_list_get_id (change->list)), error);
  if (films == NULL)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);

      if (rafilm_film_get_id (film) == rafilm_film_get_id (change->film))
        return TRUE;
    }
  name = rafilm_cli_dup_film_name (change->film);
  g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND, _ ("%s is not in the list %s"), name,
               rafilm_list_get_name (change->list));

  return FALSE;
}

static gboolean
remove_film (Change *change, GError **error)
{
  if (!check_film (change, error))
    return FALSE;
  rafilm_edit_remove_from_list (change->edit, rafilm_list_get_id (change->list),
                                rafilm_film_get_id (change->film));

  return TRUE;
}

static gboolean
move_film (Change *change, GError **error)
{
  const char *text = change->cli->arguments[3];
  guint64 place = 0;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &place, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is no place in a list: the first one is 1"), text);
      return FALSE;
    }
  if (!check_film (change, error))
    return FALSE;
  rafilm_edit_move_in_list (change->edit, rafilm_list_get_id (change->list),
                            rafilm_film_get_id (change->film), (guint) place - 1);

  return TRUE;
}

static gboolean
change_list (Change *change, GError **error)
{
  const RafilmCliOptions *options = &change->cli->options;
  gboolean ranked = rafilm_list_get_ranked (change->list);

  if (options->ranked || options->unranked)
    ranked = options->ranked;
  rafilm_edit_update_list (change->edit, rafilm_list_get_id (change->list), options->name,
                           options->description, ranked, rafilm_list_get_public (change->list));

  return TRUE;
}

static gboolean
delete_list (Change *change, GError **error)
{
  rafilm_edit_delete_list (change->edit, rafilm_list_get_id (change->list));

  return TRUE;
}

static const struct
{
  const char *verb;
  guint n_arguments; /* with the verb */
  gboolean takes_film;
  const char *label;
  gboolean (*prepare) (Change *change, GError **error);
} changes[] = {
  { "add", 3, TRUE, N_ ("Add a film to a list"), add_film },
  { "remove", 3, TRUE, N_ ("Remove a film from a list"), remove_film },
  { "move", 4, TRUE, N_ ("Move a film in a list"), move_film },
  { "edit", 2, FALSE, N_ ("Edit a list"), change_list },
  { "delete", 2, FALSE, N_ ("Delete a list"), delete_list },
};

static gboolean
apply (RafilmCli *self, const char *list, RafilmEdit *edit, GError **error)
{
  g_auto (RafilmCliJournalEntry) entry = { 0 };

  if (!rafilm_cli_journal_begin_list (self, &entry, list, error)
      || !dex_await (rafilm_store_apply (self->store, edit), error))
    return FALSE;
  rafilm_cli_journal_end (self, &entry, rafilm_edit_get_label (edit));

  return TRUE;
}

static gboolean
create_list (RafilmCli *self, GError **error)
{
  const RafilmCliOptions *options = &self->options;
  g_autofree char *label = g_strdup_printf (_ ("Create the list %s"), self->arguments[1]);
  g_autoptr (RafilmEdit) edit = rafilm_edit_new (label);
  const char *id = rafilm_edit_create_list (edit, self->arguments[1], options->description,
                                            options->ranked, FALSE);

  return apply (self, id, edit, error) && show_list (self, id, error);
}

static gboolean
change (RafilmCli *self, guint which, GError **error)
{
  g_autoptr (RafilmList) list = rafilm_cli_find_list (self, self->arguments[1], error);
  g_autoptr (RafilmFilm) film = NULL;
  g_autoptr (RafilmEdit) edit = NULL;
  Change what;

  if (list == NULL)
    return FALSE;
  if (changes[which].takes_film)
    {
      film = rafilm_cli_find_film (self, self->arguments[2], error);
      if (film == NULL)
        return FALSE;
    }
  edit = rafilm_edit_new (_ (changes[which].label));
  what = (Change) { .cli = self, .list = list, .film = film, .edit = edit };
  if (!changes[which].prepare (&what, error)
      || !apply (self, rafilm_list_get_id (list), edit, error))
    return FALSE;
  if (changes[which].prepare != delete_list)
    return show_list (self, rafilm_list_get_id (list), error);

  rafilm_cli_say (self, _ ("Deleted the list %s; “undo” or “trash restore” brings it back"),
                  rafilm_list_get_name (list));
  rafilm_cli_show_string (self, "deleted", rafilm_list_get_id (list));

  return TRUE;
}

static gboolean
find_and_show (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmList) list = rafilm_cli_find_list (self, self->arguments[1], error);

  return list != NULL && show_list (self, rafilm_list_get_id (list), error);
}

gboolean
rafilm_cli_run_lists (RafilmCli *self, GError **error)
{
  const char *verb = self->arguments[0] != NULL ? self->arguments[0] : "list";
  guint n_arguments = g_strv_length (self->arguments);

  if (!rafilm_cli_open_store (self, error))
    return FALSE;
  if (g_str_equal (verb, "list") && n_arguments <= 1)
    return list_lists (self, error);
  if (g_str_equal (verb, "show") && n_arguments == 2)
    return find_and_show (self, error);
  if (g_str_equal (verb, "create") && n_arguments == 2)
    return create_list (self, error);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    if (g_str_equal (verb, changes[i].verb) && n_arguments == changes[i].n_arguments)
      return change (self, i, error);

  return refuse_use (self, error);
}
