/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RafilmLocalError:
 * @RAFILM_LOCAL_ERROR_FAILED: a part of the local cloud did not start or answer
 * @RAFILM_LOCAL_ERROR_TIMED_OUT: a function did not answer in time
 * @RAFILM_LOCAL_ERROR_FUNCTION: a function answered with an error, or ended; the message is the
 *   JSON text that the function gave
 * @RAFILM_LOCAL_ERROR_THROTTLED: more requests than the local cloud takes at once
 */
typedef enum
{
  RAFILM_LOCAL_ERROR_FAILED,
  RAFILM_LOCAL_ERROR_TIMED_OUT,
  RAFILM_LOCAL_ERROR_FUNCTION,
  RAFILM_LOCAL_ERROR_THROTTLED,
} RafilmLocalError;

#define RAFILM_LOCAL_ERROR (rafilm_local_error_quark ())
GQuark rafilm_local_error_quark (void);

G_END_DECLS
