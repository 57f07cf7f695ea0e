/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-api.h"
#include "rafilm-public-review.h"

G_BEGIN_DECLS

/**
 * RafilmPublicReviews:
 *
 * What people have published about a film, newest first: a #GListModel of #RafilmPublicReview that
 * grows page by page.
 *
 * Property: has-more, whether the service may have another page; %TRUE until the last was loaded.
 */
#define RAFILM_TYPE_PUBLIC_REVIEWS (rafilm_public_reviews_get_type ())
G_DECLARE_FINAL_TYPE (RafilmPublicReviews, rafilm_public_reviews, RAFILM, PUBLIC_REVIEWS, GObject)

/** @film: the film's number at TMDb */
RafilmPublicReviews *rafilm_public_reviews_new (RafilmApi *api, gint64 film);

gboolean rafilm_public_reviews_get_has_more (RafilmPublicReviews *self);

/**
 * rafilm_public_reviews_load_more:
 *
 * Loads one page. A second call while one runs is the same one; after the last page nothing is
 * asked.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects as rafilm_api_call() does, with
 *   %RAFILM_ERROR_MALFORMED when the answer makes no sense; it may then be tried again
 */
DexFuture *rafilm_public_reviews_load_more (RafilmPublicReviews *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_public_reviews_report:
 *
 * Says to the service that @review should not be there, and takes it out of the list. Needs an
 * account.
 *
 * Returns: (transfer full): resolves to %TRUE, also where the account had reported it before or
 *   its author took it back; or rejects as rafilm_api_call() does
 */
DexFuture *rafilm_public_reviews_report (RafilmPublicReviews *self,
                                         RafilmPublicReview *review) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
