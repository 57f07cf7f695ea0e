/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-tmdb-cache.h"

#include "rafilm-log.h"

#include <string.h>

#define HOUR 3600
#define DAY (24 * HOUR)
#define VERSION 1 /* of the bodies' form; others are read as absent */
#define STALE_SECONDS (30 * DAY)
#define NEGATIVE_SECONDS DAY
#define MAX_BODY (200 * 1024)
#define WRITE_BATCH 25

static const int64_t fresh_seconds[] = {
  [RAFILM_TMDB_KIND_FILM] = 7 * DAY,    [RAFILM_TMDB_KIND_SEARCH] = DAY,
  [RAFILM_TMDB_KIND_DISCOVER] = DAY,    [RAFILM_TMDB_KIND_TRENDING] = 6 * HOUR,
  [RAFILM_TMDB_KIND_GENRES] = 30 * DAY,
};

void
rafilm_tmdb_entry_clear (RafilmTmdbEntry *self)
{
  free (self->key);
  self->key = NULL;
  json_decref (self->body);
  self->body = NULL;
}

static char *
partition_key (const RafilmTmdbEntry *entry)
{
  return rafilm_printf ("T#%s", entry->key);
}

static int64_t
entry_seconds (const RafilmTmdbEntry *entry)
{
  return json_is_null (entry->body) ? NEGATIVE_SECONDS : fresh_seconds[entry->kind];
}

static void
take_item (RafilmTmdbEntry *entry, const json_t *item, int64_t now)
{
  const char *text = rafilm_item_get_text (item, "body");
  int64_t at = rafilm_item_get_int (item, "at", 0);
  json_t *body;

  if (text == NULL || rafilm_item_get_int (item, "v", 0) != VERSION
      || rafilm_item_get_int (item, "ttl", 0) < now)
    return;
  body = json_loads (text, JSON_DECODE_ANY, NULL);
  if (body == NULL)
    return;
  json_decref (entry->body);
  entry->body = body;
  entry->fresh = now < at + entry_seconds (entry);
}

void
rafilm_tmdb_cache_read (RafilmDynamodb *dynamodb, RafilmTmdbEntry *entries, size_t length,
                        int64_t now)
{
  json_auto_t *keys = json_array (), *items = NULL;
  RafilmDynamodbStatus status;
  json_t *item;
  size_t i;

  for (size_t j = 0; j < length; j++)
    {
      rafilm_autofree char *pk = partition_key (&entries[j]);

      json_array_append_new (keys, rafilm_item_key (pk, "M"));
    }
  status = rafilm_dynamodb_batch_get (dynamodb, keys, false, &items);
  if (status != RAFILM_DYNAMODB_OK)
    {
      rafilm_log_warning ("tmdb.cache-unread", "reason", rafilm_dynamodb_status_to_string (status),
                          NULL);
      return;
    }
  json_array_foreach (items, i, item)
  {
    const char *pk = rafilm_item_get_text (item, "pk");

    for (size_t j = 0; j < length && pk != NULL && strlen (pk) > 2; j++)
      if (strcmp (pk + 2, entries[j].key) == 0)
        take_item (&entries[j], item, now);
  }
}

static void
write_batch (RafilmDynamodb *dynamodb, const char *table, json_t *puts)
{
  json_auto_t *request = json_pack ("{s:{s:O}}", "RequestItems", table, puts);
  RafilmDynamodbStatus status;

  if (json_array_size (puts) == 0)
    return;
  /* What the service leaves over is simply not kept this time. */
  status = rafilm_dynamodb_call (dynamodb, "BatchWriteItem", request, NULL);
  if (status != RAFILM_DYNAMODB_OK)
    rafilm_log_warning ("tmdb.cache-unwritten", "reason", rafilm_dynamodb_status_to_string (status),
                        NULL);
  json_array_clear (puts);
}

void
rafilm_tmdb_cache_write (RafilmDynamodb *dynamodb, const char *table,
                         const RafilmTmdbEntry *entries, const bool *changed, size_t length,
                         int64_t now)
{
  json_auto_t *puts = json_array ();

  for (size_t i = 0; i < length; i++)
    {
      rafilm_autofree char *pk = partition_key (&entries[i]);
      rafilm_autofree char *text = NULL;
      json_t *item;

      if (!changed[i])
        continue;
      text = json_dumps (entries[i].body, JSON_COMPACT | JSON_ENCODE_ANY);
      if (text == NULL || strlen (text) > MAX_BODY)
        continue;
      item = rafilm_item_key (pk, "M");
      rafilm_item_set_text (item, "body", text);
      rafilm_item_set_int (item, "at", now);
      rafilm_item_set_int (item, "ttl", now + entry_seconds (&entries[i]) + STALE_SECONDS);
      rafilm_item_set_int (item, "v", VERSION);
      json_array_append_new (puts, json_pack ("{s:{s:o}}", "PutRequest", "Item", item));
      if (json_array_size (puts) == WRITE_BATCH)
        write_batch (dynamodb, table, puts);
    }
  write_batch (dynamodb, table, puts);
}
