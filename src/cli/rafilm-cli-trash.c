/* SPDX-License-Identifier: GPL-3.0-or-later */

/* trash */

#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>

#include "rafilm-cli-input.h"
#include "rafilm-cli-journal.h"
#include "rafilm-cli-list.h"
#include "rafilm-cli-output.h"
#include "rafilm-error.h"

/* Both models, or neither with an error. */
static gboolean
load_trash (RafilmCli *self, GListModel **ret_viewings, GListModel **ret_lists, GError **error)
{
  g_autoptr (GListModel) viewings = dex_await_object (rafilm_store_list_trash (self->store), error);

  if (viewings == NULL)
    return FALSE;
  *ret_lists = dex_await_object (rafilm_store_list_trash_lists (self->store), error);
  if (*ret_lists == NULL)
    return FALSE;
  *ret_viewings = g_steal_pointer (&viewings);

  return TRUE;
}

/* Viewings, and then lists, which have a "name". */
static gboolean
list_trash (RafilmCli *self, GError **error)
{
  g_autoptr (GListModel) viewings = NULL;
  g_autoptr (GListModel) lists = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (!load_trash (self, &viewings, &lists, error))
    return FALSE;
  node =
      rafilm_cli_model_to_json (viewings, (JsonNode * (*) (gpointer)) rafilm_cli_viewing_to_json);
  if (!rafilm_cli_lists_to_json (self, lists, json_node_get_array (node), error))
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (viewings); i++)
    {
      g_autoptr (RafilmViewing) viewing = g_list_model_get_item (viewings, i);
      g_autofree char *text = rafilm_cli_dup_viewing_text (viewing);

      rafilm_cli_say (self, "%s", text);
    }
  rafilm_cli_say_lists (self, lists);
  if (json_array_get_length (json_node_get_array (node)) == 0)
    rafilm_cli_say (self, _ ("The trash is empty"));
  rafilm_cli_show (self, g_steal_pointer (&node));

  return TRUE;
}

static gboolean
restore_viewing (RafilmCli *self, RafilmViewing *viewing, GError **error)
{
  g_auto (RafilmCliJournalEntry) entry = { 0 };
  g_autoptr (RafilmEdit) edit = NULL;
  g_autofree char *name = NULL;
  g_autofree char *label = NULL;

  name = rafilm_cli_dup_film_name (rafilm_viewing_get_film (viewing));
  label = g_strdup_printf (_ ("Restore the viewing of %s"), name);
  edit = rafilm_edit_new (label);
  rafilm_edit_restore_viewing (edit, rafilm_viewing_get_id (viewing));
  if (!rafilm_cli_journal_begin (self, &entry, rafilm_viewing_get_film (viewing),
                                 rafilm_viewing_get_id (viewing), error)
      || !dex_await (rafilm_store_apply (self->store, edit), error))
    return FALSE;
  rafilm_cli_journal_end (self, &entry, label);
  rafilm_cli_say (self, _ ("The viewing of %s is in the diary again"), name);
  rafilm_cli_show_string (self, "restored", rafilm_viewing_get_id (viewing));

  return TRUE;
}

static gboolean
restore_list (RafilmCli *self, RafilmList *list, GError **error)
{
  g_auto (RafilmCliJournalEntry) entry = { 0 };
  g_autofree char *label = g_strdup_printf (_ ("Restore the list %s"), rafilm_list_get_name (list));
  g_autoptr (RafilmEdit) edit = rafilm_edit_new (label);

  rafilm_edit_restore_list (edit, rafilm_list_get_id (list));
  if (!rafilm_cli_journal_begin_list (self, &entry, rafilm_list_get_id (list), error)
      || !dex_await (rafilm_store_apply (self->store, edit), error))
    return FALSE;
  rafilm_cli_journal_end (self, &entry, label);
  rafilm_cli_say (self, _ ("The list %s is there again"), rafilm_list_get_name (list));
  rafilm_cli_show_string (self, "restored", rafilm_list_get_id (list));

  return TRUE;
}

static gboolean
restore (RafilmCli *self, const char *text, GError **error)
{
  g_autoptr (GListModel) viewings = NULL;
  g_autoptr (GListModel) lists = NULL;
  g_autoptr (RafilmViewing) viewing = NULL;
  g_autoptr (RafilmList) list = NULL;
  g_autoptr (GError) failure = NULL;

  if (!load_trash (self, &viewings, &lists, error))
    return FALSE;
  viewing = rafilm_cli_choose_viewing (viewings, text, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (viewing != NULL)
    return restore_viewing (self, viewing, error);
  list = rafilm_cli_choose_list (lists, text, &failure);
  if (list != NULL)
    return restore_list (self, list, error);
  g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND,
               _ ("There is no “%s” in the trash, or there are several"), text);

  return FALSE;
}

gboolean
rafilm_cli_run_trash (RafilmCli *self, GError **error)
{
  const char *verb = self->arguments[0] != NULL ? self->arguments[0] : "list";
  gboolean list = g_str_equal (verb, "list");

  if ((!list && !g_str_equal (verb, "restore")) || list != (g_strv_length (self->arguments) < 2))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("Usage: rafilm-cli %s %s"),
                   self->command->name, self->command->arguments);
      return FALSE;
    }
  if (!rafilm_cli_open_store (self, error))
    return FALSE;

  return list ? list_trash (self, error) : restore (self, self->arguments[1], error);
}
