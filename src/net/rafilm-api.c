/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-api.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rafilm-error.h"
#include "rafilm-json-body.h"
#include "rafilm-spawn.h"

#define MAX_ANSWER ((gsize) 8 * 1024 * 1024)
#define MAX_DETAIL 200
#define MAX_CODE 64
#define MAX_RETRY_AFTER (60 * 60)
/* Smaller bodies don't grow much smaller. */
#define MIN_COMPRESSION 256
/* The gateway gives its functions 29 seconds. */
#define SECONDS 35

struct _RafilmApi
{
  GObject parent_instance;

  RafilmHttp *http;
  RafilmAccount *account;
  char *base;
};

G_DEFINE_FINAL_TYPE (RafilmApi, rafilm_api, G_TYPE_OBJECT)

G_DEFINE_BOXED_TYPE (RafilmApiAnswer, rafilm_api_answer, rafilm_api_answer_ref,
                     rafilm_api_answer_unref)

typedef struct
{
  RafilmApi *self;
  char *method;
  char *uri;
  GBytes *body;
  gboolean is_compressed;
  gboolean signed_in;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->self);
  g_clear_pointer (&call->method, g_free);
  g_clear_pointer (&call->uri, g_free);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_free (call);
}

static void
answer_clear (gpointer data)
{
  RafilmApiAnswer *answer = data;

  g_clear_pointer (&answer->body, json_node_unref);
  g_clear_pointer (&answer->code, g_free);
}

RafilmApiAnswer *
rafilm_api_answer_ref (RafilmApiAnswer *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
rafilm_api_answer_unref (RafilmApiAnswer *self)
{
  g_atomic_rc_box_release_full (self, answer_clear);
}

static const char *
get_problem_text (const RafilmApiAnswer *self, const char *name, gsize max_bytes)
{
  const char *text = NULL;

  if (self->body == NULL || !JSON_NODE_HOLDS_OBJECT (self->body))
    return NULL;
  text = rafilm_json_body_get_string (json_node_get_object (self->body), name);

  return text != NULL && *text != '\0' && strlen (text) <= max_bytes ? text : NULL;
}

static RafilmError
classify (guint status)
{
  switch (status)
    {
    case SOUP_STATUS_BAD_REQUEST:
      return RAFILM_ERROR_INVALID;
    case SOUP_STATUS_UNAUTHORIZED:
      return RAFILM_ERROR_SIGN_IN_EXPIRED;
    case SOUP_STATUS_NOT_FOUND:
      return RAFILM_ERROR_NOT_FOUND;
    case SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE:
      return RAFILM_ERROR_TOO_LARGE;
    case RAFILM_HTTP_UPGRADE_REQUIRED:
      return RAFILM_ERROR_UPGRADE_NEEDED;
    case RAFILM_HTTP_TOO_MANY_REQUESTS:
      return RAFILM_ERROR_THROTTLED;
    default:
      return status >= 500 ? RAFILM_ERROR_UNAVAILABLE : RAFILM_ERROR_REFUSED;
    }
}

GError *
rafilm_api_answer_to_error (const RafilmApiAnswer *self)
{
  RafilmError code = RAFILM_ERROR_REFUSED;
  const char *detail = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->status >= 200 && self->status < 300)
    return NULL;

  code = classify (self->status);
  switch ((int) code)
    {
    case RAFILM_ERROR_SIGN_IN_EXPIRED:
      return g_error_new_literal (RAFILM_ERROR, code,
                                  _ ("Your sign-in has ended. Please sign in again."));
    case RAFILM_ERROR_NOT_FOUND:
      return g_error_new_literal (RAFILM_ERROR, code, _ ("The service does not have this."));
    case RAFILM_ERROR_TOO_LARGE:
      return g_error_new_literal (RAFILM_ERROR, code, _ ("This is too much for the service."));
    case RAFILM_ERROR_UPGRADE_NEEDED:
      return g_error_new_literal (RAFILM_ERROR, code,
                                  _ ("The service needs a newer Rafilm. Please update."));
    case RAFILM_ERROR_THROTTLED:
      return g_error_new_literal (RAFILM_ERROR, code,
                                  _ ("Too many requests. Please wait a while, then try again."));
    case RAFILM_ERROR_UNAVAILABLE:
      return g_error_new_literal (RAFILM_ERROR, code,
                                  _ ("The service is having a problem. Please try again later."));
    default:
      break;
    }

  detail = get_problem_text (self, "detail", MAX_DETAIL);
  if (detail == NULL)
    detail = get_problem_text (self, "title", MAX_DETAIL);
  if (detail == NULL)
    return g_error_new (RAFILM_ERROR, code, _ ("The service refused the request (%u)."),
                        self->status);

  return g_error_new (RAFILM_ERROR, code, _ ("The service refused the request: %s"), detail);
}

static guint
read_retry_after (RafilmHttpAnswer *answer)
{
  const char *text = rafilm_http_answer_get_header (answer, "Retry-After");
  guint64 seconds = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &seconds, NULL))
    return 0;

  return (guint) MIN (seconds, MAX_RETRY_AFTER);
}

static RafilmApiAnswer *
read_answer (RafilmHttpAnswer *http_answer)
{
  RafilmApiAnswer *answer = g_atomic_rc_box_new0 (RafilmApiAnswer);
  const char *type = soup_message_headers_get_content_type (http_answer->headers, NULL);

  answer->status = http_answer->status;
  answer->retry_after = read_retry_after (http_answer);
  if (type != NULL
      && (g_str_equal (type, "application/json") || g_str_equal (type, "application/problem+json")))
    answer->body = rafilm_json_body_parse (http_answer->body, NULL);
  if (answer->status >= 400)
    answer->code = g_strdup (get_problem_text (answer, "code", MAX_CODE));

  return answer;
}

static RafilmHttpAnswer *
await_send (Call *call, const char *token, GError **error)
{
  g_autofree char *bearer = token != NULL ? g_strconcat ("Bearer ", token, NULL) : NULL;
  const char *headers[9] = { "Accept", "application/json" };
  RafilmHttpRequest request = { .method = call->method,
                                .uri = call->uri,
                                .headers = headers,
                                .body = call->body,
                                .max_bytes = MAX_ANSWER,
                                .seconds = SECONDS,
                                .repeatable = TRUE };
  gsize n = 2;

  if (call->body != NULL)
    {
      headers[n++] = "Content-Type";
      headers[n++] = "application/json";
    }
  if (call->is_compressed)
    {
      headers[n++] = "Content-Encoding";
      headers[n++] = "gzip";
    }
  if (bearer != NULL)
    {
      headers[n++] = "Authorization";
      headers[n++] = bearer;
    }

  return dex_await_boxed (rafilm_http_send (call->self->http, &request), error);
}

static RafilmHttpAnswer *
await_send_signed_in (Call *call, GError **error)
{
  g_autoptr (RafilmHttpAnswer) answer = NULL;
  g_autofree char *token = NULL;
  g_autofree char *renewed = NULL;

  token = dex_await_string (rafilm_account_get_token (call->self->account), error);
  if (token == NULL)
    return NULL;
  answer = await_send (call, token, error);
  if (answer == NULL || answer->status != SOUP_STATUS_UNAUTHORIZED)
    return g_steal_pointer (&answer);

  renewed = dex_await_string (rafilm_account_renew_token (call->self->account, token), error);
  if (renewed == NULL)
    return NULL;

  return await_send (call, renewed, error);
}

static DexFuture *
call_fiber (gpointer data)
{
  Call *call = data;
  g_autoptr (RafilmHttpAnswer) http_answer = NULL;
  g_autoptr (RafilmApiAnswer) answer = NULL;
  GError *error = NULL;

  http_answer =
      call->signed_in ? await_send_signed_in (call, &error) : await_send (call, NULL, &error);
  if (http_answer == NULL)
    return dex_future_new_for_error (error);

  answer = read_answer (http_answer);
  if (call->signed_in && answer->status == SOUP_STATUS_UNAUTHORIZED)
    return dex_future_new_for_error (rafilm_api_answer_to_error (answer));

  return dex_future_new_take_boxed (RAFILM_TYPE_API_ANSWER, g_steal_pointer (&answer));
}

/* API Gateway takes compressed bodies too: a batch of synchronisation is a quarter of its size.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
 */
static void
set_body (Call *call, JsonNode *body)
{
  g_autoptr (GZlibCompressor) compressor = NULL;
  g_autoptr (GBytes) smaller = NULL;

  call->body = rafilm_json_body_serialize (body);
  if (g_bytes_get_size (call->body) < MIN_COMPRESSION)
    return;
  compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
  smaller = g_converter_convert_bytes (G_CONVERTER (compressor), call->body, NULL);
  if (smaller == NULL || g_bytes_get_size (smaller) >= g_bytes_get_size (call->body))
    return;
  g_bytes_unref (call->body);
  call->body = g_steal_pointer (&smaller);
  call->is_compressed = TRUE;
}

DexFuture *
rafilm_api_call_full (RafilmApi *self, const char *method, const char *path, const char *query,
                      JsonNode *body, gboolean signed_in)
{
  Call *call = NULL;

  dex_return_error_if_fail (RAFILM_IS_API (self));
  dex_return_error_if_fail (method != NULL);
  dex_return_error_if_fail (path != NULL && *path != '/');

  if (self->base == NULL)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_OFFLINE, "%s",
                                  _ ("This Rafilm has no online service."));

  call = g_new0 (Call, 1);
  call->self = g_object_ref (self);
  call->method = g_strdup (method);
  call->uri = g_strconcat (self->base, "/", path, query != NULL ? "?" : NULL, query, NULL);
  call->signed_in = signed_in;
  if (body != NULL)
    set_body (call, body);

  return rafilm_spawn (call_fiber, call, call_free);
}

static DexFuture *
demand_success_cb (DexFuture *future, gpointer data)
{
  const GValue *value = dex_future_get_value (future, NULL);
  RafilmApiAnswer *answer = g_value_get_boxed (value);
  GError *error = rafilm_api_answer_to_error (answer);

  if (error != NULL)
    return dex_future_new_for_error (error);
  if (answer->body == NULL)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_MALFORMED, "%s",
                                  _ ("The service sent an answer that makes no sense."));

  return dex_future_new_take_boxed (JSON_TYPE_NODE, json_node_ref (answer->body));
}

DexFuture *
rafilm_api_call (RafilmApi *self, const char *method, const char *path, const char *query,
                 JsonNode *body, gboolean signed_in)
{
  return dex_future_then (rafilm_api_call_full (self, method, path, query, body, signed_in),
                          demand_success_cb, NULL, NULL);
}

static void
rafilm_api_finalize (GObject *object)
{
  RafilmApi *self = RAFILM_API (object);

  g_clear_object (&self->http);
  g_clear_object (&self->account);
  g_clear_pointer (&self->base, g_free);

  G_OBJECT_CLASS (rafilm_api_parent_class)->finalize (object);
}

static void
rafilm_api_class_init (RafilmApiClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rafilm_api_finalize;
}

static void
rafilm_api_init (RafilmApi *self)
{
}

RafilmApi *
rafilm_api_new (RafilmHttp *http, const RafilmEndpoints *endpoints, RafilmAccount *account)
{
  RafilmApi *self = NULL;

  g_return_val_if_fail (RAFILM_IS_HTTP (http), NULL);
  g_return_val_if_fail (endpoints != NULL, NULL);
  g_return_val_if_fail (RAFILM_IS_ACCOUNT (account), NULL);

  self = g_object_new (RAFILM_TYPE_API, NULL);
  self->http = g_object_ref (http);
  self->account = g_object_ref (account);
  self->base = g_strdup (endpoints->api);

  return self;
}
