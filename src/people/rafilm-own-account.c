/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-own-account.h"

#include "rafilm-error.h"
#include "rafilm-json-body.h"
#include "rafilm-spawn.h"

typedef struct
{
  RafilmApi *api;
  const char *method;
  const char *path;
  JsonNode *body;
} Call;

static void
free_call (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->api);
  g_clear_pointer (&call->body, json_node_unref);
  g_free (call);
}

static Call *
new_call (RafilmApi *api, const char *method, const char *path)
{
  Call *call = g_new0 (Call, 1);

  call->api = g_object_ref (api);
  call->method = method;
  call->path = path;

  return call;
}

/* The answer's object, or NULL with an error. */
static RafilmApiAnswer *
send_call (Call *call, GError **error)
{
  g_autoptr (RafilmApiAnswer) answer = NULL;

  answer = dex_await_boxed (
      rafilm_api_call_full (call->api, call->method, call->path, NULL, call->body, TRUE), error);
  if (answer == NULL)
    return NULL;
  if (g_strcmp0 (answer->code, "handle_taken") == 0)
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_USER_EXISTS,
                           "Somebody else has this name");
      return NULL;
    }
  if (answer->status >= 300)
    {
      g_propagate_error (error, rafilm_api_answer_to_error (answer));
      return NULL;
    }
  if (answer->body == NULL || !JSON_NODE_HOLDS_OBJECT (answer->body))
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                           "The service's answer makes no sense");
      return NULL;
    }

  return g_steal_pointer (&answer);
}

static DexFuture *
handle_fiber (gpointer data)
{
  g_autoptr (RafilmApiAnswer) answer = NULL;
  GError *error = NULL;
  const char *handle;

  answer = send_call (data, &error);
  if (answer == NULL)
    return dex_future_new_for_error (error);
  handle = rafilm_json_body_get_string (json_node_get_object (answer->body), "handle");

  return dex_future_new_take_string (g_strdup (handle != NULL ? handle : ""));
}

DexFuture *
rafilm_own_account_get_handle (RafilmApi *api)
{
  dex_return_error_if_fail (RAFILM_IS_API (api));

  return rafilm_spawn (handle_fiber, new_call (api, "GET", "v1/profile"), free_call);
}

DexFuture *
rafilm_own_account_set_handle (RafilmApi *api, const char *handle)
{
  g_autoptr (JsonObject) object = json_object_new ();
  Call *call;

  dex_return_error_if_fail (RAFILM_IS_API (api));

  if (handle != NULL)
    json_object_set_string_member (object, "handle", handle);
  else
    json_object_set_null_member (object, "handle");
  call = new_call (api, "PUT", "v1/profile");
  call->body = json_node_init_object (json_node_alloc (), object);

  return rafilm_spawn (handle_fiber, call, free_call);
}

static DexFuture *
delete_fiber (gpointer data)
{
  g_autoptr (RafilmApiAnswer) answer = NULL;
  GError *error = NULL;

  answer = send_call (data, &error);
  if (answer == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_true ();
}

DexFuture *
rafilm_own_account_delete (RafilmApi *api)
{
  dex_return_error_if_fail (RAFILM_IS_API (api));

  return rafilm_spawn (delete_fiber, new_call (api, "DELETE", "v1/account"), free_call);
}
