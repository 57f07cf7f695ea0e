/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rafilm-public-review.h"

G_BEGIN_DECLS

/*
 * RafilmPublicReviewRow: what somebody else wrote about a film.
 *
 * "veil" hides spoilers behind a button.  Its menu activates
 * "reviews.report" with the review's id; "can-report" shows that menu.
 */
#define RAFILM_TYPE_PUBLIC_REVIEW_ROW (rafilm_public_review_row_get_type ())
G_DECLARE_FINAL_TYPE (RafilmPublicReviewRow, rafilm_public_review_row, RAFILM, PUBLIC_REVIEW_ROW,
                      GtkBox)

GtkWidget *rafilm_public_review_row_new (RafilmPublicReview *review);

G_END_DECLS
