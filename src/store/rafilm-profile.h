/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-store.h"

G_BEGIN_DECLS

/* A profile is the folder that holds one person's data on this computer:
 *
 *   local/diary.db         the diary of somebody who is not signed in
 *   acct/UID/diary.db      the diary of an account
 *   aside/DATE/diary.db    one that was kept without an account, after a sign-in
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
 * Opens the diary. What was kept without an account arrives in the account's diary
 * (rafilm-store-arrival.h). When the account has none here yet, the very file becomes its diary,
 * and a copy is put aside; else the file itself is. So close that one before.
 *
 * Returns: (transfer full): resolves to a RafilmStore. Rejects as rafilm_store_open() and
 *   rafilm_store_bind_account() do, and with %RAFILM_ERROR_INVALID when @uid can be no account's
 */
DexFuture *rafilm_profile_open (const char *folder, const char *uid) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_profile_open_alone:
 *
 * As rafilm_profile_open(), but leaves what was kept without an account where it is.
 */
DexFuture *rafilm_profile_open_alone (const char *folder,
                                      const char *uid) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_profile_list_local:
 * @ret_from: (out) (nullable): the device id of that diary
 *
 * Reads what was kept without an account. Call it in a fiber.
 *
 * Returns: (transfer full) (nullable): the records, as rafilm_store_list_records() gives them;
 *   %NULL with @error, or without when there is no such diary or it is empty
 */
GPtrArray *rafilm_profile_list_local (const char *folder, char **ret_from, GError **error);

/**
 * rafilm_profile_leave_account:
 * @uid: an account that is no more, and whose diary nobody has open
 *
 * Takes all that is seen of the account's diary, also what was never sent, into the diary that is
 * kept without an account, and then puts the account's aside. Where it is interrupted it can be
 * called again. What is in the trash stays in the one that is put aside.
 *
 * Returns: (transfer full): resolves to %TRUE, also where there is no diary of that account; or
 *   rejects as rafilm_profile_open() does
 */
DexFuture *rafilm_profile_leave_account (const char *folder,
                                         const char *uid) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_profile_put_aside:
 *
 * Moves the diary that was kept without an account, as it is, to `aside/DATE/diary.db`, where
 * nothing touches it again. Nobody may have it open.
 *
 * Returns: (nullable) (transfer full): where it is now; %NULL with @error, or without when there
 *   was none
 */
char *rafilm_profile_put_aside (const char *folder, GError **error);

G_END_DECLS
