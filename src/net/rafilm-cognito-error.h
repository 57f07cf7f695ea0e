/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RafilmCognitoTask:
 *
 * What was asked of Cognito, since one name of an error means different things.
 */
typedef enum
{
  RAFILM_COGNITO_SIGN_UP,
  RAFILM_COGNITO_CONFIRM,
  RAFILM_COGNITO_SIGN_IN,
  RAFILM_COGNITO_REFRESH,
  RAFILM_COGNITO_RESET,
  RAFILM_COGNITO_CHANGE_PASSWORD,
  RAFILM_COGNITO_SESSION,
} RafilmCognitoTask;

/**
 * rafilm_cognito_error_new:
 * @status: the HTTP status
 * @type: (nullable): the error's name, such as `NotAuthorizedException`
 * @message: (nullable): Cognito's words, in English and for developers; read, never shown
 *
 * Returns: (transfer full): a %RAFILM_ERROR with a message for a person
 */
GError *rafilm_cognito_error_new (RafilmCognitoTask task, guint status, const char *type,
                                  const char *message);

G_END_DECLS
