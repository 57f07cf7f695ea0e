/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public reviews, the public name and the end of an account, against a service of the test's. */
#include "rafilm-own-account.h"
#include "rafilm-public-reviews.h"

#include <string.h>

#include "rafilm-error.h"
#include "rafilm-fake-cognito.h"
#include "rafilm-fake-server.h"
#include "rafilm-test.h"

#define REVIEW(id, more)                                                                           \
  "{\"id\":\"" id "\",\"film\":949,\"handle\":\"anna\",\"text\":\"Loud.\",\"at\":1" more "}"
#define FIRST "abcdefghijklmnopqrstuv"
#define SECOND "bbcdefghijklmnopqrstuv"
#define THIRD "cbcdefghijklmnopqrstuv"

typedef struct
{
  RafilmFakeCognito *cognito;
  SoupServer *server;
  RafilmHttp *http;
  RafilmAccount *account;
  RafilmApi *api;
  char *asked; /* method, path and query of the last call */
  char *body;
  guint calls;
  guint status;
  const char *answer;
} Fixture;

static void
api_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
        gpointer data)
{
  Fixture *fixture = data;
  const char *rest = g_uri_get_query (soup_server_message_get_uri (message));
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  fixture->calls++;
  g_free (fixture->asked);
  fixture->asked = g_strconcat (soup_server_message_get_method (message), " ", path,
                                rest != NULL ? "?" : "", rest, NULL);
  g_free (fixture->body);
  fixture->body = g_strndup (body->data, body->length);
  rafilm_fake_server_answer (
      message, fixture->status,
      fixture->status < 300 ? "application/json" : "application/problem+json", fixture->answer);
}

static Fixture *
fixture_new (void)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autoptr (RafilmEndpoints) endpoints = NULL;
  g_autoptr (RafilmKeyring) keyring = NULL;
  g_autoptr (GError) error = NULL;

  g_setenv ("RAFILM_KEYRING", "session", TRUE);
  fixture->status = 200;
  fixture->cognito = rafilm_fake_cognito_new ();
  fixture->server = rafilm_fake_server_new ();
  soup_server_add_handler (fixture->server, NULL, rafilm_fake_cognito_handle, fixture->cognito,
                           NULL);
  soup_server_add_handler (fixture->server, "/prod", api_cb, fixture, NULL);
  endpoints = rafilm_fake_server_dup_endpoints (fixture->server);
  keyring = rafilm_keyring_new (folder);
  fixture->http = rafilm_http_new ();
  fixture->account = rafilm_account_new (fixture->http, endpoints, keyring);
  fixture->api = rafilm_api_new (fixture->http, endpoints, fixture->account);
  dex_await (rafilm_account_sign_in (fixture->account, RAFILM_FAKE_EMAIL, RAFILM_FAKE_PASSWORD),
             &error);
  g_assert_no_error (error);

  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  /* A fiber lets go of what it holds a turn after its promise. */
  rafilm_test_sleep (20);
  g_assert_finalize_object (fixture->api);
  g_assert_finalize_object (fixture->account);
  g_assert_finalize_object (fixture->http);
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  rafilm_fake_cognito_free (fixture->cognito);
  g_free (fixture->asked);
  g_free (fixture->body);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
load (RafilmPublicReviews *reviews)
{
  g_autoptr (GError) error = NULL;

  dex_await_boolean (rafilm_public_reviews_load_more (reviews), &error);
  g_assert_no_error (error);
}

static void
test_pages (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (RafilmPublicReviews) reviews = rafilm_public_reviews_new (fixture->api, 949);
  g_autoptr (RafilmPublicReview) review = NULL;

  fixture->answer =
      "{\"reviews\":[" REVIEW (FIRST, ",\"rating\":9,\"liked\":true,\"spoiler\":true,"
                                      "\"date\":\"2026-03-02\"") "],\"cursor\":\"1#a\"}";
  load (reviews);
  g_assert_cmpstr (fixture->asked, ==, "GET /prod/v1/films/949/reviews");
  g_assert_true (rafilm_public_reviews_get_has_more (reviews));
  review = g_list_model_get_item (G_LIST_MODEL (reviews), 0);
  g_assert_cmpstr (rafilm_public_review_get_handle (review), ==, "anna");
  g_assert_cmpstr (rafilm_public_review_get_text (review), ==, "Loud.");
  g_assert_cmpstr (rafilm_public_review_get_date (review), ==, "2026-03-02");
  g_assert_cmpint (rafilm_public_review_get_rating (review), ==, 9);
  g_assert_true (rafilm_public_review_get_liked (review));
  g_assert_true (rafilm_public_review_get_spoiler (review));

  fixture->answer = "{\"reviews\":[" REVIEW (SECOND, "") "],\"cursor\":null}";
  load (reviews);
  g_assert_cmpstr (fixture->asked, ==, "GET /prod/v1/films/949/reviews?cursor=1%23a");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (reviews)), ==, 2);
  g_assert_false (rafilm_public_reviews_get_has_more (reviews));

  load (reviews);
  g_assert_cmpuint (fixture->calls, ==, 2);
}

static void
test_odd_reviews (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (RafilmPublicReviews) reviews = rafilm_public_reviews_new (fixture->api, 949);
  g_autoptr (RafilmPublicReview) review = NULL;

  /* Neither a path in an id nor a name that is none; a rating of 11 is no rating. */
  fixture->answer = "{\"reviews\":[1," REVIEW (
      "../../v1/account/xxxxx",
      "") ","
          "{\"id\":\"" SECOND "\",\"handle\":\"<b>\",\"text\":\"a\"},"
          "{\"id\":\"" SECOND "\",\"handle\":\"anna\",\"text\":\"\"}," REVIEW (
              THIRD, ",\"rating\":11,\"liked\":\"yes\",\"date\":\"2026-02-30\"") "],\"cursor\":7}";
  load (reviews);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (reviews)), ==, 1);
  g_assert_false (rafilm_public_reviews_get_has_more (reviews));
  review = g_list_model_get_item (G_LIST_MODEL (reviews), 0);
  g_assert_cmpint (rafilm_public_review_get_rating (review), ==, 0);
  g_assert_false (rafilm_public_review_get_liked (review));
  g_assert_null (rafilm_public_review_get_date (review));
}

static void
test_failures (void)
{
  static const char *const pages[] = { "[]", "{}", "{\"reviews\":{}}" };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (RafilmPublicReviews) reviews = rafilm_public_reviews_new (fixture->api, 949);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      fixture->answer = pages[i];
      g_assert_false (dex_await_boolean (rafilm_public_reviews_load_more (reviews), &error));
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
      g_clear_error (&error);
    }
  fixture->status = 503;
  fixture->answer = "{\"code\":\"busy\"}";
  g_assert_false (dex_await_boolean (rafilm_public_reviews_load_more (reviews), &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_UNAVAILABLE);

  /* It can be tried again, and a page that leads to itself is the last. */
  fixture->status = 200;
  fixture->answer = "{\"reviews\":[" REVIEW (FIRST, "") "],\"cursor\":\"same\"}";
  load (reviews);
  g_assert_true (rafilm_public_reviews_get_has_more (reviews));
  load (reviews);
  g_assert_false (rafilm_public_reviews_get_has_more (reviews));
}

static void
test_report (void)
{
  static const guint accepted[] = { 202, 404, 409 };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (accepted); i++)
    {
      g_autoptr (RafilmPublicReviews) reviews = rafilm_public_reviews_new (fixture->api, 949);
      g_autoptr (RafilmPublicReview) review = NULL;

      fixture->status = 200;
      fixture->answer = "{\"reviews\":[" REVIEW (FIRST, "") "," REVIEW (SECOND, "") "]}";
      load (reviews);
      review = g_list_model_get_item (G_LIST_MODEL (reviews), 0);

      fixture->status = 503;
      fixture->answer = "{\"code\":\"busy\"}";
      g_assert_false (dex_await_boolean (rafilm_public_reviews_report (reviews, review), &error));
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_UNAVAILABLE);
      g_clear_error (&error);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (reviews)), ==, 2);

      fixture->status = accepted[i];
      fixture->answer = "{}";
      g_assert_true (dex_await_boolean (rafilm_public_reviews_report (reviews, review), &error));
      g_assert_no_error (error);
      g_assert_cmpstr (fixture->asked, ==, "POST /prod/v1/reviews/" FIRST "/report");
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (reviews)), ==, 1);
    }
}

static void
test_handle (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *handle = NULL;
  g_autoptr (GError) error = NULL;

  fixture->answer = "{\"handle\":null}";
  handle = dex_await_string (rafilm_own_account_get_handle (fixture->api), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (handle, ==, "");
  g_clear_pointer (&handle, g_free);

  fixture->answer = "{\"handle\":\"anna\"}";
  handle = dex_await_string (rafilm_own_account_set_handle (fixture->api, "anna"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (handle, ==, "anna");
  g_assert_cmpstr (fixture->asked, ==, "PUT /prod/v1/profile");
  g_assert_cmpstr (fixture->body, ==, "{\"handle\":\"anna\"}");
  g_clear_pointer (&handle, g_free);

  fixture->answer = "{\"handle\":null}";
  handle = dex_await_string (rafilm_own_account_set_handle (fixture->api, NULL), &error);
  g_assert_cmpstr (fixture->body, ==, "{\"handle\":null}");

  fixture->status = 409;
  fixture->answer = "{\"code\":\"handle_taken\"}";
  g_assert_null (dex_await_string (rafilm_own_account_set_handle (fixture->api, "ben"), &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_USER_EXISTS);
  g_clear_error (&error);
  fixture->status = 400;
  fixture->answer = "{\"code\":\"bad_handle\"}";
  g_assert_null (dex_await_string (rafilm_own_account_set_handle (fixture->api, "É"), &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_INVALID);
}

static void
test_archive (void)
{
  static const char *const odd[] = { "{\"state\":\"ready\"}", "{\"state\":\"none\"}",
                                     "{\"state\":\"ready\",\"url\":\"file:///etc/passwd\"}",
                                     "{\"state\":\"ready\",\"url\":\"http://example.org/a\"}" };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *url = NULL;
  g_autoptr (GError) error = NULL;

  fixture->answer = "{\"state\":\"ready\",\"url\":\"https://example.org/a.zip?b=1\"}";
  url = dex_await_string (rafilm_own_account_make_archive (fixture->api), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (url, ==, "https://example.org/a.zip?b=1");
  g_assert_cmpstr (fixture->asked, ==, "GET /prod/v1/takeout");
  g_assert_cmpuint (fixture->calls, ==, 2);

  fixture->answer = "{\"state\":\"failed\"}";
  g_assert_null (dex_await_string (rafilm_own_account_make_archive (fixture->api), &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_UNAVAILABLE);
  g_clear_error (&error);
  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      fixture->answer = odd[i];
      g_assert_null (dex_await_string (rafilm_own_account_make_archive (fixture->api), &error));
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
      g_clear_error (&error);
    }
}

static void
test_delete (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  fixture->status = 503;
  fixture->answer = "{\"code\":\"busy\"}";
  g_assert_false (dex_await_boolean (rafilm_own_account_delete (fixture->api), &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_UNAVAILABLE);
  g_clear_error (&error);

  fixture->status = 202;
  fixture->answer = "{\"state\":\"deleting\"}";
  g_assert_true (dex_await_boolean (rafilm_own_account_delete (fixture->api), &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->asked, ==, "DELETE /prod/v1/account");
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/people/pages", test_pages);
  rafilm_test_add_fiber ("/people/odd-reviews", test_odd_reviews);
  rafilm_test_add_fiber ("/people/failures", test_failures);
  rafilm_test_add_fiber ("/people/report", test_report);
  rafilm_test_add_fiber ("/people/handle", test_handle);
  rafilm_test_add_fiber ("/people/archive", test_archive);
  rafilm_test_add_fiber ("/people/delete", test_delete);

  return g_test_run ();
}
