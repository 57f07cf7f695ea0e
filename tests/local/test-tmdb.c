/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "local-client.h"
#include "rafilm-local-http.h"
#include "rafilm-local-images.h"
#include "rafilm-local-poster.h"
#include "rafilm-local-tmdb.h"

#include "rafilm-test.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

#define KEY "a-key"

typedef struct
{
  SoupServer *server;
  char *address;
  RafilmLocalCatalogue *catalogue;
  RafilmLocalTmdb *tmdb;
  RafilmLocalImages *images;
} Fixture;

static Fixture *
set_up (guint per_second)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  g_autoptr (GError) error = NULL;

  fixture->server = local_server_new (&fixture->address);
  fixture->catalogue = rafilm_local_catalogue_new (SAMPLE_DIR, &error);
  g_assert_no_error (error);
  fixture->tmdb = rafilm_local_tmdb_new (fixture->server, fixture->catalogue, KEY, fixture->address,
                                         per_second);
  fixture->images = rafilm_local_images_new (fixture->server, fixture->catalogue);

  return fixture;
}

static void
tear_down (Fixture *fixture)
{
  rafilm_local_images_free (fixture->images);
  rafilm_local_tmdb_free (fixture->tmdb);
  rafilm_local_catalogue_free (fixture->catalogue);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
  g_free (fixture->address);
  g_free (fixture);
}

static LocalAnswer *
get (Fixture *fixture, const char *path)
{
  g_autofree char *full =
      g_strdup_printf ("/3%s%capi_key=" KEY, path, strchr (path, '?') != NULL ? '&' : '?');

  return local_client_get (fixture->address, full);
}

static gboolean
is_same_kind (JsonNode *recorded, JsonNode *ours)
{
  gboolean numbers;

  if (JSON_NODE_HOLDS_NULL (recorded) || JSON_NODE_HOLDS_NULL (ours))
    return TRUE;
  if (JSON_NODE_TYPE (recorded) != JSON_NODE_TYPE (ours))
    return FALSE;
  if (!JSON_NODE_HOLDS_VALUE (recorded))
    return TRUE;
  numbers = json_node_get_value_type (recorded) != G_TYPE_STRING
            && json_node_get_value_type (recorded) != G_TYPE_BOOLEAN;

  return numbers ? json_node_get_value_type (ours) == G_TYPE_INT64
                       || json_node_get_value_type (ours) == G_TYPE_DOUBLE
                 : json_node_get_value_type (ours) == json_node_get_value_type (recorded);
}

/* Whatever a recorded answer has, ours has too, and of the same kind, all the way down. */
static void
assert_shape (JsonNode *recorded, JsonNode *ours, const char *where)
{
  if (!is_same_kind (recorded, ours))
    g_error ("%s is of another kind", where);
  if (JSON_NODE_HOLDS_NULL (ours) || JSON_NODE_HOLDS_NULL (recorded))
    return;
  if (JSON_NODE_HOLDS_OBJECT (recorded))
    {
      g_autoptr (GList) members = json_object_get_members (json_node_get_object (recorded));

      for (GList *l = members; l != NULL; l = l->next)
        {
          g_autofree char *path = g_strconcat (where, "/", l->data, NULL);
          JsonNode *member = json_object_get_member (json_node_get_object (ours), l->data);

          if (member == NULL)
            g_error ("%s is missing", path);
          assert_shape (json_object_get_member (json_node_get_object (recorded), l->data), member,
                        path);
        }
    }
  else if (JSON_NODE_HOLDS_ARRAY (recorded))
    {
      JsonArray *theirs = json_node_get_array (recorded);
      JsonArray *mine = json_node_get_array (ours);

      if (json_array_get_length (theirs) > 0 && json_array_get_length (mine) > 0)
        assert_shape (json_array_get_element (theirs, 0), json_array_get_element (mine, 0), where);
    }
}

static void
check_shape (JsonObject *object, const char *name)
{
  g_autofree char *relative = g_strconcat ("tmdb-api-responses/unit/", name, ".json", NULL);
  g_autofree char *path = rafilm_test_shared_data (relative);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();

  if (path == NULL)
    return;
  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  json_node_init_object (node, object);
  assert_shape (json_parser_get_root (parser), node, name);
}

static void
test_shapes (void)
{
  Fixture *fixture = set_up (1000);
  g_autoptr (LocalAnswer) configuration = get (fixture, "/configuration");
  g_autoptr (LocalAnswer) film = get (fixture, "/movie/949");
  g_autoptr (LocalAnswer) search = get (fixture, "/search/movie?query=heat");
  g_autoptr (LocalAnswer) genres = get (fixture, "/genre/movie/list");
  g_autoptr (LocalAnswer) missing = get (fixture, "/movie/999999999");
  g_autoptr (LocalAnswer) all =
      get (fixture, "/movie/949?append_to_response=credits,keywords,similar,release_dates");
  JsonObject *credits = rafilm_local_json_get_object (all->object, "credits");
  JsonObject *keywords = rafilm_local_json_get_object (all->object, "keywords");
  JsonArray *results = rafilm_local_json_get_array (search->object, "results");

  check_shape (configuration->object, "api-configuration");
  check_shape (film->object, "movie");
  check_shape (search->object, "movie-pageable-list");
  check_shape (json_array_get_object_element (results, 0), "movie-list-item");
  check_shape (genres->object, "genres-list");
  check_shape (missing->object, "error-status-response");
  g_assert_cmpuint (missing->status, ==, 404);
  check_shape (json_array_get_object_element (rafilm_local_json_get_array (credits, "cast"), 0),
               "cast-member");
  check_shape (json_array_get_object_element (rafilm_local_json_get_array (credits, "crew"), 0),
               "crew-member");
  json_object_set_int_member (keywords, "id", 949);
  check_shape (keywords, "movie-keywords");
  check_shape (rafilm_local_json_get_object (all->object, "similar"), "movie-pageable-list");
  g_assert_nonnull (rafilm_local_json_get_array (
      rafilm_local_json_get_object (all->object, "release_dates"), "results"));
  tear_down (fixture);
}

static void
test_refusals (void)
{
  Fixture *fixture = set_up (3);
  g_autoptr (LocalAnswer) no_key = local_client_get (fixture->address, "/3/movie/949");
  g_autofree char *uri = g_strconcat (fixture->address, "/3/movie/949", NULL);
  const char *headers[] = { "Authorization", "Bearer " KEY, NULL };
  g_autoptr (LocalAnswer) bearer = local_client_send ("GET", uri, headers, NULL);
  guint pushed = 0;

  g_assert_cmpuint (no_key->status, ==, 401);
  check_shape (no_key->object, "error-status-401");
  g_assert_cmpint (rafilm_local_json_get_int (no_key->object, "status_code", 0), ==, 7);
  g_assert_cmpuint (bearer->status, ==, 200);
  for (int i = 0; i < 12; i++)
    {
      g_autoptr (LocalAnswer) answer = get (fixture, "/movie/949");

      if (answer->status != 429)
        continue;
      pushed++;
      g_assert_cmpstr (soup_message_headers_get_one (answer->headers, "Retry-After"), ==, "1");
      g_assert_cmpint (rafilm_local_json_get_int (answer->object, "status_code", 0), ==, 25);
    }
  g_assert_cmpuint (pushed, >, 0);
  tear_down (fixture);
}

static gint64
first_id (LocalAnswer *answer)
{
  JsonArray *results = rafilm_local_json_get_array (answer->object, "results");

  g_assert_cmpuint (answer->status, ==, 200);
  if (json_array_get_length (results) == 0)
    return 0;

  return json_object_get_int_member (json_array_get_object_element (results, 0), "id");
}

static void
test_search (void)
{
  Fixture *fixture = set_up (1000);
  g_autoptr (LocalAnswer) exact = get (fixture, "/search/movie?query=heat");
  g_autoptr (LocalAnswer) beginning = get (fixture, "/search/movie?query=GODFATH");
  g_autoptr (LocalAnswer) accents = get (fixture, "/search/movie?query=leon");
  g_autoptr (LocalAnswer) year = get (fixture, "/search/movie?query=heat&year=1949");
  g_autoptr (LocalAnswer) nothing = get (fixture, "/search/movie?query=zzzzqqq");
  g_autoptr (LocalAnswer) empty = get (fixture, "/search/movie?query=");
  g_autoptr (LocalAnswer) bad_page = get (fixture, "/search/movie?query=heat&page=0");

  g_assert_cmpint (first_id (exact), ==, 949);
  g_assert_cmpint (first_id (beginning), ==, 238);
  g_assert_cmpint (first_id (accents), ==, 101);
  g_assert_cmpint (first_id (year), ==, 15794);
  g_assert_cmpint (first_id (nothing), ==, 0);
  g_assert_cmpint (first_id (empty), ==, 0);
  g_assert_cmpuint (bad_page->status, ==, 400);
  tear_down (fixture);
}

static void
test_discover (void)
{
  Fixture *fixture = set_up (1000);
  g_autoptr (LocalAnswer) answer = get (
      fixture,
      "/discover/movie?with_genres=37&primary_release_date.lte=1970-12-31&with_runtime.lte=100");
  g_autoptr (LocalAnswer) first = get (fixture, "/discover/movie?page=1");
  g_autoptr (LocalAnswer) second = get (fixture, "/discover/movie?page=2");
  g_autoptr (LocalAnswer) trending = get (fixture, "/trending/movie/week");
  JsonArray *results = rafilm_local_json_get_array (answer->object, "results");

  g_assert_cmpuint (json_array_get_length (results), >, 0);
  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      RafilmLocalFilm *film = rafilm_local_catalogue_find (
          fixture->catalogue,
          json_object_get_int_member (json_array_get_object_element (results, i), "id"));

      g_assert_cmpint (film->year, <=, 1970);
      g_assert_cmpint (film->runtime, <=, 100);
      g_assert_true (g_strv_contains ((const char *const *) film->genres, "Western"));
    }
  g_assert_cmpint (first_id (first), !=, first_id (second));
  g_assert_cmpint (first_id (trending), >, 0);
  tear_down (fixture);
}

static void
test_similar (void)
{
  Fixture *fixture = set_up (1000);
  RafilmLocalFilm *film = rafilm_local_catalogue_find (fixture->catalogue, 238);
  g_autoptr (GPtrArray) similar = rafilm_local_catalogue_list_similar (fixture->catalogue, film, 5);
  guint crimes = 0;

  g_assert_cmpuint (similar->len, ==, 5);
  for (guint i = 0; i < similar->len; i++)
    {
      RafilmLocalFilm *other = similar->pdata[i];

      g_assert_true (other != film);
      crimes += g_strv_contains ((const char *const *) other->genres, "Crime") ? 1 : 0;
    }
  g_assert_cmpuint (crimes, >=, 4);
  tear_down (fixture);
}

static void
test_bad_catalogue (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "bad.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "{\"films\": 1}", -1, NULL));
  g_assert_null (rafilm_local_catalogue_new (folder, &error));
  g_assert_nonnull (error);
  g_unlink (path);
  g_rmdir (folder);
}

static void
check_picture (Fixture *fixture, const char *path, int width, int height)
{
  g_autoptr (LocalAnswer) answer = local_client_get (fixture->address, path);
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type ("jpeg", NULL);
  GdkPixbuf *pixbuf;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (soup_message_headers_get_one (answer->headers, "Content-Type"), ==,
                   "image/jpeg");
  gdk_pixbuf_loader_write_bytes (loader, answer->body, &error);
  g_assert_no_error (error);
  gdk_pixbuf_loader_close (loader, &error);
  g_assert_no_error (error);
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), ==, width);
  g_assert_cmpint (gdk_pixbuf_get_height (pixbuf), ==, height);
}

static void
test_pictures (void)
{
  static const char *const missing[] = { "/t/p/w342/1.jpg",     "/t/p/w333/949.jpg",
                                         "/t/p/w342/949.png",   "/t/p/w342/",
                                         "/t/p/w1280/949.jpg",  "/t/p/w92/949-wide.jpg",
                                         "/t/p/w342/../949.jpg" };
  Fixture *fixture = set_up (1000);
  g_autoptr (LocalAnswer) first = local_client_get (fixture->address, "/t/p/w185/949.jpg");
  g_autoptr (LocalAnswer) again = local_client_get (fixture->address, "/t/p/w185/949.jpg");
  g_autoptr (LocalAnswer) other = local_client_get (fixture->address, "/t/p/w185/238.jpg");

  check_picture (fixture, "/t/p/w342/949.jpg", 342, 513);
  check_picture (fixture, "/t/p/w780/949-wide.jpg", 780, 439);
  g_assert_true (g_bytes_equal (first->body, again->body));
  g_assert_false (g_bytes_equal (first->body, other->body));
  for (gsize i = 0; i < G_N_ELEMENTS (missing); i++)
    {
      g_autoptr (LocalAnswer) answer = local_client_get (fixture->address, missing[i]);

      g_assert_cmpuint (answer->status, ==, 404);
    }
  tear_down (fixture);
}

/* Every sample film, small: none fails, and many look different. */
static void
test_every_poster (void)
{
  g_autoptr (RafilmLocalCatalogue) catalogue = rafilm_local_catalogue_new (SAMPLE_DIR, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *films = rafilm_local_catalogue_get_films (catalogue);

  for (guint i = 0; i < films->len; i++)
    {
      cairo_surface_t *surface =
          rafilm_local_poster_draw (films->pdata[i], RAFILM_LOCAL_PICTURE_POSTER, 40);

      g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
      g_assert_cmpint (cairo_image_surface_get_height (surface), ==, 60);
      g_hash_table_add (seen, g_compute_checksum_for_data (
                                  G_CHECKSUM_MD5, cairo_image_surface_get_data (surface),
                                  (gsize) cairo_image_surface_get_stride (surface) * 60));
      cairo_surface_destroy (surface);
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, films->len);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/local/tmdb/shapes", test_shapes);
  rafilm_test_add_fiber ("/local/tmdb/refusals", test_refusals);
  rafilm_test_add_fiber ("/local/tmdb/search", test_search);
  rafilm_test_add_fiber ("/local/tmdb/discover", test_discover);
  rafilm_test_add_fiber ("/local/tmdb/similar", test_similar);
  g_test_add_func ("/local/catalogue/bad", test_bad_catalogue);
  rafilm_test_add_fiber ("/local/images/pictures", test_pictures);
  g_test_add_func ("/local/images/every-poster", test_every_poster);

  return g_test_run ();
}
