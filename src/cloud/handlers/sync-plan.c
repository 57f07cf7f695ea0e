/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-plan.h"

#include "sync-codec.h"

#include "rafilm-item.h"
#include "rafilm-memory.h"
#include "rafilm-wire-merge.h"
#include "rafilm-wire-mutant.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Rows that were read */

struct _RafilmSyncRows
{
  json_t *places; /* key -> index in `rows` */
  RafilmWireRow **rows;
  size_t n_rows;
};

RafilmSyncRows *
rafilm_sync_rows_new (void)
{
  RafilmSyncRows *self = rafilm_alloc0 (sizeof *self);

  self->places = json_object ();
  return self;
}

void
rafilm_sync_rows_free (RafilmSyncRows *self)
{
  if (self == NULL)
    return;
  for (size_t i = 0; i < self->n_rows; i++)
    rafilm_wire_row_free (self->rows[i]);
  free (self->rows);
  json_decref (self->places);
  free (self);
}

static void
put_row (RafilmSyncRows *self, const char *key, RafilmWireRow *row)
{
  const json_t *place = json_object_get (self->places, key);
  size_t at = place != NULL ? (size_t) json_integer_value (place) : self->n_rows;

  if (place == NULL)
    {
      self->rows = rafilm_realloc (self->rows, (self->n_rows + 1) * sizeof (RafilmWireRow *));
      self->rows[self->n_rows++] = NULL;
      json_object_set_new (self->places, key, json_integer ((json_int_t) at));
    }
  rafilm_wire_row_free (self->rows[at]);
  self->rows[at] = row;
}

void
rafilm_sync_rows_add_missing (RafilmSyncRows *self, const char *key)
{
  put_row (self, key, NULL);
}

void
rafilm_sync_rows_add (RafilmSyncRows *self, RafilmWireRow *row)
{
  char key[RAFILM_SYNC_KEY_SIZE];

  rafilm_sync_codec_key (row->kind, row->id, key);
  put_row (self, key, row);
}

/* Whether it is known what the row is; `*ret_row` is NULL when there is none. */
static bool
find_row (const RafilmSyncRows *self, const char *key, const RafilmWireRow **ret_row)
{
  const json_t *place = json_object_get (self->places, key);

  if (place == NULL)
    return false;
  *ret_row = self->rows[json_integer_value (place)];
  return true;
}

/* Planning */

typedef struct
{
  RafilmSyncPlan *plan;
  const RafilmSyncMeta *meta;
  const RafilmSyncRows *rows;
  const RafilmLedgerRequest *request;
  RafilmWireMergeContext context;
} Planning;

static RafilmSyncEntry *
find_entry (RafilmSyncPlan *plan, const char *kind, const char *id)
{
  for (size_t i = 0; i < plan->n_entries; i++)
    if (strcmp (plan->entries[i].row->kind, kind) == 0
        && strcmp (plan->entries[i].row->id, id) == 0)
      return &plan->entries[i];
  return NULL;
}

/* Once each, however many operations of the batch name the row: DynamoDB refuses keys that come
 * twice. */
static void
note_missing (RafilmSyncPlan *plan, const char *key)
{
  for (size_t i = 0; i < json_array_size (plan->missing); i++)
    if (strcmp (json_string_value (json_array_get (plan->missing, i)), key) == 0)
      return;
  json_array_append_new (plan->missing, json_string (key));
}

/* The row as the batch has it so far; NULL, and noted as missing, when it was not read. */
static RafilmSyncEntry *
open_entry (Planning *planning, const char *kind, const char *id)
{
  RafilmSyncPlan *plan = planning->plan;
  RafilmSyncEntry *entry = find_entry (plan, kind, id);
  const RafilmWireRow *row;
  char key[RAFILM_SYNC_KEY_SIZE];

  if (entry != NULL)
    return entry;
  rafilm_sync_codec_key (kind, id, key);
  if (!find_row (planning->rows, key, &row))
    {
      note_missing (plan, key);
      return NULL;
    }
  plan->entries = rafilm_realloc (plan->entries, (plan->n_entries + 1) * sizeof (RafilmSyncEntry));
  entry = &plan->entries[plan->n_entries++];
  *entry = (RafilmSyncEntry) { 0 };
  entry->row = row != NULL ? rafilm_wire_row_copy (row) : rafilm_wire_row_new (kind, id);
  entry->read_q = entry->row->q;
  entry->was_alive = row != NULL && !rafilm_wire_row_is_deleted (row);
  return entry;
}

static void
set_verdict (Planning *planning, int64_t n, const char *verdict, const char *code)
{
  char number[24];
  char text[32];

  snprintf (number, sizeof number, "%" PRId64, n);
  snprintf (text, sizeof text, "%s%s", verdict, code != NULL ? code : "");
  json_object_set_new (planning->plan->verdicts, number, json_string (text));
}

/* Who wrote a text that lost, to be shown: the device's name. */
static const char *
get_author (const Planning *planning, const char *dev)
{
  if (strcmp (dev, planning->request->dev) == 0 && planning->request->name != NULL)
    return planning->request->name;
  return rafilm_sync_meta_get_name (planning->meta, dev);
}

/* Makes the version row of a text that lost, unless it is there already. */
static void
add_version (Planning *planning, const RafilmWireCopy *copy, const RafilmWireRow *of)
{
  RafilmWireRow *version;
  RafilmSyncEntry *entry;

  version = rafilm_wire_copy_to_row (copy, of, get_author (planning, copy->stamp.dev),
                                     &planning->context);
  entry = open_entry (planning, version->kind, version->id);
  if (entry == NULL || entry->row->fields.n_items > 0)
    {
      rafilm_wire_row_free (version);
      return;
    }
  rafilm_wire_row_free (entry->row);
  entry->row = version;
  entry->changed = true;
}

static bool
is_too_large (const RafilmWireRow *row)
{
  return row->fields.n_items > RAFILM_WIRE_MAX_FIELDS
         || rafilm_wire_fields_size (&row->fields) > RAFILM_WIRE_MAX_ROW;
}

static void
merge_operation (Planning *planning, const RafilmWireOp *op)
{
  RafilmSyncEntry *entry = open_entry (planning, op->kind, op->id);
  RafilmWireRow *trial = rafilm_wire_row_copy (entry->row);
  RafilmWireMerge merge;

  rafilm_wire_merge (trial, op, &planning->context, &merge);
  if (merge.changed && is_too_large (trial))
    set_verdict (planning, op->n, "bad:", "size");
  else
    {
      if (merge.verdict != RAFILM_WIRE_OK)
        set_verdict (planning, op->n, rafilm_wire_verdict_to_text (merge.verdict), NULL);
      if (merge.changed)
        {
          RafilmWireRow *before = entry->row;

          entry->row = trial;
          entry->changed = true;
          trial = before;
        }
      for (size_t i = 0; i < merge.n_copies; i++)
        add_version (planning, &merge.copies[i], trial);
    }
  rafilm_wire_row_free (trial);
  rafilm_wire_merge_clear (&merge);
}

/* Looks every touched row up, so that what is missing is read at once. */
static bool
open_touched (Planning *planning)
{
  const RafilmLedgerRequest *request = planning->request;

  for (size_t i = 0; i < request->n_ops; i++)
    {
      RafilmSyncEntry *entry;

      if (request->ops[i].bad != NULL)
        continue;
      entry = open_entry (planning, request->ops[i].op->kind, request->ops[i].op->id);
      if (entry != NULL)
        entry->touched = !rafilm_mutant ("no_own");
    }
  return json_array_size (planning->plan->missing) == 0;
}

/* Gives the changed rows their sequence number and brings head, digest and counts up to it. */
static void
close_entries (Planning *planning)
{
  RafilmSyncPlan *plan = planning->plan;
  RafilmSyncMeta *meta = plan->meta;

  for (size_t i = 0; i < plan->n_entries; i++)
    {
      RafilmSyncEntry *entry = &plan->entries[i];
      bool is_alive = !rafilm_wire_row_is_deleted (entry->row);

      if (!entry->changed)
        continue;
      plan->n_changed++;
      entry->row->q = planning->context.seq;
      if (entry->read_q > 0)
        rafilm_wire_digest_toggle (&meta->digest, entry->row->kind, entry->row->id, entry->read_q);
      rafilm_wire_digest_toggle (&meta->digest, entry->row->kind, entry->row->id, entry->row->q);
      if (is_alive != entry->was_alive)
        rafilm_sync_meta_add_count (meta, entry->row->kind, is_alive ? 1 : -1);
    }
  if (plan->n_changed > 0)
    {
      meta->head = planning->context.seq;
      meta->head_rows = (int64_t) plan->n_changed;
    }
}

static size_t
transaction_size (const RafilmSyncPlan *plan)
{
  size_t size = 0;

  for (size_t i = 0; i < plan->n_entries; i++)
    if (plan->entries[i].changed)
      size += rafilm_wire_fields_size (&plan->entries[i].row->fields) + 512;
  return size;
}

static void
plan_batch (Planning *planning, int64_t now)
{
  RafilmSyncPlan *plan = planning->plan;
  const RafilmLedgerRequest *request = planning->request;

  for (size_t i = 0; i < request->n_ops; i++)
    {
      if (request->ops[i].bad != NULL)
        set_verdict (planning, request->ops[i].n, "bad:", request->ops[i].bad);
      else
        merge_operation (planning, request->ops[i].op);
    }
  if (json_array_size (plan->missing) > 0)
    return;
  if (transaction_size (plan) > RAFILM_SYNC_MAX_TRANSACTION)
    {
      plan->outcome = RAFILM_SYNC_PLAN_CONFLICT;
      plan->conflict = "too_large";
      return;
    }
  close_entries (planning);
  plan->meta->version++;
  rafilm_sync_meta_set_device (plan->meta, request->dev, request->name,
                               request->ops[request->n_ops - 1].n, request->batch,
                               json_deep_copy (plan->verdicts), now);
  plan->outcome = RAFILM_SYNC_PLAN_WRITE;
}

/* Why the request is refused, or NULL. `record` is what META has of the device. */
static const char *
find_conflict (const RafilmSyncMeta *meta, const RafilmLedgerRequest *request, const json_t *record,
               bool is_repeated)
{
  if (request->epoch != NULL && strcmp (request->epoch, meta->epoch) != 0)
    return "epoch";
  if (rafilm_mutant ("no_dedupe") || rafilm_mutant ("no_fork"))
    return NULL;
  if (request->batch == NULL || is_repeated)
    return NULL;
  if (request->ops[0].n != json_integer_value (json_object_get (record, "n")) + 1)
    return "fork";
  if (request->if_head >= 0 && request->if_head != meta->head)
    return "stale";
  return NULL;
}

/* Whether the batch is the one that the device sent last; one of that name with other numbers is
 * not, and must not be acknowledged. */
static bool
is_repetition (const RafilmLedgerRequest *request, const json_t *record)
{
  const char *last = json_string_value (json_object_get (record, "b"));

  if (request->batch == NULL || rafilm_mutant ("no_dedupe"))
    return false;
  if (rafilm_mutant ("no_fork") && record != NULL
      && request->ops[request->n_ops - 1].n <= json_integer_value (json_object_get (record, "n")))
    return true;
  return last != NULL && strcmp (last, request->batch) == 0
         && request->ops[request->n_ops - 1].n
                == json_integer_value (json_object_get (record, "n"));
}

RafilmSyncPlan *
rafilm_sync_plan_new (const RafilmSyncMeta *meta, const RafilmSyncRows *rows,
                      const RafilmLedgerRequest *request, int64_t now)
{
  RafilmSyncPlan *plan = rafilm_alloc0 (sizeof *plan);
  const json_t *record = json_object_get (meta->devices, request->dev);
  bool is_repeated = is_repetition (request, record);
  Planning planning = { .plan = plan,
                        .meta = meta,
                        .rows = rows,
                        .request = request,
                        .context = { .dev = request->dev,
                                     .seq = meta->head + 1,
                                     .sender_ms = request->now,
                                     .server_ms = now } };

  plan->missing = json_array ();
  plan->verdicts = json_object ();
  plan->meta = rafilm_sync_meta_copy (meta);
  plan->conflict = find_conflict (meta, request, record, is_repeated);
  plan->outcome = RAFILM_SYNC_PLAN_READ;
  if (plan->conflict != NULL)
    plan->outcome = RAFILM_SYNC_PLAN_CONFLICT;
  else if (request->batch == NULL)
    plan->outcome = RAFILM_SYNC_PLAN_NOTHING;
  else if (!open_touched (&planning))
    return plan;
  else if (is_repeated)
    {
      if (!rafilm_mutant ("dup_nores"))
        json_object_update (plan->verdicts, json_object_get (record, "r"));
      plan->outcome = RAFILM_SYNC_PLAN_NOTHING;
    }
  else
    plan_batch (&planning, now);
  return plan;
}

void
rafilm_sync_plan_free (RafilmSyncPlan *self)
{
  if (self == NULL)
    return;
  for (size_t i = 0; i < self->n_entries; i++)
    rafilm_wire_row_free (self->entries[i].row);
  free (self->entries);
  rafilm_sync_meta_free (self->meta);
  json_decref (self->missing);
  json_decref (self->verdicts);
  free (self);
}

/* A row is written only where it still is what was read. */
static json_t *
entry_to_put (const RafilmSyncEntry *entry, const char *pk)
{
  json_t *item = rafilm_sync_codec_row_to_item (entry->row, pk);
  json_t *values;

  if (entry->read_q == 0)
    return json_pack ("{s:{s:o, s:s}}", "Put", "Item", item, "ConditionExpression",
                      "attribute_not_exists(pk)");
  values = json_object ();
  rafilm_item_set_int (values, ":q", entry->read_q);
  return json_pack ("{s:{s:o, s:s, s:o}}", "Put", "Item", item, "ConditionExpression", "q = :q",
                    "ExpressionAttributeValues", values);
}

json_t *
rafilm_sync_plan_to_actions (const RafilmSyncPlan *self, const RafilmSyncMeta *meta, const char *pk,
                             const char *dev)
{
  json_t *actions = json_array ();

  json_array_append_new (actions, rafilm_sync_meta_to_update (self->meta, meta, pk, dev));
  for (size_t i = 0; i < self->n_entries; i++)
    if (self->entries[i].changed)
      json_array_append_new (actions, entry_to_put (&self->entries[i], pk));
  return actions;
}
