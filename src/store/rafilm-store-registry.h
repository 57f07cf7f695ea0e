/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-film.h"

G_BEGIN_DECLS

/**
 * RafilmFilmRegistry:
 *
 * Which films have objects, so that there is one a film, and so that the thread knows what to
 * read again after a change. Its functions may be called from any thread.
 *
 * The thread makes an object for every film that it reads; the main thread lets the first one
 * live as the shared object and moves what later ones bring into it.
 */
typedef struct _RafilmFilmRegistry RafilmFilmRegistry;

RafilmFilmRegistry *rafilm_film_registry_new (void);
RafilmFilmRegistry *rafilm_film_registry_ref (RafilmFilmRegistry *self);
void rafilm_film_registry_unref (RafilmFilmRegistry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmFilmRegistry, rafilm_film_registry_unref)

/** Counts @film as an object of its film, until it is finalized. @detailed: it has all facts. */
void rafilm_film_registry_add (RafilmFilmRegistry *self, RafilmFilm *film, gboolean detailed);
/** Whether any object of the film lives. */
gboolean rafilm_film_registry_has (RafilmFilmRegistry *self, gint64 id);
/**
 * rafilm_film_registry_share:
 *
 * Main thread only.
 *
 * Returns: (transfer full): the film's shared object, brought up to date from @film, which must
 *   have been added and may be that object from now on
 */
RafilmFilm *rafilm_film_registry_share (RafilmFilmRegistry *self, RafilmFilm *film);

G_END_DECLS
