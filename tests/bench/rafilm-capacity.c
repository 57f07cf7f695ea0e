/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-capacity.h"

#include <math.h>
#include <string.h>

#define READ_UNIT 4096.0
#define WRITE_UNIT 1024.0
#define INDEX_KEY "q"

static gsize value_size (JsonNode *node);

static gsize
number_size (const char *text)
{
  gsize digits = 0;

  for (const char *c = text; *c != '\0' && *c != 'e' && *c != 'E'; c++)
    if (g_ascii_isdigit (*c) && (*c != '0' || digits > 0))
      digits++;
  return (digits + 1) / 2 + 1 + (*text == '-' ? 1 : 0);
}

static gsize
bytes_size (const char *base64)
{
  gsize padding = g_str_has_suffix (base64, "==") ? 2 : g_str_has_suffix (base64, "=");

  return strlen (base64) / 4 * 3 - padding;
}

static gsize
list_size (JsonArray *list)
{
  gsize size = 3;

  for (guint i = 0; i < json_array_get_length (list); i++)
    size += 1 + value_size (json_array_get_element (list, i));
  return size;
}

/* The names and values of an item or of a map, with so much more for each. */
static gsize
members_size (JsonObject *object, gsize for_each)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  gsize size = 0;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &value))
    size += for_each + strlen (name) + value_size (value);
  return size;
}

static gsize
set_size (const char *type, JsonArray *set)
{
  gsize size = 0;

  for (guint i = 0; i < json_array_get_length (set); i++)
    {
      const char *element = json_array_get_string_element (set, i);

      size += g_str_equal (type, "NS")   ? number_size (element)
              : g_str_equal (type, "BS") ? bytes_size (element)
                                         : strlen (element);
    }
  return size;
}

/* An attribute value: {"S":"text"}. */
static gsize
value_size (JsonNode *node)
{
  JsonObjectIter iter;
  const char *type;
  JsonNode *value;

  json_object_iter_init (&iter, json_node_get_object (node));
  if (!json_object_iter_next (&iter, &type, &value))
    return 0;
  if (g_str_equal (type, "S"))
    return strlen (json_node_get_string (value));
  if (g_str_equal (type, "N"))
    return number_size (json_node_get_string (value));
  if (g_str_equal (type, "B"))
    return bytes_size (json_node_get_string (value));
  if (g_str_equal (type, "M"))
    return 3 + members_size (json_node_get_object (value), 1);
  if (g_str_equal (type, "L"))
    return list_size (json_node_get_array (value));
  if (JSON_NODE_HOLDS_ARRAY (value))
    return set_size (type, json_node_get_array (value));
  return 1;
}

gsize
rafilm_capacity_item_size (JsonObject *item)
{
  return item != NULL ? members_size (item, 0) : 0;
}

static double
read_units (gsize bytes, gboolean consistent)
{
  double units = MAX (ceil ((double) bytes / READ_UNIT), 1);

  return consistent ? units : units / 2;
}

static double
write_units (gsize bytes)
{
  return MAX (ceil ((double) bytes / WRITE_UNIT), 1);
}

void
rafilm_capacity_add_get (RafilmCapacity *self, JsonObject *item, gboolean consistent, int times)
{
  self->reads += times * read_units (rafilm_capacity_item_size (item), consistent);
}

void
rafilm_capacity_add_query (RafilmCapacity *self, JsonArray *items, gboolean consistent)
{
  gsize size = 0;

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    size += rafilm_capacity_item_size (json_array_get_object_element (items, i));
  self->reads += read_units (size, consistent);
}

static JsonNode *
index_key (JsonObject *item)
{
  return item != NULL ? json_object_get_member (item, INDEX_KEY) : NULL;
}

static double
index_units (JsonObject *before, JsonObject *after)
{
  JsonNode *old_key = index_key (before), *new_key = index_key (after);
  double old_units = old_key != NULL ? write_units (rafilm_capacity_item_size (before)) : 0;
  double new_units = new_key != NULL ? write_units (rafilm_capacity_item_size (after)) : 0;

  if (before == after)
    return 0;
  if (old_key != NULL && new_key != NULL && json_node_equal (old_key, new_key))
    return MAX (old_units, new_units);
  return old_units + new_units;
}

void
rafilm_capacity_add_write (RafilmCapacity *self, JsonObject *before, JsonObject *after, int times)
{
  gsize size = MAX (rafilm_capacity_item_size (before), rafilm_capacity_item_size (after));

  self->writes += times * (write_units (size) + index_units (before, after));
}
