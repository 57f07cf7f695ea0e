/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-wire-json.h"

#include "rafilm-error.h"
#include "rafilm-wire-hlc.h"

/* What a peer may send at most, beyond the limits of the table, which may grow in a newer one. */
#define MAX_FIELDS 1024
#define MAX_NAME 255
#define MAX_TEXT (1024 * 1024)

static gboolean
set_malformed (GError **error, const char *what)
{
  g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED, "%s", what);
  return FALSE;
}

/* Values */

static JsonNode *
node_from_text (const char *text)
{
  JsonNode *node = json_node_alloc ();

  return json_node_init_string (node, text);
}

static JsonNode *
review_to_json (const RafilmWireValue *value)
{
  JsonNode *node;
  JsonObject *object;

  if (!value->review.spoiler && value->review.lang == NULL)
    return node_from_text (value->review.text);

  object = json_object_new ();
  json_object_set_string_member (object, "text", value->review.text);
  if (value->review.spoiler)
    json_object_set_boolean_member (object, "spoiler", TRUE);
  if (value->review.lang != NULL)
    json_object_set_string_member (object, "lang", value->review.lang);
  node = json_node_alloc ();
  json_node_init_object (node, object);
  json_object_unref (object);
  return node;
}

JsonNode *
rafilm_wire_value_to_json (const RafilmWireValue *value)
{
  JsonNode *node = NULL;

  g_return_val_if_fail (value != NULL, NULL);

  switch (value->type)
    {
    case RAFILM_WIRE_BOOL:
      return json_node_init_boolean (json_node_alloc (), value->boolean);
    case RAFILM_WIRE_INT:
      return json_node_init_int (json_node_alloc (), value->integer);
    case RAFILM_WIRE_TEXT:
      return node_from_text (value->text);
    case RAFILM_WIRE_REVIEW:
      return review_to_json (value);
    case RAFILM_WIRE_RAW:
      node = json_from_string (value->text, NULL);
      break;
    case RAFILM_WIRE_NULL:
      break;
    }

  return node != NULL ? node : json_node_init_null (json_node_alloc ());
}

static RafilmWireValue
raw_from_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);
  g_autoptr (JsonNode) again = json_from_string (text, NULL);

  /* json-glib reads 1e999, and writes what is no JSON. */
  return again != NULL ? rafilm_wire_raw (text) : rafilm_wire_null ();
}

static gboolean
is_of_type (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

/* Whether every member of @object is one of a review's, of the right type. */
static gboolean
is_review (JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (!json_object_has_member (object, "text"))
    return FALSE;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &member))
    {
      gboolean fits = FALSE;

      if (g_str_equal (name, "text") || g_str_equal (name, "lang"))
        fits = is_of_type (member, G_TYPE_STRING);
      else if (g_str_equal (name, "spoiler"))
        fits = is_of_type (member, G_TYPE_BOOLEAN);
      if (!fits)
        return FALSE;
    }
  return TRUE;
}

static RafilmWireValue
review_from_json (JsonNode *node)
{
  JsonObject *object;

  if (is_of_type (node, G_TYPE_STRING))
    return rafilm_wire_review (json_node_get_string (node), FALSE, NULL);
  if (!JSON_NODE_HOLDS_OBJECT (node) || !is_review (json_node_get_object (node)))
    return raw_from_json (node);

  object = json_node_get_object (node);
  return rafilm_wire_review (json_object_get_string_member (object, "text"),
                             json_object_get_boolean_member_with_default (object, "spoiler", FALSE),
                             json_object_get_string_member_with_default (object, "lang", NULL));
}

RafilmWireValue
rafilm_wire_value_from_json (const RafilmWireFieldSpec *spec, JsonNode *node)
{
  if (spec == NULL)
    return raw_from_json (node);
  if (JSON_NODE_HOLDS_NULL (node))
    return rafilm_wire_null ();

  switch (spec->type)
    {
    case RAFILM_WIRE_FIELD_BOOL:
      if (is_of_type (node, G_TYPE_BOOLEAN))
        return rafilm_wire_bool (json_node_get_boolean (node));
      break;
    case RAFILM_WIRE_FIELD_INT:
      if (is_of_type (node, G_TYPE_INT64))
        return rafilm_wire_int (json_node_get_int (node));
      break;
    case RAFILM_WIRE_FIELD_DATE:
    case RAFILM_WIRE_FIELD_TEXT:
    case RAFILM_WIRE_FIELD_ORDER:
      if (is_of_type (node, G_TYPE_STRING))
        return rafilm_wire_text (json_node_get_string (node));
      break;
    case RAFILM_WIRE_FIELD_REVIEW:
      return review_from_json (node);
    }
  return raw_from_json (node);
}

/* Fields */

/* @with_deleted: "x" is an ordinary member here, not one of the row's or operation's own. */
static JsonObject *
fields_to_object (const RafilmWireFields *fields, gboolean with_deleted)
{
  JsonObject *object = json_object_new ();

  for (size_t i = 0; i < fields->n_items; i++)
    if (with_deleted || !g_str_equal (fields->items[i].name, RAFILM_WIRE_DELETED))
      json_object_set_member (object, fields->items[i].name,
                              rafilm_wire_value_to_json (&fields->items[i].value));
  return object;
}

static gboolean
fields_from_object (const RafilmWireKind *kind, JsonObject *object, gboolean with_deleted,
                    RafilmWireFields *fields, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (json_object_get_size (object) > MAX_FIELDS)
    return set_malformed (error, "A record has too many fields");
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &member))
    {
      if (*name == '\0' || strlen (name) > MAX_NAME
          || (!with_deleted && g_str_equal (name, RAFILM_WIRE_DELETED)))
        return set_malformed (error, "A record has a field of a bad name");
      rafilm_wire_fields_take (
          fields, name, rafilm_wire_value_from_json (rafilm_wire_field_find (kind, name), member),
          NULL);
    }
  return TRUE;
}

static JsonObject *
stamps_to_object (const RafilmWireFields *fields)
{
  JsonObject *object = json_object_new ();
  RafilmWireStamp common = rafilm_wire_fields_common_stamp (fields);
  char text[RAFILM_WIRE_STAMP_SIZE];

  if (fields->n_items == 0)
    return object;
  rafilm_wire_stamp_format (&common, text);
  json_object_set_string_member (object, "", text);
  for (size_t i = 0; i < fields->n_items; i++)
    {
      if (rafilm_wire_stamp_equal (&fields->items[i].stamp, &common))
        continue;
      rafilm_wire_stamp_format (&fields->items[i].stamp, text);
      json_object_set_string_member (object, fields->items[i].name, text);
    }
  return object;
}

static gboolean
read_stamp (JsonObject *object, const char *name, RafilmWireStamp *stamp, GError **error)
{
  JsonNode *member = json_object_get_member (object, name);

  if (member == NULL)
    return TRUE;
  if (!is_of_type (member, G_TYPE_STRING)
      || !rafilm_wire_stamp_parse (json_node_get_string (member), stamp))
    return set_malformed (error, "A record has a stamp that makes no sense");
  return TRUE;
}

static gboolean
stamps_from_object (JsonObject *object, RafilmWireFields *fields, GError **error)
{
  RafilmWireStamp common = { 0 };

  if (!read_stamp (object, "", &common, error))
    return FALSE;
  for (size_t i = 0; i < fields->n_items; i++)
    {
      fields->items[i].stamp = common;
      if (!read_stamp (object, fields->items[i].name, &fields->items[i].stamp, error))
        return FALSE;
    }
  return TRUE;
}

/* Members of rows and operations */

static gboolean
read_text (JsonObject *object, const char *name, const char **text)
{
  JsonNode *member = json_object_get_member (object, name);

  if (member == NULL || !is_of_type (member, G_TYPE_STRING))
    return FALSE;
  *text = json_node_get_string (member);
  return TRUE;
}

static gboolean
read_int (JsonObject *object, const char *name, gint64 *number)
{
  JsonNode *member = json_object_get_member (object, name);

  if (member == NULL || !is_of_type (member, G_TYPE_INT64) || json_node_get_int (member) < 0)
    return FALSE;
  *number = json_node_get_int (member);
  return TRUE;
}

/* A member that may be missing. @value is left alone then. */
static gboolean
read_bool (JsonObject *object, const char *name, gboolean *value)
{
  JsonNode *member = json_object_get_member (object, name);

  if (member == NULL)
    return TRUE;
  if (!is_of_type (member, G_TYPE_BOOLEAN))
    return FALSE;
  *value = json_node_get_boolean (member);
  return TRUE;
}

static gboolean
read_object (JsonObject *object, const char *name, JsonObject **value)
{
  JsonNode *member = json_object_get_member (object, name);

  *value = NULL;
  if (member == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (member))
    return FALSE;
  *value = json_node_get_object (member);
  return TRUE;
}

/* Reads the member "x" into @fields. */
static gboolean
read_deleted (JsonObject *object, RafilmWireFields *fields)
{
  gboolean deleted = FALSE;

  if (!json_object_has_member (object, RAFILM_WIRE_DELETED))
    return TRUE;
  if (!read_bool (object, RAFILM_WIRE_DELETED, &deleted))
    return FALSE;
  rafilm_wire_fields_take (fields, RAFILM_WIRE_DELETED, rafilm_wire_bool (deleted), NULL);
  return TRUE;
}

static void
write_deleted (JsonObject *object, const RafilmWireFields *fields)
{
  const RafilmWireValue *deleted = rafilm_wire_fields_peek (fields, RAFILM_WIRE_DELETED);

  if (deleted != NULL)
    json_object_set_boolean_member (object, RAFILM_WIRE_DELETED,
                                    rafilm_wire_value_is_true (deleted));
}

/* Kind and id, which rows and operations have alike. */
static gboolean
read_key (JsonObject *object, const char **kind, const char **id)
{
  return read_text (object, "k", kind) && read_text (object, "id", id) && **kind != '\0'
         && strlen (*kind) <= 16 && rafilm_wire_id_is_valid (NULL, *id);
}

static JsonNode *
take_object (JsonObject *object)
{
  JsonNode *node = json_node_init_object (json_node_alloc (), object);

  json_object_unref (object);
  return node;
}

/* Rows */

JsonNode *
rafilm_wire_row_to_json (const RafilmWireRow *row)
{
  JsonObject *object;

  g_return_val_if_fail (row != NULL, NULL);

  object = json_object_new ();
  json_object_set_string_member (object, "k", row->kind);
  json_object_set_string_member (object, "id", row->id);
  json_object_set_int_member (object, "q", row->q);
  json_object_set_object_member (object, "f", fields_to_object (&row->fields, FALSE));
  json_object_set_object_member (object, "s", stamps_to_object (&row->fields));
  write_deleted (object, &row->fields);
  if (row->purged)
    json_object_set_boolean_member (object, "c", TRUE);
  return take_object (object);
}

static gboolean
read_row (JsonObject *object, RafilmWireRow *row, GError **error)
{
  const RafilmWireKind *kind = rafilm_wire_kind_find (row->kind);
  JsonObject *fields;
  JsonObject *stamps;
  gboolean purged = FALSE;
  gint64 q;

  if (!read_int (object, "q", &q) || !read_object (object, "f", &fields)
      || !read_object (object, "s", &stamps) || !read_bool (object, "c", &purged))
    return set_malformed (error, "A row makes no sense");
  row->q = q;
  row->purged = purged;
  if (fields != NULL && !fields_from_object (kind, fields, FALSE, &row->fields, error))
    return FALSE;
  if (!read_deleted (object, &row->fields))
    return set_malformed (error, "A row makes no sense");
  return stamps == NULL || stamps_from_object (stamps, &row->fields, error);
}

RafilmWireRow *
rafilm_wire_row_from_json (JsonNode *node, GError **error)
{
  g_autoptr (RafilmWireRow) row = NULL;
  JsonObject *object;
  const char *kind;
  const char *id;

  g_return_val_if_fail (node != NULL, NULL);

  if (!JSON_NODE_HOLDS_OBJECT (node) || !read_key (json_node_get_object (node), &kind, &id))
    {
      set_malformed (error, "A row has no proper name");
      return NULL;
    }
  object = json_node_get_object (node);
  row = rafilm_wire_row_new (kind, id);
  if (!read_row (object, row, error))
    return NULL;
  return g_steal_pointer (&row);
}

/* Operations */

/* One text when all fields were edited at once, else a map. */
static JsonNode *
clocks_to_json (const RafilmWireFields *set)
{
  JsonObject *object;
  char text[RAFILM_WIRE_HLC_SIZE];
  gboolean same = TRUE;

  for (size_t i = 1; i < set->n_items; i++)
    same = same && set->items[i].stamp.h == set->items[0].stamp.h;
  if (same)
    {
      rafilm_wire_hlc_format (set->n_items > 0 ? set->items[0].stamp.h : 0, text);
      return node_from_text (text);
    }

  object = json_object_new ();
  for (size_t i = 0; i < set->n_items; i++)
    {
      rafilm_wire_hlc_format (set->items[i].stamp.h, text);
      json_object_set_string_member (object, set->items[i].name, text);
    }
  return take_object (object);
}

static gboolean
clocks_from_json (JsonNode *node, RafilmWireFields *set)
{
  for (size_t i = 0; i < set->n_items; i++)
    {
      const char *text = NULL;

      if (is_of_type (node, G_TYPE_STRING))
        text = json_node_get_string (node);
      else if (!JSON_NODE_HOLDS_OBJECT (node)
               || !read_text (json_node_get_object (node), set->items[i].name, &text))
        return FALSE;
      if (!rafilm_wire_hlc_parse (text, &set->items[i].stamp.h))
        return FALSE;
    }
  return TRUE;
}

JsonNode *
rafilm_wire_op_to_json (const RafilmWireOp *op)
{
  JsonObject *object;

  g_return_val_if_fail (op != NULL, NULL);

  object = json_object_new ();
  json_object_set_int_member (object, "n", op->n);
  json_object_set_string_member (object, "k", op->kind);
  json_object_set_string_member (object, "id", op->id);
  json_object_set_int_member (object, "base", op->base);
  if (op->full)
    json_object_set_boolean_member (object, "full", TRUE);
  if (op->recovery)
    json_object_set_object_member (object, "s", stamps_to_object (&op->set));
  else
    json_object_set_member (object, "h", clocks_to_json (&op->set));
  json_object_set_object_member (object, "set", fields_to_object (&op->set, FALSE));
  if (op->fill.n_items > 0)
    json_object_set_object_member (object, "fill", fields_to_object (&op->fill, FALSE));
  write_deleted (object, &op->set);
  return take_object (object);
}

static gboolean
read_op (JsonObject *object, RafilmWireOp *op, GError **error)
{
  const RafilmWireKind *kind = rafilm_wire_kind_find (op->kind);
  JsonObject *set;
  JsonObject *fill;
  JsonObject *stamps;
  gboolean full = FALSE;
  gint64 n;
  gint64 base;

  if (!read_int (object, "n", &n) || !read_int (object, "base", &base)
      || !read_bool (object, "full", &full) || !read_object (object, "set", &set)
      || !read_object (object, "fill", &fill) || !read_object (object, "s", &stamps))
    return set_malformed (error, "An operation makes no sense");
  op->n = n;
  op->base = base;
  op->full = full;
  op->recovery = stamps != NULL;
  if ((set != NULL && !fields_from_object (kind, set, FALSE, &op->set, error))
      || (fill != NULL && !fields_from_object (kind, fill, FALSE, &op->fill, error)))
    return FALSE;
  if (!read_deleted (object, &op->set))
    return set_malformed (error, "An operation makes no sense");
  if (stamps != NULL)
    return stamps_from_object (stamps, &op->set, error);
  if (!json_object_has_member (object, "h")
      || !clocks_from_json (json_object_get_member (object, "h"), &op->set))
    return set_malformed (error, "An operation has no proper clock");
  return TRUE;
}

RafilmWireOp *
rafilm_wire_op_from_json (JsonNode *node, GError **error)
{
  g_autoptr (RafilmWireOp) op = NULL;
  JsonObject *object;
  const char *kind;
  const char *id;

  g_return_val_if_fail (node != NULL, NULL);

  if (!JSON_NODE_HOLDS_OBJECT (node) || !read_key (json_node_get_object (node), &kind, &id))
    {
      set_malformed (error, "An operation has no proper name");
      return NULL;
    }
  object = json_node_get_object (node);
  op = rafilm_wire_op_new (0, kind, id);
  if (!read_op (object, op, error))
    return NULL;
  return g_steal_pointer (&op);
}

/* Texts */

static char *
take_text (JsonNode *node)
{
  char *text = json_to_string (node, FALSE);

  json_node_unref (node);
  return text;
}

static JsonNode *
parse_text (const char *text, GError **error)
{
  JsonNode *node = NULL;

  if (text != NULL && strlen (text) <= MAX_TEXT)
    node = json_from_string (text, NULL);
  if (node == NULL)
    set_malformed (error, "A record is no JSON");
  return node;
}

char *
rafilm_wire_row_to_text (const RafilmWireRow *row)
{
  return take_text (rafilm_wire_row_to_json (row));
}

RafilmWireRow *
rafilm_wire_row_from_text (const char *text, GError **error)
{
  g_autoptr (JsonNode) node = parse_text (text, error);

  return node != NULL ? rafilm_wire_row_from_json (node, error) : NULL;
}

char *
rafilm_wire_op_to_text (const RafilmWireOp *op)
{
  return take_text (rafilm_wire_op_to_json (op));
}

RafilmWireOp *
rafilm_wire_op_from_text (const char *text, GError **error)
{
  g_autoptr (JsonNode) node = parse_text (text, error);

  return node != NULL ? rafilm_wire_op_from_json (node, error) : NULL;
}

char *
rafilm_wire_fields_to_text (const RafilmWireFields *fields)
{
  g_return_val_if_fail (fields != NULL, NULL);

  return take_text (take_object (fields_to_object (fields, TRUE)));
}

gboolean
rafilm_wire_fields_from_text (const char *kind, const char *text, RafilmWireFields *fields,
                              GError **error)
{
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (kind != NULL, FALSE);
  g_return_val_if_fail (fields != NULL, FALSE);

  *fields = (RafilmWireFields) { 0 };
  node = parse_text (text, error);
  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return set_malformed (error, "Fields are no object");
  if (!fields_from_object (rafilm_wire_kind_find (kind), json_node_get_object (node), TRUE, fields,
                           error))
    {
      rafilm_wire_fields_clear (fields);
      return FALSE;
    }
  return TRUE;
}

char *
rafilm_wire_stamps_to_text (const RafilmWireFields *fields)
{
  g_return_val_if_fail (fields != NULL, NULL);

  return take_text (take_object (stamps_to_object (fields)));
}

gboolean
rafilm_wire_stamps_from_text (const char *text, RafilmWireFields *fields, GError **error)
{
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (fields != NULL, FALSE);

  node = parse_text (text, error);
  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return set_malformed (error, "Stamps are no object");
  return stamps_from_object (json_node_get_object (node), fields, error);
}
