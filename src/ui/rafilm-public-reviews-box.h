/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmPublicReviewsBox: what others have published about a film, page by
 * page.  It is not to be seen until there is something, and so never without a
 * network.
 */
#define RAFILM_TYPE_PUBLIC_REVIEWS_BOX (rafilm_public_reviews_box_get_type ())
G_DECLARE_FINAL_TYPE (RafilmPublicReviewsBox, rafilm_public_reviews_box, RAFILM, PUBLIC_REVIEWS_BOX,
                      GtkBox)

/* Fetches the first page.  FILM is the film's number at TMDb. */
void rafilm_public_reviews_box_show (RafilmPublicReviewsBox *self, RafilmAppContext *context,
                                     gint64 film);

G_END_DECLS
