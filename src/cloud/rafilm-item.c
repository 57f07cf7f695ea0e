/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-item.h"

#include "rafilm-base64.h"
#include "rafilm-memory.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

json_t *
rafilm_attribute_text (const char *text)
{
  return json_pack ("{s:s}", "S", text);
}

json_t *
rafilm_attribute_text_n (const char *text, size_t length)
{
  return json_pack ("{s:s%}", "S", text, length);
}

json_t *
rafilm_attribute_int (int64_t value)
{
  char text[24];

  snprintf (text, sizeof text, "%" PRId64, value);
  return json_pack ("{s:s}", "N", text);
}

json_t *
rafilm_attribute_bool (bool value)
{
  return json_pack ("{s:b}", "BOOL", value);
}

json_t *
rafilm_attribute_null (void)
{
  return json_pack ("{s:b}", "NULL", 1);
}

json_t *
rafilm_attribute_bytes (const void *data, size_t length)
{
  rafilm_autofree char *text = rafilm_base64_encode (data, length);

  return json_pack ("{s:s}", "B", text);
}

static json_t *
attribute_real (double value)
{
  char text[40];

  snprintf (text, sizeof text, "%.17g", value);
  return json_pack ("{s:s}", "N", text);
}

json_t *
rafilm_attribute_from_json (const json_t *value)
{
  json_t *inner, *element;
  const char *name;
  size_t i;

  switch (json_typeof (value))
    {
    case JSON_STRING:
      return rafilm_attribute_text_n (json_string_value (value), json_string_length (value));
    case JSON_INTEGER:
      return rafilm_attribute_int (json_integer_value (value));
    case JSON_REAL:
      return attribute_real (json_real_value (value));
    case JSON_TRUE:
    case JSON_FALSE:
      return rafilm_attribute_bool (json_is_true (value));
    case JSON_OBJECT:
      inner = json_object ();
      json_object_foreach ((json_t *) value, name, element)
          json_object_set_new (inner, name, rafilm_attribute_from_json (element));
      return json_pack ("{s:o}", "M", inner);
    case JSON_ARRAY:
      inner = json_array ();
      json_array_foreach (value, i, element)
          json_array_append_new (inner, rafilm_attribute_from_json (element));
      return json_pack ("{s:o}", "L", inner);
    case JSON_NULL:
      break;
    }
  return rafilm_attribute_null ();
}

static bool
parse_int (const char *text, int64_t *ret_value)
{
  char *end = NULL;
  long long value;

  if (text == NULL || *text == '\0')
    return false;
  errno = 0;
  value = strtoll (text, &end, 10);
  if (errno != 0 || *end != '\0')
    return false;
  *ret_value = value;
  return true;
}

static json_t *
number_to_json (const char *text)
{
  int64_t whole;
  char *end = NULL;
  double real;

  if (parse_int (text, &whole))
    return json_integer (whole);
  if (text == NULL || *text == '\0')
    return NULL;
  real = strtod (text, &end);
  return *end == '\0' && isfinite (real) ? json_real (real) : NULL;
}

static json_t *
map_to_json (const json_t *map)
{
  json_t *object = json_object (), *element;
  const char *name;

  json_object_foreach ((json_t *) map, name, element)
  {
    json_t *value = rafilm_attribute_to_json (element);

    if (value == NULL)
      {
        json_decref (object);
        return NULL;
      }
    json_object_set_new (object, name, value);
  }
  return object;
}

static json_t *
list_to_json (const json_t *list)
{
  json_t *array = json_array (), *element;
  size_t i;

  json_array_foreach (list, i, element)
  {
    json_t *value = rafilm_attribute_to_json (element);

    if (value == NULL)
      {
        json_decref (array);
        return NULL;
      }
    json_array_append_new (array, value);
  }
  return array;
}

/* An attribute has one member, whose name is its type. */
json_t *
rafilm_attribute_to_json (const json_t *attribute)
{
  void *member = json_object_iter ((json_t *) attribute);
  const char *type = member != NULL ? json_object_iter_key (member) : "";
  json_t *value = member != NULL ? json_object_iter_value (member) : NULL;

  if (strcmp (type, "S") == 0)
    return json_is_string (value) ? json_incref (value) : NULL;
  if (strcmp (type, "N") == 0)
    return number_to_json (json_string_value (value));
  if (strcmp (type, "BOOL") == 0)
    return json_is_boolean (value) ? json_incref (value) : NULL;
  if (strcmp (type, "M") == 0)
    return json_is_object (value) ? map_to_json (value) : NULL;
  if (strcmp (type, "L") == 0)
    return json_is_array (value) ? list_to_json (value) : NULL;
  return strcmp (type, "NULL") == 0 ? json_null () : NULL;
}

void
rafilm_item_set_text (json_t *item, const char *name, const char *text)
{
  json_object_set_new (item, name, rafilm_attribute_text (text));
}

void
rafilm_item_set_int (json_t *item, const char *name, int64_t value)
{
  json_object_set_new (item, name, rafilm_attribute_int (value));
}

void
rafilm_item_set_bool (json_t *item, const char *name, bool value)
{
  json_object_set_new (item, name, rafilm_attribute_bool (value));
}

void
rafilm_item_set_json (json_t *item, const char *name, const json_t *value)
{
  json_object_set_new (item, name, rafilm_attribute_from_json (value));
}

static json_t *
get_typed (const json_t *item, const char *name, const char *type)
{
  return json_object_get (json_object_get (item, name), type);
}

const char *
rafilm_item_get_text (const json_t *item, const char *name)
{
  return json_string_value (get_typed (item, name, "S"));
}

int64_t
rafilm_item_get_int (const json_t *item, const char *name, int64_t fallback)
{
  int64_t value;

  return parse_int (json_string_value (get_typed (item, name, "N")), &value) ? value : fallback;
}

bool
rafilm_item_get_bool (const json_t *item, const char *name, bool fallback)
{
  json_t *value = get_typed (item, name, "BOOL");

  return json_is_boolean (value) ? json_is_true (value) : fallback;
}

json_t *
rafilm_item_get_map (const json_t *item, const char *name)
{
  json_t *value = get_typed (item, name, "M");

  return json_is_object (value) ? value : NULL;
}

json_t *
rafilm_item_get_json (const json_t *item, const char *name)
{
  return rafilm_attribute_to_json (json_object_get (item, name));
}

unsigned char *
rafilm_item_get_bytes (const json_t *item, const char *name, size_t *ret_length)
{
  json_t *value = get_typed (item, name, "B");

  if (!json_is_string (value))
    return NULL;
  return rafilm_base64_decode (json_string_value (value), json_string_length (value), false,
                               ret_length);
}

json_t *
rafilm_item_key (const char *pk, const char *sk)
{
  return json_pack ("{s:{s:s}, s:{s:s}}", "pk", "S", pk, "sk", "S", sk);
}
