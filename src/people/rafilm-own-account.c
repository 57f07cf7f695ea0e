/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-own-account.h"

#include "rafilm-error.h"
#include "rafilm-json-body.h"
#include "rafilm-spawn.h"

#define ARCHIVE_SECONDS 2
#define ARCHIVE_TRIES 300

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

/* A browser is given it: nothing but the web, and on this computer alone without TLS. */
static gboolean
is_web_address (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL
         && (g_str_equal (g_uri_get_scheme (uri), "https")
             || (g_str_equal (g_uri_get_scheme (uri), "http")
                 && g_str_equal (g_uri_get_host (uri), "127.0.0.1")));
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

/* ---- The archive ---- */

/* Its address; NULL without an error while it is being made. */
static char *
read_archive (JsonObject *object, GError **error)
{
  const char *state = rafilm_json_body_get_string (object, "state");
  const char *url = rafilm_json_body_get_string (object, "url");

  if (g_strcmp0 (state, "making") == 0)
    return NULL;
  if (g_strcmp0 (state, "failed") == 0)
    g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_UNAVAILABLE,
                         "The archive could not be made");
  else if (g_strcmp0 (state, "ready") != 0 || url == NULL || !is_web_address (url))
    g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                         "The service's answer makes no sense");
  else
    return g_strdup (url);

  return NULL;
}

static DexFuture *
archive_fiber (gpointer data)
{
  Call *call = data;
  g_autoptr (RafilmApiAnswer) asked = NULL;
  GError *error = NULL;
  char *url = NULL;

  asked = send_call (call, &error);
  /* There is one that is younger than a day. */
  if (g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_THROTTLED))
    g_clear_error (&error);
  call->method = "GET";
  for (guint tries = 0; error == NULL && url == NULL && tries < ARCHIVE_TRIES; tries++)
    {
      g_autoptr (RafilmApiAnswer) answer = send_call (call, &error);

      if (answer != NULL)
        url = read_archive (json_node_get_object (answer->body), &error);
      if (error == NULL && url == NULL)
        dex_await (dex_timeout_new_seconds (ARCHIVE_SECONDS), NULL);
    }
  if (error != NULL)
    return dex_future_new_for_error (error);
  if (url == NULL)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_TIMED_OUT,
                                  "The archive is still being made");

  return dex_future_new_take_string (url);
}

DexFuture *
rafilm_own_account_make_archive (RafilmApi *api)
{
  dex_return_error_if_fail (RAFILM_IS_API (api));

  return rafilm_spawn (archive_fiber, new_call (api, "POST", "v1/takeout"), free_call);
}

/* ---- The end ---- */

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
