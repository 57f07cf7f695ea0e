/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "rafilm-account.h"

G_BEGIN_DECLS

/**
 * RafilmApi:
 *
 * The client of Rafilm's REST API: JSON in and out, `Authorization: Bearer` where asked for.
 */
#define RAFILM_TYPE_API (rafilm_api_get_type ())
G_DECLARE_FINAL_TYPE (RafilmApi, rafilm_api, RAFILM, API, GObject)

/**
 * RafilmApiAnswer:
 * @status: the HTTP status
 * @body: (nullable) (transfer none): the body, where it is JSON
 * @code: (nullable): the member `code` of a problem (RFC 9457), such as `bad_request`
 * @retry_after: the seconds of `Retry-After`, 0 without one, at most an hour
 *
 * An answer of any status; boxed and counted. Its fields are read only.
 */
typedef struct
{
  guint status;
  JsonNode *body;
  char *code;
  guint retry_after;
} RafilmApiAnswer;

#define RAFILM_TYPE_API_ANSWER (rafilm_api_answer_get_type ())
GType rafilm_api_answer_get_type (void);

RafilmApiAnswer *rafilm_api_answer_ref (RafilmApiAnswer *self);
void rafilm_api_answer_unref (RafilmApiAnswer *self);

/**
 * rafilm_api_answer_to_error:
 *
 * Returns: (transfer full) (nullable): the %RAFILM_ERROR that the answer means, %NULL for a status
 *   of success: 400 INVALID, 401 SIGN_IN_EXPIRED, 404 NOT_FOUND, 413 TOO_LARGE, 426
 *   UPGRADE_NEEDED, 429 THROTTLED, 5xx UNAVAILABLE, else REFUSED
 */
GError *rafilm_api_answer_to_error (const RafilmApiAnswer *self);

RafilmApi *rafilm_api_new (RafilmHttp *http, const RafilmEndpoints *endpoints,
                           RafilmAccount *account);

/**
 * rafilm_api_call:
 * @method: such as `POST`
 * @path: without a slash in front, such as `v1/sync`; already percent-encoded
 * @query: (nullable): what follows the question mark, already percent-encoded
 * @body: (nullable) (transfer none): what is sent
 * @signed_in: whether to send the access token; where the service refuses it, it is renewed and
 *   the call made once more
 *
 * Calls the API. A call may be repeated on the wire, so each must be idempotent by its content.
 *
 * Returns: (transfer full): a future that resolves to a #JsonNode (boxed). It rejects as
 *   rafilm_http_send(), as rafilm_account_get_token() and as rafilm_api_answer_to_error(), with
 *   %RAFILM_ERROR_MALFORMED where a success is not JSON, and with %RAFILM_ERROR_OFFLINE where
 *   there is no cloud
 */
DexFuture *rafilm_api_call (RafilmApi *self, const char *method, const char *path,
                            const char *query, JsonNode *body,
                            gboolean signed_in) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_api_call_full:
 *
 * As rafilm_api_call(), but every answer of the service resolves, to a #RafilmApiAnswer; only a
 * refused sign-in rejects, with %RAFILM_ERROR_SIGN_IN_EXPIRED.
 */
DexFuture *rafilm_api_call_full (RafilmApi *self, const char *method, const char *path,
                                 const char *query, JsonNode *body,
                                 gboolean signed_in) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmApiAnswer, rafilm_api_answer_unref)

G_END_DECLS
