/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-error.h"

#include <gio/gio.h>
#include <libdex.h>

G_DEFINE_QUARK (rafilm - error - quark, rafilm_error)

gboolean
rafilm_error_is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
         || g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED);
}
