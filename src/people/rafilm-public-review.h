/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RafilmPublicReview:
 *
 * A review that somebody has published under their public name. It never changes, and is no part
 * of the mirror.
 */
#define RAFILM_TYPE_PUBLIC_REVIEW (rafilm_public_review_get_type ())
G_DECLARE_FINAL_TYPE (RafilmPublicReview, rafilm_public_review, RAFILM, PUBLIC_REVIEW, GObject)

/**
 * rafilm_public_review_from_json:
 * @object: a PublicReview of infra/openapi.yaml
 *
 * Returns: (transfer full) (nullable): the review, or %NULL with %RAFILM_ERROR_MALFORMED where
 *   the id, the name or the text is missing or beyond its bounds. What else is odd is left out
 */
RafilmPublicReview *rafilm_public_review_from_json (JsonObject *object, GError **error);

const char *rafilm_public_review_get_id (RafilmPublicReview *self);
/** The public name of its author, without "@". */
const char *rafilm_public_review_get_handle (RafilmPublicReview *self);
const char *rafilm_public_review_get_text (RafilmPublicReview *self);
/** The day on which the author saw the film, "YYYY-MM-DD", or %NULL. */
const char *rafilm_public_review_get_date (RafilmPublicReview *self);
/** Half stars, 1 to 10; 0 without a rating. */
int rafilm_public_review_get_rating (RafilmPublicReview *self);
gboolean rafilm_public_review_get_liked (RafilmPublicReview *self);
/** Whether its author says that it tells what happens. */
gboolean rafilm_public_review_get_spoiler (RafilmPublicReview *self);

G_END_DECLS
