/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-codec.h"

#include "rafilm-item.h"
#include "rafilm-memory.h"
#include "rafilm-wire-hlc.h"

#include <stdio.h>
#include <string.h>

/* What an operation may hold at all; rafilm_wire_op_check () has the finer limits. */
#define MAX_FIELDS 1024
#define MAX_NAME 255

void
rafilm_sync_codec_key (const char *kind, const char *id, char key[RAFILM_SYNC_KEY_SIZE])
{
  snprintf (key, RAFILM_SYNC_KEY_SIZE, "%s#%s", kind, id);
}

/* Values */

static RafilmWireValue
raw_from_json (const json_t *json)
{
  rafilm_autofree char *text = json_dumps (json, JSON_COMPACT | JSON_ENCODE_ANY);

  return rafilm_wire_raw (text);
}

static json_t *
raw_to_json (const char *text)
{
  json_t *json = json_loads (text, JSON_DECODE_ANY, NULL);

  return json != NULL ? json : json_null ();
}

static RafilmWireValue
review_from_json (const json_t *json)
{
  const char *text = NULL;
  const char *lang = NULL;
  int spoiler = 0;

  if (json_is_string (json))
    return rafilm_wire_review (json_string_value (json), false, NULL);
  if (json_unpack_ex ((json_t *) json, NULL, JSON_STRICT, "{s:s, s?s, s?b}", "text", &text, "lang",
                      &lang, "spoiler", &spoiler)
      != 0)
    return raw_from_json (json);
  return rafilm_wire_review (text, spoiler, lang);
}

static json_t *
review_to_json (const RafilmWireValue *value)
{
  json_t *json;

  if (!value->review.spoiler && value->review.lang == NULL)
    return json_string (value->review.text);
  json = json_pack ("{s:s}", "text", value->review.text);
  if (value->review.spoiler)
    json_object_set_new (json, "spoiler", json_true ());
  if (value->review.lang != NULL)
    json_object_set_new (json, "lang", json_string (value->review.lang));
  return json;
}

static json_t *
value_to_json (const RafilmWireValue *value)
{
  switch (value->type)
    {
    case RAFILM_WIRE_BOOL:
      return json_boolean (value->boolean);
    case RAFILM_WIRE_INT:
      return json_integer (value->integer);
    case RAFILM_WIRE_TEXT:
      return json_string (value->text);
    case RAFILM_WIRE_REVIEW:
      return review_to_json (value);
    case RAFILM_WIRE_RAW:
      return raw_to_json (value->text);
    case RAFILM_WIRE_NULL:
      break;
    }
  return json_null ();
}

static RafilmWireValue
value_from_json (const RafilmWireFieldSpec *spec, const json_t *json)
{
  if (spec == NULL)
    return raw_from_json (json);
  if (json_is_null (json))
    return rafilm_wire_null ();
  switch (spec->type)
    {
    case RAFILM_WIRE_FIELD_BOOL:
      if (json_is_boolean (json))
        return rafilm_wire_bool (json_is_true (json));
      break;
    case RAFILM_WIRE_FIELD_INT:
      if (json_is_integer (json))
        return rafilm_wire_int (json_integer_value (json));
      break;
    case RAFILM_WIRE_FIELD_DATE:
    case RAFILM_WIRE_FIELD_TEXT:
    case RAFILM_WIRE_FIELD_ORDER:
      if (json_is_string (json))
        return rafilm_wire_text (json_string_value (json));
      break;
    case RAFILM_WIRE_FIELD_REVIEW:
      return review_from_json (json);
    }
  return raw_from_json (json);
}

/* Fields */

static json_t *
fields_to_json (const RafilmWireFields *fields)
{
  json_t *json = json_object ();

  for (size_t i = 0; i < fields->n_items; i++)
    if (strcmp (fields->items[i].name, RAFILM_WIRE_DELETED) != 0)
      json_object_set_new (json, fields->items[i].name, value_to_json (&fields->items[i].value));
  return json;
}

/* `json` may be NULL, for none. */
static bool
fields_from_json (const RafilmWireKind *kind, const json_t *json, RafilmWireFields *fields)
{
  const char *name;
  json_t *member;

  if (json == NULL)
    return true;
  if (!json_is_object (json) || json_object_size (json) > MAX_FIELDS)
    return false;
  json_object_foreach ((json_t *) json, name, member)
  {
    if (*name == '\0' || strlen (name) > MAX_NAME || strcmp (name, RAFILM_WIRE_DELETED) == 0)
      return false;
    rafilm_wire_fields_take (fields, name,
                             value_from_json (rafilm_wire_field_find (kind, name), member), NULL);
  }
  return true;
}

static json_t *
stamps_to_json (const RafilmWireFields *fields, const char *common_name)
{
  json_t *json = json_object ();
  RafilmWireStamp common = rafilm_wire_fields_common_stamp (fields);
  char text[RAFILM_WIRE_STAMP_SIZE];

  if (fields->n_items == 0)
    return json;
  rafilm_wire_stamp_format (&common, text);
  json_object_set_new (json, common_name, json_string (text));
  for (size_t i = 0; i < fields->n_items; i++)
    {
      if (rafilm_wire_stamp_equal (&fields->items[i].stamp, &common))
        continue;
      rafilm_wire_stamp_format (&fields->items[i].stamp, text);
      json_object_set_new (json, fields->items[i].name, json_string (text));
    }
  return json;
}

/* A member that is missing leaves `stamp` as it is. */
static bool
read_stamp (const json_t *json, const char *name, RafilmWireStamp *stamp)
{
  const json_t *member = json_object_get (json, name);

  if (member == NULL)
    return true;
  return json_is_string (member) && rafilm_wire_stamp_parse (json_string_value (member), stamp);
}

static bool
stamps_from_json (const json_t *json, const char *common_name, RafilmWireFields *fields)
{
  RafilmWireStamp common = { 0 };

  if (!json_is_object (json) || !read_stamp (json, common_name, &common))
    return false;
  for (size_t i = 0; i < fields->n_items; i++)
    {
      fields->items[i].stamp = common;
      if (!read_stamp (json, fields->items[i].name, &fields->items[i].stamp))
        return false;
    }
  return true;
}

static bool
clocks_from_json (const json_t *json, RafilmWireFields *set)
{
  for (size_t i = 0; i < set->n_items; i++)
    {
      const json_t *clock = json;

      if (json_is_object (json))
        clock = json_object_get (json, set->items[i].name);
      if (!json_is_string (clock)
          || !rafilm_wire_hlc_parse (json_string_value (clock), &set->items[i].stamp.h))
        return false;
    }
  return true;
}

/* Rows */

json_t *
rafilm_sync_codec_row_to_json (const RafilmWireRow *row)
{
  const RafilmWireField *deleted = rafilm_wire_row_get (row, RAFILM_WIRE_DELETED);
  json_t *json;

  json = json_pack ("{s:s, s:s, s:I, s:o, s:o}", "k", row->kind, "id", row->id, "q",
                    (json_int_t) row->q, "f", fields_to_json (&row->fields), "s",
                    stamps_to_json (&row->fields, ""));
  if (deleted != NULL)
    json_object_set_new (json, "x", json_boolean (rafilm_wire_value_is_true (&deleted->value)));
  if (row->purged)
    json_object_set_new (json, "c", json_true ());
  return json;
}

json_t *
rafilm_sync_codec_row_to_item (const RafilmWireRow *row, const char *pk)
{
  const RafilmWireField *deleted = rafilm_wire_row_get (row, RAFILM_WIRE_DELETED);
  json_auto_t *fields = fields_to_json (&row->fields);
  json_auto_t *stamps = stamps_to_json (&row->fields, "*");
  char key[RAFILM_SYNC_KEY_SIZE];
  json_t *item;

  rafilm_sync_codec_key (row->kind, row->id, key);
  item = rafilm_item_key (pk, key);
  rafilm_item_set_int (item, "q", row->q);
  rafilm_item_set_json (item, "f", fields);
  rafilm_item_set_json (item, "s", stamps);
  if (deleted != NULL)
    rafilm_item_set_bool (item, "x", rafilm_wire_value_is_true (&deleted->value));
  if (row->purged)
    rafilm_item_set_bool (item, "c", true);
  return item;
}

static bool
read_item (const json_t *item, RafilmWireRow *row)
{
  json_auto_t *fields = rafilm_item_get_json (item, "f");
  json_auto_t *stamps = rafilm_item_get_json (item, "s");

  row->q = rafilm_item_get_int (item, "q", 0);
  row->purged = rafilm_item_get_bool (item, "c", false);
  if (row->q < 1 || !fields_from_json (rafilm_wire_kind_find (row->kind), fields, &row->fields))
    return false;
  if (json_object_get (item, "x") != NULL)
    rafilm_wire_fields_take (&row->fields, RAFILM_WIRE_DELETED,
                             rafilm_wire_bool (rafilm_item_get_bool (item, "x", false)), NULL);
  return stamps_from_json (stamps, "*", &row->fields);
}

RafilmWireRow *
rafilm_sync_codec_row_from_item (const json_t *item)
{
  const char *key = rafilm_item_get_text (item, "sk");
  const char *hash = key != NULL ? strchr (key, '#') : NULL;
  rafilm_autofree char *kind = NULL;
  RafilmWireRow *row;

  if (hash == NULL || strlen (key) >= RAFILM_SYNC_KEY_SIZE)
    return NULL;
  kind = rafilm_strndup (key, (size_t) (hash - key));
  row = rafilm_wire_row_new (kind, hash + 1);
  if (read_item (item, row))
    return row;
  rafilm_wire_row_free (row);
  return NULL;
}

/* In the item stamps for all fields have a name that maps may have. */
static json_t *
item_to_stamps (const json_t *item)
{
  json_t *stamps = rafilm_item_get_json (item, "s");
  json_t *common = json_object_get (stamps, "*");

  if (common != NULL)
    {
      json_object_set (stamps, "", common);
      json_object_del (stamps, "*");
    }
  return stamps;
}

json_t *
rafilm_sync_codec_item_to_json (const json_t *item)
{
  const char *key = rafilm_item_get_text (item, "sk");
  const char *hash = key != NULL ? strchr (key, '#') : NULL;
  int64_t q = rafilm_item_get_int (item, "q", 0);
  json_t *fields =
      json_object_get (item, "f") != NULL ? rafilm_item_get_json (item, "f") : json_object ();
  json_t *stamps = item_to_stamps (item);
  json_t *json = NULL;

  if (hash != NULL && strlen (key) < RAFILM_SYNC_KEY_SIZE && q >= 1 && json_is_object (fields)
      && json_is_object (stamps))
    json = json_pack ("{s:s%, s:s, s:I, s:O, s:O}", "k", key, (size_t) (hash - key), "id", hash + 1,
                      "q", (json_int_t) q, "f", fields, "s", stamps);
  json_decref (fields);
  json_decref (stamps);
  if (json != NULL && json_object_get (item, "x") != NULL)
    json_object_set_new (json, "x", json_boolean (rafilm_item_get_bool (item, "x", false)));
  if (json != NULL && rafilm_item_get_bool (item, "c", false))
    json_object_set_new (json, "c", json_true ());
  return json;
}

/* Operations */

static bool
read_op (const json_t *json, RafilmWireOp *op)
{
  const RafilmWireKind *kind = rafilm_wire_kind_find (op->kind);
  const json_t *full = json_object_get (json, "full");
  const json_t *deleted = json_object_get (json, RAFILM_WIRE_DELETED);
  const json_t *stamps = json_object_get (json, "s");

  if (!json_is_integer (json_object_get (json, "base")) || (full != NULL && !json_is_boolean (full))
      || (deleted != NULL && !json_is_boolean (deleted)))
    return false;
  op->base = json_integer_value (json_object_get (json, "base"));
  op->full = json_is_true (full);
  op->recovery = stamps != NULL;
  if (!fields_from_json (kind, json_object_get (json, "set"), &op->set)
      || !fields_from_json (kind, json_object_get (json, "fill"), &op->fill))
    return false;
  if (deleted != NULL)
    rafilm_wire_fields_take (&op->set, RAFILM_WIRE_DELETED,
                             rafilm_wire_bool (json_is_true (deleted)), NULL);
  if (op->recovery)
    return stamps_from_json (stamps, "", &op->set);
  return clocks_from_json (json_object_get (json, "h"), &op->set);
}

RafilmWireOp *
rafilm_sync_codec_op_from_json (const json_t *json)
{
  const char *kind = json_string_value (json_object_get (json, "k"));
  const char *id = json_string_value (json_object_get (json, "id"));
  RafilmWireOp *op;

  if (kind == NULL || id == NULL || strlen (kind) > 16 || !rafilm_wire_id_is_valid (NULL, id))
    return NULL;
  op = rafilm_wire_op_new (json_integer_value (json_object_get (json, "n")), kind, id);
  if (read_op (json, op))
    return op;
  rafilm_wire_op_free (op);
  return NULL;
}
