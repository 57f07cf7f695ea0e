/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-rankings.h"

#include "rafilm-interaction.h"
#include "rafilm-memory.h"
#include "rafilm-tmdb-map.h"

#include <errno.h>
#include <string.h>

#define MAX_FILMS 100
/* Three weeks without a training, and what is popular is shown instead. */
#define KEEP_SECONDS (21LL * 24 * 3600)

static int64_t
parse_film (const json_t *text)
{
  const char *digits = json_string_value (text);
  char *end = NULL;
  long long id;

  if (digits == NULL || *digits < '1' || *digits > '9')
    return 0;
  errno = 0;
  id = strtoll (digits, &end, 10);
  return errno == 0 && *end == '\0' && id <= RAFILM_FILM_MAX_ID ? id : 0;
}

/* Six digits tell as much as Personalize does. */
static double
round_score (const json_t *score)
{
  double value = json_number_value (score);

  return value >= 0 && value <= 1 ? (double) (int64_t) (value * 1e6 + 0.5) / 1e6 : 0;
}

static json_t *
read_films (const json_t *output)
{
  const json_t *films = json_object_get (output, "recommendedItems");
  const json_t *scores = json_object_get (output, "scores");
  json_t *items = json_array (), *film;
  size_t i;

  json_array_foreach (films, i, film)
  {
    int64_t id = parse_film (film);

    if (id > 0 && json_array_size (items) < MAX_FILMS)
      json_array_append_new (items, json_pack ("{s:I, s:f}", "id", (json_int_t) id, "score",
                                               round_score (json_array_get (scores, i))));
  }
  return items;
}

json_t *
rafilm_rankings_parse_line (const char *line, size_t length, int64_t now)
{
  json_auto_t *json = json_loadb (line, length, JSON_REJECT_DUPLICATES, NULL);
  const json_t *error = json_object_get (json, "error");
  const char *uid = json_string_value (json_object_get (json_object_get (json, "input"), "userId"));
  json_auto_t *films = read_films (json_object_get (json, "output"));
  rafilm_autofree char *pk = NULL;
  json_t *item;

  if (uid == NULL || !rafilm_interaction_uid_is_plain (uid)
      || (error != NULL && !json_is_null (error)) || json_array_size (films) == 0)
    return NULL;
  pk = rafilm_printf ("U#%s", uid);
  item = rafilm_item_key (pk, "R");
  rafilm_item_set_json (item, "items", films);
  rafilm_item_set_int (item, "at", now);
  rafilm_item_set_int (item, "ttl", now + KEEP_SECONDS);
  return item;
}

static bool
is_there (const json_t *metas, const char *pk)
{
  json_t *meta;
  size_t i;

  json_array_foreach (metas, i, meta)
  {
    const char *own = rafilm_item_get_text (meta, "pk");

    if (own != NULL && strcmp (own, pk) == 0)
      return !rafilm_item_get_bool (meta, "gone", false);
  }
  return false;
}

RafilmDynamodbStatus
rafilm_rankings_write (RafilmDynamodb *dynamodb, const json_t *items, size_t *ret_kept)
{
  json_auto_t *keys = json_array (), *gone = json_array (), *metas = NULL;
  RafilmDynamodbStatus status = rafilm_dynamodb_batch_put (dynamodb, items);
  json_t *item;
  size_t i;

  *ret_kept = 0;
  json_array_foreach (items, i, item)
      json_array_append_new (keys, rafilm_item_key (rafilm_item_get_text (item, "pk"), "M"));
  /* After the writing, and not before: see the header. */
  if (status == RAFILM_DYNAMODB_OK)
    status = rafilm_dynamodb_batch_get (dynamodb, keys, true, &metas);
  if (status != RAFILM_DYNAMODB_OK)
    return status;
  json_array_foreach (items, i, item)
  {
    const char *pk = rafilm_item_get_text (item, "pk");

    if (!is_there (metas, pk))
      json_array_append_new (gone, rafilm_item_key (pk, "R"));
  }
  *ret_kept = json_array_size (items) - json_array_size (gone);
  return rafilm_dynamodb_batch_delete (dynamodb, gone);
}
