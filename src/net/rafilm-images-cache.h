/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/**
 * RafilmImagesCache:
 *
 * Files in a folder that together stay below a size: those that were not used for longest go. When
 * a file was used is its time of modification, so that the order survives the program. Names are
 * paths relative to the folder, checked by the caller.
 */
#define RAFILM_TYPE_IMAGES_CACHE (rafilm_images_cache_get_type ())
G_DECLARE_FINAL_TYPE (RafilmImagesCache, rafilm_images_cache, RAFILM, IMAGES_CACHE, GObject)

RafilmImagesCache *rafilm_images_cache_new (const char *folder, guint64 limit);

/** rafilm_images_cache_set_limit: holds from the next file that is stored. */
void rafilm_images_cache_set_limit (RafilmImagesCache *self, guint64 bytes);

/**
 * rafilm_images_cache_open:
 *
 * Reads which files there are, once; later calls are answered at once.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *rafilm_images_cache_open (RafilmImagesCache *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_images_cache_lookup:
 *
 * Marks the file as used now.
 *
 * Returns: (transfer full) (nullable): the path of the file @name, or %NULL where it is not known
 *   to be there
 */
char *rafilm_images_cache_lookup (RafilmImagesCache *self, const char *name);

/** rafilm_images_cache_forget: the file @name turned out to be gone. */
void rafilm_images_cache_forget (RafilmImagesCache *self, const char *name);

/**
 * rafilm_images_cache_store:
 *
 * Writes a file as a whole or not at all, then lets the least recently used go.
 *
 * Returns: (transfer full): a future that resolves to the path of the file, a string. It rejects
 *   with %RAFILM_ERROR_DISK_FULL
 */
DexFuture *rafilm_images_cache_store (RafilmImagesCache *self, const char *name,
                                      GBytes *contents) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
