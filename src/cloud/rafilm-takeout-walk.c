/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-takeout-walk.h"

#include "rafilm-time.h"

json_t *
rafilm_takeout_query (const char *index, const char *pk, const char *prefix, int limit)
{
  json_t *values = json_object ();
  json_t *query = json_pack ("{s:s, s:o, s:b}", "KeyConditionExpression",
                             prefix != NULL ? "pk = :pk AND begins_with(sk, :sk)" : "pk = :pk",
                             "ExpressionAttributeValues", values, "ConsistentRead", 1);

  rafilm_item_set_text (values, ":pk", pk);
  if (prefix != NULL)
    rafilm_item_set_text (values, ":sk", prefix);
  if (index != NULL)
    json_object_set_new (query, "IndexName", json_string (index));
  if (limit > 0)
    json_object_set_new (query, "Limit", json_integer (limit));
  return query;
}

bool
rafilm_takeout_walk (RafilmTakeout *self, json_t *query, RafilmTakeoutPageFunc func, void *data)
{
  json_auto_t *owned = query;
  bool good, more;

  do
    {
      json_auto_t *answer = NULL;
      json_t *last;

      if (rafilm_time_now_ms () >= self->deadline
          || rafilm_dynamodb_query (self->dynamodb, owned, &answer) != RAFILM_DYNAMODB_OK)
        return false;
      good = func (self, json_object_get (answer, "Items"), data);
      last = json_object_get (answer, "LastEvaluatedKey");
      more = last != NULL;
      if (more)
        json_object_set (owned, "ExclusiveStartKey", last);
    }
  while (good && more);
  return good;
}
