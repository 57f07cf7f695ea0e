/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "rafilm-film.h"
#include "rafilm-item-model.h"
#include "rafilm-store.h"

G_BEGIN_DECLS

/**
 * rafilm_taste_weigh:
 * @taste: (element-type RafilmTaste): of rafilm_store_list_taste()
 *
 * What each film of the diary says about its owner. From three stars up the weight is the share of
 * five stars; a lower rating only makes the film known, since negative weights were measured to
 * make recommendations worse. A like without a rating counts as four stars, and a film that is only
 * seen as three. Films of "not interested" are known, those on the watchlist are not.
 *
 * Returns: (transfer full): an array of RafilmTasteItem
 */
GArray *rafilm_taste_weigh (GArray *taste);

/**
 * rafilm_taste_compare_films:
 *
 * How much two films have in common by their facts, 0 to 1: directors, genres, keywords, cast,
 * language and decade.
 */
double rafilm_taste_compare_films (RafilmFilm *a, RafilmFilm *b);

G_END_DECLS
