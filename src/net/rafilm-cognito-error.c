/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cognito-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rafilm-error.h"
#include "rafilm-http.h"

#define WRONG_PASSWORD_TEXT N_ ("The email address or the password is wrong.")
#define SIGN_IN_AGAIN_TEXT N_ ("Your sign-in has ended. Please sign in again.")
#define WEAK_PASSWORD_TEXT                                                                         \
  N_ ("This password is too simple. Choose a longer one that mixes upper and lower case letters, " \
      "digits and symbols.")
#define TRY_LATER_TEXT N_ ("Too many attempts. Please wait a while, then try again.")

typedef struct
{
  const char *type;
  RafilmError code;
  const char *text;
} Meaning;

/* What means the same whatever was asked. The names are those of the Cognito API reference. */
static const Meaning meanings[] = {
  { "UsernameExistsException", RAFILM_ERROR_USER_EXISTS,
    N_ ("There is an account with this email address already. Sign in instead.") },
  { "AliasExistsException", RAFILM_ERROR_USER_EXISTS,
    N_ ("There is an account with this email address already. Sign in instead.") },
  { "UserNotConfirmedException", RAFILM_ERROR_NOT_CONFIRMED,
    N_ ("This account is not confirmed yet. Enter the code from the email that you were sent.") },
  { "CodeMismatchException", RAFILM_ERROR_CODE_MISMATCH,
    N_ ("This is not the right code. Check the newest email that you were sent.") },
  { "ExpiredCodeException", RAFILM_ERROR_CODE_EXPIRED,
    N_ ("This code is no longer valid. Ask for a new one.") },
  { "CodeDeliveryFailureException", RAFILM_ERROR_UNAVAILABLE,
    N_ ("The code could not be sent. Check the email address, or try again later.") },
  { "InvalidPasswordException", RAFILM_ERROR_WEAK_PASSWORD, WEAK_PASSWORD_TEXT },
  { "PasswordHistoryPolicyViolationException", RAFILM_ERROR_WEAK_PASSWORD,
    N_ ("You used this password before. Choose another one.") },
  { "PasswordResetRequiredException", RAFILM_ERROR_REFUSED,
    N_ ("The password of this account must be reset before you can sign in.") },
  { "LimitExceededException", RAFILM_ERROR_THROTTLED, TRY_LATER_TEXT },
  { "TooManyRequestsException", RAFILM_ERROR_THROTTLED, TRY_LATER_TEXT },
  { "TooManyFailedAttemptsException", RAFILM_ERROR_THROTTLED, TRY_LATER_TEXT },
  { "RefreshTokenReuseException", RAFILM_ERROR_SIGN_IN_EXPIRED, SIGN_IN_AGAIN_TEXT },
  { "InternalErrorException", RAFILM_ERROR_UNAVAILABLE,
    N_ ("The sign-in service is having a problem. Please try again later.") },
  { "ForbiddenException", RAFILM_ERROR_REFUSED,
    N_ ("The sign-in service does not accept connections from this network.") },
};

static GError *
create (RafilmError code, const char *text)
{
  return g_error_new_literal (RAFILM_ERROR, code, _ (text));
}

static gboolean
mentions (const char *message, const char *word)
{
  g_autofree char *folded = message != NULL ? g_ascii_strdown (message, -1) : NULL;

  return folded != NULL && strstr (folded, word) != NULL;
}

static GError *
not_authorized (RafilmCognitoTask task, const char *message)
{
  switch (task)
    {
    case RAFILM_COGNITO_SIGN_IN:
    case RAFILM_COGNITO_CHANGE_PASSWORD:
      if (mentions (message, "attempts exceeded"))
        return create (RAFILM_ERROR_THROTTLED, TRY_LATER_TEXT);
      if (mentions (message, "disabled"))
        return create (RAFILM_ERROR_REFUSED, N_ ("This account is switched off."));
      if (mentions (message, "access token"))
        return create (RAFILM_ERROR_SIGN_IN_EXPIRED, SIGN_IN_AGAIN_TEXT);
      if (task == RAFILM_COGNITO_CHANGE_PASSWORD)
        return create (RAFILM_ERROR_WRONG_PASSWORD, N_ ("The current password is wrong."));
      return create (RAFILM_ERROR_WRONG_PASSWORD, WRONG_PASSWORD_TEXT);
    case RAFILM_COGNITO_REFRESH:
    case RAFILM_COGNITO_SESSION:
      return create (RAFILM_ERROR_SIGN_IN_EXPIRED, SIGN_IN_AGAIN_TEXT);
    case RAFILM_COGNITO_CONFIRM:
      return create (RAFILM_ERROR_USER_EXISTS,
                     N_ ("This account is confirmed already. Sign in with it."));
    case RAFILM_COGNITO_SIGN_UP:
      return create (RAFILM_ERROR_REFUSED, N_ ("New accounts cannot be made at present."));
    case RAFILM_COGNITO_RESET:
      return create (RAFILM_ERROR_REFUSED,
                     N_ ("The password of this account cannot be reset at present."));
    default:
      g_return_val_if_reached (create (RAFILM_ERROR_REFUSED, WRONG_PASSWORD_TEXT));
    }
}

/* Signing in does not tell whether an address has an account. */
static GError *
user_not_found (RafilmCognitoTask task)
{
  switch (task)
    {
    case RAFILM_COGNITO_SIGN_IN:
      return create (RAFILM_ERROR_WRONG_PASSWORD, WRONG_PASSWORD_TEXT);
    case RAFILM_COGNITO_REFRESH:
    case RAFILM_COGNITO_SESSION:
    case RAFILM_COGNITO_CHANGE_PASSWORD:
      return create (RAFILM_ERROR_SIGN_IN_EXPIRED, SIGN_IN_AGAIN_TEXT);
    default:
      return create (RAFILM_ERROR_NOT_FOUND, N_ ("There is no account with this email address."));
    }
}

static GError *
invalid_parameter (RafilmCognitoTask task, const char *message)
{
  switch (task)
    {
    case RAFILM_COGNITO_SIGN_IN:
      return create (RAFILM_ERROR_WRONG_PASSWORD, WRONG_PASSWORD_TEXT);
    case RAFILM_COGNITO_CONFIRM:
      if (mentions (message, "already confirmed"))
        return create (RAFILM_ERROR_USER_EXISTS,
                       N_ ("This account is confirmed already. Sign in with it."));
      return create (RAFILM_ERROR_CODE_MISMATCH, N_ ("This is not a confirmation code."));
    case RAFILM_COGNITO_RESET:
      if (mentions (message, "confirmationcode"))
        return create (RAFILM_ERROR_CODE_MISMATCH, N_ ("This is not a confirmation code."));
      if (mentions (message, "no registered"))
        return create (RAFILM_ERROR_NOT_CONFIRMED,
                       N_ ("The email address of this account was never confirmed."));
      break;
    default:
      break;
    }

  if (mentions (message, "password"))
    return create (RAFILM_ERROR_WEAK_PASSWORD, WEAK_PASSWORD_TEXT);
  if (mentions (message, "email") || mentions (message, "username"))
    return create (RAFILM_ERROR_INVALID, N_ ("This is not an email address."));

  return create (RAFILM_ERROR_INVALID, N_ ("The sign-in service did not accept what you entered."));
}

GError *
rafilm_cognito_error_new (RafilmCognitoTask task, guint status, const char *type,
                          const char *message)
{
  if (type != NULL)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
        if (strcmp (type, meanings[i].type) == 0)
          return create (meanings[i].code, meanings[i].text);

      if (strcmp (type, "NotAuthorizedException") == 0)
        return not_authorized (task, message);
      if (strcmp (type, "UserNotFoundException") == 0)
        return user_not_found (task);
      if (strcmp (type, "InvalidParameterException") == 0)
        return invalid_parameter (task, message);
    }

  if (status == RAFILM_HTTP_TOO_MANY_REQUESTS)
    return create (RAFILM_ERROR_THROTTLED, TRY_LATER_TEXT);
  if (status >= 500)
    return create (RAFILM_ERROR_UNAVAILABLE,
                   N_ ("The sign-in service is having a problem. Please try again later."));

  return create (RAFILM_ERROR_REFUSED, N_ ("The sign-in service refused this."));
}
