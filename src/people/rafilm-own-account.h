/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-api.h"

G_BEGIN_DECLS

/* What somebody can do with the account at Rafilm's service that they are signed in with, beyond
 * the diary. The futures reject as rafilm_api_call() does, with %RAFILM_ERROR_MALFORMED when an
 * answer makes no sense. */

/**
 * rafilm_own_account_get_handle:
 *
 * Returns: (transfer full): resolves to the public name under which reviews are published, as a
 *   string that is "" where there is none
 */
DexFuture *rafilm_own_account_get_handle (RafilmApi *api) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_own_account_set_handle:
 * @handle: (nullable): 3 to 20 of a-z, 0-9 and "_"; %NULL gives the name up, and with it goes all
 *   that was published
 *
 * Returns: (transfer full): resolves to the name as rafilm_own_account_get_handle() does, or
 *   rejects with %RAFILM_ERROR_INVALID for what is no name, and %RAFILM_ERROR_USER_EXISTS where
 *   somebody else has it
 */
DexFuture *rafilm_own_account_set_handle (RafilmApi *api,
                                          const char *handle) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_own_account_make_archive:
 *
 * Has the service make an archive (ZIP) of all that it holds of the account, or finds the one that
 * it has made lately, and waits for it: seconds, or minutes for a large diary.
 *
 * Returns: (transfer full): resolves to the archive's https address as a string, which whoever has
 *   it can read for an hour; rejects with %RAFILM_ERROR_UNAVAILABLE where it could not be made, and
 *   with %RAFILM_ERROR_TIMED_OUT after ten minutes
 */
DexFuture *rafilm_own_account_make_archive (RafilmApi *api) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_own_account_delete:
 *
 * Deletes the account and all that the service holds of it. It cannot be taken back; the diary of
 * this computer stays.
 *
 * Returns: (transfer full): resolves to %TRUE when it has begun; it ends by itself
 */
DexFuture *rafilm_own_account_delete (RafilmApi *api) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
