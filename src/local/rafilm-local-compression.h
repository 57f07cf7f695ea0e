/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * rafilm_local_compress:
 *
 * Returns: (transfer full): @bytes in gzip's format
 */
GBytes *rafilm_local_compress (GBytes *bytes);

/**
 * rafilm_local_decompress:
 * @max_bytes: of the result
 *
 * Returns: (transfer full) (nullable): what the gzip stream holds; %NULL with %G_IO_ERROR_NO_SPACE
 *   when that is more than @max_bytes, or with another error when it is no gzip stream
 */
GBytes *rafilm_local_decompress (GBytes *bytes, gsize max_bytes, GError **error);

G_END_DECLS
