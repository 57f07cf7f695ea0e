/* SPDX-License-Identifier: GPL-3.0-or-later */

/* changes: what waits to be sent, and what the server refused */

#include "config.h"

#include "rafilm-cli-changes.h"
#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>

#include "rafilm-cli-output.h"
#include "rafilm-error.h"

/* Of a text as much as tells which it is. */
#define SHOWN_CHARACTERS 60

const char *
rafilm_cli_get_reason (const char *code)
{
  if (g_strcmp0 (code, "size") == 0)
    return _ ("it is too long for the server");
  if (g_strcmp0 (code, "value") == 0 || g_strcmp0 (code, "form") == 0)
    return _ ("the server does not accept this value");
  if (g_strcmp0 (code, "kind") == 0 || g_strcmp0 (code, "field") == 0
      || g_strcmp0 (code, "id") == 0)
    return _ ("the server does not know this kind of record");
  if (g_strcmp0 (code, "need_full") == 0)
    return _ ("the record no longer exists on the server");

  return _ ("the server gives no reason that this program knows");
}

gboolean
rafilm_cli_load_changes (RafilmCli *self, GPtrArray **ret_waiting, GPtrArray **ret_refused,
                         GError **error)
{
  g_autoptr (GPtrArray) waiting = NULL;
  g_autoptr (GPtrArray) refused = NULL;

  waiting = dex_await_boxed (rafilm_store_list_outbox (self->store), error);
  if (waiting == NULL)
    return FALSE;
  refused = dex_await_boxed (rafilm_store_list_dead (self->store), error);
  if (refused == NULL)
    return FALSE;
  *ret_waiting = g_steal_pointer (&waiting);
  *ret_refused = g_steal_pointer (&refused);

  return TRUE;
}

static char *
dup_beginning (const char *text)
{
  g_autofree char *line = g_strdelimit (g_strdup (text), "\n\r\t", ' ');

  if (g_utf8_strlen (line, -1) <= SHOWN_CHARACTERS)
    return g_steal_pointer (&line);

  *g_utf8_offset_to_pointer (line, SHOWN_CHARACTERS) = '\0';

  return g_strconcat (line, "…", NULL);
}

static void
say_change (RafilmCli *self, const RafilmPendingChange *change)
{
  g_autofree char *fields = g_strjoinv (" ", change->fields);
  g_autofree char *text = change->text != NULL ? dup_beginning (change->text) : NULL;
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%6" G_GINT64_FORMAT "  %s %s: %s", change->n, change->kind,
                          change->id, fields);
  if (change->sent)
    g_string_append_printf (line, " · %s", _ ("on its way"));
  if (change->code != NULL)
    g_string_append_printf (line, " · %s", rafilm_cli_get_reason (change->code));
  if (text != NULL)
    g_string_append_printf (line, "\n        %s", text);
  rafilm_cli_say (self, "%s", line->str);
  g_string_free (line, TRUE);
}

void
rafilm_cli_say_changes (RafilmCli *self, GPtrArray *changes, guint limit)
{
  guint shown = limit > 0 ? MIN (limit, changes->len) : changes->len;

  for (guint i = 0; i < shown; i++)
    say_change (self, changes->pdata[i]);
  if (shown < changes->len)
    rafilm_cli_say (self,
                    ngettext ("        and %u more", "        and %u more", changes->len - shown),
                    changes->len - shown);
}

static void
add_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
  else
    json_object_set_null_member (object, name);
}

static JsonObject *
change_to_json (const RafilmPendingChange *change)
{
  JsonObject *object = json_object_new ();
  JsonArray *fields = json_array_new ();

  for (guint i = 0; change->fields[i] != NULL; i++)
    json_array_add_string_element (fields, change->fields[i]);
  json_object_set_int_member (object, "n", change->n);
  json_object_set_string_member (object, "kind", change->kind);
  json_object_set_string_member (object, "id", change->id);
  if (change->film > 0)
    json_object_set_int_member (object, "film", change->film);
  else
    json_object_set_null_member (object, "film");
  json_object_set_array_member (object, "fields", fields);
  json_object_set_int_member (object, "at", change->at);
  json_object_set_boolean_member (object, "sent", change->sent);
  add_text (object, "code", change->code);
  add_text (object, "reason", change->code != NULL ? rafilm_cli_get_reason (change->code) : NULL);
  add_text (object, "text", change->text);

  return object;
}

JsonNode *
rafilm_cli_changes_to_json (GPtrArray *changes)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < changes->len; i++)
    json_array_add_object_element (array, change_to_json (changes->pdata[i]));
  json_node_take_array (node, array);

  return node;
}

static gboolean
list_changes (RafilmCli *self, GError **error)
{
  g_autoptr (GPtrArray) waiting = NULL;
  g_autoptr (GPtrArray) refused = NULL;
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  guint limit = self->options.limit > 0 ? (guint) self->options.limit : 0;

  if (!rafilm_cli_load_changes (self, &waiting, &refused, error))
    {
      json_node_unref (node);
      return FALSE;
    }
  rafilm_cli_say (
      self, ngettext ("%u change waits to be sent", "%u changes wait to be sent", waiting->len),
      waiting->len);
  rafilm_cli_say_changes (self, waiting, limit);
  rafilm_cli_say (self, ngettext ("%u change was refused", "%u changes were refused", refused->len),
                  refused->len);
  rafilm_cli_say_changes (self, refused, limit);

  json_object_set_member (object, "waiting", rafilm_cli_changes_to_json (waiting));
  json_object_set_member (object, "refused", rafilm_cli_changes_to_json (refused));
  json_node_set_object (node, object);
  rafilm_cli_show (self, node);

  return TRUE;
}

static gboolean
is_refused (RafilmCli *self, gint64 n, GError **error)
{
  g_autoptr (GPtrArray) refused = dex_await_boxed (rafilm_store_list_dead (self->store), error);

  if (refused == NULL)
    return FALSE;
  for (guint i = 0; i < refused->len; i++)
    if (((RafilmPendingChange *) refused->pdata[i])->n == n)
      return TRUE;
  g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND,
               _ ("There is no refused change %" G_GINT64_FORMAT), n);

  return FALSE;
}

static gboolean
settle (RafilmCli *self, const char *text, gboolean retry, GError **error)
{
  gint64 n = 0;

  if (!g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &n, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is no number of a change"), text);
      return FALSE;
    }
  if (!is_refused (self, n, error)
      || !dex_await (retry ? rafilm_store_retry_dead (self->store, n)
                           : rafilm_store_discard_dead (self->store, n),
                     error))
    return FALSE;
  rafilm_cli_say (self, retry ? _ ("The next sync sends it again") : _ ("It is discarded"));
  rafilm_cli_show_string (self, retry ? "retried" : "discarded", text);

  return TRUE;
}

gboolean
rafilm_cli_run_changes (RafilmCli *self, GError **error)
{
  const char *verb = self->arguments[0] != NULL ? self->arguments[0] : "list";
  gboolean list = g_str_equal (verb, "list");
  gboolean retry = g_str_equal (verb, "retry");

  if ((!list && !retry && !g_str_equal (verb, "discard"))
      || list != (g_strv_length (self->arguments) < 2))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("Usage: rafilm-cli %s %s"),
                   self->command->name, self->command->arguments);
      return FALSE;
    }
  if (!rafilm_cli_open_store (self, error))
    return FALSE;

  return list ? list_changes (self, error) : settle (self, self->arguments[1], retry, error);
}
