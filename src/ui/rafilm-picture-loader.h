/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk/gdk.h>
#include <libdex.h>

G_BEGIN_DECLS

/*
 * RafilmPictureLoader: turns the paths of pictures into textures.
 *
 * It keeps the textures that were used last, decodes at most two at a time on
 * threads of its own, and loads a picture once however many ask for it.  Where
 * files come from is told by a function, so that it knows no network.
 */
#define RAFILM_TYPE_PICTURE_LOADER (rafilm_picture_loader_get_type ())
G_DECLARE_FINAL_TYPE (RafilmPictureLoader, rafilm_picture_loader, RAFILM, PICTURE_LOADER, GObject)

/* Resolves to the path (string) of a local file that holds the picture PATH
 * ("/abc.jpg") at SIZE (one of the image server's, such as "w342"). */
typedef DexFuture *(*RafilmPictureFetch) (const char *path, const char *size, gpointer data);

/* The loader that all posters use. */
RafilmPictureLoader *rafilm_picture_loader_get_default (void);

RafilmPictureLoader *rafilm_picture_loader_new (void);

/* Without a function every load rejects with RAFILM_ERROR_NOT_FOUND. */
void rafilm_picture_loader_set_fetch (RafilmPictureLoader *self, RafilmPictureFetch fetch,
                                      gpointer data, GDestroyNotify destroy);

/* Returns: (transfer none) (nullable): the texture, when it is in memory */
GdkTexture *rafilm_picture_loader_peek (RafilmPictureLoader *self, const char *path,
                                        const char *size);

/* Resolves to a GdkTexture; rejects as the fetch function does, or with the
 * decoder's error. */
DexFuture *rafilm_picture_loader_load (RafilmPictureLoader *self, const char *path,
                                       const char *size) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
