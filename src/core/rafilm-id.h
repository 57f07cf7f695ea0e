/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RAFILM_ID_LENGTH 22
#define RAFILM_DEVICE_ID_LENGTH 8

/**
 * rafilm_id_new:
 *
 * Returns: (transfer full): 128 random bits as %RAFILM_ID_LENGTH base62 digits: the id of a new
 *   record, made on the device so that a request can be sent twice without harm
 */
char *rafilm_id_new (void);

/**
 * rafilm_id_new_device:
 *
 * Returns: (transfer full): %RAFILM_DEVICE_ID_LENGTH random base62 digits
 */
char *rafilm_id_new_device (void);

typedef void (*RafilmIdRandomFunc) (guint8 *bytes, gsize size);

/**
 * rafilm_id_set_random:
 * @source: (nullable): what ids are made of from now on; %NULL for the system's random numbers
 *
 * For simulations, where a seed must mean the same run everywhere.
 */
void rafilm_id_set_random (RafilmIdRandomFunc source);

/**
 * rafilm_id_is_valid:
 *
 * Returns: whether @id can be a record's id: 1 to 128 bytes of letters, digits, "-", "_" and ":"
 */
gboolean rafilm_id_is_valid (const char *id);

G_END_DECLS
