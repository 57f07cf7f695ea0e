/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one item of an account that every batch writes (pk "U#<uid>", sk "M"): its version `v` is
 * what makes batches follow one another.
 *
 *   v   N  version; every write of the item adds one
 *   e   S  epoch: changes only when the data was restored or erased
 *   h   N  head: the newest sequence number
 *   hc  N  how many rows the batch of `h` wrote
 *   dg  B  digest of all rows, 16 bytes
 *   ct  M  kind -> rows that are not deleted
 *   dv  M  device -> {n last operation, b last batch, r its verdicts other than ok, at ms, nm name}
 *   hist L [{e, low, reset}]: earlier epochs, oldest first; the rows up to `low` are still there */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "rafilm-wire-digest.h"

/* A device that was not heard of for longest makes room; should it come back, it takes a new id
 * ("fork") and loses nothing. */
#define RAFILM_SYNC_MAX_DEVICES 40

typedef struct
{
  int64_t version;
  char *epoch;
  int64_t head;
  int64_t head_rows;
  RafilmWireDigest digest;
  json_t *counts;  /* object kind -> integer */
  json_t *devices; /* object device -> {"n", "b", "r", "at", "nm"} */
  json_t *history; /* array of {"e", "low", "reset"} */
} RafilmSyncMeta;

RafilmSyncMeta *rafilm_sync_meta_new (const char *epoch);
RafilmSyncMeta *rafilm_sync_meta_copy (const RafilmSyncMeta *self);
void rafilm_sync_meta_free (RafilmSyncMeta *self);

/* NULL when the item is none. */
RafilmSyncMeta *rafilm_sync_meta_from_item (const json_t *item);
json_t *rafilm_sync_meta_to_item (const RafilmSyncMeta *self, const char *pk);

/* {"Update": …} of a transaction: from `old` to `self`, if the item is still as `old` has it. */
json_t *rafilm_sync_meta_to_update (const RafilmSyncMeta *self, const RafilmSyncMeta *old,
                                    const char *pk, const char *dev);

/* Up to which sequence number the rows of `epoch` are still there. `*ret_reset`: the account was
 * erased since, and nothing is to come back. An unknown epoch is older than all. */
int64_t rafilm_sync_meta_get_low (const RafilmSyncMeta *self, const char *epoch, bool *ret_reset);

void rafilm_sync_meta_add_count (RafilmSyncMeta *self, const char *kind, int change);

/* The name of a device to show; the id itself when it has none. Borrowed. */
const char *rafilm_sync_meta_get_name (const RafilmSyncMeta *self, const char *dev);

/* Notes what a device's batch came to. Takes `verdicts`. */
void rafilm_sync_meta_set_device (RafilmSyncMeta *self, const char *dev, const char *name,
                                  int64_t n, const char *batch, json_t *verdicts, int64_t now);
