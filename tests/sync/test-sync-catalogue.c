/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-catalogue.h"
#include "rafilm-error.h"
#include "rafilm-fake-server.h"
#include "rafilm-test.h"

/* The films API of these tests knows the films 1 to 60, and no other. */
#define KNOWN 60

typedef struct
{
  SoupServer *server;
  RafilmStore *store;
  RafilmCatalogue *catalogue;
  char *answer; /* of a search; NULL for an ordinary one */
  char *query;
  char *ids;
  guint calls;
  guint busy;        /* so many calls are answered with 503 */
  guint late;        /* so many calls are answered without the film 1, which comes later */
  gboolean trickles; /* each call is answered with one film, and the others come later */
} Setup;

static void
add_film (GString *text, guint64 id)
{
  if (id >= 1 && id <= KNOWN)
    g_string_append_printf (text, "%s{\"id\":%u,\"title\":\"Film no. %u\",\"runtime\":90}",
                            text->str[text->len - 1] == '}' ? "," : "", (guint) id, (guint) id);
}

static void
films_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
          gpointer data)
{
  Setup *setup = data;
  g_autoptr (GString) text = g_string_new ("{\"results\":[");
  const char *ids = query != NULL ? g_hash_table_lookup (query, "ids") : NULL;

  setup->calls++;
  g_set_str (&setup->query, query != NULL ? g_hash_table_lookup (query, "query") : NULL);
  g_set_str (&setup->ids, ids);
  if (setup->busy > 0)
    {
      setup->busy--;
      soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                    "Retry-After", "1");
      rafilm_fake_server_answer (message, 503, "application/problem+json", "{\"code\":\"busy\"}");
      return;
    }
  if (g_str_equal (path, "/prod/v1/films/7"))
    {
      rafilm_fake_server_answer (message, 200, "application/json",
                                 "{\"id\":7,\"title\":\"Seven\",\"similar\":[{\"id\":8,"
                                 "\"title\":\"Eight\"}]}");
      return;
    }
  if (ids != NULL)
    {
      g_auto (GStrv) numbers = g_strsplit (ids, ",", -1);

      g_assert_cmpuint (g_strv_length (numbers), <=, 40);
      if (setup->trickles)
        {
          g_autofree char *rest = g_strjoinv (",", numbers + 1);

          add_film (text, g_ascii_strtoull (numbers[0], NULL, 10));
          g_string_append_printf (text, "],\"later\":[%s]}", rest);
          rafilm_fake_server_answer (message, 200, "application/json", text->str);
          return;
        }
      for (guint i = 0; numbers[i] != NULL; i++)
        if (setup->late == 0 || !g_str_equal (numbers[i], "1"))
          add_film (text, g_ascii_strtoull (numbers[i], NULL, 10));
    }
  else
    for (guint id = 3; id >= 1; id--)
      add_film (text, id);
  g_string_append (text, setup->late > 0 ? "],\"later\":[1,\"x\",7]}" : "]}");
  setup->late -= MIN (setup->late, 1);
  rafilm_fake_server_answer (message, 200, "application/json",
                             setup->answer != NULL ? setup->answer : text->str);
}

static void
setup_init (Setup *setup)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);
  g_autoptr (RafilmEndpoints) endpoints = NULL;
  g_autoptr (RafilmHttp) http = NULL;
  g_autoptr (RafilmKeyring) keyring = NULL;
  g_autoptr (RafilmAccount) account = NULL;
  g_autoptr (RafilmApi) api = NULL;
  g_autoptr (GError) error = NULL;

  *setup = (Setup) { .server = rafilm_fake_server_new () };
  soup_server_add_handler (setup->server, "/prod/v1/films", films_cb, setup, NULL);
  endpoints = rafilm_fake_server_dup_endpoints (setup->server);
  http = rafilm_http_new ();
  keyring = rafilm_keyring_new (folder);
  account = rafilm_account_new (http, endpoints, keyring);
  api = rafilm_api_new (http, endpoints, account);
  setup->store = dex_await_object (rafilm_store_open (path), &error);
  g_assert_no_error (error);
  setup->catalogue = rafilm_catalogue_new (setup->store, api);
}

static void
setup_clear (Setup *setup)
{
  g_assert_finalize_object (g_steal_pointer (&setup->catalogue));
  dex_await (rafilm_store_close (setup->store), NULL);
  g_clear_object (&setup->store);
  soup_server_disconnect (setup->server);
  g_clear_object (&setup->server);
  g_clear_pointer (&setup->answer, g_free);
  g_clear_pointer (&setup->query, g_free);
  g_clear_pointer (&setup->ids, g_free);
}

static void
test_search (void)
{
  Setup setup;
  g_autoptr (GListModel) films = NULL;
  g_autoptr (RafilmFilm) first = NULL;
  g_autoptr (RafilmFilm) mirrored = NULL;
  g_autoptr (GError) error = NULL;

  setup_init (&setup);
  films = dex_await_object (rafilm_catalogue_search (setup.catalogue, " Amélie & co "), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (setup.query, ==, "Amélie & co");
  g_assert_cmpuint (g_list_model_get_n_items (films), ==, 3);
  first = g_list_model_get_item (films, 0);
  g_assert_cmpint (rafilm_film_get_id (first), ==, 3);
  mirrored = dex_await_object (rafilm_store_get_film (setup.store, 3), NULL);
  g_assert_true (mirrored == first);
  g_assert_cmpstr (rafilm_film_get_title (first), ==, "Film no. 3");
  g_clear_object (&first);
  g_clear_object (&mirrored);
  g_clear_object (&films);
  setup_clear (&setup);
}

static void
test_malformed (void)
{
  Setup setup;
  g_autoptr (GListModel) films = NULL;
  g_autoptr (GError) error = NULL;

  setup_init (&setup);
  setup.answer = g_strdup ("{\"results\":[1,null,{},{\"id\":-1,\"title\":\"t\"},[]]}");
  films = dex_await_object (rafilm_catalogue_trending (setup.catalogue), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (films), ==, 0);
  g_clear_object (&films);
  g_set_str (&setup.answer, "[]");
  films = dex_await_object (rafilm_catalogue_trending (setup.catalogue), &error);
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
  setup_clear (&setup);
}

static void
test_fetch (void)
{
  Setup setup;
  g_autoptr (RafilmFilm) film = NULL;
  g_autoptr (RafilmFilm) similar = NULL;
  g_autoptr (GError) error = NULL;

  setup_init (&setup);
  film = dex_await_object (rafilm_catalogue_fetch (setup.catalogue, 7), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rafilm_film_get_title (film), ==, "Seven");
  similar = dex_await_object (rafilm_store_get_film (setup.store, 8), NULL);
  g_assert_cmpstr (rafilm_film_get_title (similar), ==, "Eight");
  setup_clear (&setup);
}

/* Pages of 40; a film that the service doesn't know is asked for once and not for ever. */
static void
test_fill (void)
{
  Setup setup;
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("like");
  g_autoptr (GError) error = NULL;

  setup_init (&setup);
  for (gint64 film = 1; film <= KNOWN + 10; film++)
    rafilm_edit_like_film (edit, film, TRUE);
  for (gint64 film = 1; film <= KNOWN + 10; film++)
    rafilm_edit_set_watchlist (edit, film, TRUE, NULL);
  dex_await_int64 (rafilm_store_apply (setup.store, edit), &error);
  g_assert_no_error (error);
  g_assert_cmpint (dex_await_int64 (rafilm_catalogue_fill (setup.catalogue), &error), ==, KNOWN);
  g_assert_no_error (error);
  g_assert_cmpuint (setup.calls, ==, 2);
  setup_clear (&setup);
}

static void
log_film (Setup *setup, gint64 id, const char *date)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("log");
  g_autoptr (RafilmFilm) film = rafilm_film_new (id);
  g_autoptr (RafilmViewing) viewing = rafilm_viewing_new (NULL, film);
  g_autoptr (GError) error = NULL;

  g_object_set (viewing, "date", date, NULL);
  rafilm_edit_log_viewing (edit, viewing);
  dex_await_int64 (rafilm_store_apply (setup->store, edit), &error);
  g_assert_no_error (error);
}

static void
test_fill_later (void)
{
  Setup setup;
  g_autoptr (GError) error = NULL;

  setup_init (&setup);
  log_film (&setup, 1, "2019-02-01");
  log_film (&setup, 2, NULL);
  setup.late = 1;
  g_assert_cmpint (dex_await_int64 (rafilm_catalogue_fill (setup.catalogue), &error), ==, 2);
  g_assert_no_error (error);
  g_assert_cmpstr (setup.ids, ==, "1");
  g_assert_cmpuint (setup.calls, ==, 2);
  setup_clear (&setup);
}

/* A service that looks up one film at a time is asked until it has looked up all. */
static void
test_fill_one_by_one (void)
{
  Setup setup;
  g_autoptr (GError) error = NULL;

  setup_init (&setup);
  for (gint64 id = 1; id <= 8; id++)
    log_film (&setup, id, NULL);
  setup.trickles = TRUE;
  g_assert_cmpint (dex_await_int64 (rafilm_catalogue_fill (setup.catalogue), &error), ==, 8);
  g_assert_no_error (error);
  g_assert_cmpuint (setup.calls, ==, 8);
  setup_clear (&setup);
}

/* A busy service is asked again when it says so; newest viewings come first; two callers share. */
static void
test_fill_when_busy (void)
{
  Setup setup;
  g_autoptr (DexFuture) first = NULL;
  g_autoptr (DexFuture) second = NULL;
  g_autoptr (GError) error = NULL;
  gint64 since = g_get_monotonic_time ();

  setup_init (&setup);
  log_film (&setup, 3, "2026-02-01");
  log_film (&setup, 1, "2019-02-01");
  log_film (&setup, 2, NULL);
  setup.busy = 1;
  first = rafilm_catalogue_fill (setup.catalogue);
  second = rafilm_catalogue_fill (setup.catalogue);
  g_assert_true (first == second);
  g_assert_cmpint (dex_await_int64 (g_steal_pointer (&first), &error), ==, 3);
  g_assert_no_error (error);
  g_assert_cmpstr (setup.ids, ==, "3,1,2");
  g_assert_cmpuint (setup.calls, ==, 2);
  g_assert_cmpint (g_get_monotonic_time () - since, >=, 900000);
  g_clear_pointer (&second, dex_unref);
  setup_clear (&setup);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/sync/catalogue/search", test_search);
  rafilm_test_add_fiber ("/sync/catalogue/malformed", test_malformed);
  rafilm_test_add_fiber ("/sync/catalogue/fetch", test_fetch);
  rafilm_test_add_fiber ("/sync/catalogue/fill", test_fill);
  rafilm_test_add_fiber ("/sync/catalogue/fill-when-busy", test_fill_when_busy);
  rafilm_test_add_fiber ("/sync/catalogue/fill-later", test_fill_later);
  rafilm_test_add_fiber ("/sync/catalogue/fill-one-by-one", test_fill_one_by_one);

  return g_test_run ();
}
