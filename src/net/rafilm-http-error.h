/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * rafilm_http_error_take:
 * @error: (transfer full): an error of GIO, libsoup or libdex
 *
 * Turns what the libraries below report into %RAFILM_ERROR. What already is one, and a
 * cancellation, is handed back as it came.
 *
 * Returns: (transfer full): the error
 */
GError *rafilm_http_error_take (GError *error);

G_END_DECLS
