/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-store.h"

G_BEGIN_DECLS

/* A profile is the folder that holds one person's data on this computer:
 *
 *   local/diary.db         the diary of somebody who is not signed in
 *   acct/UID/diary.db      the diary of an account
 *
 * Both programs, the window and rafilm-cli, take it by --profile. */

/**
 * rafilm_profile_dup_default:
 *
 * Returns: (transfer full): the usual profile, `${XDG_DATA_HOME}/rafilm`
 */
char *rafilm_profile_dup_default (void);

/**
 * rafilm_profile_dup_diary_path:
 * @folder: the profile
 * @uid: (nullable): the account's id, or %NULL for nobody's
 *
 * Returns: (transfer full) (nullable): the path of the diary; %NULL when @uid can be no account's
 */
char *rafilm_profile_dup_diary_path (const char *folder, const char *uid);

/**
 * rafilm_profile_open:
 * @folder: the profile; made when missing, for its owner alone
 * @uid: (nullable): who is signed in, or %NULL
 *
 * Opens the diary. When an account has none here yet, the diary that was kept without an account
 * becomes its diary: it is moved, and bound to the account. So close that one before.
 *
 * Returns: (transfer full): resolves to a RafilmStore. Rejects as rafilm_store_open() and
 *   rafilm_store_bind_account() do, and with %RAFILM_ERROR_INVALID when @uid can be no account's
 */
DexFuture *rafilm_profile_open (const char *folder, const char *uid) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
