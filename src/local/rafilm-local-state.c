/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-state.h"

#include "rafilm-local-error.h"
#include "rafilm-local-http.h"

#include <glib/gstdio.h>

#define BATCH_ITEMS 25
#define EPOCH_JUMP 1000000

struct _RafilmLocalState
{
  char *folder;
  gboolean was_clean;
};

static char *
make_path (RafilmLocalState *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

RafilmLocalState *
rafilm_local_state_new (const char *folder, GError **error)
{
  g_autoptr (RafilmLocalState) self = g_new0 (RafilmLocalState, 1);
  g_autofree char *mark = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  self->folder = g_strdup (folder);
  mark = make_path (self, "running");
  self->was_clean = !g_file_test (mark, G_FILE_TEST_EXISTS);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FAILED, "%s cannot be made",
                   folder);
      return NULL;
    }
  if (!g_file_set_contents (mark, "", 0, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
rafilm_local_state_free (RafilmLocalState *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->folder, g_free);
  g_free (self);
}

void
rafilm_local_state_finish (RafilmLocalState *self)
{
  g_autofree char *mark = make_path (self, "running");

  g_unlink (mark);
}

static JsonObject *
load_file (RafilmLocalState *self, const char *name, GError **error)
{
  g_autofree char *path = make_path (self, name);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  JsonObject *object;
  gsize size = 0;

  if (!g_file_get_contents (path, &text, &size, error))
    return NULL;
  bytes = g_bytes_new_take (g_steal_pointer (&text), size);
  object = rafilm_local_json_parse (bytes);
  if (object == NULL)
    g_set_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FAILED, "%s cannot be read", path);

  return object;
}

static gboolean
save_file (RafilmLocalState *self, const char *name, JsonObject *object, GError **error)
{
  g_autofree char *path = make_path (self, name);
  g_autofree char *text = rafilm_local_json_to_text (object);

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

JsonObject *
rafilm_local_state_load_users (RafilmLocalState *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return load_file (self, "users.json", NULL);
}

gboolean
rafilm_local_state_save_users (RafilmLocalState *self, JsonObject *users, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return save_file (self, "users.json", users, error);
}

gboolean
rafilm_local_state_save_table (RafilmLocalState *self, RafilmLocalMoto *moto, const char *table,
                               GError **error)
{
  g_autoptr (JsonObject) file = json_object_new ();
  g_autoptr (JsonNode) start = NULL;
  JsonArray *items = json_array_new ();

  g_return_val_if_fail (self != NULL, FALSE);

  json_object_set_array_member (file, "items", items);
  do
    {
      JsonObject *input = json_object_new ();
      g_autoptr (JsonObject) output = NULL;
      JsonArray *page;

      json_object_set_string_member (input, "TableName", table);
      json_object_set_boolean_member (input, "ConsistentRead", TRUE);
      if (start != NULL)
        json_object_set_member (input, "ExclusiveStartKey", g_steal_pointer (&start));
      output = rafilm_local_moto_call (moto, "DynamoDB_20120810.Scan", input, error);
      if (output == NULL)
        return FALSE;
      page = rafilm_local_json_get_array (output, "Items");
      for (guint i = 0; page != NULL && i < json_array_get_length (page); i++)
        json_array_add_element (items, json_array_dup_element (page, i));
      if (json_object_has_member (output, "LastEvaluatedKey"))
        start = json_object_dup_member (output, "LastEvaluatedKey");
    }
  while (start != NULL);

  return save_file (self, "table.json", file, error);
}

static const char *
get_value (JsonObject *item, const char *name, const char *type)
{
  return rafilm_local_json_get_text (rafilm_local_json_get_object (item, name), type);
}

static void
set_value (JsonObject *item, const char *name, const char *type, const char *value)
{
  JsonObject *wrapped = json_object_new ();

  json_object_set_string_member (wrapped, type, value);
  json_object_set_object_member (item, name, wrapped);
}

static void
add_number (JsonObject *item, const char *name, gint64 difference)
{
  const char *old = get_value (item, name, "N");
  g_autofree char *text = NULL;

  text = g_strdup_printf ("%" G_GINT64_FORMAT,
                          (old != NULL ? g_ascii_strtoll (old, NULL, 10) : 0) + difference);
  set_value (item, name, "N", text);
}

gboolean
rafilm_local_state_begin_epoch (JsonObject *item, const char *epoch, gint64 now)
{
  const char *pk = get_value (item, "pk", "S");
  const char *old = get_value (item, "e", "S");
  JsonArray *before =
      rafilm_local_json_get_array (rafilm_local_json_get_object (item, "hist"), "L");
  JsonArray *history;
  JsonObject *entry;
  JsonObject *wrapped;
  JsonObject *list;
  g_autofree char *now_text = NULL;

  if (pk == NULL || !g_str_has_prefix (pk, "U#")
      || g_strcmp0 (get_value (item, "sk", "S"), "M") != 0 || old == NULL)
    return FALSE;

  history = json_array_new ();
  for (guint i = 0; before != NULL && i < json_array_get_length (before); i++)
    json_array_add_element (history, json_array_dup_element (before, i));
  now_text = g_strdup_printf ("%" G_GINT64_FORMAT, now);
  entry = json_object_new ();
  set_value (entry, "e", "S", old);
  set_value (entry, "low", "N", "0");
  set_value (entry, "at", "N", now_text);
  wrapped = json_object_new ();
  json_object_set_object_member (wrapped, "M", entry);
  json_array_add_object_element (history, wrapped);
  list = json_object_new ();
  json_object_set_array_member (list, "L", history);

  json_object_set_object_member (item, "hist", list);
  set_value (item, "e", "S", epoch);
  add_number (item, "h", EPOCH_JUMP);
  /* No row has the new head yet: a feed is complete without any. */
  set_value (item, "hc", "N", "0");
  add_number (item, "v", 1);

  return TRUE;
}

static gboolean
put_batch (RafilmLocalMoto *moto, const char *table, JsonArray *requests, GError **error)
{
  JsonObject *input = json_object_new ();
  JsonObject *tables = json_object_new ();
  g_autoptr (JsonObject) output = NULL;

  json_object_set_array_member (tables, table, requests);
  json_object_set_object_member (input, "RequestItems", tables);
  output = rafilm_local_moto_call (moto, "DynamoDB_20120810.BatchWriteItem", input, error);

  return output != NULL;
}

static char *
make_epoch (void)
{
  return g_strdup_printf ("e_%08x%08x", g_random_int (), g_random_int ());
}

gboolean
rafilm_local_state_restore_table (RafilmLocalState *self, RafilmLocalMoto *moto, const char *table,
                                  GError **error)
{
  g_autofree char *path = make_path (self, "table.json");
  g_autoptr (JsonObject) file = NULL;
  JsonArray *items;
  guint count;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  file = load_file (self, "table.json", error);
  if (file == NULL)
    return FALSE;
  items = rafilm_local_json_get_array (file, "items");
  count = items != NULL ? json_array_get_length (items) : 0;

  for (guint first = 0; first < count; first += BATCH_ITEMS)
    {
      JsonArray *requests = json_array_new ();

      for (guint i = first; i < count && i < first + BATCH_ITEMS; i++)
        {
          g_autoptr (JsonNode) copy = json_node_copy (json_array_get_element (items, i));
          g_autofree char *epoch = make_epoch ();
          JsonObject *item = json_node_get_object (copy);
          JsonObject *put = json_object_new ();
          JsonObject *request = json_object_new ();

          if (!self->was_clean)
            rafilm_local_state_begin_epoch (item, epoch, g_get_real_time () / 1000);
          json_object_set_object_member (put, "Item", json_object_ref (item));
          json_object_set_object_member (request, "PutRequest", put);
          json_array_add_object_element (requests, request);
        }
      if (!put_batch (moto, table, requests, error))
        return FALSE;
    }
  if (!self->was_clean && count > 0)
    g_message ("The last stop was not clean: the diaries begin a new epoch");

  return TRUE;
}
