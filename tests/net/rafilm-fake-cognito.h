/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * RafilmFakeCognito:
 * @calls: names of the calls that came, in order, such as "InitiateAuth USER_SRP_AUTH"
 * @life: seconds that access tokens live
 * @rotates: each refresh gives a new refresh token and kills the old one
 * @portal: where it is not 0, somebody else answers instead: a page of HTML with this status
 * @fails: while above zero, calls are answered with 500, and it is counted down
 * @paused: refreshes wait for rafilm_fake_cognito_resume()
 *
 * A user pool with the server's half of SRP, written from RFC 5054 and Amazon's description with
 * a library function for everything but the formulas: it shares no code with #RafilmSrp.
 * One user: me@example.org, password "Right Horse 1", uid "0e7f2f2a-8d0e-4f66-9a35-3a1d3b0d3e51".
 * The confirmation code is "123456".
 */
typedef struct
{
  GPtrArray *calls;
  guint life;
  gboolean rotates;
  guint portal;
  guint fails;
  gboolean paused;

  char *refresh_token;
  char *access_token;
  char *password;
  gboolean confirmed;
  gboolean other_user;
  guint issued;
  GPtrArray *waiting;
  gpointer verifier;
} RafilmFakeCognito;

#define RAFILM_FAKE_EMAIL "me@example.org"
#define RAFILM_FAKE_PASSWORD "Right Horse 1"
#define RAFILM_FAKE_UID "0e7f2f2a-8d0e-4f66-9a35-3a1d3b0d3e51"

RafilmFakeCognito *rafilm_fake_cognito_new (void);
void rafilm_fake_cognito_free (RafilmFakeCognito *self);

/** rafilm_fake_cognito_handle: answers one request; a SoupServerCallback. */
void rafilm_fake_cognito_handle (SoupServer *server, SoupServerMessage *message, const char *path,
                                 GHashTable *query, gpointer self);

/** rafilm_fake_cognito_resume: answers the refreshes that waited. */
void rafilm_fake_cognito_resume (RafilmFakeCognito *self);

/** rafilm_fake_cognito_count: how many calls of that name came. */
guint rafilm_fake_cognito_count (RafilmFakeCognito *self, const char *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmFakeCognito, rafilm_fake_cognito_free)

G_END_DECLS
