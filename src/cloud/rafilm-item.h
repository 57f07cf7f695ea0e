/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DynamoDB's attribute values ({"S":"…"}, {"N":"12"}, {"M":{…}}) as jansson values.
 * An item is a json object: attribute name -> attribute value.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One attribute value; a new reference. */
json_t *rafilm_attribute_text (const char *text);
json_t *rafilm_attribute_text_n (const char *text, size_t length);
json_t *rafilm_attribute_int (int64_t value);
json_t *rafilm_attribute_bool (bool value);
json_t *rafilm_attribute_null (void);
json_t *rafilm_attribute_bytes (const void *data, size_t length);

/* Any JSON value as an attribute value and back. Integers and reals become N, objects M, arrays L.
 * _to_json returns NULL for what has no JSON form (sets, bytes) or is broken. New references. */
json_t *rafilm_attribute_from_json (const json_t *value);
json_t *rafilm_attribute_to_json (const json_t *attribute);

/* Setters: give `item` the attribute `name`. */
void rafilm_item_set_text (json_t *item, const char *name, const char *text);
void rafilm_item_set_int (json_t *item, const char *name, int64_t value);
void rafilm_item_set_bool (json_t *item, const char *name, bool value);
void rafilm_item_set_json (json_t *item, const char *name, const json_t *value);

/* Getters: `item` may be NULL; what is absent or of another type gives the fallback.
 * Texts are borrowed from the item. */
const char *rafilm_item_get_text (const json_t *item, const char *name); /* or NULL */
int64_t rafilm_item_get_int (const json_t *item, const char *name, int64_t fallback);
bool rafilm_item_get_bool (const json_t *item, const char *name, bool fallback);
json_t *rafilm_item_get_map (const json_t *item, const char *name);  /* borrowed item, or NULL */
json_t *rafilm_item_get_json (const json_t *item, const char *name); /* new reference, or NULL */
/* The bytes of a B attribute, malloc'd; NULL when absent or broken. */
unsigned char *rafilm_item_get_bytes (const json_t *item, const char *name, size_t *ret_length);

/* {"pk":{"S":pk},"sk":{"S":sk}}: the key of every item of the table. New reference. */
json_t *rafilm_item_key (const char *pk, const char *sk);
