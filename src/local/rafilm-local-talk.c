/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-talk.h"

#include "rafilm-local-http.h"

#define MAX_MESSAGES 200

static gpointer
make_key (JsonObject *film)
{
  return GSIZE_TO_POINTER ((gsize) rafilm_local_json_get_int (film, "id", 0));
}

static void
take_films (GPtrArray *films, JsonObject *result)
{
  JsonArray *array = rafilm_local_json_get_array (result, "films");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (node)
          && rafilm_local_json_get_int (json_node_get_object (node), "id", 0) > 0)
        g_ptr_array_add (films, json_node_dup_object (node));
    }
}

static void
take_result (RafilmLocalTalk *self, const char *tool, JsonObject *result)
{
  JsonArray *entries = rafilm_local_json_get_array (result, "entries");
  JsonObject *film = rafilm_local_json_get_object (result, "film");

  if (g_strcmp0 (tool, "search_films") == 0)
    take_films (self->found, result);
  else if (g_strcmp0 (tool, "recommend") == 0)
    take_films (self->suggested, result);
  else if (g_strcmp0 (tool, "film") == 0 && film != NULL)
    g_hash_table_replace (self->details, make_key (film), json_object_ref (film));
  for (guint i = 0; entries != NULL && i < json_array_get_length (entries); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (entries, i)))
      g_ptr_array_add (self->entries, json_node_dup_object (json_array_get_element (entries, i)));
}

/* The content of a result is JSON, or text that holds JSON. */
static void
take_result_block (RafilmLocalTalk *self, GHashTable *names, JsonObject *block)
{
  const char *id = rafilm_local_json_get_text (block, "toolUseId");
  JsonArray *content = rafilm_local_json_get_array (block, "content");
  const char *tool = id != NULL ? g_hash_table_lookup (names, id) : NULL;

  for (guint i = 0; content != NULL && i < json_array_get_length (content); i++)
    {
      JsonNode *node = json_array_get_element (content, i);
      JsonObject *part = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonObject *json = rafilm_local_json_get_object (part, "json");
      const char *text = rafilm_local_json_get_text (part, "text");

      if (json != NULL)
        {
          take_result (self, tool, json);
        }
      else if (text != NULL)
        {
          g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
          g_autoptr (JsonObject) parsed = rafilm_local_json_parse (bytes);

          if (parsed != NULL)
            take_result (self, tool, parsed);
        }
    }
}

static void
ask (RafilmLocalTalk *self, const char *question)
{
  g_free (self->question);
  self->question = g_strdup (question);
  g_ptr_array_set_size (self->found, 0);
  g_ptr_array_set_size (self->suggested, 0);
  g_ptr_array_set_size (self->entries, 0);
  g_hash_table_remove_all (self->details);
  g_hash_table_remove_all (self->called);
}

static void
take_message (RafilmLocalTalk *self, GHashTable *names, JsonObject *message)
{
  gboolean user = g_strcmp0 (rafilm_local_json_get_text (message, "role"), "user") == 0;
  JsonArray *content = rafilm_local_json_get_array (message, "content");

  for (guint i = 0; content != NULL && i < json_array_get_length (content); i++)
    {
      JsonNode *node = json_array_get_element (content, i);
      JsonObject *block = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *text = rafilm_local_json_get_text (block, "text");
      JsonObject *use = rafilm_local_json_get_object (block, "toolUse");
      JsonObject *result = rafilm_local_json_get_object (block, "toolResult");
      const char *id = rafilm_local_json_get_text (use, "toolUseId");
      const char *name = rafilm_local_json_get_text (use, "name");

      if (user && text != NULL)
        ask (self, text);
      if (id != NULL && name != NULL)
        {
          g_hash_table_replace (names, g_strdup (id), g_strdup (name));
          g_hash_table_add (self->called, g_strdup (name));
        }
      if (user && result != NULL)
        take_result_block (self, names, result);
    }
}

static void
take_tools (RafilmLocalTalk *self, JsonObject *config)
{
  JsonArray *tools = rafilm_local_json_get_array (config, "tools");
  JsonObject *choice = rafilm_local_json_get_object (config, "toolChoice");

  self->must_call =
      choice != NULL
      && (json_object_has_member (choice, "any") || json_object_has_member (choice, "tool"));
  for (guint i = 0; tools != NULL && i < json_array_get_length (tools); i++)
    {
      JsonNode *node = json_array_get_element (tools, i);
      JsonObject *tool = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonObject *spec = rafilm_local_json_get_object (tool, "toolSpec");
      JsonObject *schema =
          rafilm_local_json_get_object (rafilm_local_json_get_object (spec, "inputSchema"), "json");
      JsonObject *properties = rafilm_local_json_get_object (schema, "properties");
      const char *name = rafilm_local_json_get_text (spec, "name");

      if (name != NULL && properties != NULL)
        g_hash_table_replace (self->tools, g_strdup (name), json_object_ref (properties));
    }
}

RafilmLocalTalk *
rafilm_local_talk_new (JsonObject *request)
{
  g_autoptr (RafilmLocalTalk) self = g_new0 (RafilmLocalTalk, 1);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonArray *messages = rafilm_local_json_get_array (request, "messages");
  GDestroyNotify unref = (GDestroyNotify) json_object_unref;
  guint count = messages != NULL ? json_array_get_length (messages) : 0;

  self->tools = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref);
  self->called = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->details = g_hash_table_new_full (NULL, NULL, NULL, unref);
  self->found = g_ptr_array_new_with_free_func (unref);
  self->suggested = g_ptr_array_new_with_free_func (unref);
  self->entries = g_ptr_array_new_with_free_func (unref);
  take_tools (self, rafilm_local_json_get_object (request, "toolConfig"));
  for (guint i = 0; i < count && i < MAX_MESSAGES; i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (messages, i)))
      take_message (self, names, json_array_get_object_element (messages, i));
  if (self->question == NULL
      || g_strcmp0 (rafilm_local_json_get_text (json_array_get_object_element (messages, count - 1),
                                                "role"),
                    "user")
             != 0)
    return NULL;
  self->wish = rafilm_local_wish_new (self->question);

  return g_steal_pointer (&self);
}

void
rafilm_local_talk_free (RafilmLocalTalk *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->question, g_free);
  g_clear_pointer (&self->wish, rafilm_local_wish_free);
  g_clear_pointer (&self->tools, g_hash_table_unref);
  g_clear_pointer (&self->called, g_hash_table_unref);
  g_clear_pointer (&self->details, g_hash_table_unref);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_clear_pointer (&self->suggested, g_ptr_array_unref);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_free (self);
}

JsonObject *
rafilm_local_talk_get_seed (RafilmLocalTalk *self)
{
  g_autofree char *wanted = NULL;

  if (self->wish->title == NULL)
    return NULL;
  wanted = g_utf8_casefold (self->wish->title, -1);
  for (guint i = 0; i < self->found->len; i++)
    {
      const char *title = rafilm_local_json_get_text (self->found->pdata[i], "title");
      g_autofree char *folded = g_utf8_casefold (title != NULL ? title : "", -1);

      if (strcmp (folded, wanted) == 0)
        return self->found->pdata[i];
    }

  return self->found->len > 0 ? self->found->pdata[0] : NULL;
}

int
rafilm_local_talk_get_runtime (RafilmLocalTalk *self, JsonObject *film)
{
  JsonObject *details = g_hash_table_lookup (self->details, make_key (film));

  return (int) rafilm_local_json_get_int (details != NULL ? details : film, "runtime", 0);
}

gboolean
rafilm_local_talk_needs_runtime (RafilmLocalTalk *self)
{
  return self->wish->shorter || self->wish->longer || self->wish->max_runtime != 0
         || self->wish->min_runtime != 0;
}

static gboolean
fits (RafilmLocalTalk *self, JsonObject *film, JsonObject *seed)
{
  const RafilmLocalWish *wish = self->wish;
  int runtime = rafilm_local_talk_get_runtime (self, film);
  int seed_runtime = seed != NULL ? rafilm_local_talk_get_runtime (self, seed) : 0;
  int year = (int) rafilm_local_json_get_int (film, "year", 0);
  int seed_year = seed != NULL ? (int) rafilm_local_json_get_int (seed, "year", 0) : 0;

  if (seed != NULL && make_key (film) == make_key (seed))
    return FALSE;
  if (runtime > 0)
    {
      if ((wish->max_runtime != 0 && runtime > wish->max_runtime)
          || (wish->min_runtime != 0 && runtime < wish->min_runtime)
          || (wish->shorter && seed_runtime > 0 && runtime >= seed_runtime)
          || (wish->longer && seed_runtime > 0 && runtime <= seed_runtime))
        return FALSE;
    }
  if (year > 0)
    {
      if ((wish->min_year != 0 && year < wish->min_year)
          || (wish->max_year != 0 && year > wish->max_year)
          || (wish->older && seed_year > 0 && year >= seed_year)
          || (wish->newer && seed_year > 0 && year <= seed_year))
        return FALSE;
    }

  return TRUE;
}

GPtrArray *
rafilm_local_talk_list_candidates (RafilmLocalTalk *self)
{
  GPtrArray *candidates = g_ptr_array_new ();
  JsonObject *seed = rafilm_local_talk_get_seed (self);

  for (guint i = 0; i < self->suggested->len; i++)
    if (fits (self, self->suggested->pdata[i], seed))
      g_ptr_array_add (candidates, self->suggested->pdata[i]);

  return candidates;
}
