/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-tmdb-gate.h"

#define ITEM "T#limit"
#define MAX_TRIES 4
#define LEASE_SECONDS 5
#define DAY (24 * 3600)

/* A condition that holds while nobody is to ask. */
#define NOT_PAUSED "(attribute_not_exists(p) OR p <= :now)"

static RafilmDynamodbStatus
write_count (RafilmDynamodb *dynamodb, const char *update, const char *condition, int64_t window,
             size_t wanted, int64_t now)
{
  bool is_new = update[0] == 'S';
  json_auto_t *names = is_new ? json_pack ("{s:s}", "#ttl", "ttl") : NULL;
  json_auto_t *values = json_object ();

  rafilm_item_set_int (values, ":w", window);
  rafilm_item_set_int (values, ":k", (int64_t) wanted);
  rafilm_item_set_int (values, ":now", now);
  if (is_new)
    rafilm_item_set_int (values, ":ttl", now + DAY);
  else
    rafilm_item_set_int (values, ":room", RAFILM_TMDB_GATE_LIMIT - (int64_t) wanted);
  return rafilm_dynamodb_update_item (dynamodb, ITEM, "M", update, condition, names, values, NULL);
}

/* The first of a second; seldom is there more than one. */
static RafilmDynamodbStatus
begin_second (RafilmDynamodb *dynamodb, size_t wanted, int64_t now)
{
  return write_count (dynamodb, "SET w = :w, n = :k, #ttl = :ttl",
                      "(attribute_not_exists(pk) OR w < :w) AND " NOT_PAUSED, now, wanted, now);
}

static RafilmDynamodbStatus
join_second (RafilmDynamodb *dynamodb, int64_t window, size_t wanted, int64_t now)
{
  return write_count (dynamodb, "ADD n :k", "w = :w AND n <= :room AND " NOT_PAUSED, window, wanted,
                      now);
}

size_t
rafilm_tmdb_gate_take (RafilmDynamodb *dynamodb, size_t wanted, int64_t now, int64_t *ret_until)
{
  RafilmDynamodbStatus status;
  int64_t window = now;

  *ret_until = now + 1;
  if (wanted > RAFILM_TMDB_GATE_LIMIT)
    wanted = RAFILM_TMDB_GATE_LIMIT;
  status = begin_second (dynamodb, wanted, now);
  for (unsigned i = 0; i < MAX_TRIES && status == RAFILM_DYNAMODB_CONDITION_FAILED; i++)
    {
      json_auto_t *item = NULL;
      int64_t used, pause;

      if (rafilm_dynamodb_get_item (dynamodb, ITEM, "M", true, &item) != RAFILM_DYNAMODB_OK)
        return wanted;
      pause = rafilm_item_get_int (item, "p", 0);
      used = rafilm_item_get_int (item, "n", 0);
      window = rafilm_item_get_int (item, "w", now);
      if (pause > now)
        {
          *ret_until = pause;
          return 0;
        }
      if (used >= RAFILM_TMDB_GATE_LIMIT)
        return 0;
      if ((int64_t) wanted > RAFILM_TMDB_GATE_LIMIT - used)
        wanted = (size_t) (RAFILM_TMDB_GATE_LIMIT - used);
      status = join_second (dynamodb, window, wanted, now);
    }
  return status == RAFILM_DYNAMODB_CONDITION_FAILED ? 0 : wanted;
}

void
rafilm_tmdb_gate_pause (RafilmDynamodb *dynamodb, int64_t until)
{
  json_auto_t *names = json_pack ("{s:s}", "#ttl", "ttl");
  json_auto_t *values = json_object ();

  rafilm_item_set_int (values, ":until", until);
  rafilm_item_set_int (values, ":ttl", until + DAY);
  rafilm_item_set_int (values, ":none", 0);
  /* A longer one stays. */
  rafilm_dynamodb_update_item (dynamodb, ITEM, "M",
                               "SET p = :until, #ttl = :ttl, w = if_not_exists(w, :none)",
                               "attribute_not_exists(p) OR p < :until", names, values, NULL);
}

static json_t *
make_lease (const char *key, int64_t until, int64_t now)
{
  rafilm_autofree char *pk = rafilm_printf ("T#%s", key);
  json_t *item = rafilm_item_key (pk, "L");

  rafilm_item_set_int (item, "until", until);
  rafilm_item_set_int (item, "ttl", now + DAY);
  return item;
}

bool
rafilm_tmdb_gate_lease (RafilmDynamodb *dynamodb, const char *key, int64_t now)
{
  json_auto_t *item = make_lease (key, now + LEASE_SECONDS, now);
  json_auto_t *names = json_pack ("{s:s}", "#until", "until");
  json_auto_t *values = json_object ();

  rafilm_item_set_int (values, ":now", now);
  return rafilm_dynamodb_put_item (dynamodb, item, "attribute_not_exists(pk) OR #until <= :now",
                                   names, values)
         != RAFILM_DYNAMODB_CONDITION_FAILED;
}

void
rafilm_tmdb_gate_give_back (RafilmDynamodb *dynamodb, const char *key, int64_t now)
{
  json_auto_t *item = make_lease (key, 0, now);

  rafilm_dynamodb_put_item (dynamodb, item, NULL, NULL, NULL);
}
