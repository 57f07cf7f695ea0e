/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the calls to Cognito have in common (rafilm-cognito-call.c). */
#pragma once

#include "rafilm-cognito.h"

#include <json-glib/json-glib.h>

#include "rafilm-cognito-error.h"

G_BEGIN_DECLS

struct _RafilmCognito
{
  GObject parent_instance;

  RafilmHttp *http;
  RafilmEndpoints *endpoints;
};

/* Turns the answer to a call into what its future resolves to. */
typedef DexFuture *(*RafilmCognitoAnswerFunc) (JsonObject *answer);

/* The members that every call of an app client has, and the user's name, which is the email address
 * and may be NULL. */
JsonObject *rafilm_cognito_body_new (RafilmCognito *self, const char *email);

/* One call, awaited in the caller's fiber. `target` is the name of the call. (transfer full) */
JsonObject *rafilm_cognito_await_call (RafilmCognito *self, const char *target,
                                       RafilmCognitoTask task, JsonObject *body, GError **error);

/* The same in a fiber of its own. Takes `body`; `target` is static. */
DexFuture *rafilm_cognito_start_call (RafilmCognito *self, const char *target,
                                      RafilmCognitoTask task, JsonObject *body,
                                      RafilmCognitoAnswerFunc read);

/* Rejects with RAFILM_ERROR_MALFORMED. */
DexFuture *rafilm_cognito_malformed (void);

G_END_DECLS
