/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-publisher.h"

#include "rafilm-log.h"
#include "rafilm-memory.h"
#include "rafilm-publication.h"
#include "rafilm-time.h"

#include <string.h>

#define PAGE 200

RafilmDynamodbStatus
rafilm_publisher_get_handle (RafilmDynamodb *dynamodb, const char *uid, char **ret_handle)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", uid);
  json_auto_t *item = NULL;
  RafilmDynamodbStatus status = rafilm_dynamodb_get_item (dynamodb, pk, "N", true, &item);

  *ret_handle = rafilm_strdup (rafilm_item_get_text (item, "handle"));
  return status;
}

/* Who has given the name up, or is being deleted, publishes nothing more. */
static json_t *
check_handle (const char *pk, const char *handle)
{
  return json_pack ("{s:{s:o, s:s, s:{s:{s:s}}}}", "ConditionCheck", "Key",
                    rafilm_item_key (pk, "N"), "ConditionExpression", "handle = :handle",
                    "ExpressionAttributeValues", ":handle", "S", handle);
}

static bool
update_viewing (RafilmDynamodb *dynamodb, const char *uid, const char *viewing, const char *handle)
{
  rafilm_autofree char *row_pk = rafilm_printf ("U#%s", uid);
  rafilm_autofree char *row_sk = rafilm_printf ("d#%s", viewing);
  rafilm_autofree char *published_pk = NULL;
  json_auto_t *row = NULL, *published = NULL, *actions = NULL;
  char id[RAFILM_PUBLICATION_ID_SIZE];
  RafilmDynamodbStatus status;

  rafilm_publication_make_id (uid, viewing, id);
  published_pk = rafilm_printf ("V#%s", id);
  status = rafilm_dynamodb_get_item (dynamodb, row_pk, row_sk, true, &row);
  if (status == RAFILM_DYNAMODB_OK)
    status = rafilm_dynamodb_get_item (dynamodb, published_pk, "M", true, &published);
  if (status != RAFILM_DYNAMODB_OK)
    return false;
  actions = rafilm_publication_plan (uid, viewing, row, published, handle, rafilm_time_now_ms ());
  if (json_array_size (actions) == 0)
    return true;
  if (handle != NULL)
    json_array_append_new (actions, check_handle (row_pk, handle));
  status = rafilm_dynamodb_transact (dynamodb, actions, NULL, NULL);
  if (status != RAFILM_DYNAMODB_OK)
    rafilm_log_warning ("publisher.failed", "reason", rafilm_dynamodb_status_to_string (status),
                        NULL);
  return status == RAFILM_DYNAMODB_OK;
}

bool
rafilm_publisher_update_viewing (RafilmDynamodb *dynamodb, const char *uid, const char *viewing)
{
  rafilm_autofree char *handle = NULL;

  return rafilm_publisher_get_handle (dynamodb, uid, &handle) == RAFILM_DYNAMODB_OK
         && update_viewing (dynamodb, uid, viewing, handle);
}

static bool
update_items (RafilmDynamodb *dynamodb, const char *uid, const char *handle, const json_t *items)
{
  json_t *item;
  size_t i;

  json_array_foreach (items, i, item)
  {
    const char *sk = rafilm_item_get_text (item, "sk");
    const char *viewing = rafilm_item_get_text (item, "v");

    if (viewing == NULL)
      viewing = rafilm_publication_is_public (item) ? sk + strlen ("d#") : NULL;
    if (viewing != NULL && !update_viewing (dynamodb, uid, viewing, handle))
      return false;
  }
  return true;
}

/* Follows each item of a query. */
static bool
update_found (RafilmDynamodb *dynamodb, const char *uid, const char *handle, json_t *query)
{
  json_t *last;

  do
    {
      json_auto_t *answer = NULL;

      if (rafilm_dynamodb_query (dynamodb, query, &answer) != RAFILM_DYNAMODB_OK
          || !update_items (dynamodb, uid, handle, json_object_get (answer, "Items")))
        return false;
      last = json_object_get (answer, "LastEvaluatedKey");
      if (last != NULL)
        json_object_set (query, "ExclusiveStartKey", last);
    }
  while (last != NULL);
  return true;
}

bool
rafilm_publisher_update_all (RafilmDynamodb *dynamodb, const char *uid)
{
  rafilm_autofree char *handle = NULL;
  rafilm_autofree char *author = rafilm_printf ("A#%s", uid);
  rafilm_autofree char *pk = rafilm_printf ("U#%s", uid);
  json_auto_t *published = json_pack ("{s:s, s:{s:{s:s}}, s:i, s:b}", "KeyConditionExpression",
                                      "pk = :pk", "ExpressionAttributeValues", ":pk", "S", author,
                                      "Limit", PAGE, "ConsistentRead", 1);
  json_auto_t *viewings =
      json_pack ("{s:s, s:{s:{s:s}, s:{s:s}}, s:i, s:b}", "KeyConditionExpression",
                 "pk = :pk AND begins_with(sk, :sk)", "ExpressionAttributeValues", ":pk", "S", pk,
                 ":sk", "S", "d#", "Limit", PAGE, "ConsistentRead", 1);

  if (rafilm_publisher_get_handle (dynamodb, uid, &handle) != RAFILM_DYNAMODB_OK)
    return false;
  return update_found (dynamodb, uid, handle, published)
         && update_found (dynamodb, uid, handle, viewings);
}
