/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-catalogue.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The pictures' server, as TMDb's: /t/p/SIZE/ID.jpg is a film's poster and /t/p/SIZE/ID-wide.jpg
 * its backdrop, for the sizes of TMDb's configuration. Drawn on two threads, kept in memory. */

typedef struct _RafilmLocalImages RafilmLocalImages;

RafilmLocalImages *rafilm_local_images_new (SoupServer *server, RafilmLocalCatalogue *catalogue);

/**
 * rafilm_local_images_free:
 *
 * Waits for what is being drawn.
 */
void rafilm_local_images_free (RafilmLocalImages *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalImages, rafilm_local_images_free)

G_END_DECLS
