/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of RafilmAccount share: the state with the keyring (rafilm-account.c), the access
 * token (rafilm-account-token.c), and what a person does (rafilm-account-sign-in.c). */
#pragma once

#include "rafilm-account.h"

G_BEGIN_DECLS

struct _RafilmAccount
{
  GObject parent_instance;

  RafilmCognito *cognito;
  RafilmKeyring *keyring;

  RafilmAccountState state;
  char *email;
  char *uid;
  char *refresh_token;
  char *access_token;
  gint64 expires;

  /* Changes whenever somebody signs in or out, so that a late answer is not taken for the new
   * account's. */
  guint generation;
  /* What all who need a fresh token wait for; no waiter can cancel it. */
  DexPromise *refreshing;
  DexPromise *saving;
  gboolean unsaved;
};

/* Zeroes and frees a secret. */
void rafilm_account_wipe (char **secret);

void rafilm_account_set_state (RafilmAccount *self, RafilmAccountState state);
void rafilm_account_set_person (RafilmAccount *self, const char *uid, const char *email);

/* Of an answer of the sign-in service; takes the texts out of `tokens`. A refresh token stays where
 * there is no new one. */
void rafilm_account_take_tokens (RafilmAccount *self, RafilmTokens *tokens);
void rafilm_account_drop_tokens (RafilmAccount *self);

/* In a fiber: has the keyring hold what is known. One that asks for its password does not hold
 * others up for long. */
void rafilm_account_await_saved (RafilmAccount *self);

G_END_DECLS
