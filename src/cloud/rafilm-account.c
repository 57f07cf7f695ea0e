/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-account.h"

#include <string.h>

static json_t *
check_account (const char *uid)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", uid);

  return json_pack ("{s:{s:o, s:s}}", "ConditionCheck", "Key", rafilm_item_key (pk, "M"),
                    "ConditionExpression", "attribute_not_exists(gone)");
}

static bool
find_refused (const json_t *reasons, size_t *ret_index)
{
  json_t *reason;
  size_t i;

  json_array_foreach (reasons, i, reason)
  {
    if (strcmp (json_string_value (reason), "ConditionalCheckFailed") == 0)
      {
        *ret_index = i;
        return true;
      }
  }
  return false;
}

RafilmAccountStatus
rafilm_account_transact (RafilmDynamodb *dynamodb, const char *uid, json_t *actions,
                         size_t *ret_refused)
{
  json_auto_t *owned = actions;
  json_auto_t *reasons = NULL;
  RafilmDynamodbStatus status;
  size_t refused;

  json_array_insert_new (owned, 0, check_account (uid));
  status = rafilm_dynamodb_transact_patiently (dynamodb, owned, &reasons);
  if (status == RAFILM_DYNAMODB_OK)
    return RAFILM_ACCOUNT_OK;
  if (!find_refused (reasons, &refused))
    return RAFILM_ACCOUNT_FAILED;
  if (refused == 0)
    return RAFILM_ACCOUNT_GONE;
  if (ret_refused != NULL)
    *ret_refused = refused - 1;
  return RAFILM_ACCOUNT_REFUSED;
}

RafilmDynamodbStatus
rafilm_account_is_gone (RafilmDynamodb *dynamodb, const char *uid, bool *ret_gone)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", uid);
  json_auto_t *meta = NULL;
  RafilmDynamodbStatus status = rafilm_dynamodb_get_item (dynamodb, pk, "M", true, &meta);

  *ret_gone = rafilm_item_get_bool (meta, "gone", false);
  return status;
}
