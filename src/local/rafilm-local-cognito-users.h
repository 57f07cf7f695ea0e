/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The users of the stand-in for a Cognito user pool. No password and no refresh token is kept as
 * such: SRP verifiers and SHA-256 hashes are. */

/**
 * RafilmLocalSession:
 *
 * One sign-in: a chain of refresh tokens, of which the last is good, and the one before for a
 * short while (the pool's retry grace period).
 */
typedef struct
{
  char *origin; /* "origin_jti" of its tokens */
  char *token_hash;
  char *previous_hash;   /* (nullable) */
  gint64 previous_until; /* Unix seconds */
  gint64 signed_in_at;
  gint64 expires_at;
} RafilmLocalSession;

/**
 * RafilmLocalCode:
 *
 * A code that a mail carries; @text is %NULL where none is out.
 */
typedef struct
{
  char *text;
  gint64 expires_at; /* Unix seconds */
  guint misses;
} RafilmLocalCode;

typedef struct
{
  char *sub; /* the user's name in the pool, a UUID */
  char *email;
  char *salt;
  char *verifier;
  gboolean confirmed;
  RafilmLocalCode confirmation;
  RafilmLocalCode reset;
  guint failures; /* wrong passwords in a row */
  gint64 locked_until;
  GPtrArray *sessions; /* of RafilmLocalSession, oldest first */
} RafilmLocalUser;

typedef struct _RafilmLocalUsers RafilmLocalUsers;

RafilmLocalUsers *rafilm_local_users_new (void);
void rafilm_local_users_free (RafilmLocalUsers *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalUsers, rafilm_local_users_free)

/**
 * rafilm_local_users_find:
 * @name: an address or a sub
 */
RafilmLocalUser *rafilm_local_users_find (RafilmLocalUsers *self, const char *name);

/**
 * rafilm_local_users_find_token:
 * @ret_session: (out): the session that the refresh token belongs to
 *
 * Returns: (nullable): the user whose refresh token that is
 */
RafilmLocalUser *rafilm_local_users_find_token (RafilmLocalUsers *self, const char *token,
                                                RafilmLocalSession **ret_session);

/**
 * rafilm_local_users_add:
 *
 * Returns: a new user with that address, unconfirmed and without a password
 */
RafilmLocalUser *rafilm_local_users_add (RafilmLocalUsers *self, const char *email);
void rafilm_local_users_remove (RafilmLocalUsers *self, RafilmLocalUser *user);

guint rafilm_local_users_count (RafilmLocalUsers *self);

/**
 * rafilm_local_user_set_password:
 * @pool: the pool's name, which is its id after the "_"
 */
void rafilm_local_user_set_password (RafilmLocalUser *user, const char *pool, const char *password);
gboolean rafilm_local_user_has_password (RafilmLocalUser *user, const char *pool,
                                         const char *password);

/**
 * rafilm_local_user_add_session:
 *
 * Returns: (transfer full): the new session's refresh token; the session is the last one
 */
char *rafilm_local_user_add_session (RafilmLocalUser *user, gint64 now);

/**
 * rafilm_local_session_rotate:
 *
 * Returns: (transfer full): the token that takes the place of the last one
 */
char *rafilm_local_session_rotate (RafilmLocalSession *session, gint64 now);

RafilmLocalSession *rafilm_local_user_find_session (RafilmLocalUser *user, const char *origin);

/**
 * rafilm_local_users_to_json:
 *
 * Returns: (transfer full): all users, for rafilm_local_users_load()
 */
JsonArray *rafilm_local_users_to_json (RafilmLocalUsers *self);

/**
 * rafilm_local_users_load:
 *
 * Adds the users of @array; what is no user is left out.
 */
void rafilm_local_users_load (RafilmLocalUsers *self, JsonArray *array);

G_END_DECLS
