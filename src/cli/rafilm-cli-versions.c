/* SPDX-License-Identifier: GPL-3.0-or-later */

/* versions: what two computers wrote without knowing of each other */

#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>
#include <string.h>

#include "rafilm-cli-output.h"
#include "rafilm-error.h"

JsonNode *
rafilm_cli_version_to_json (gpointer item)
{
  RafilmVersion *version = item;
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "id", rafilm_version_get_id (version));
  json_object_set_string_member (object, "record", rafilm_version_get_viewing (version));
  json_object_set_string_member (object, "kind", rafilm_version_get_kind (version));
  json_object_set_string_member (object, "field", rafilm_version_get_field (version));
  json_object_set_string_member (object, "text", rafilm_version_get_text (version));
  json_object_set_string_member (object, "by", rafilm_version_get_by (version));
  json_object_set_int_member (object, "at", rafilm_version_get_at (version));
  json_node_set_object (node, object);

  return node;
}

static gboolean
list_versions (RafilmCli *self, GError **error)
{
  g_autoptr (GListModel) versions =
      dex_await_object (rafilm_store_list_versions (self->store, NULL), error);

  if (versions == NULL)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (versions); i++)
    {
      g_autoptr (RafilmVersion) version = g_list_model_get_item (versions, i);

      rafilm_cli_say (self, _ ("%s  another version of %s, by %s:"),
                      rafilm_version_get_id (version), rafilm_version_get_viewing (version),
                      rafilm_version_get_by (version));
      rafilm_cli_say (self, "    %s", rafilm_version_get_text (version));
    }
  if (g_list_model_get_n_items (versions) == 0)
    rafilm_cli_say (self, _ ("There are no other versions"));
  rafilm_cli_show (self, rafilm_cli_model_to_json (versions, rafilm_cli_version_to_json));

  return TRUE;
}

static gboolean
has_version (RafilmCli *self, const char *id, GError **error)
{
  g_autoptr (GListModel) versions =
      dex_await_object (rafilm_store_list_versions (self->store, NULL), error);

  if (versions == NULL)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (versions); i++)
    {
      g_autoptr (RafilmVersion) version = g_list_model_get_item (versions, i);

      if (g_str_equal (rafilm_version_get_id (version), id))
        return TRUE;
    }
  g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND, _ ("There is no version “%s”"), id);

  return FALSE;
}

static gboolean
settle_version (RafilmCli *self, const char *id, gboolean use, GError **error)
{
  g_autoptr (RafilmEdit) edit = NULL;

  if (!has_version (self, id, error))
    return FALSE;
  edit = rafilm_edit_new (use ? _ ("Use the other version") : _ ("Drop the other version"));
  if (use)
    rafilm_edit_use_version (edit, id);
  else
    rafilm_edit_dismiss_version (edit, id);
  if (!dex_await (rafilm_store_apply (self->store, edit), error))
    return FALSE;
  rafilm_cli_say (self, use ? _ ("The other version is the text now")
                            : _ ("The other version is dropped"));
  rafilm_cli_show_string (self, use ? "used" : "dropped", id);

  return TRUE;
}

gboolean
rafilm_cli_run_versions (RafilmCli *self, GError **error)
{
  const char *verb = self->arguments[0] != NULL ? self->arguments[0] : "list";
  gboolean use = g_str_equal (verb, "use");
  gboolean list = g_str_equal (verb, "list");

  if ((!list && !use && !g_str_equal (verb, "drop"))
      || list != (g_strv_length (self->arguments) < 2))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("Usage: rafilm-cli %s %s"),
                   self->command->name, self->command->arguments);
      return FALSE;
    }
  if (!rafilm_cli_open_store (self, error))
    return FALSE;

  return list ? list_versions (self, error) : settle_version (self, self->arguments[1], use, error);
}
