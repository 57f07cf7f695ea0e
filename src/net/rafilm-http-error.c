/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-http-error.h"

#include <glib/gi18n-lib.h>
#include <libdex.h>
#include <libsoup/soup.h>

#include "rafilm-error.h"

static RafilmError
classify_gio_code (int code)
{
  switch (code)
    {
    case G_IO_ERROR_TIMED_OUT:
      return RAFILM_ERROR_TIMED_OUT;
    case G_IO_ERROR_INVALID_DATA:
      return RAFILM_ERROR_MALFORMED;
    case G_IO_ERROR_INVALID_ARGUMENT:
      return RAFILM_ERROR_INVALID;
    default:
      /* Refused, unreachable, not found, reset, cut off: the peer cannot be reached now. */
      return RAFILM_ERROR_OFFLINE;
    }
}

static RafilmError
classify (const GError *error)
{
  if (error->domain == G_TLS_ERROR)
    return RAFILM_ERROR_TLS;
  if (error->domain == SOUP_SESSION_ERROR || error->domain == SOUP_WEBSOCKET_ERROR)
    return RAFILM_ERROR_MALFORMED;
  if (g_error_matches (error, DEX_ERROR, DEX_ERROR_TIMED_OUT))
    return RAFILM_ERROR_TIMED_OUT;
  if (error->domain == G_IO_ERROR)
    return classify_gio_code (error->code);

  return RAFILM_ERROR_OFFLINE;
}

static const char *
describe (RafilmError code)
{
  switch ((int) code)
    {
    case RAFILM_ERROR_TLS:
      return _ ("The server could not prove who it is, so nothing was sent.");
    case RAFILM_ERROR_MALFORMED:
      return _ ("The server sent an answer that makes no sense.");
    case RAFILM_ERROR_TIMED_OUT:
      return _ ("The server did not answer in time.");
    case RAFILM_ERROR_INVALID:
      return _ ("The request is not valid.");
    default:
      return _ ("The server cannot be reached.");
    }
}

GError *
rafilm_http_error_take (GError *error)
{
  GError *mapped = NULL;
  RafilmError code = RAFILM_ERROR_OFFLINE;

  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain == RAFILM_ERROR || rafilm_error_is_cancelled (error))
    return error;

  code = classify (error);
  g_debug ("Request failed: %s", error->message);
  mapped = g_error_new_literal (RAFILM_ERROR, code, describe (code));
  g_error_free (error);

  return mapped;
}
