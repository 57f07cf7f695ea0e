/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A rating is a whole number of half stars, 1 to 10; 0 means that there is none. */

#define RAFILM_RATING_NONE 0
#define RAFILM_RATING_MAX 10

/**
 * rafilm_rating_dup_stars:
 *
 * Returns: (transfer full): such as "★★★★½"; empty for no rating
 */
char *rafilm_rating_dup_stars (int rating);

/**
 * rafilm_rating_dup_number:
 *
 * Returns: (transfer full): the number of stars as people write it, such as "4½"; empty for none
 */
char *rafilm_rating_dup_number (int rating);

/**
 * rafilm_rating_parse:
 * @text: "4.5", "4½", "★★★★½" or "9/10"; "none" or "-" for no rating
 * @ret_rating: (out): half stars
 *
 * Returns: whether @text is a rating
 */
gboolean rafilm_rating_parse (const char *text, int *ret_rating);

G_END_DECLS
