/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-catalogue.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* A stand-in for Personalize Runtime's GetRecommendations (POST /recommendations), since no
 * emulator of it is packaged: popular films, in an order that differs from user to user, or the
 * neighbours of "itemId". It has learned nothing. */

typedef struct _RafilmLocalPersonalize RafilmLocalPersonalize;

RafilmLocalPersonalize *rafilm_local_personalize_new (SoupServer *server,
                                                      RafilmLocalCatalogue *catalogue);
void rafilm_local_personalize_free (RafilmLocalPersonalize *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalPersonalize, rafilm_local_personalize_free)

G_END_DECLS
