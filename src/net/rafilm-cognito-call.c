/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cognito-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rafilm-error.h"
#include "rafilm-json-body.h"
#include "rafilm-spawn.h"

#define TARGET_PREFIX "AWSCognitoIdentityProviderService."
#define MAX_ANSWER ((gsize) 256 * 1024)
#define SECONDS 20

typedef struct
{
  RafilmCognito *self;
  const char *target;
  RafilmCognitoTask task;
  JsonObject *body;
  RafilmCognitoAnswerFunc read;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->self);
  g_clear_pointer (&call->body, json_object_unref);
  g_free (call);
}

DexFuture *
rafilm_cognito_malformed (void)
{
  return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_MALFORMED, "%s",
                                _ ("The sign-in service sent an answer that makes no sense."));
}

static GError *
read_error (RafilmHttpAnswer *answer, JsonNode *node, RafilmCognitoTask task)
{
  const char *type = rafilm_http_answer_get_header (answer, "x-amzn-errortype");
  const char *message = NULL;
  const char *end = NULL;
  g_autofree char *name = NULL;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      const char *given = rafilm_json_body_get_string (object, "__type");

      type = given != NULL ? given : type;
      message = rafilm_json_body_get_string (object, "message");
      if (message == NULL)
        message = rafilm_json_body_get_string (object, "Message");
    }

  /* "namespace#Name" in the body, "Name:address" in the header. */
  if (type != NULL && strrchr (type, '#') != NULL)
    type = strrchr (type, '#') + 1;
  if (type != NULL)
    {
      end = strchr (type, ':');
      name = end != NULL ? g_strndup (type, end - type) : g_strdup (type);
    }
  g_debug ("Cognito refused: %s", name != NULL ? name : "no name");

  return rafilm_cognito_error_new (task, answer->status, name, message);
}

JsonObject *
rafilm_cognito_await_call (RafilmCognito *self, const char *target, RafilmCognitoTask task,
                           JsonObject *body, GError **error)
{
  g_autofree char *full_target = g_strconcat (TARGET_PREFIX, target, NULL);
  const char *headers[] = { "Content-Type", "application/x-amz-json-1.1", "X-Amz-Target",
                            full_target, NULL };
  g_autoptr (JsonNode) request_node = json_node_init_object (json_node_alloc (), body);
  g_autoptr (GBytes) bytes = rafilm_json_body_serialize (request_node);
  g_autofree char *uri = g_strconcat (self->endpoints->cognito, "/", NULL);
  RafilmHttpRequest request = { .method = "POST",
                                .uri = uri,
                                .headers = headers,
                                .body = bytes,
                                .max_bytes = MAX_ANSWER,
                                .seconds = SECONDS };
  g_autoptr (RafilmHttpAnswer) answer = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) parse_error = NULL;

  answer = dex_await_boxed (rafilm_http_send (self->http, &request), error);
  if (answer == NULL)
    return NULL;

  node = rafilm_json_body_parse (answer->body, &parse_error);
  if (answer->status != SOUP_STATUS_OK)
    {
      g_propagate_error (error, read_error (answer, node, task));
      return NULL;
    }

  /* Some calls answer with an empty body. */
  if (g_bytes_get_size (answer->body) == 0)
    return json_object_new ();
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                           _ ("The sign-in service sent an answer that makes no sense."));
      return NULL;
    }

  return json_object_ref (json_node_get_object (node));
}

static DexFuture *
call_fiber (gpointer data)
{
  Call *call = data;
  g_autoptr (JsonObject) answer = NULL;
  GError *error = NULL;

  answer = rafilm_cognito_await_call (call->self, call->target, call->task, call->body, &error);
  if (answer == NULL)
    return dex_future_new_for_error (error);

  return call->read (answer);
}

DexFuture *
rafilm_cognito_start_call (RafilmCognito *self, const char *target, RafilmCognitoTask task,
                           JsonObject *body, RafilmCognitoAnswerFunc read)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  call->target = target;
  call->task = task;
  call->body = body;
  call->read = read;

  return rafilm_spawn (call_fiber, call, call_free);
}

JsonObject *
rafilm_cognito_body_new (RafilmCognito *self, const char *email)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "ClientId", self->endpoints->cognito_client);
  if (email != NULL)
    {
      g_autofree char *trimmed = g_strstrip (g_strdup (email));

      json_object_set_string_member (body, "Username", trimmed);
    }

  return body;
}
