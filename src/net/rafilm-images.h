/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-endpoints.h"
#include "rafilm-http.h"

G_BEGIN_DECLS

/**
 * RafilmImages:
 *
 * TMDb's pictures on disk, under `${XDG_CACHE_HOME}/rafilm/images/SIZE/NAME`. Each is downloaded
 * once, however many ask for it; six downloads run at once; the folder stays below a size, the
 * least recently used going first. A picture that does not exist is not asked for again within
 * an hour.
 */
#define RAFILM_TYPE_IMAGES (rafilm_images_get_type ())
G_DECLARE_FINAL_TYPE (RafilmImages, rafilm_images, RAFILM, IMAGES, GObject)

/**
 * rafilm_images_new:
 * @folder: (nullable): where the pictures are kept; %NULL for the usual place
 */
RafilmImages *rafilm_images_new (RafilmHttp *http, const RafilmEndpoints *endpoints,
                                 const char *folder);

/**
 * rafilm_images_set_limit:
 * @bytes: what the folder may hold; 200 MB to begin with
 */
void rafilm_images_set_limit (RafilmImages *self, guint64 bytes);

/**
 * rafilm_images_fetch:
 * @path: the picture's path as TMDb gives it, such as `/abc.jpg`
 * @size: one of TMDb's sizes, such as `w342` or `original`
 *
 * Returns: (transfer full): a future that resolves to the path of the file, a string. It rejects
 *   with %RAFILM_ERROR_INVALID (no such path or size can be), %RAFILM_ERROR_NOT_FOUND,
 *   %RAFILM_ERROR_MALFORMED (not a picture), %RAFILM_ERROR_UNAVAILABLE,
 *   %RAFILM_ERROR_DISK_FULL, or as rafilm_http_send(). Dropping the future does not stop a
 *   download that has begun
 */
DexFuture *rafilm_images_fetch (RafilmImages *self, const char *path,
                                const char *size) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_images_peek:
 *
 * Returns: (transfer full) (nullable): the path of the file where the picture is known to be on
 *   disk, without waiting
 */
char *rafilm_images_peek (RafilmImages *self, const char *path, const char *size);

G_END_DECLS
