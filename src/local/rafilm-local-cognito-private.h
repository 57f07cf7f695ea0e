/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-cognito-key.h"
#include "rafilm-local-cognito-users.h"
#include "rafilm-local-cognito.h"

G_BEGIN_DECLS

#define RAFILM_LOCAL_COGNITO_SCOPE "aws.cognito.signin.user.admin"

struct _RafilmLocalCognito
{
  SoupServer *server;
  char *pool;
  char *client;
  char *issuer;
  RafilmLocalCognitoTimes times;
  RafilmLocalCognitoKey *key;
  RafilmLocalUsers *users;
  GHashTable *mails;    /* folded address -> last code */
  GHashTable *attempts; /* secret block -> sign-in under way */
  char *fake_seed;      /* makes up steady salts for users that do not exist */
  RafilmLocalCognitoChanged changed;
  gpointer data;
};

/**
 * RafilmLocalFault:
 *
 * How an operation fails: Cognito's exception and its words. Both are static text.
 */
typedef struct
{
  const char *type;
  const char *message;
} RafilmLocalFault;

/**
 * RafilmLocalOperation:
 *
 * Returns: (transfer full) (nullable): the output, or %NULL with @ret_fault
 */
typedef JsonObject *(*RafilmLocalOperation) (RafilmLocalCognito *self, JsonObject *input,
                                             RafilmLocalFault *ret_fault);

/* Always returns NULL, so that an operation can end with it. */
JsonObject *_rafilm_local_cognito_fail (RafilmLocalFault *ret_fault, const char *type,
                                        const char *message);
gboolean _rafilm_local_cognito_check_client (RafilmLocalCognito *self, JsonObject *input,
                                             RafilmLocalFault *ret_fault);
gboolean _rafilm_local_cognito_check_password (const char *password, RafilmLocalFault *ret_fault);
const char *_rafilm_local_cognito_get_pool_name (RafilmLocalCognito *self);
gint64 _rafilm_local_cognito_now (void);

JsonObject *_rafilm_local_cognito_sign_up (RafilmLocalCognito *, JsonObject *, RafilmLocalFault *);
JsonObject *_rafilm_local_cognito_confirm (RafilmLocalCognito *, JsonObject *, RafilmLocalFault *);
JsonObject *_rafilm_local_cognito_resend (RafilmLocalCognito *, JsonObject *, RafilmLocalFault *);
JsonObject *_rafilm_local_cognito_forgot (RafilmLocalCognito *, JsonObject *, RafilmLocalFault *);
JsonObject *_rafilm_local_cognito_reset (RafilmLocalCognito *, JsonObject *, RafilmLocalFault *);

JsonObject *_rafilm_local_cognito_initiate (RafilmLocalCognito *, JsonObject *, RafilmLocalFault *);
JsonObject *_rafilm_local_cognito_respond (RafilmLocalCognito *, JsonObject *, RafilmLocalFault *);
JsonObject *_rafilm_local_cognito_refresh (RafilmLocalCognito *, JsonObject *, RafilmLocalFault *);
JsonObject *_rafilm_local_cognito_revoke (RafilmLocalCognito *, JsonObject *, RafilmLocalFault *);
GHashTable *_rafilm_local_cognito_make_attempts (void);

JsonObject *_rafilm_local_cognito_get_user (RafilmLocalCognito *, JsonObject *, RafilmLocalFault *);
JsonObject *_rafilm_local_cognito_delete_user (RafilmLocalCognito *, JsonObject *,
                                               RafilmLocalFault *);
JsonObject *_rafilm_local_cognito_admin_delete_user (RafilmLocalCognito *, JsonObject *,
                                                     RafilmLocalFault *);
JsonObject *_rafilm_local_cognito_change_password (RafilmLocalCognito *, JsonObject *,
                                                   RafilmLocalFault *);
JsonObject *_rafilm_local_cognito_sign_out (RafilmLocalCognito *, JsonObject *, RafilmLocalFault *);

G_END_DECLS
