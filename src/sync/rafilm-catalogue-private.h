/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-catalogue.h"

G_BEGIN_DECLS

/* What the files of the catalogue share. */

/**
 * _rafilm_catalogue_read_films:
 * @object: of an answer
 * @name: of the array in it
 *
 * Returns: (transfer full) (element-type RafilmFilm): those that make sense
 */
GPtrArray *_rafilm_catalogue_read_films (JsonObject *object, const char *name);

/**
 * _rafilm_catalogue_run_fill:
 * @ending: a promise that is resolved when nobody waits for the facts any more
 *
 * What rafilm_catalogue_fill() does, whatever becomes of the catalogue meanwhile.
 */
DexFuture *_rafilm_catalogue_run_fill (RafilmStore *store, RafilmApi *api,
                                       DexPromise *ending) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
