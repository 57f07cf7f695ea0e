/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-api.h"
#include "rafilm-store.h"

G_BEGIN_DECLS

/**
 * RafilmCatalogue:
 *
 * What everybody knows about films, from the films API. All that comes from there is put into the
 * mirror first, and what is handed out are the mirror's own films, with their state.
 *
 * The futures reject as rafilm_api_call() does, and with %RAFILM_ERROR_MALFORMED when an answer
 * makes no sense.
 */
#define RAFILM_TYPE_CATALOGUE (rafilm_catalogue_get_type ())
G_DECLARE_FINAL_TYPE (RafilmCatalogue, rafilm_catalogue, RAFILM, CATALOGUE, GObject)

RafilmCatalogue *rafilm_catalogue_new (RafilmStore *store, RafilmApi *api);

/**
 * rafilm_catalogue_search:
 * @text: what a person typed; cut to 200 bytes
 *
 * Returns: (transfer full): resolves to a GListModel of RafilmFilm, best match first
 */
DexFuture *rafilm_catalogue_search (RafilmCatalogue *self,
                                    const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** What many people watch now: resolves to a GListModel of RafilmFilm. */
DexFuture *rafilm_catalogue_trending (RafilmCatalogue *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_catalogue_fetch:
 *
 * Fetches all facts of a film, and the films similar to it.
 *
 * Returns: (transfer full): resolves to the mirror's RafilmFilm, or rejects with
 *   %RAFILM_ERROR_NOT_FOUND
 */
DexFuture *rafilm_catalogue_fetch (RafilmCatalogue *self, gint64 id) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_catalogue_fill:
 *
 * Fetches the facts of the diary's films that have none, 40 at a time: after another computer's
 * changes came, or an import; the newest viewings' first. While the service is busy it waits, for
 * as long as the service says. A second call while one runs is the same one.
 *
 * Returns: (transfer full): resolves to a gint64: how many films got their facts
 */
DexFuture *rafilm_catalogue_fill (RafilmCatalogue *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
