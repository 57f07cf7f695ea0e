/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-ledger.h"

#include "sync-codec.h"
#include "sync-feed.h"
#include "sync-plan.h"

#include "rafilm-memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MAX_TRIES 5
#define MAX_FEED_TRIES 3
#define POLL_SECONDS 3600

/* One request under way. */
typedef struct
{
  const RafilmSyncTable *table;
  const RafilmLedgerRequest *request;
  char *pk;
  RafilmSyncMeta *meta; /* as it was read last, or written by us */
  RafilmSyncPlan *plan;
  RafilmSyncReply *reply;
  bool has_changed; /* our batch has written rows */
} Ledger;

/* Another computer was faster; everything is read anew. */
#define AGAIN RAFILM_DYNAMODB_CANCELLED

static RafilmDynamodbStatus
create_meta (Ledger *ledger)
{
  char epoch[RAFILM_SYNC_MAX_WORD];
  json_auto_t *item = NULL;
  RafilmDynamodbStatus status;

  snprintf (epoch, sizeof epoch, "e_%016" PRIx64, ledger->table->random (ledger->table->data));
  ledger->meta = rafilm_sync_meta_new (epoch);
  item = rafilm_sync_meta_to_item (ledger->meta, ledger->pk);
  status = ledger->table->put_new (ledger->table->data, item);
  return status == RAFILM_DYNAMODB_CONDITION_FAILED ? AGAIN : status;
}

static RafilmDynamodbStatus
read_meta (Ledger *ledger)
{
  json_auto_t *item = NULL;
  RafilmDynamodbStatus status;

  rafilm_sync_meta_free (ledger->meta);
  ledger->meta = NULL;
  status = ledger->table->get (ledger->table->data, ledger->pk, "M", &item);
  if (status != RAFILM_DYNAMODB_OK)
    return status;
  if (item == NULL)
    return create_meta (ledger);
  if (rafilm_item_get_bool (item, "gone", false))
    {
      ledger->reply->status = 410;
      ledger->reply->code = "account_deleted";
      return RAFILM_DYNAMODB_INVALID;
    }
  ledger->meta = rafilm_sync_meta_from_item (item);
  return ledger->meta != NULL ? RAFILM_DYNAMODB_OK : RAFILM_DYNAMODB_INVALID;
}

/* Reads the rows of `keys` into `rows`. */
static RafilmDynamodbStatus
read_rows (Ledger *ledger, const json_t *keys, RafilmSyncRows *rows)
{
  json_auto_t *asked = json_array ();
  json_auto_t *items = NULL;
  RafilmDynamodbStatus status;

  for (size_t i = 0; i < json_array_size (keys); i++)
    {
      const char *key = json_string_value (json_array_get (keys, i));

      rafilm_sync_rows_add_missing (rows, key);
      json_array_append_new (asked, rafilm_item_key (ledger->pk, key));
    }
  status = ledger->table->batch_get (ledger->table->data, asked, &items);
  if (status != RAFILM_DYNAMODB_OK)
    return status;
  for (size_t i = 0; i < json_array_size (items); i++)
    {
      RafilmWireRow *row = rafilm_sync_codec_row_from_item (json_array_get (items, i));

      if (row == NULL)
        return RAFILM_DYNAMODB_INVALID;
      rafilm_sync_rows_add (rows, row);
    }
  return RAFILM_DYNAMODB_OK;
}

/* Plans until all rows that the batch touches, and the versions that it makes, were read. */
static RafilmDynamodbStatus
make_plan (Ledger *ledger)
{
  RafilmSyncRows *rows = rafilm_sync_rows_new ();
  RafilmDynamodbStatus status = RAFILM_DYNAMODB_OK;

  for (;;)
    {
      rafilm_sync_plan_free (ledger->plan);
      ledger->plan = rafilm_sync_plan_new (ledger->meta, rows, ledger->request,
                                           ledger->table->now (ledger->table->data));
      if (ledger->plan->outcome != RAFILM_SYNC_PLAN_READ)
        break;
      status = read_rows (ledger, ledger->plan->missing, rows);
      if (status != RAFILM_DYNAMODB_OK)
        break;
    }
  rafilm_sync_rows_free (rows);
  return status;
}

static bool
is_transient (const char *reason)
{
  return strcmp (reason, "None") == 0 || strcmp (reason, "ConditionalCheckFailed") == 0
         || strcmp (reason, "TransactionConflict") == 0 || strcmp (reason, "ThrottlingError") == 0
         || strcmp (reason, "ProvisionedThroughputExceeded") == 0;
}

static RafilmDynamodbStatus
write_plan (Ledger *ledger)
{
  const RafilmSyncTable *table = ledger->table;
  json_auto_t *actions = NULL;
  json_auto_t *reasons = NULL;
  char token[37];
  RafilmDynamodbStatus status;

  actions =
      rafilm_sync_plan_to_actions (ledger->plan, ledger->meta, ledger->pk, ledger->request->dev);
  snprintf (token, sizeof token, "%016" PRIx64 "-%016" PRIx64, table->random (table->data),
            (uint64_t) ledger->meta->version);
  status = table->transact (table->data, actions, token, &reasons);
  for (size_t i = 0; status == RAFILM_DYNAMODB_CANCELLED && i < json_array_size (reasons); i++)
    {
      const char *reason = json_string_value (json_array_get (reasons, i));

      if (reason == NULL || !is_transient (reason))
        return RAFILM_DYNAMODB_INVALID;
    }
  if (status != RAFILM_DYNAMODB_OK)
    return status;
  rafilm_sync_meta_free (ledger->meta);
  ledger->meta = rafilm_sync_meta_copy (ledger->plan->meta);
  ledger->has_changed = ledger->plan->n_changed > 0;
  return RAFILM_DYNAMODB_OK;
}

/* A batch that is only answered again may have met rows of a newer head than was read, whose digest
 * would not be theirs. */
static bool
is_beyond_head (const Ledger *ledger)
{
  for (size_t i = 0; i < ledger->plan->n_entries; i++)
    if (ledger->plan->entries[i].row->q > ledger->meta->head)
      return true;
  return false;
}

/* Steps 1 to 6 of docs/sync.md. */
static RafilmDynamodbStatus
push (Ledger *ledger)
{
  RafilmDynamodbStatus status = AGAIN;

  for (unsigned attempt = 0; status == AGAIN; attempt++)
    {
      if (attempt == MAX_TRIES
          || (attempt > 0 && !ledger->table->back_off (ledger->table->data, attempt)))
        return RAFILM_DYNAMODB_THROTTLED;
      status = read_meta (ledger);
      if (status == RAFILM_DYNAMODB_OK)
        status = make_plan (ledger);
      if (status == RAFILM_DYNAMODB_OK && ledger->plan->outcome == RAFILM_SYNC_PLAN_WRITE)
        status = write_plan (ledger);
      else if (status == RAFILM_DYNAMODB_OK && is_beyond_head (ledger))
        status = AGAIN;
    }
  return status;
}

/* What a computer that had everything before its own batch still lacks: what the batch made beside
 * the rows that it names. */
static void
take_own_rows (const Ledger *ledger, RafilmSyncPage *page)
{
  *page =
      (RafilmSyncPage) { .rows = json_array (), .cursor = ledger->meta->head, .is_complete = true };
  for (size_t i = 0; i < ledger->plan->n_entries; i++)
    {
      const RafilmSyncEntry *entry = &ledger->plan->entries[i];

      if (entry->changed && !entry->touched)
        json_array_append_new (page->rows, rafilm_sync_codec_row_to_json (entry->row));
    }
}

/* Step 7: the feed. While others write, the newest rows may be half there; after a few tries the
 * page is given up to the group before, without a digest. Where nobody writes, it is the count that
 * is wrong, and the digest will tell. */
static RafilmDynamodbStatus
pull (Ledger *ledger, RafilmSyncPage *page)
{
  const RafilmSyncTable *table = ledger->table;
  int64_t cursor = ledger->request->cursor;
  int64_t first_head = ledger->meta->head;
  bool others_write = false;
  RafilmDynamodbStatus status;

  if (ledger->has_changed && cursor == ledger->meta->head - 1)
    {
      take_own_rows (ledger, page);
      return RAFILM_DYNAMODB_OK;
    }
  for (unsigned attempt = 1;; attempt++)
    {
      status = rafilm_sync_feed_read (table, ledger->pk, ledger->meta, ledger->plan, cursor,
                                      ledger->request->max, page);
      if (status != RAFILM_DYNAMODB_OK || page->is_complete)
        return status;
      others_write = others_write || page->is_beyond || ledger->meta->head != first_head;
      if (attempt == MAX_FEED_TRIES || !table->back_off (table->data, attempt))
        break;
      rafilm_sync_page_clear (page);
      status = read_meta (ledger);
      if (status != RAFILM_DYNAMODB_OK)
        return status == AGAIN ? RAFILM_DYNAMODB_THROTTLED : status;
    }
  if (!others_write)
    return RAFILM_DYNAMODB_OK;
  page->more = true;
  page->cursor = ledger->meta->head > cursor ? ledger->meta->head - 1 : cursor;
  return RAFILM_DYNAMODB_OK;
}

/* A computer that begins to fetch a long feed is sent the newest rows too, to show them first.
 * Without them it only shows them last, so failing to read them is no failure. */
static void
add_recent (Ledger *ledger, const RafilmSyncPage *page)
{
  int64_t recent = ledger->request->recent;
  json_t *rows = NULL;

  if (recent == 0 || (!page->more && (int64_t) json_array_size (page->rows) <= recent))
    return;
  if (rafilm_sync_feed_read_recent (ledger->table, ledger->pk, ledger->meta, recent, &rows)
      == RAFILM_DYNAMODB_OK)
    json_object_set_new (ledger->reply->body, "recent", rows);
}

static json_t *
make_acknowledgement (const Ledger *ledger)
{
  const RafilmLedgerRequest *request = ledger->request;
  const RafilmSyncPlan *plan = ledger->plan;
  json_t *rows = json_array ();

  for (size_t i = 0; i < plan->n_entries; i++)
    if (plan->entries[i].touched && plan->entries[i].row->q > 0)
      json_array_append_new (rows, rafilm_sync_codec_row_to_json (plan->entries[i].row));
  return json_pack ("{s:s, s:I, s:I, s:O, s:o}", "batch", request->batch, "n",
                    (json_int_t) request->ops[request->n_ops - 1].n, "seq",
                    (json_int_t) plan->meta->head, "res", plan->verdicts, "rows", rows);
}

static void
reply_answer (Ledger *ledger, RafilmSyncPage *page)
{
  const RafilmSyncMeta *meta = ledger->meta;
  json_t *body;

  body =
      json_pack ("{s:i, s:s, s:s, s:I, s:I, s:I, s:b, s:O, s:i, s:i}", "proto", RAFILM_WIRE_PROTO,
                 "acct", ledger->request->acct, "epoch", meta->epoch, "now",
                 (json_int_t) ledger->table->now (ledger->table->data), "head",
                 (json_int_t) meta->head, "cursor", (json_int_t) page->cursor, "more", page->more,
                 "rows", page->rows, "poll", POLL_SECONDS, "min_proto", RAFILM_WIRE_PROTO);
  if (ledger->request->batch != NULL)
    json_object_set_new (body, "ack", make_acknowledgement (ledger));
  if (!page->more)
    {
      char digest[RAFILM_WIRE_DIGEST_HEX];

      rafilm_wire_digest_format (&meta->digest, digest);
      json_object_set_new (body, "dig", json_string (digest));
      json_object_set (body, "cnt", meta->counts);
    }
  ledger->reply->status = 200;
  ledger->reply->body = body;
  add_recent (ledger, page);
}

static void
reply_conflict (Ledger *ledger)
{
  const char *code = ledger->plan->conflict;
  json_t *body;

  if (strcmp (code, "too_large") == 0)
    {
      ledger->reply->status = 413;
      ledger->reply->code = "batch_too_large";
      return;
    }
  body = json_pack ("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title", "Conflict",
                    "status", 409, "code", code, "err", code);
  if (strcmp (code, "epoch") == 0)
    {
      bool is_reset;
      int64_t low = rafilm_sync_meta_get_low (ledger->meta, ledger->request->epoch, &is_reset);

      json_object_set_new (body, "epoch", json_string (ledger->meta->epoch));
      json_object_set_new (body, "low", json_integer (low));
      json_object_set_new (body, "reset", json_boolean (is_reset));
    }
  if (strcmp (code, "stale") == 0)
    json_object_set_new (body, "head", json_integer (ledger->meta->head));
  ledger->reply->status = 409;
  ledger->reply->body = body;
}

static void
reply_failure (Ledger *ledger, RafilmDynamodbStatus status)
{
  bool is_ours = status == RAFILM_DYNAMODB_INVALID;

  if (ledger->reply->status != 0)
    return;
  ledger->reply->status = is_ours ? 500 : 503;
  ledger->reply->code = is_ours ? "internal" : "busy";
}

void
rafilm_sync_ledger_serve (const RafilmSyncTable *table, const char *uid,
                          const RafilmLedgerRequest *request, RafilmSyncReply *ret_reply)
{
  Ledger ledger = { .table = table, .request = request, .reply = ret_reply };
  RafilmSyncPage page = { 0 };
  RafilmDynamodbStatus status;

  *ret_reply = (RafilmSyncReply) { 0 };
  ledger.pk = rafilm_printf ("U#%s", uid);
  status = push (&ledger);
  if (status == RAFILM_DYNAMODB_OK && ledger.plan->outcome == RAFILM_SYNC_PLAN_CONFLICT)
    reply_conflict (&ledger);
  else
    {
      if (status == RAFILM_DYNAMODB_OK)
        status = pull (&ledger, &page);
      if (status == RAFILM_DYNAMODB_OK)
        reply_answer (&ledger, &page);
      else
        reply_failure (&ledger, status);
    }
  rafilm_sync_page_clear (&page);
  rafilm_sync_plan_free (ledger.plan);
  rafilm_sync_meta_free (ledger.meta);
  free (ledger.pk);
}

void
rafilm_sync_reply_clear (RafilmSyncReply *self)
{
  json_decref (self->body);
  *self = (RafilmSyncReply) { 0 };
}
