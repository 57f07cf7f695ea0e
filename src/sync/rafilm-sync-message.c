/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-sync-message.h"

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-wire-json.h"

/* A page has at most 2 MB and one batch more; a row takes at least 60 bytes of it. */
#define MAX_ROWS 100000
/* The newest rows that a first answer brings along. */
#define MAX_RECENT 200
#define MAX_VERDICTS 1000
#define MAX_WORD 64
#define MAX_NAME 64

static gboolean
set_malformed (GError **error)
{
  g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                       "The sync service's answer makes no sense");
  return FALSE;
}

/* Requests */

static JsonNode *
batch_to_json (const RafilmSyncBatch *batch)
{
  JsonObject *object = json_object_new ();
  JsonArray *ops = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (guint i = 0; i < batch->ops->len; i++)
    json_array_add_element (ops, rafilm_wire_op_to_json (batch->ops->pdata[i]));
  json_object_set_string_member (object, "id", batch->id);
  if (batch->if_head >= 0)
    json_object_set_int_member (object, "if_head", batch->if_head);
  json_object_set_array_member (object, "ops", ops);
  json_node_take_object (node, object);
  return node;
}

static void
set_name (JsonObject *object, const char *name)
{
  g_autofree char *valid = NULL;

  if (name == NULL || *name == '\0')
    return;
  valid = g_utf8_make_valid (name, -1);
  if (strlen (valid) <= MAX_NAME)
    json_object_set_string_member (object, "name", valid);
}

JsonNode *
rafilm_sync_message_new_request (const RafilmSyncState *state, const RafilmSyncBatch *batch,
                                 const char *name)
{
  JsonObject *object;
  JsonNode *node;

  g_return_val_if_fail (state != NULL && state->acct != NULL, NULL);

  object = json_object_new ();
  json_object_set_int_member (object, "proto", RAFILM_WIRE_PROTO);
  json_object_set_string_member (object, "acct", state->acct);
  json_object_set_string_member (object, "dev", state->dev);
  set_name (object, name);
  if (state->epoch != NULL)
    json_object_set_string_member (object, "epoch", state->epoch);
  json_object_set_int_member (object, "cursor", state->cursor);
  json_object_set_int_member (object, "now", rafilm_clock_now ());
  if (state->cursor == 0 && !state->staged)
    json_object_set_int_member (object, "recent", MAX_RECENT);
  if (batch != NULL)
    json_object_set_member (object, "batch", batch_to_json (batch));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return node;
}

/* Answers */

static gboolean
read_text (JsonObject *object, const char *name, char **text)
{
  JsonNode *member = json_object_get_member (object, name);

  if (member == NULL || !JSON_NODE_HOLDS_VALUE (member)
      || json_node_get_value_type (member) != G_TYPE_STRING
      || strlen (json_node_get_string (member)) > 2 * MAX_WORD)
    return FALSE;
  *text = json_node_dup_string (member);
  return TRUE;
}

static gboolean
read_int (JsonObject *object, const char *name, gint64 *number)
{
  JsonNode *member = json_object_get_member (object, name);

  if (member == NULL || !JSON_NODE_HOLDS_VALUE (member)
      || json_node_get_value_type (member) != G_TYPE_INT64 || json_node_get_int (member) < 0)
    return FALSE;
  *number = json_node_get_int (member);
  return TRUE;
}

static gboolean
read_rows (JsonNode *member, guint max, GPtrArray *rows, GError **error)
{
  JsonArray *array;

  if (member == NULL || !JSON_NODE_HOLDS_ARRAY (member)
      || json_array_get_length (json_node_get_array (member)) > max)
    return set_malformed (error);
  array = json_node_get_array (member);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      RafilmWireRow *row = rafilm_wire_row_from_json (json_array_get_element (array, i), error);

      if (row == NULL)
        return FALSE;
      g_ptr_array_add (rows, row);
    }
  return TRUE;
}

static gboolean
read_verdicts (JsonObject *verdicts, RafilmSyncAnswer *answer, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (json_object_get_size (verdicts) > MAX_VERDICTS)
    return set_malformed (error);
  json_object_iter_init (&iter, verdicts);
  while (json_object_iter_next (&iter, &name, &member))
    {
      guint64 n;

      if (!g_ascii_string_to_unsigned (name, 10, 1, G_MAXINT64, &n, NULL)
          || !JSON_NODE_HOLDS_VALUE (member) || json_node_get_value_type (member) != G_TYPE_STRING
          || strlen (json_node_get_string (member)) > MAX_WORD)
        return set_malformed (error);
      rafilm_sync_answer_add_verdict (answer, (gint64) n, json_node_get_string (member));
    }
  return TRUE;
}

static gboolean
read_acknowledgement (JsonObject *object, RafilmSyncAnswer *answer, GError **error)
{
  JsonNode *member = json_object_get_member (object, "ack");
  JsonNode *verdicts;
  JsonObject *ack;

  if (member == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (member))
    return set_malformed (error);
  ack = json_node_get_object (member);
  verdicts = json_object_get_member (ack, "res");
  if (!read_text (ack, "batch", &answer->batch)
      || (verdicts != NULL && !JSON_NODE_HOLDS_OBJECT (verdicts)))
    return set_malformed (error);
  if (verdicts != NULL && !read_verdicts (json_node_get_object (verdicts), answer, error))
    return FALSE;
  return read_rows (json_object_get_member (ack, "rows"), MAX_ROWS, answer->ack_rows, error);
}

static gboolean
read_recent (JsonObject *object, RafilmSyncAnswer *answer, GError **error)
{
  JsonNode *member = json_object_get_member (object, "recent");

  return member == NULL || read_rows (member, MAX_RECENT, answer->recent, error);
}

static gboolean
read_answer (JsonObject *object, RafilmSyncAnswer *answer, GError **error)
{
  JsonNode *more = json_object_get_member (object, "more");
  g_autofree char *digest = NULL;

  if (!read_text (object, "acct", &answer->acct) || !read_text (object, "epoch", &answer->epoch)
      || !read_int (object, "now", &answer->server_now) || !read_int (object, "head", &answer->head)
      || !read_int (object, "cursor", &answer->cursor) || answer->cursor > answer->head
      || more == NULL || !JSON_NODE_HOLDS_VALUE (more)
      || json_node_get_value_type (more) != G_TYPE_BOOLEAN)
    return set_malformed (error);
  answer->more = json_node_get_boolean (more);
  if (json_object_has_member (object, "dig"))
    {
      answer->has_digest =
          read_text (object, "dig", &digest) && rafilm_wire_digest_parse (digest, &answer->digest);
      if (!answer->has_digest || answer->more)
        return set_malformed (error);
    }
  return read_acknowledgement (object, answer, error)
         && read_rows (json_object_get_member (object, "rows"), MAX_ROWS, answer->rows, error)
         && read_recent (object, answer, error);
}

RafilmSyncAnswer *
rafilm_sync_message_parse_answer (JsonNode *body, GError **error)
{
  g_autoptr (RafilmSyncAnswer) answer = NULL;

  if (body == NULL || !JSON_NODE_HOLDS_OBJECT (body))
    {
      set_malformed (error);
      return NULL;
    }
  answer = rafilm_sync_answer_new ();
  if (!read_answer (json_node_get_object (body), answer, error))
    return NULL;
  return g_steal_pointer (&answer);
}

/* Conflicts */

void
rafilm_sync_conflict_clear (RafilmSyncConflict *self)
{
  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->epoch, g_free);
  self->low = 0;
}

gboolean
rafilm_sync_message_parse_conflict (JsonNode *body, RafilmSyncConflict *conflict, GError **error)
{
  JsonObject *object;

  *conflict = (RafilmSyncConflict) { 0 };
  if (body == NULL || !JSON_NODE_HOLDS_OBJECT (body))
    return set_malformed (error);
  object = json_node_get_object (body);
  if (!read_text (object, "code", &conflict->code))
    return set_malformed (error);
  if (g_str_equal (conflict->code, "epoch"))
    {
      if (!read_text (object, "epoch", &conflict->epoch)
          || !read_int (object, "low", &conflict->low))
        {
          rafilm_sync_conflict_clear (conflict);
          return set_malformed (error);
        }
      if (json_object_get_boolean_member_with_default (object, "reset", FALSE))
        conflict->low = G_MAXINT64;
    }
  return TRUE;
}
