/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-diary.h"

#include <string.h>

#define PAGE 500
#define MAX_ROWS 5000

static void
add_rows (json_t *rows, const json_t *items, size_t max)
{
  json_t *item;
  size_t i;

  json_array_foreach (items, i, item)
  {
    const char *sk = rafilm_item_get_text (item, "sk");
    json_t *fields = rafilm_item_get_json (item, "f");

    if (sk != NULL && strlen (sk) > 2 && json_is_object (fields)
        && !rafilm_item_get_bool (item, "x", false) && json_array_size (rows) < max)
      json_array_append_new (rows, json_pack ("{s:s, s:O}", "id", sk + 2, "f", fields));
    json_decref (fields);
  }
}

json_t *
rafilm_diary_read (RafilmDynamodb *dynamodb, const char *uid, const char *kind, size_t max)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", uid);
  rafilm_autofree char *prefix = rafilm_printf ("%s#", kind);
  json_auto_t *rows = json_array ();
  json_auto_t *query = json_pack ("{s:s, s:{s:{s:s}, s:{s:s}}, s:i}", "KeyConditionExpression",
                                  "pk = :pk AND begins_with(sk, :sk)", "ExpressionAttributeValues",
                                  ":pk", "S", pk, ":sk", "S", prefix, "Limit", PAGE);
  json_t *last;

  do
    {
      json_auto_t *answer = NULL;

      if (rafilm_dynamodb_query (dynamodb, query, &answer) != RAFILM_DYNAMODB_OK)
        return NULL;
      add_rows (rows, json_object_get (answer, "Items"), max);
      last = json_object_get (answer, "LastEvaluatedKey");
      if (last != NULL)
        json_object_set (query, "ExclusiveStartKey", last);
    }
  while (last != NULL && json_array_size (rows) < max);
  return json_incref (rows);
}

void
rafilm_film_set_clear (RafilmFilmSet *self)
{
  free (self->ids);
  *self = (RafilmFilmSet) { 0 };
}

static int
compare_ids (const void *a, const void *b)
{
  int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;

  return (x > y) - (x < y);
}

bool
rafilm_film_set_contains (const RafilmFilmSet *self, int64_t id)
{
  return self->length > 0 && bsearch (&id, self->ids, self->length, sizeof id, compare_ids) != NULL;
}

static void
film_set_add (RafilmFilmSet *self, int64_t id)
{
  self->ids = rafilm_realloc (self->ids, (self->length + 1) * sizeof id);
  self->ids[self->length++] = id;
}

static void
film_set_sort (RafilmFilmSet *self)
{
  size_t n = 0;

  if (self->length == 0)
    return;
  qsort (self->ids, self->length, sizeof self->ids[0], compare_ids);
  for (size_t i = 0; i < self->length; i++)
    if (n == 0 || self->ids[n - 1] != self->ids[i])
      self->ids[n++] = self->ids[i];
  self->length = n;
}

bool
rafilm_diary_read_seen (RafilmDynamodb *dynamodb, const char *uid, RafilmFilmSet *ret_seen)
{
  json_auto_t *viewings = rafilm_diary_read (dynamodb, uid, "d", MAX_ROWS);
  json_auto_t *films = rafilm_diary_read (dynamodb, uid, "f", MAX_ROWS);
  json_t *row;
  size_t i;

  *ret_seen = (RafilmFilmSet) { 0 };
  if (viewings == NULL || films == NULL)
    return false;
  json_array_foreach (viewings, i, row)
  {
    json_t *film = json_object_get (json_object_get (row, "f"), "film");

    if (json_is_integer (film))
      film_set_add (ret_seen, json_integer_value (film));
  }
  json_array_foreach (films, i, row)
  {
    json_t *fields = json_object_get (row, "f");

    if (json_is_true (json_object_get (fields, "seen"))
        || json_is_true (json_object_get (fields, "hide"))
        || json_is_integer (json_object_get (fields, "rating")))
      film_set_add (ret_seen, strtoll (json_string_value (json_object_get (row, "id")), NULL, 10));
  }
  film_set_sort (ret_seen);
  return true;
}
