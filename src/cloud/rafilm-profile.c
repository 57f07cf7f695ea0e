/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-profile.h"

#include "rafilm-memory.h"

#include <string.h>

bool
rafilm_profile_handle_is_valid (const char *handle)
{
  size_t length = handle != NULL ? strlen (handle) : 0;

  return length >= 3 && length <= 20
         && strspn (handle, "abcdefghijklmnopqrstuvwxyz0123456789_") == length;
}

bool
rafilm_profile_handle_is_reserved (const char *handle)
{
  static const char *const reserved[] = { "admin",   "administrator", "moderator", "rafilm",
                                          "support", "security",      "staff",     "system",
                                          "root",    "help",          "abuse",     "postmaster" };

  for (unsigned i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
    if (strcmp (handle, reserved[i]) == 0)
      return true;
  return false;
}

RafilmDynamodbStatus
rafilm_profile_find (RafilmDynamodb *dynamodb, const char *handle, char **ret_uid)
{
  rafilm_autofree char *pk = rafilm_printf ("N#%s", handle);
  json_auto_t *item = NULL;
  RafilmDynamodbStatus status = rafilm_dynamodb_get_item (dynamodb, pk, "M", false, &item);

  *ret_uid = rafilm_strdup (rafilm_item_get_text (item, "uid"));
  return status;
}

/* {"Put" or "Delete": …} on the condition that the handle, or the profile, is what it was. */
static json_t *
make_put (json_t *item, const char *condition, const char *name, const char *value)
{
  json_t *action =
      json_pack ("{s:{s:o, s:s}}", "Put", "Item", item, "ConditionExpression", condition);

  if (value != NULL)
    json_object_set_new (json_object_get (action, "Put"), "ExpressionAttributeValues",
                         json_pack ("{s:{s:s}}", name, "S", value));
  return action;
}

static json_t *
make_delete (json_t *key, const char *condition, const char *name, const char *value)
{
  return json_pack ("{s:{s:o, s:s, s:{s:{s:s}}}}", "Delete", "Key", key, "ConditionExpression",
                    condition, "ExpressionAttributeValues", name, "S", value);
}

static void
add_profile (json_t *actions, const char *pk, const char *old, const char *handle)
{
  json_t *item = rafilm_item_key (pk, "N");

  if (handle == NULL)
    {
      json_array_append_new (actions, make_delete (item, "handle = :old", ":old", old));
      return;
    }
  rafilm_item_set_text (item, "handle", handle);
  json_array_append_new (
      actions,
      make_put (item, old != NULL ? "handle = :old" : "attribute_not_exists(pk)", ":old", old));
}

RafilmAccountStatus
rafilm_profile_set_handle (RafilmDynamodb *dynamodb, const char *uid, const char *old,
                           const char *handle)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", uid);
  json_t *actions;

  if (old == NULL && handle == NULL)
    return RAFILM_ACCOUNT_OK;
  actions = json_array ();
  add_profile (actions, pk, old, handle);
  if (handle != NULL)
    {
      rafilm_autofree char *key = rafilm_printf ("N#%s", handle);
      json_t *item = rafilm_item_key (key, "M");

      rafilm_item_set_text (item, "uid", uid);
      json_array_append_new (actions, make_put (item, "attribute_not_exists(pk)", NULL, NULL));
    }
  if (old != NULL)
    {
      rafilm_autofree char *key = rafilm_printf ("N#%s", old);

      json_array_append_new (actions,
                             make_delete (rafilm_item_key (key, "M"), "uid = :uid", ":uid", uid));
    }
  return rafilm_account_transact (dynamodb, uid, actions, NULL);
}

RafilmDynamodbStatus
rafilm_profile_remove (RafilmDynamodb *dynamodb, const char *uid, const char *handle)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", uid);
  rafilm_autofree char *key = rafilm_printf ("N#%s", handle);
  json_auto_t *actions = json_pack (
      "[o, o]", make_delete (rafilm_item_key (pk, "N"), "handle = :handle", ":handle", handle),
      make_delete (rafilm_item_key (key, "M"), "uid = :uid", ":uid", uid));

  return rafilm_dynamodb_transact (dynamodb, actions, NULL, NULL);
}
