/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-meta.h"

#include "rafilm-item.h"
#include "rafilm-memory.h"
#include "rafilm-wire-mutant.h"

#include <string.h>

RafilmSyncMeta *
rafilm_sync_meta_new (const char *epoch)
{
  RafilmSyncMeta *self = rafilm_alloc0 (sizeof *self);

  self->version = 1;
  self->epoch = rafilm_strdup (epoch);
  self->counts = json_object ();
  self->devices = json_object ();
  self->history = json_array ();
  return self;
}

RafilmSyncMeta *
rafilm_sync_meta_copy (const RafilmSyncMeta *self)
{
  RafilmSyncMeta *copy = rafilm_alloc0 (sizeof *copy);

  *copy = *self;
  copy->epoch = rafilm_strdup (self->epoch);
  copy->counts = json_deep_copy (self->counts);
  copy->devices = json_deep_copy (self->devices);
  copy->history = json_deep_copy (self->history);
  return copy;
}

void
rafilm_sync_meta_free (RafilmSyncMeta *self)
{
  if (self == NULL)
    return;
  free (self->epoch);
  json_decref (self->counts);
  json_decref (self->devices);
  json_decref (self->history);
  free (self);
}

/* The attribute as JSON when it has the type, else `fallback`; takes the reference. */
static json_t *
read_json (const json_t *item, const char *name, json_t *fallback)
{
  json_t *json = rafilm_item_get_json (item, name);

  if (json != NULL && json_typeof (json) == json_typeof (fallback))
    {
      json_decref (fallback);
      return json;
    }
  json_decref (json);
  return fallback;
}

static void
read_digest (const json_t *item, RafilmWireDigest *digest)
{
  size_t length = 0;
  rafilm_autofree unsigned char *bytes = rafilm_item_get_bytes (item, "dg", &length);

  if (bytes != NULL && length == sizeof digest->bytes)
    memcpy (digest->bytes, bytes, length);
}

RafilmSyncMeta *
rafilm_sync_meta_from_item (const json_t *item)
{
  const char *epoch = rafilm_item_get_text (item, "e");
  RafilmSyncMeta *self;

  if (epoch == NULL || rafilm_item_get_int (item, "v", 0) < 1)
    return NULL;
  self = rafilm_alloc0 (sizeof *self);
  self->version = rafilm_item_get_int (item, "v", 0);
  self->epoch = rafilm_strdup (epoch);
  self->head = rafilm_item_get_int (item, "h", 0);
  self->head_rows = rafilm_item_get_int (item, "hc", 0);
  self->counts = read_json (item, "ct", json_object ());
  self->devices = read_json (item, "dv", json_object ());
  self->history = read_json (item, "hist", json_array ());
  read_digest (item, &self->digest);
  return self;
}

json_t *
rafilm_sync_meta_to_item (const RafilmSyncMeta *self, const char *pk)
{
  json_t *item = rafilm_item_key (pk, "M");

  rafilm_item_set_int (item, "v", self->version);
  rafilm_item_set_text (item, "e", self->epoch);
  rafilm_item_set_int (item, "h", self->head);
  rafilm_item_set_int (item, "hc", self->head_rows);
  json_object_set_new (item, "dg",
                       rafilm_attribute_bytes (self->digest.bytes, sizeof self->digest.bytes));
  rafilm_item_set_json (item, "ct", self->counts);
  rafilm_item_set_json (item, "dv", self->devices);
  rafilm_item_set_json (item, "hist", self->history);
  return item;
}

/* Removes from the item what `self` no longer has of the devices of `old`. */
static char *
add_removals (const RafilmSyncMeta *self, const RafilmSyncMeta *old, json_t *names)
{
  char *removals = rafilm_strdup ("");
  const char *dev;
  json_t *record;
  int count = 0;

  json_object_foreach (old->devices, dev, record)
  {
    rafilm_autofree char *name = NULL;
    char *longer;

    if (json_object_get (self->devices, dev) != NULL)
      continue;
    name = rafilm_printf ("#r%d", count++);
    json_object_set_new (names, name, json_string (dev));
    longer = rafilm_printf ("%s%sdv.%s", removals, count == 1 ? " REMOVE " : ", ", name);
    free (removals);
    removals = longer;
  }
  return removals;
}

json_t *
rafilm_sync_meta_to_update (const RafilmSyncMeta *self, const RafilmSyncMeta *old, const char *pk,
                            const char *dev)
{
  json_t *names = json_pack ("{s:s}", "#d", dev);
  json_t *values = json_object ();
  rafilm_autofree char *removals = add_removals (self, old, names);
  rafilm_autofree char *update = NULL;

  rafilm_item_set_int (values, ":v0", old->version);
  rafilm_item_set_text (values, ":e", old->epoch);
  if (rafilm_mutant ("cas_head"))
    rafilm_item_set_int (values, ":h0", old->head);
  rafilm_item_set_int (values, ":v", self->version);
  rafilm_item_set_int (values, ":h", self->head);
  rafilm_item_set_int (values, ":hc", self->head_rows);
  json_object_set_new (values, ":dg",
                       rafilm_attribute_bytes (self->digest.bytes, sizeof self->digest.bytes));
  rafilm_item_set_json (values, ":ct", self->counts);
  rafilm_item_set_json (values, ":d", json_object_get (self->devices, dev));
  update =
      rafilm_printf ("SET v = :v, h = :h, hc = :hc, dg = :dg, ct = :ct, dv.#d = :d%s", removals);
  return json_pack ("{s:{s:o, s:s, s:s, s:o, s:o}}", "Update", "Key", rafilm_item_key (pk, "M"),
                    "UpdateExpression", update, "ConditionExpression",
                    rafilm_mutant ("cas_head") ? "h = :h0 AND e = :e" : "v = :v0 AND e = :e",
                    "ExpressionAttributeNames", names, "ExpressionAttributeValues", values);
}

int64_t
rafilm_sync_meta_get_low (const RafilmSyncMeta *self, const char *epoch, bool *ret_reset)
{
  size_t first = 0;
  int64_t low = -1;

  *ret_reset = false;
  for (size_t i = 0; i < json_array_size (self->history); i++)
    {
      const char *past =
          json_string_value (json_object_get (json_array_get (self->history, i), "e"));

      if (past != NULL && strcmp (past, epoch) == 0)
        first = i;
    }
  if (rafilm_mutant ("one_restore"))
    first = json_array_size (self->history) - 1;
  for (size_t i = first; i < json_array_size (self->history); i++)
    {
      const json_t *entry = json_array_get (self->history, i);
      int64_t own = json_integer_value (json_object_get (entry, "low"));

      *ret_reset = *ret_reset || json_is_true (json_object_get (entry, "reset"));
      low = low < 0 || own < low ? own : low;
    }
  return low < 0 ? 0 : low;
}

void
rafilm_sync_meta_add_count (RafilmSyncMeta *self, const char *kind, int change)
{
  json_int_t count = json_integer_value (json_object_get (self->counts, kind));

  json_object_set_new (self->counts, kind, json_integer (count + change));
}

const char *
rafilm_sync_meta_get_name (const RafilmSyncMeta *self, const char *dev)
{
  const char *name =
      json_string_value (json_object_get (json_object_get (self->devices, dev), "nm"));

  return name != NULL ? name : dev;
}

/* The device, but for `dev`, that was not heard of for longest. */
static const char *
find_oldest (const RafilmSyncMeta *self, const char *dev)
{
  const char *oldest = NULL;
  json_int_t least = 0;
  const char *other;
  json_t *record;

  json_object_foreach (self->devices, other, record)
  {
    json_int_t at = json_integer_value (json_object_get (record, "at"));

    if (strcmp (other, dev) != 0 && (oldest == NULL || at < least))
      {
        oldest = other;
        least = at;
      }
  }
  return oldest;
}

void
rafilm_sync_meta_set_device (RafilmSyncMeta *self, const char *dev, const char *name, int64_t n,
                             const char *batch, json_t *verdicts, int64_t now)
{
  json_t *record = json_pack ("{s:I, s:s, s:o, s:I}", "n", (json_int_t) n, "b", batch, "r",
                              verdicts, "at", (json_int_t) now);
  rafilm_autofree char *kept = NULL;

  if (name == NULL && strcmp (rafilm_sync_meta_get_name (self, dev), dev) != 0)
    name = kept = rafilm_strdup (rafilm_sync_meta_get_name (self, dev));
  if (name != NULL)
    json_object_set_new (record, "nm", json_string (name));
  json_object_set_new (self->devices, dev, record);
  while (json_object_size (self->devices) > RAFILM_SYNC_MAX_DEVICES)
    {
      rafilm_autofree char *oldest = rafilm_strdup (find_oldest (self, dev));

      json_object_del (self->devices, oldest);
    }
}
