/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-error-text.h"

#include <glib/gi18n.h>

#include "rafilm-error.h"

static const char *
account_text (int code)
{
  switch (code)
    {
    case RAFILM_ERROR_NOT_SIGNED_IN:
      return _ ("Sign in first");
    case RAFILM_ERROR_SIGN_IN_EXPIRED:
      return _ ("Your sign-in has expired. Sign in again to sync");
    case RAFILM_ERROR_WRONG_PASSWORD:
      return _ ("The address or the password is wrong");
    case RAFILM_ERROR_USER_EXISTS:
      return _ ("This address has an account already");
    case RAFILM_ERROR_NOT_CONFIRMED:
      return _ ("The account waits for the code that was mailed to you");
    case RAFILM_ERROR_CODE_MISMATCH:
      return _ ("The code is wrong");
    case RAFILM_ERROR_CODE_EXPIRED:
      return _ ("The code is too old. Ask for a new one");
    case RAFILM_ERROR_WEAK_PASSWORD:
      return _ ("The password is too easy to guess. Make it longer");
    default:
      return NULL;
    }
}

const char *
rafilm_error_text (const GError *error)
{
  const char *text;

  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != RAFILM_ERROR)
    return _ ("Something went wrong");

  text = account_text (error->code);
  if (text != NULL)
    return text;

  switch (error->code)
    {
    case RAFILM_ERROR_NOT_FOUND:
      return _ ("There is no such thing any more");
    case RAFILM_ERROR_OFFLINE:
      return _ ("You are offline");
    case RAFILM_ERROR_TIMED_OUT:
      return _ ("The service did not answer in time");
    case RAFILM_ERROR_THROTTLED:
      return _ ("Too many tries. Wait a minute");
    case RAFILM_ERROR_UPGRADE_NEEDED:
      return _ ("Update Rafilm to sync again");
    case RAFILM_ERROR_DISK_FULL:
      return _ ("The disk is full. Nothing was saved");
    case RAFILM_ERROR_DATABASE_NEWER:
      return _ ("A newer version of Rafilm wrote this diary");
    case RAFILM_ERROR_REFUSED:
      return _ ("The service refused this");
    case RAFILM_ERROR_UNAVAILABLE:
      return _ ("The service has a problem. Try again later");
    default:
      return _ ("Something went wrong");
    }
}
