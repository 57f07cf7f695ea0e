/* SPDX-License-Identifier: GPL-3.0-or-later */

/* trash */

#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>

#include "rafilm-cli-input.h"
#include "rafilm-cli-journal.h"
#include "rafilm-cli-output.h"
#include "rafilm-error.h"

static gboolean
list_trash (RafilmCli *self, GError **error)
{
  g_autoptr (GListModel) viewings = dex_await_object (rafilm_store_list_trash (self->store), error);

  if (viewings == NULL)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (viewings); i++)
    {
      g_autoptr (RafilmViewing) viewing = g_list_model_get_item (viewings, i);
      g_autofree char *text = rafilm_cli_dup_viewing_text (viewing);

      rafilm_cli_say (self, "%s", text);
    }
  if (g_list_model_get_n_items (viewings) == 0)
    rafilm_cli_say (self, _ ("The trash is empty"));
  rafilm_cli_show (self, rafilm_cli_model_to_json (viewings, (JsonNode * (*) (gpointer))
                                                                 rafilm_cli_viewing_to_json));

  return TRUE;
}

/* A viewing of the trash by its id, or by the beginning of it. */
static RafilmViewing *
find_deleted (RafilmCli *self, const char *text, GError **error)
{
  g_autoptr (GListModel) viewings = dex_await_object (rafilm_store_list_trash (self->store), error);
  g_autoptr (RafilmViewing) found = NULL;
  guint n_found = 0;

  if (viewings == NULL)
    return NULL;
  for (guint i = 0; i < g_list_model_get_n_items (viewings); i++)
    {
      g_autoptr (RafilmViewing) viewing = g_list_model_get_item (viewings, i);

      if (text[0] != '\0' && g_str_has_prefix (rafilm_viewing_get_id (viewing), text)
          && ++n_found == 1)
        found = g_steal_pointer (&viewing);
    }
  if (n_found == 1)
    return g_steal_pointer (&found);
  g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND,
               n_found == 0 ? _ ("There is no viewing “%s” in the trash")
                            : _ ("Several viewings begin with “%s”"),
               text);

  return NULL;
}

static gboolean
restore (RafilmCli *self, const char *text, GError **error)
{
  g_auto (RafilmCliJournalEntry) entry = { 0 };
  g_autoptr (RafilmViewing) viewing = find_deleted (self, text, error);
  g_autoptr (RafilmEdit) edit = NULL;
  g_autofree char *name = NULL;
  g_autofree char *label = NULL;

  if (viewing == NULL)
    return FALSE;
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
