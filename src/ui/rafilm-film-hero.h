/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-film.h"

G_BEGIN_DECLS

/*
 * RafilmFilmHero: one film shown large, over its backdrop, with the reason to
 * watch it and what can be done about it.
 */
#define RAFILM_TYPE_FILM_HERO (rafilm_film_hero_get_type ())
G_DECLARE_FINAL_TYPE (RafilmFilmHero, rafilm_film_hero, RAFILM, FILM_HERO, AdwBin)

/* FILM may be NULL: then nothing is shown. */
void rafilm_film_hero_set_film (RafilmFilmHero *self, RafilmFilm *film, const char *reason);

G_END_DECLS
