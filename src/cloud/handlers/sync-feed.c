/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-feed.h"

#include "sync-codec.h"

#include "rafilm-item.h"

#include <string.h>

#define QUERY_LIMIT 500 /* rows of one call */
#define MAX_RECENT_BYTES 131072

typedef struct
{
  const RafilmSyncMeta *meta;
  const RafilmSyncPlan *plan;
  RafilmSyncPage *page;
  int64_t max;
  int64_t bytes;
  int64_t last;      /* sequence number of the row read last */
  int64_t head_rows; /* rows met of the newest group */
} Feed;

/* Whether the acknowledgement has the row, as it is. */
static bool
is_acknowledged (const RafilmSyncPlan *plan, const json_t *row, int64_t q)
{
  const char *kind = json_string_value (json_object_get (row, "k"));
  const char *id = json_string_value (json_object_get (row, "id"));

  for (size_t i = 0; i < plan->n_entries; i++)
    {
      const RafilmSyncEntry *entry = &plan->entries[i];

      if (entry->touched && entry->row->q == q && strcmp (entry->row->id, id) == 0
          && strcmp (entry->row->kind, kind) == 0)
        return true;
    }
  return false;
}

/* Takes one row of the index; false when the page ends before it. */
static bool
take_row (Feed *feed, json_t *row)
{
  int64_t q = json_integer_value (json_object_get (row, "q"));

  if (q > feed->meta->head)
    {
      feed->page->is_beyond = true;
      return false;
    }
  if (q != feed->last && feed->bytes >= feed->max)
    {
      feed->page->more = true;
      return false;
    }
  feed->last = q;
  feed->head_rows += q == feed->meta->head;
  if (is_acknowledged (feed->plan, row, q))
    return true;
  feed->bytes += (int64_t) json_dumpb (row, NULL, 0, JSON_COMPACT) + 1;
  json_array_append (feed->page->rows, row);
  return true;
}

/* `condition` says where :q stands. */
static json_t *
make_query (const char *pk, const char *condition, int64_t q, int64_t limit)
{
  json_t *values = json_object ();

  rafilm_item_set_text (values, ":pk", pk);
  rafilm_item_set_int (values, ":q", q);
  return json_pack ("{s:s, s:s, s:o, s:b, s:I}", "IndexName", "bySeq", "KeyConditionExpression",
                    condition, "ExpressionAttributeValues", values, "ConsistentRead", 1, "Limit",
                    (json_int_t) limit);
}

static json_t *
make_feed_query (const char *pk, int64_t cursor, const json_t *answer)
{
  json_t *query = make_query (pk, "pk = :pk AND q > :q", cursor, QUERY_LIMIT);

  if (answer != NULL)
    json_object_set (query, "ExclusiveStartKey", json_object_get (answer, "LastEvaluatedKey"));
  return query;
}

/* One call's rows; false when the page ends among them. */
static bool
take_answer (Feed *feed, const json_t *answer)
{
  const json_t *items = json_object_get (answer, "Items");

  for (size_t i = 0; i < json_array_size (items); i++)
    {
      json_auto_t *row = rafilm_sync_codec_item_to_json (json_array_get (items, i));

      if (row != NULL && !take_row (feed, row))
        return false;
    }
  return true;
}

/* Rows of one transaction may become visible one after another, so that the newest group counts
 * only when all the rows are there that META says it has. */
static void
close_page (Feed *feed)
{
  RafilmSyncPage *page = feed->page;

  if (page->more)
    {
      page->cursor = feed->last;
      page->is_complete = true;
      return;
    }
  page->is_complete = !page->is_beyond && feed->head_rows == feed->meta->head_rows;
  page->cursor = feed->meta->head;
}

RafilmDynamodbStatus
rafilm_sync_feed_read (const RafilmSyncTable *table, const char *pk, const RafilmSyncMeta *meta,
                       const RafilmSyncPlan *plan, int64_t cursor, int64_t max,
                       RafilmSyncPage *ret_page)
{
  Feed feed = { .meta = meta, .plan = plan, .page = ret_page, .max = max, .last = cursor };
  json_t *answer = NULL;
  bool goes_on = cursor < meta->head;

  *ret_page = (RafilmSyncPage) { .rows = json_array (), .cursor = meta->head, .is_complete = true };
  if (!goes_on)
    return RAFILM_DYNAMODB_OK;
  while (goes_on)
    {
      json_auto_t *query = make_feed_query (pk, cursor, answer);
      RafilmDynamodbStatus status;

      json_decref (answer);
      answer = NULL;
      status = table->query (table->data, query, &answer);
      if (status != RAFILM_DYNAMODB_OK)
        return status;
      goes_on = take_answer (&feed, answer) && json_object_get (answer, "LastEvaluatedKey") != NULL;
    }
  json_decref (answer);
  close_page (&feed);
  return RAFILM_DYNAMODB_OK;
}

RafilmDynamodbStatus
rafilm_sync_feed_read_recent (const RafilmSyncTable *table, const char *pk,
                              const RafilmSyncMeta *meta, int64_t limit, json_t **ret_rows)
{
  json_auto_t *query = make_query (pk, "pk = :pk AND q <= :q", meta->head, limit);
  json_auto_t *answer = NULL;
  const json_t *items;
  RafilmDynamodbStatus status;
  size_t bytes = 0;

  json_object_set_new (query, "ScanIndexForward", json_false ());
  status = table->query (table->data, query, &answer);
  if (status != RAFILM_DYNAMODB_OK)
    return status;
  *ret_rows = json_array ();
  items = json_object_get (answer, "Items");
  for (size_t i = 0; i < json_array_size (items); i++)
    {
      json_auto_t *row = rafilm_sync_codec_item_to_json (json_array_get (items, i));

      if (row == NULL)
        continue;
      bytes += json_dumpb (row, NULL, 0, JSON_COMPACT);
      if (bytes > MAX_RECENT_BYTES)
        break;
      json_array_append (*ret_rows, row);
    }
  return RAFILM_DYNAMODB_OK;
}

void
rafilm_sync_page_clear (RafilmSyncPage *self)
{
  json_decref (self->rows);
  *self = (RafilmSyncPage) { 0 };
}
