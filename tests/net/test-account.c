/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-account.h"

#include <glib/gstdio.h>
#include <string.h>

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-fake-cognito.h"
#include "rafilm-fake-server.h"
#include "rafilm-test.h"

#define REFRESH "GetTokensFromRefreshToken"

typedef struct
{
  RafilmFakeCognito *cognito;
  SoupServer *server;
  RafilmEndpoints *endpoints;
  RafilmHttp *http;
  RafilmAccount *account;
  char *folder;
} Fixture;

/* An account as of a new start of the program. */
static void
restart (Fixture *fixture)
{
  g_autoptr (RafilmKeyring) keyring = rafilm_keyring_new (fixture->folder);

  g_clear_object (&fixture->account);
  fixture->account = rafilm_account_new (fixture->http, fixture->endpoints, keyring);
}

static Fixture *
fixture_new (void)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  g_setenv ("RAFILM_KEYRING", "file", TRUE);
  fixture->cognito = rafilm_fake_cognito_new ();
  fixture->server = rafilm_fake_server_new ();
  soup_server_add_handler (fixture->server, NULL, rafilm_fake_cognito_handle, fixture->cognito,
                           NULL);
  fixture->endpoints = rafilm_fake_server_dup_endpoints (fixture->server);
  fixture->http = rafilm_http_new ();
  fixture->folder = rafilm_test_make_dir ();
  restart (fixture);

  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  rafilm_clock_set_offset (0);
  /* A fiber lets go of what it holds a turn after its promise. */
  rafilm_test_sleep (20);
  g_assert_finalize_object (fixture->account);
  g_clear_object (&fixture->http);
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  rafilm_fake_cognito_free (fixture->cognito);
  rafilm_endpoints_free (fixture->endpoints);
  g_free (fixture->folder);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
assert_done (DexFuture *future)
{
  g_autoptr (GError) error = NULL;

  dex_await (future, &error);
  g_assert_no_error (error);
}

static void
assert_refused (DexFuture *future, RafilmError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (dex_await (future, &error));
  g_assert_error (error, RAFILM_ERROR, (int) code);
  g_assert_cmpuint (strlen (error->message), >, 10);
}

static void
sign_in (Fixture *fixture)
{
  assert_done (
      rafilm_account_sign_in (fixture->account, " " RAFILM_FAKE_EMAIL "\n", RAFILM_FAKE_PASSWORD));
  g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_SIGNED_IN);
}

static char *
get_token (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  char *token = dex_await_string (rafilm_account_get_token (fixture->account), &error);

  g_assert_no_error (error);

  return token;
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_sign_in (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *token = NULL;
  guint changes = 0;

  assert_refused (rafilm_account_get_token (fixture->account), RAFILM_ERROR_NOT_SIGNED_IN);
  g_signal_connect_swapped (fixture->account, "notify::state", G_CALLBACK (count_cb), &changes);
  sign_in (fixture);

  g_assert_cmpuint (changes, ==, 1);
  g_assert_cmpstr (rafilm_account_get_email (fixture->account), ==, RAFILM_FAKE_EMAIL);
  g_assert_cmpstr (rafilm_account_get_uid (fixture->account), ==, RAFILM_FAKE_UID);
  token = get_token (fixture);
  g_assert_cmpstr (token, ==, fixture->cognito->access_token);
  g_assert_cmpuint (rafilm_fake_cognito_count (fixture->cognito, REFRESH), ==, 0);
}

/* Salts and ephemeral numbers of every shape: both sides must agree each time. */
static void
test_sign_in_often (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  for (guint i = 0; i < 20; i++)
    sign_in (fixture);
}

static void
test_wrong_password (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  assert_refused (rafilm_account_sign_in (fixture->account, RAFILM_FAKE_EMAIL, "Wrong Horse 1"),
                  RAFILM_ERROR_WRONG_PASSWORD);
  assert_refused (rafilm_account_sign_in (fixture->account, RAFILM_FAKE_EMAIL, ""),
                  RAFILM_ERROR_WRONG_PASSWORD);
  assert_refused (
      rafilm_account_sign_in (fixture->account, "you@example.org", RAFILM_FAKE_PASSWORD),
      RAFILM_ERROR_WRONG_PASSWORD);
  g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_SIGNED_OUT);

  fixture->cognito->confirmed = FALSE;
  assert_refused (
      rafilm_account_sign_in (fixture->account, RAFILM_FAKE_EMAIL, RAFILM_FAKE_PASSWORD),
      RAFILM_ERROR_NOT_CONFIRMED);
  fixture->cognito->fails = 1;
  assert_refused (
      rafilm_account_sign_in (fixture->account, RAFILM_FAKE_EMAIL, RAFILM_FAKE_PASSWORD),
      RAFILM_ERROR_UNAVAILABLE);
}

static void
test_sign_up (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  RafilmAccount *account = fixture->account;

  assert_refused (rafilm_account_sign_up (account, RAFILM_FAKE_EMAIL, "Long Enough 1"),
                  RAFILM_ERROR_USER_EXISTS);
  assert_refused (rafilm_account_sign_up (account, "new@example.org", "short"),
                  RAFILM_ERROR_WEAK_PASSWORD);
  assert_done (rafilm_account_sign_up (account, "new@example.org", "Long Enough 1"));
  assert_done (rafilm_account_resend (account, "new@example.org"));
  assert_refused (rafilm_account_confirm (account, "new@example.org", "999999"),
                  RAFILM_ERROR_CODE_MISMATCH);
  assert_refused (rafilm_account_confirm (account, "new@example.org", "000000"),
                  RAFILM_ERROR_CODE_EXPIRED);
  assert_done (rafilm_account_confirm (account, "new@example.org", " 123456 "));
}

static void
test_passwords (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  RafilmAccount *account = fixture->account;

  assert_done (rafilm_account_forgot (account, RAFILM_FAKE_EMAIL));
  assert_refused (rafilm_account_reset (account, RAFILM_FAKE_EMAIL, "1", "Another One 2"),
                  RAFILM_ERROR_CODE_MISMATCH);
  assert_done (rafilm_account_reset (account, RAFILM_FAKE_EMAIL, "123456", "Another One 2"));
  assert_refused (rafilm_account_sign_in (account, RAFILM_FAKE_EMAIL, RAFILM_FAKE_PASSWORD),
                  RAFILM_ERROR_WRONG_PASSWORD);
  assert_done (rafilm_account_sign_in (account, RAFILM_FAKE_EMAIL, "Another One 2"));

  assert_refused (rafilm_account_change_password (account, "wrong", "Third One 3"),
                  RAFILM_ERROR_WRONG_PASSWORD);
  assert_done (rafilm_account_change_password (account, "Another One 2", "Third One 3"));
  g_assert_cmpstr (fixture->cognito->password, ==, "Third One 3");
}

static void
test_one_refresh (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  DexFuture *futures[20];

  sign_in (fixture);
  rafilm_clock_set_offset (850 * 1000);
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    futures[i] = rafilm_account_get_token (fixture->account);
  /* Those who stop waiting do not stop the others. */
  for (guint i = 10; i < G_N_ELEMENTS (futures); i++)
    dex_clear (&futures[i]);

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *token = dex_await_string (futures[i], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (token, ==, fixture->cognito->access_token);
    }
  g_assert_cmpuint (rafilm_fake_cognito_count (fixture->cognito, REFRESH), ==, 1);
}

static void
test_abandoned_refresh (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *token = NULL;
  DexFuture *future = NULL;

  sign_in (fixture);
  rafilm_clock_set_offset (900 * 1000);
  fixture->cognito->rotates = TRUE;
  future = rafilm_account_get_token (fixture->account);
  rafilm_test_sleep (1);
  dex_clear (&future);

  /* The refresh went on: else the new refresh token would be lost. */
  token = get_token (fixture);
  g_assert_cmpstr (token, ==, fixture->cognito->access_token);
  g_assert_cmpuint (rafilm_fake_cognito_count (fixture->cognito, REFRESH), ==, 1);
}

static void
test_rotation (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  sign_in (fixture);
  fixture->cognito->rotates = TRUE;
  for (gint64 i = 1; i <= 3; i++)
    {
      g_autofree char *token = NULL;

      rafilm_clock_set_offset (i * 900 * 1000);
      token = get_token (fixture);
      g_assert_cmpstr (token, ==, fixture->cognito->access_token);
    }
  g_assert_cmpuint (rafilm_fake_cognito_count (fixture->cognito, REFRESH), ==, 3);
  /* A flow that such a pool refuses, perhaps as if the token were wrong. */
  g_assert_cmpuint (rafilm_fake_cognito_count (fixture->cognito, "InitiateAuth REFRESH_TOKEN_AUTH"),
                    ==, 0);

  /* The newest refresh token was stored. */
  restart (fixture);
  assert_done (rafilm_account_load (fixture->account));
  assert_done (rafilm_account_get_token (fixture->account));
}

/* Waiters come and go while the answer is on its way, also from within each other's turns. */
static void
test_refresh_races (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());

  sign_in (fixture);
  fixture->cognito->rotates = TRUE;
  for (gint64 round = 1; round <= 20; round++)
    {
      g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func (dex_unref);
      g_autofree char *old = g_strdup (fixture->cognito->access_token);

      rafilm_clock_set_offset (round * 900 * 1000);
      fixture->cognito->paused = TRUE;
      for (int i = 0; i < 10; i++)
        {
          g_ptr_array_add (waiting, g_rand_boolean (rand)
                                        ? rafilm_account_get_token (fixture->account)
                                        : rafilm_account_renew_token (fixture->account, old));
          if (g_rand_boolean (rand))
            g_ptr_array_remove_index (waiting, (guint) g_rand_int_range (rand, 0, waiting->len));
          if (g_rand_int_range (rand, 0, 3) == 0)
            rafilm_test_sleep (1);
        }
      while (fixture->cognito->waiting->len == 0)
        rafilm_test_sleep (1);
      fixture->cognito->paused = FALSE;
      rafilm_fake_cognito_resume (fixture->cognito);
      g_ptr_array_add (waiting, rafilm_account_get_token (fixture->account));
      for (guint i = 0; i < waiting->len; i++)
        {
          g_autofree char *token = dex_await_string (dex_ref (waiting->pdata[i]), NULL);

          g_assert_cmpstr (token, ==, fixture->cognito->access_token);
        }
      g_assert_cmpuint (rafilm_fake_cognito_count (fixture->cognito, REFRESH), ==, (guint) round);
    }
}

static void
test_expired (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  sign_in (fixture);
  g_set_str (&fixture->cognito->refresh_token, "revoked elsewhere");
  rafilm_clock_set_offset (900 * 1000);
  assert_refused (rafilm_account_get_token (fixture->account), RAFILM_ERROR_SIGN_IN_EXPIRED);
  g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_EXPIRED);
  g_assert_cmpstr (rafilm_account_get_uid (fixture->account), ==, RAFILM_FAKE_UID);
  assert_refused (rafilm_account_get_token (fixture->account), RAFILM_ERROR_SIGN_IN_EXPIRED);
  g_assert_cmpuint (rafilm_fake_cognito_count (fixture->cognito, REFRESH), ==, 1);

  /* So it is after a new start, and a sign-in mends it. */
  restart (fixture);
  assert_done (rafilm_account_load (fixture->account));
  g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_EXPIRED);
  g_assert_cmpstr (rafilm_account_get_email (fixture->account), ==, RAFILM_FAKE_EMAIL);
  sign_in (fixture);
}

static void
test_passing_failure (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  sign_in (fixture);
  rafilm_clock_set_offset (900 * 1000);
  fixture->cognito->fails = 1;
  assert_refused (rafilm_account_get_token (fixture->account), RAFILM_ERROR_UNAVAILABLE);
  g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_SIGNED_IN);
  assert_done (rafilm_account_get_token (fixture->account));

  soup_server_disconnect (fixture->server);
  rafilm_clock_set_offset (2 * 900 * 1000);
  assert_refused (rafilm_account_get_token (fixture->account), RAFILM_ERROR_OFFLINE);
  g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_SIGNED_IN);
}

/* A portal of a hotel answers for everybody, in HTML and with any status: nobody is signed out. */
static void
test_portal (void)
{
  static const guint statuses[] = { 200, 302, 400, 401, 403, 404, 511 };
  g_autoptr (Fixture) fixture = fixture_new ();

  sign_in (fixture);
  rafilm_clock_set_offset (900 * 1000);
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *token = NULL;

      fixture->cognito->portal = statuses[i];
      token = dex_await_string (rafilm_account_get_token (fixture->account), &error);
      g_test_message ("%u: %s", statuses[i], error->message);
      g_assert_null (token);
      g_assert_false (g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_SIGN_IN_EXPIRED));
      g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_SIGNED_IN);
    }
  fixture->cognito->portal = 0;
  assert_done (rafilm_account_get_token (fixture->account));
}

static GLogWriterOutput
collect_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (fields[i].length < 0)
      g_string_append_printf (data, "%s\n", (const char *) fields[i].value);
  return G_LOG_WRITER_HANDLED;
}

/* The writer of the log can be set once only, so this is a process of its own. */
static void
test_log (void)
{
  g_autoptr (GString) log = g_string_new (NULL);

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 30 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }
  g_log_set_debug_enabled (TRUE);
  g_log_set_writer_func (collect_log, log, NULL);
  {
    g_autoptr (Fixture) fixture = fixture_new ();
    const char *secrets[] = { RAFILM_FAKE_PASSWORD, "Wrong Horse 2", NULL, NULL };
    g_autofree char *access = NULL;
    g_autofree char *refresh = NULL;

    assert_refused (rafilm_account_sign_in (fixture->account, RAFILM_FAKE_EMAIL, "Wrong Horse 2"),
                    RAFILM_ERROR_WRONG_PASSWORD);
    sign_in (fixture);
    access = g_strdup (fixture->cognito->access_token);
    refresh = g_strdup (fixture->cognito->refresh_token);
    secrets[2] = access;
    secrets[3] = refresh;
    rafilm_clock_set_offset (900 * 1000);
    fixture->cognito->portal = 403;
    assert_refused (rafilm_account_get_token (fixture->account), RAFILM_ERROR_REFUSED);
    fixture->cognito->portal = 0;
    assert_done (rafilm_account_get_token (fixture->account));
    g_assert_nonnull (strstr (log->str, "Cognito refused"));
    for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
      g_assert_null (strstr (log->str, secrets[i]));
  }
}

static void
test_renew (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *token = NULL;
  g_autofree char *renewed = NULL;
  g_autofree char *same = NULL;
  g_autoptr (GError) error = NULL;

  sign_in (fixture);
  token = get_token (fixture);
  renewed = dex_await_string (rafilm_account_renew_token (fixture->account, token), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (token, !=, renewed);

  /* Somebody who was refused with the old one gets the new one. */
  same = dex_await_string (rafilm_account_renew_token (fixture->account, token), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (same, ==, renewed);
  g_assert_cmpuint (rafilm_fake_cognito_count (fixture->cognito, REFRESH), ==, 1);
}

static void
test_stranger (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  sign_in (fixture);
  fixture->cognito->other_user = TRUE;
  rafilm_clock_set_offset (900 * 1000);
  assert_refused (rafilm_account_get_token (fixture->account), RAFILM_ERROR_MALFORMED);
  g_assert_cmpstr (rafilm_account_get_uid (fixture->account), ==, RAFILM_FAKE_UID);
}

static void
test_sign_out (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *path = g_build_filename (fixture->folder, "sign-in", NULL);

  sign_in (fixture);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  assert_done (rafilm_account_sign_out (fixture->account, FALSE));
  g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_SIGNED_OUT);
  g_assert_null (rafilm_account_get_uid (fixture->account));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (rafilm_fake_cognito_count (fixture->cognito, "RevokeToken"), ==, 1);

  sign_in (fixture);
  assert_done (rafilm_account_sign_out (fixture->account, TRUE));
  g_assert_cmpuint (rafilm_fake_cognito_count (fixture->cognito, "GlobalSignOut"), ==, 1);
  g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_SIGNED_OUT);
}

static void
test_sign_out_offline (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  sign_in (fixture);
  soup_server_disconnect (fixture->server);
  assert_refused (rafilm_account_sign_out (fixture->account, TRUE), RAFILM_ERROR_OFFLINE);
  g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_SIGNED_IN);
  assert_done (rafilm_account_sign_out (fixture->account, FALSE));
  g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_SIGNED_OUT);
}

/* Who signs out while a token is being fetched stays signed out. */
static void
test_sign_out_during_refresh (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  DexFuture *future = NULL;

  sign_in (fixture);
  fixture->cognito->paused = TRUE;
  rafilm_clock_set_offset (900 * 1000);
  future = rafilm_account_get_token (fixture->account);
  for (guint i = 0; i < 200 && fixture->cognito->waiting->len == 0; i++)
    rafilm_test_sleep (10);

  assert_done (rafilm_account_sign_out (fixture->account, FALSE));
  rafilm_fake_cognito_resume (fixture->cognito);
  assert_refused (future, RAFILM_ERROR_NOT_SIGNED_IN);
  g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_SIGNED_OUT);
  assert_refused (rafilm_account_get_token (fixture->account), RAFILM_ERROR_NOT_SIGNED_IN);
}

static void
test_load_garbage (void)
{
  const char *const texts[] = { "", "{", "[]", "{\"uid\":3}", "{\"uid\":\"../../etc\"}" };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *path = g_build_filename (fixture->folder, "sign-in", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_file_set_contents_full (path, texts[i], -1, G_FILE_SET_CONTENTS_NONE, 0600, &error);
      g_assert_no_error (error);
      restart (fixture);
      g_assert_false (dex_await_boolean (rafilm_account_load (fixture->account), &error));
      g_assert_no_error (error);
      g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_SIGNED_OUT);
    }
}

static void
test_no_cloud (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  g_clear_pointer (&fixture->endpoints->cognito, g_free);
  restart (fixture);
  assert_done (rafilm_account_load (fixture->account));
  assert_refused (rafilm_account_sign_in (fixture->account, "a@b.c", "x"), RAFILM_ERROR_OFFLINE);
  assert_refused (rafilm_account_get_token (fixture->account), RAFILM_ERROR_NOT_SIGNED_IN);
  assert_done (rafilm_account_sign_out (fixture->account, FALSE));
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);

  rafilm_test_add_fiber ("/net/account/sign-in", test_sign_in);
  rafilm_test_add_fiber ("/net/account/sign-in-often", test_sign_in_often);
  rafilm_test_add_fiber ("/net/account/wrong-password", test_wrong_password);
  rafilm_test_add_fiber ("/net/account/sign-up", test_sign_up);
  rafilm_test_add_fiber ("/net/account/passwords", test_passwords);
  rafilm_test_add_fiber ("/net/account/one-refresh", test_one_refresh);
  rafilm_test_add_fiber ("/net/account/abandoned-refresh", test_abandoned_refresh);
  rafilm_test_add_fiber ("/net/account/rotation", test_rotation);
  rafilm_test_add_fiber ("/net/account/refresh-races", test_refresh_races);
  rafilm_test_add_fiber ("/net/account/expired", test_expired);
  rafilm_test_add_fiber ("/net/account/portal", test_portal);
  rafilm_test_add_fiber ("/net/account/log", test_log);
  rafilm_test_add_fiber ("/net/account/passing-failure", test_passing_failure);
  rafilm_test_add_fiber ("/net/account/renew", test_renew);
  rafilm_test_add_fiber ("/net/account/stranger", test_stranger);
  rafilm_test_add_fiber ("/net/account/sign-out", test_sign_out);
  rafilm_test_add_fiber ("/net/account/sign-out-offline", test_sign_out_offline);
  rafilm_test_add_fiber ("/net/account/sign-out-during-refresh", test_sign_out_during_refresh);
  rafilm_test_add_fiber ("/net/account/load-garbage", test_load_garbage);
  rafilm_test_add_fiber ("/net/account/no-cloud", test_no_cloud);

  return g_test_run ();
}
