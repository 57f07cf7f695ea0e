/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-store.h"
#include "rafilm-version.h"
#include "rafilm-viewing.h"

G_BEGIN_DECLS

/** How long a deleted viewing or list stays in the trash. */
#define RAFILM_STORE_TRASH_DAYS 180

/**
 * rafilm_store_list_viewings:
 * @film: of this film only, or 0
 * @limit: 0 for all
 *
 * Returns: (transfer full): resolves to a GListModel of RafilmViewing, newest first, those without
 *   a date last; each with its RafilmFilm
 */
DexFuture *rafilm_store_list_viewings (RafilmStore *self, gint64 film, guint limit,
                                       guint offset) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_get_viewing:
 *
 * Returns: (transfer full): resolves to a RafilmViewing, one from the trash too, or rejects with
 *   %RAFILM_ERROR_NOT_FOUND
 */
DexFuture *rafilm_store_get_viewing (RafilmStore *self, const char *id) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_list_trash:
 *
 * Returns: (transfer full): resolves to a GListModel of the RafilmViewing that were deleted in the
 *   last %RAFILM_STORE_TRASH_DAYS days, newest deletion first
 */
DexFuture *rafilm_store_list_trash (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_list_versions:
 * @viewing: (nullable): the id of a viewing, or %NULL for all records
 *
 * Returns: (transfer full): resolves to a GListModel of RafilmVersion, newest first
 */
DexFuture *rafilm_store_list_versions (RafilmStore *self,
                                       const char *viewing) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_list_tags:
 *
 * Returns: (transfer full): resolves to a GStrv, the most used first
 */
DexFuture *rafilm_store_list_tags (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
