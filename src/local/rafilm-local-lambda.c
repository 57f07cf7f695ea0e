/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-lambda.h"

#include "rafilm-local-error.h"
#include "rafilm-local-http.h"

#include "rafilm-spawn.h"

#define FUNCTIONS "/2015-03-31/functions"
#define MAX_EVENT_BYTES (1024 * 1024)
/* What infra/template.yaml gives the functions that are invoked so. */
#define TIMEOUT_MS 900000

struct _RafilmLocalLambda
{
  SoupServer *server;
  RafilmLocalFindFunction find;
  gpointer data;
};

typedef struct
{
  RafilmLocalFunction *function;
  RafilmLocalExchange *exchange; /* NULL when the answer was given already */
  GBytes *event;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_pointer (&call->exchange, rafilm_local_exchange_end);
  g_clear_pointer (&call->event, g_bytes_unref);
  g_free (call);
}

static void
refuse (SoupServerMessage *message, guint status, const char *type, const char *text)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "Type", "User");
  json_object_set_string_member (object, "Message", text);
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "x-amzn-ErrorType", type);
  rafilm_local_http_reply (message, status, object);
}

static void
reply_failure (SoupServerMessage *message, const GError *error)
{
  g_autoptr (GBytes) body = NULL;

  if (g_error_matches (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_THROTTLED))
    {
      refuse (message, 429, "TooManyRequestsException", "Rate Exceeded.");
      return;
    }

  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "X-Amz-Function-Error", "Unhandled");
  body = g_bytes_new (error->message, strlen (error->message));
  rafilm_local_http_reply_bytes (message, SOUP_STATUS_OK, "application/json", body);
}

static DexFuture *
call_fiber (gpointer data)
{
  Call *call = data;
  g_autoptr (GBytes) payload = NULL;
  g_autoptr (GError) error = NULL;

  payload = dex_await_boxed (rafilm_local_function_invoke (call->function, call->event, TIMEOUT_MS),
                             &error);
  if (call->exchange == NULL)
    {
      if (payload == NULL)
        g_message ("%s failed: %s", rafilm_local_function_get_name (call->function),
                   error->message);
      return dex_future_new_true ();
    }

  soup_message_headers_replace (soup_server_message_get_response_headers (call->exchange->message),
                                "X-Amz-Executed-Version", "$LATEST");
  if (payload != NULL)
    rafilm_local_http_reply_bytes (call->exchange->message, SOUP_STATUS_OK, "application/json",
                                   payload);
  else
    reply_failure (call->exchange->message, error);

  return dex_future_new_true ();
}

static RafilmLocalFunction *
find_function (RafilmLocalLambda *self, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path + strlen (FUNCTIONS "/"), "/", 3);
  const char *name;

  if (g_strv_length (parts) != 2 || strcmp (parts[1], "invocations") != 0)
    return NULL;
  name = strrchr (parts[0], ':');

  return self->find (name != NULL ? name + 1 : parts[0], self->data);
}

static void
functions_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
              gpointer data)
{
  RafilmLocalLambda *self = data;
  RafilmLocalFunction *function = NULL;
  const char *type;
  Call *call;

  if (g_str_has_prefix (path, FUNCTIONS "/")
      && strcmp (soup_server_message_get_method (message), SOUP_METHOD_POST) == 0)
    function = find_function (self, path);
  if (function == NULL)
    {
      refuse (message, SOUP_STATUS_NOT_FOUND, "ResourceNotFoundException", "Function not found");
      return;
    }

  call = g_new0 (Call, 1);
  call->function = function;
  call->event = rafilm_local_http_dup_body (message);
  type = soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                       "X-Amz-Invocation-Type");
  if (g_bytes_get_size (call->event) > MAX_EVENT_BYTES)
    {
      refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "RequestTooLargeException",
              "Request must be smaller than 1048576 bytes for the InvokeFunction operation");
      call_free (call);
      return;
    }

  if (g_strcmp0 (type, "Event") == 0)
    rafilm_local_http_reply_bytes (message, SOUP_STATUS_ACCEPTED, NULL, NULL);
  else
    call->exchange = rafilm_local_exchange_begin (message);
  dex_future_disown (rafilm_spawn (call_fiber, call, call_free));
}

RafilmLocalLambda *
rafilm_local_lambda_new (SoupServer *server, RafilmLocalFindFunction find, gpointer data)
{
  RafilmLocalLambda *self;

  g_return_val_if_fail (SOUP_IS_SERVER (server), NULL);
  g_return_val_if_fail (find != NULL, NULL);

  self = g_new0 (RafilmLocalLambda, 1);
  self->server = g_object_ref (server);
  self->find = find;
  self->data = data;
  soup_server_add_handler (server, FUNCTIONS, functions_cb, self, NULL);

  return self;
}

void
rafilm_local_lambda_free (RafilmLocalLambda *self)
{
  g_return_if_fail (self != NULL);

  soup_server_remove_handler (self->server, FUNCTIONS);
  g_clear_object (&self->server);
  g_free (self);
}
