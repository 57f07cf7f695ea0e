/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RafilmError:
 * @RAFILM_ERROR_INVALID: a value or an argument that cannot be
 * @RAFILM_ERROR_NOT_FOUND: no such thing
 * @RAFILM_ERROR_OFFLINE: the peer cannot be reached
 * @RAFILM_ERROR_TIMED_OUT: the peer did not answer in time
 * @RAFILM_ERROR_TLS: the peer cannot prove who it is
 * @RAFILM_ERROR_NOT_SIGNED_IN: needs an account, and none is signed in
 * @RAFILM_ERROR_SIGN_IN_EXPIRED: the account must be signed in again
 * @RAFILM_ERROR_WRONG_PASSWORD: the address or the password is wrong
 * @RAFILM_ERROR_USER_EXISTS: the address has an account already
 * @RAFILM_ERROR_NOT_CONFIRMED: the account waits for its confirmation code
 * @RAFILM_ERROR_CODE_MISMATCH: the confirmation code is wrong
 * @RAFILM_ERROR_CODE_EXPIRED: the confirmation code is too old
 * @RAFILM_ERROR_WEAK_PASSWORD: the password does not meet the policy
 * @RAFILM_ERROR_THROTTLED: too many requests; later it works
 * @RAFILM_ERROR_UPGRADE_NEEDED: the service no longer speaks this version's protocol
 * @RAFILM_ERROR_ACCOUNT_DELETED: the account was deleted, and never comes back
 * @RAFILM_ERROR_REFUSED: the service refused the request for good
 * @RAFILM_ERROR_UNAVAILABLE: the service failed; later it may work
 * @RAFILM_ERROR_MALFORMED: an answer, a message or a file that makes no sense
 * @RAFILM_ERROR_TOO_LARGE: more than the bound for such a thing
 * @RAFILM_ERROR_DATABASE: SQLite failed
 * @RAFILM_ERROR_DATABASE_NEWER: the database was written by a newer Rafilm
 * @RAFILM_ERROR_DATABASE_LOCKED: another program holds the database; nothing was written
 * @RAFILM_ERROR_DATABASE_UNREADABLE: the file is damaged, or no database
 * @RAFILM_ERROR_DISK_FULL: no space is left; nothing was written
 *
 * What the rest of the program, and above all its messages, tell apart.
 */
typedef enum
{
  RAFILM_ERROR_INVALID,
  RAFILM_ERROR_NOT_FOUND,
  RAFILM_ERROR_OFFLINE,
  RAFILM_ERROR_TIMED_OUT,
  RAFILM_ERROR_TLS,
  RAFILM_ERROR_NOT_SIGNED_IN,
  RAFILM_ERROR_SIGN_IN_EXPIRED,
  RAFILM_ERROR_WRONG_PASSWORD,
  RAFILM_ERROR_USER_EXISTS,
  RAFILM_ERROR_NOT_CONFIRMED,
  RAFILM_ERROR_CODE_MISMATCH,
  RAFILM_ERROR_CODE_EXPIRED,
  RAFILM_ERROR_WEAK_PASSWORD,
  RAFILM_ERROR_THROTTLED,
  RAFILM_ERROR_UPGRADE_NEEDED,
  RAFILM_ERROR_ACCOUNT_DELETED,
  RAFILM_ERROR_REFUSED,
  RAFILM_ERROR_UNAVAILABLE,
  RAFILM_ERROR_MALFORMED,
  RAFILM_ERROR_TOO_LARGE,
  RAFILM_ERROR_DATABASE,
  RAFILM_ERROR_DATABASE_NEWER,
  RAFILM_ERROR_DATABASE_LOCKED,
  RAFILM_ERROR_DATABASE_UNREADABLE,
  RAFILM_ERROR_DISK_FULL,
} RafilmError;

#define RAFILM_ERROR (rafilm_error_quark ())

GQuark rafilm_error_quark (void);

/**
 * rafilm_error_is_cancelled:
 *
 * Whether @error only says that somebody stopped waiting, which is never shown. libdex and GIO
 * each have a code of their own for that.
 */
gboolean rafilm_error_is_cancelled (const GError *error);

G_END_DECLS
