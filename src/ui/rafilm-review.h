/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * RafilmReview: the whole text of a review.
 *
 * "text" is the review.  With "spoiler" and "veil" it is hidden behind a
 * button until that is pressed; "open" (read-only) tells whether it can be
 * read.  Another text is veiled anew.  "selectable" is for pages on which the
 * text is there to be read and copied.
 */
#define RAFILM_TYPE_REVIEW (rafilm_review_get_type ())
G_DECLARE_FINAL_TYPE (RafilmReview, rafilm_review, RAFILM, REVIEW, GtkBox)

gboolean rafilm_review_is_open (RafilmReview *self);

G_END_DECLS
