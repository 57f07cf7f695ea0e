/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/**
 * RafilmKeyringMode:
 * @RAFILM_KEYRING_SERVICE: the desktop's secret service, or the portal inside a sandbox
 * @RAFILM_KEYRING_FILE: a file that only its owner may read (0600), for a terminal that has no
 *   secret service; asked for by `RAFILM_KEYRING=file`
 * @RAFILM_KEYRING_SESSION: nothing is stored: the sign-in ends with the program
 */
typedef enum
{
  RAFILM_KEYRING_SERVICE,
  RAFILM_KEYRING_FILE,
  RAFILM_KEYRING_SESSION,
} RafilmKeyringMode;

/**
 * RafilmKeyring:
 *
 * Where the one secret of a profile (its sign-in) is kept between runs. Where no secret service
 * answers within two seconds, the secret is kept in memory only and the property `session-only`
 * becomes true, so that it can be said. A prompt to unlock the keyring may take longer than that.
 */
#define RAFILM_TYPE_KEYRING (rafilm_keyring_get_type ())
G_DECLARE_FINAL_TYPE (RafilmKeyring, rafilm_keyring, RAFILM, KEYRING, GObject)

/**
 * rafilm_keyring_new:
 * @folder: the profile's folder; its secrets are told apart by it. It must exist for
 *   %RAFILM_KEYRING_FILE
 *
 * The mode is %RAFILM_KEYRING_FILE where the environment says `RAFILM_KEYRING=file`,
 * %RAFILM_KEYRING_SESSION for `RAFILM_KEYRING=session`, else %RAFILM_KEYRING_SERVICE.
 */
RafilmKeyring *rafilm_keyring_new (const char *folder);

/**
 * rafilm_keyring_get_session_only:
 *
 * Returns: whether the secret is lost when the program ends
 */
gboolean rafilm_keyring_get_session_only (RafilmKeyring *self);

RafilmKeyringMode rafilm_keyring_get_mode (RafilmKeyring *self);

/**
 * rafilm_keyring_load:
 *
 * Returns: (transfer full): a future that resolves to the secret, or to an empty string where
 *   there is none. It never rejects but for a cancellation: an unreadable keyring is as an empty
 *   one that cannot be written
 */
DexFuture *rafilm_keyring_load (RafilmKeyring *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_keyring_store:
 *
 * Returns: (transfer full): a future that resolves to %TRUE where @secret was stored for good and
 *   to %FALSE where it is kept in memory only
 */
DexFuture *rafilm_keyring_store (RafilmKeyring *self, const char *secret) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_keyring_clear:
 *
 * Returns: (transfer full): a future that resolves to %TRUE when the secret is gone
 */
DexFuture *rafilm_keyring_clear (RafilmKeyring *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
