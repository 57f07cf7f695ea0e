/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What DynamoDB would count for a call, by its published rules, from the items that were really
 * read and written; for emulators, which count transactions wrongly or not at all.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html
 *
 * Items are in DynamoDB's JSON: {"pk":{"S":"U#1"},"q":{"N":"5"}}. The table is Rafilm's, with the
 * local index bySeq on (pk, q), in which every item is that has a `q`, with all its attributes.
 *
 * Most callers want rafilm-meter.h, which does all of this between a function and moto. */

/** Units of a request; in on-demand mode they are request units. */
typedef struct
{
  double reads;
  double writes;
} RafilmCapacity;

/**
 * rafilm_capacity_item_size:
 *
 * Names and texts: their bytes in UTF-8; numbers: a byte for two digits and one more; truth values
 * and null: 1; lists and maps: 3, and 1 for each element.
 *
 * Returns: bytes; 0 for no item
 */
gsize rafilm_capacity_item_size (JsonObject *item);

/**
 * rafilm_capacity_add_get:
 * @item: (nullable): what was found; reading nothing costs as reading the smallest
 * @times: 2 in a transaction, else 1
 */
void rafilm_capacity_add_get (RafilmCapacity *self, JsonObject *item, gboolean consistent,
                              int times);

/**
 * rafilm_capacity_add_query:
 * @items: (nullable) (element-type JsonObject): a page, before any filter: its sizes are added
 *   first and rounded up once
 */
void rafilm_capacity_add_query (RafilmCapacity *self, JsonArray *items, gboolean consistent);

/**
 * rafilm_capacity_add_write:
 * @before: (nullable): the item as it was
 * @after: (nullable): as it is; the same as @before where a condition failed
 * @times: 2 in a transaction, else 1; the index is taken to count alike, of which AWS says nothing
 *
 * The larger of both counts; and for the index one write where an entry comes, goes or changes,
 * two where its key changes, for then the old one is deleted and a new one written.
 */
void rafilm_capacity_add_write (RafilmCapacity *self, JsonObject *before, JsonObject *after,
                                int times);

G_END_DECLS
