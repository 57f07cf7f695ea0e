/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-film.h"

G_BEGIN_DECLS

/**
 * RafilmViewing:
 *
 * One watching of a film: a page of the diary. Properties, all read-write: id (string), film
 * (RafilmFilm), date ("YYYY-MM-DD" or %NULL for an undated one), rating (half stars, the rating
 * then), liked, rewatch, finished (default %TRUE), review (%NULL for none), spoiler, language,
 * tags (GStrv), public, deleted (in the trash), versions (how many other versions of the review
 * wait to be looked at) and pending (has changes that are not on the server yet).
 */
#define RAFILM_TYPE_VIEWING (rafilm_viewing_get_type ())
G_DECLARE_FINAL_TYPE (RafilmViewing, rafilm_viewing, RAFILM, VIEWING, GObject)

/* A viewing without an id gets one when it is logged. */
RafilmViewing *rafilm_viewing_new (const char *id, RafilmFilm *film);

/* A copy to edit: same id, same film. */
RafilmViewing *rafilm_viewing_copy (RafilmViewing *self);

const char *rafilm_viewing_get_id (RafilmViewing *self);
RafilmFilm *rafilm_viewing_get_film (RafilmViewing *self);
const char *rafilm_viewing_get_date (RafilmViewing *self);
int rafilm_viewing_get_rating (RafilmViewing *self);
gboolean rafilm_viewing_get_liked (RafilmViewing *self);
gboolean rafilm_viewing_get_rewatch (RafilmViewing *self);
gboolean rafilm_viewing_get_finished (RafilmViewing *self);
const char *rafilm_viewing_get_review (RafilmViewing *self);
gboolean rafilm_viewing_get_spoiler (RafilmViewing *self);
const char *rafilm_viewing_get_language (RafilmViewing *self);
const char *const *rafilm_viewing_get_tags (RafilmViewing *self);
gboolean rafilm_viewing_get_public (RafilmViewing *self);
gboolean rafilm_viewing_get_deleted (RafilmViewing *self);
guint rafilm_viewing_get_versions (RafilmViewing *self);
gboolean rafilm_viewing_get_pending (RafilmViewing *self);

G_END_DECLS
