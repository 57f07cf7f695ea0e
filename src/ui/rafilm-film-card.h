/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rafilm-film.h"

G_BEGIN_DECLS

/*
 * RafilmFilmCard: a poster with what is known of the film below it: title,
 * year, own rating, and marks for the watchlist and a like.  "film" may change
 * (a grid reuses its cards); the accessible name follows.  "caption" is one
 * more line of text, such as the reason of a recommendation.
 */
#define RAFILM_TYPE_FILM_CARD (rafilm_film_card_get_type ())
G_DECLARE_FINAL_TYPE (RafilmFilmCard, rafilm_film_card, RAFILM, FILM_CARD, GtkBox)

GtkWidget *rafilm_film_card_new (void);
RafilmFilm *rafilm_film_card_get_film (RafilmFilmCard *self);
void rafilm_film_card_set_film (RafilmFilmCard *self, RafilmFilm *film);
void rafilm_film_card_set_caption (RafilmFilmCard *self, const char *caption);
void rafilm_film_card_set_poster_width (RafilmFilmCard *self, int width);

/* What a screen reader says of the card; NULL without a film. */
const char *rafilm_film_card_get_spoken_name (RafilmFilmCard *self);

G_END_DECLS
