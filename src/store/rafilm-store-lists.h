/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-list.h"
#include "rafilm-store.h"

G_BEGIN_DECLS

/**
 * rafilm_store_list_lists:
 *
 * Returns: (transfer full): resolves to a GListModel of RafilmList by name
 */
DexFuture *rafilm_store_list_lists (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_list_trash_lists:
 *
 * A list is deleted with its row alone: what is in it is hidden by it, and is there again, in its
 * order, when rafilm_edit_restore_list() brings it back. rafilm_store_list_entries() reads it
 * meanwhile.
 *
 * Returns: (transfer full): resolves to a GListModel of the RafilmList that were deleted in the
 *   last %RAFILM_STORE_TRASH_DAYS days, newest deletion first
 */
DexFuture *rafilm_store_list_trash_lists (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_get_list:
 *
 * Returns: (transfer full): resolves to a RafilmList, or rejects with %RAFILM_ERROR_NOT_FOUND
 */
DexFuture *rafilm_store_get_list (RafilmStore *self, const char *id) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_list_entries:
 *
 * Returns: (transfer full): resolves to a GListModel of RafilmFilm in the list's order
 */
DexFuture *rafilm_store_list_entries (RafilmStore *self,
                                      const char *list) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_list_entry_notes:
 *
 * Returns: (transfer full): resolves to a boxed GHashTable from gint64 * (a film) to its note in
 *   the list, for the entries that have one
 */
DexFuture *rafilm_store_list_entry_notes (RafilmStore *self,
                                          const char *list) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_list_lists_of_film:
 *
 * Returns: (transfer full): resolves to a GListModel of the RafilmList that hold @film, by name
 */
DexFuture *rafilm_store_list_lists_of_film (RafilmStore *self,
                                            gint64 film) G_GNUC_WARN_UNUSED_RESULT;

/** The person's own page: texts are never %NULL. */
typedef struct
{
  char *name;
  char *bio;
} RafilmStoreProfile;

#define RAFILM_TYPE_STORE_PROFILE (rafilm_store_profile_get_type ())
GType rafilm_store_profile_get_type (void);
RafilmStoreProfile *rafilm_store_profile_copy (const RafilmStoreProfile *self);
void rafilm_store_profile_free (RafilmStoreProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmStoreProfile, rafilm_store_profile_free)

/**
 * rafilm_store_get_profile:
 *
 * Returns: (transfer full): resolves to a RafilmStoreProfile
 */
DexFuture *rafilm_store_get_profile (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
