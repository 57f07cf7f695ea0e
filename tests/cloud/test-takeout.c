/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The archive of an account: all of it and nothing of others, whatever interrupts its making. It is
 * read by libarchive, which had no part in writing it. */
#include "cloud-world.h"

#include "rafilm-jobs.h"
#include "rafilm-profile.h"
#include "rafilm-publisher.h"
#include "rafilm-takeout.h"
#include "rafilm-time.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define BUCKET "archives"

static CloudWorld *world;
static int64_t sequence;

static RafilmDynamodb *
get_dynamodb (void)
{
  return world->fixture->context->dynamodb;
}

static void
put_item (json_t *item)
{
  json_auto_t *owned = item;

  g_assert_cmpint (rafilm_dynamodb_put_item (get_dynamodb (), owned, NULL, NULL, NULL), ==,
                   RAFILM_DYNAMODB_OK);
}

/* A row as sync writes it. `fields` is JSON. */
static json_t *
make_row (const char *uid, const char *key, const char *fields, gboolean in_trash)
{
  g_autofree char *pk = g_strconcat ("U#", uid, NULL);
  json_t *item = rafilm_item_key (pk, key);
  json_auto_t *values = json_loads (fields, 0, NULL);
  json_auto_t *stamps = json_pack ("{s:s}", "*", "1.019a2c4410000000.k7Qm2xPa.4");

  g_assert_nonnull (values);
  rafilm_item_set_int (item, "q", ++sequence);
  rafilm_item_set_json (item, "f", values);
  rafilm_item_set_json (item, "s", stamps);
  if (in_trash)
    rafilm_item_set_bool (item, "x", true);
  return item;
}

static void
put_row (const char *uid, const char *key, const char *fields, gboolean in_trash)
{
  put_item (make_row (uid, key, fields, in_trash));
}

static void
put_meta (const char *uid)
{
  g_autofree char *pk = g_strconcat ("U#", uid, NULL);
  json_t *item = rafilm_item_key (pk, "M");
  json_auto_t *devices =
      json_pack ("{s:{s:i, s:s, s:i}}", "k7Qm2xPa", "n", 4, "nm", "Attic", "at", 5);

  rafilm_item_set_int (item, "v", 1);
  rafilm_item_set_text (item, "e", "e_1");
  rafilm_item_set_json (item, "dv", devices);
  put_item (item);
}

static void
put_title (int id, const char *title, const char *date)
{
  g_autofree char *pk = g_strdup_printf ("T#film/%d", id);
  json_t *item = rafilm_item_key (pk, "M");
  json_auto_t *film = json_pack ("{s:i, s:s, s:s}", "id", id, "title", title, "release_date", date);
  g_autofree char *body = json_dumps (film, 0);

  rafilm_item_set_text (item, "body", body);
  rafilm_item_set_int (item, "at", rafilm_time_now ());
  rafilm_item_set_int (item, "ttl", rafilm_time_now () + 3600);
  rafilm_item_set_int (item, "v", 1);
  put_item (item);
}

static void
live (const char *uid, const char *handle)
{
  put_meta (uid);
  put_title (603, "The Matrix", "1999-03-31");
  put_title (949, "Heat, \"director's\"", "1995-12-15");
  put_row (uid, "d#v1",
           "{\"film\":603,\"on\":\"2026-01-02\",\"rating\":9,\"rewatch\":true,\"public\":true,"
           "\"tag:cinema\":true,\"tag:no\":false,"
           "\"rv\":{\"text\":\"Says \\\"whoa\\\",\\ntwice.\",\"spoiler\":true}}",
           FALSE);
  put_row (uid, "d#v2", "{\"film\":949,\"on\":null,\"rating\":null}", FALSE);
  put_row (uid, "d#v3", "{\"film\":5,\"on\":\"2025-05-05\",\"rating\":2}", TRUE);
  put_row (uid, "f#603", "{\"rating\":10,\"like\":true}", FALSE);
  put_row (uid, "f#7", "{\"hide\":true}", FALSE);
  put_row (uid, "w#949", "{\"on\":true,\"note\":\"with Ann\"}", FALSE);
  put_row (uid, "w#5", "{\"on\":false}", FALSE);
  put_row (uid, "l#L1", "{\"name\":\"Best of 1999!\",\"ranked\":true}", FALSE);
  put_row (uid, "l#L2", "{\"name\":\"\\u00e9\"}", FALSE);
  put_row (uid, "i#L1:5", "{\"on\":true,\"pos\":\"V\"}", FALSE);
  put_row (uid, "i#L1:603", "{\"on\":true,\"pos\":\"B\",\"note\":\"first\"}", FALSE);
  put_row (uid, "i#L1:949", "{\"on\":false,\"pos\":\"A\"}", FALSE);
  put_row (uid, "p#me", "{\"name\":\"Name\",\"bio\":\"Bio\"}", FALSE);
  put_row (uid, "x#1", "{\"of\":\"d#v1\",\"field\":\"rv\",\"text\":\"The other.\"}", FALSE);
  g_assert_cmpint (rafilm_profile_set_handle (get_dynamodb (), uid, NULL, handle), ==,
                   RAFILM_ACCOUNT_OK);
  g_assert_true (rafilm_publisher_update_all (get_dynamodb (), uid));
}

static json_t *
request (const char *method, const char *uid, int status)
{
  json_auto_t *answer =
      cloud_fixture_call (world->fixture, rafilm_account_handler,
                          cloud_rest_event (method, "/v1/takeout", uid, NULL, NULL, NULL));

  g_assert_cmpint (cloud_answer_status (answer), ==, status);
  if (status == 429)
    {
      g_autofree char *wait = cloud_json_at (answer, "headers.Retry-After");

      g_assert_cmpint (atoi (wait), >, 23 * 3600);
      g_assert_cmpint (atoi (wait), <=, 24 * 3600 + 1);
    }
  return cloud_answer_body (answer);
}

static void
assert_state (const char *uid, const char *state)
{
  json_auto_t *body = request ("GET", uid, 200);

  cloud_assert_json (body, "state", state);
}

static gboolean
work (const char *job, const char *uid)
{
  json_auto_t *answer = cloud_fixture_call (world->fixture, rafilm_account_worker_handler,
                                            json_pack ("{s:s, s:s?}", "job", job, "uid", uid));

  return answer != NULL;
}

/* ---- reading ------------------------------------------------------------ */

static int
download (const char *link, char **ret_data, size_t *ret_length)
{
  rafilm_auto_request get = { .method = "GET", .max_bytes = 64u << 20 };
  rafilm_auto_response response = { 0 };

  get.url = g_strdup (link);
  g_assert_cmpint (rafilm_http_client_send (world->fixture->context->http, &get, &response), ==,
                   RAFILM_HTTP_OK);
  *ret_data = g_memdup2 (response.body, response.body_length + 1);
  *ret_length = response.body_length;
  return response.status;
}

/* Name -> text of the archive's files. */
static GHashTable *
unpack (const char *data, size_t length)
{
  GHashTable *files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;

  archive_read_support_format_zip (archive);
  g_assert_cmpint (archive_read_open_memory (archive, data, length), ==, ARCHIVE_OK);
  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      char block[8192];
      la_ssize_t n;

      g_assert_cmpint (ABS (archive_entry_mtime (entry) - rafilm_time_now ()), <, 600);
      while ((n = archive_read_data (archive, block, sizeof block)) > 0)
        g_string_append_len (text, block, n);
      g_assert_cmpint (n, ==, 0);
      g_hash_table_replace (files, g_strdup (archive_entry_pathname (entry)),
                            g_string_free_and_steal (g_steal_pointer (&text)));
    }
  g_assert_null (archive_error_string (archive));
  archive_read_free (archive);
  return files;
}

static GHashTable *
get_archive (const char *uid)
{
  json_auto_t *body = request ("GET", uid, 200);
  g_autofree char *link = cloud_json_at (body, "url"), *data = NULL;
  size_t length;

  cloud_assert_json (body, "state", "ready");
  g_assert_cmpint (download (link, &data, &length), ==, 200);
  g_assert_cmpint (json_integer_value (json_object_get (body, "size")), ==, length);
  return unpack (data, length);
}

static void
make (const char *uid)
{
  json_decref (request ("POST", uid, 202));
  g_assert_true (work ("takeout", uid));
}

/* ---- tests -------------------------------------------------------------- */

static void
assert_document (GHashTable *files)
{
  json_auto_t *document = json_loads (g_hash_table_lookup (files, "rafilm.json"), 0, NULL);
  json_t *records = json_object_get (document, "records");
  g_autofree char *last = g_strdup_printf ("records.%zu.f.text", json_array_size (records) - 1);

  g_assert_nonnull (document);
  cloud_assert_json (document, "format", "rafilm-takeout");
  cloud_assert_json (document, "account", "ann-uid");
  cloud_assert_json (document, "handle", "ann");
  cloud_assert_json (document, "computers.0.name", "Attic");
  g_assert_cmpuint (json_array_size (records), ==, 14);
  cloud_assert_json (records, "0.k", "d");
  cloud_assert_json (records, "0.id", "v1");
  cloud_assert_json (records, "0.f.rv.text", "Says \"whoa\",\ntwice.");
  cloud_assert_json (records, "0.f.rv.spoiler", "true");
  cloud_assert_json (records, "0.s.", "1.019a2c4410000000.k7Qm2xPa.4");
  cloud_assert_json (records, "2.x", "true");
  cloud_assert_json (document, last, "The other.");
  cloud_assert_json (document, "published.0.text", "Says \"whoa\",\ntwice.");
  g_assert_cmpuint (json_array_size (json_object_get (document, "reported")), ==, 1);
  cloud_assert_json (document, "recommendations.0.id", "680");
}

static void
assert_file (GHashTable *files, const char *name, const char *text)
{
  g_assert_cmpstr (g_hash_table_lookup (files, name), ==, text);
}

static void
report (const char *uid, const char *owner)
{
  json_auto_t *answer = NULL;
  g_autofree char *id = NULL;
  {
    json_auto_t *page =
        cloud_fixture_call (world->fixture, rafilm_reviews_handler,
                            cloud_rest_event ("GET", "/v1/people/{handle}/reviews", NULL,
                                              json_pack ("{s:s}", "handle", owner), NULL, NULL));
    json_auto_t *body = cloud_answer_body (page);

    id = cloud_json_at (body, "reviews.0.id");
  }
  answer = cloud_fixture_call (world->fixture, rafilm_reviews_handler,
                               cloud_rest_event ("POST", "/v1/reviews/{id}/report", uid,
                                                 json_pack ("{s:s}", "id", id), NULL, NULL));
  g_assert_cmpint (cloud_answer_status (answer), ==, 202);
}

static void
test_everything (void)
{
  g_autoptr (GHashTable) files = NULL;
  json_t *ranking = rafilm_item_key ("U#ann-uid", "R");
  json_auto_t *items = json_pack ("[{s:i, s:f}]", "id", 680, "score", 0.5);

  live ("ann-uid", "ann");
  live ("bob-uid", "bob");
  put_row ("bob-uid", "d#secret", "{\"film\":603,\"rv\":\"Bob's alone\"}", FALSE);
  report ("ann-uid", "bob");
  rafilm_item_set_json (ranking, "items", items);
  put_item (ranking);
  make ("ann-uid");
  files = get_archive ("ann-uid");
  g_assert_cmpuint (g_hash_table_size (files), ==, 6);
  g_assert_nonnull (strstr (g_hash_table_lookup (files, "README.txt"), "rafilm.json"));
  assert_document (files);
  g_assert_null (strstr (g_hash_table_lookup (files, "rafilm.json"), "Bob's alone"));
  assert_file (files, "letterboxd/diary-1.csv",
               "tmdbID,Title,Year,Rating,WatchedDate,Rewatch,Tags,Review\r\n"
               "603,The Matrix,1999,4.5,2026-01-02,true,cinema,\"Says \"\"whoa\"\",\ntwice.\"\r\n"
               "949,\"Heat, \"\"director's\"\"\",1995,,,,,\r\n");
  assert_file (files, "letterboxd/films-1.csv",
               "tmdbID,Title,Year,Rating,Liked\r\n603,The Matrix,1999,5,true\r\n");
  assert_file (files, "letterboxd/watchlist-1.csv",
               "tmdbID,Title,Year,Note\r\n949,\"Heat, \"\"director's\"\"\",1995,with Ann\r\n");
  assert_file (files, "lists/001-best-of-1999-1.csv",
               "Position,tmdbID,Title,Year,Description\r\n"
               "1,603,The Matrix,1999,first\r\n2,5,,,\r\n");
}

/* One at a time, and one a day. */
static void
test_asked (void)
{
  json_auto_t *body = NULL, *too_soon = NULL, *values = NULL;

  assert_state ("ann-uid", "none");
  body = request ("POST", "ann-uid", 202);
  cloud_assert_json (body, "state", "making");
  cloud_assert_json (body, "url", "");
  json_decref (request ("POST", "ann-uid", 202));
  assert_state ("ann-uid", "making");
  g_assert_cmpuint (world->invocations->len, ==, 1);
  g_assert_cmpstr (world->invocations->pdata[0], ==, "{\"job\":\"takeout\",\"uid\":\"ann-uid\"}");
  assert_state ("bob-uid", "none");
  g_assert_true (work ("takeout", "ann-uid"));
  assert_state ("ann-uid", "ready");
  too_soon = request ("POST", "ann-uid", 429);
  cloud_assert_json (too_soon, "code", "too_soon");
  /* The same event again, as Lambda may send it, changes nothing. */
  g_assert_true (work ("takeout", "ann-uid"));
  assert_state ("ann-uid", "ready");

  values = json_pack ("{s:o}", ":old", rafilm_attribute_int (rafilm_time_now () - 25 * 3600));
  rafilm_dynamodb_update_item (get_dynamodb (), "U#ann-uid", "T", "SET done = :old", NULL, NULL,
                               values, NULL);
  assert_state ("ann-uid", "ready");
  json_decref (request ("POST", "ann-uid", 202));
  assert_state ("ann-uid", "making");
  g_assert_true (work ("takeout", "ann-uid"));

  json_object_set_new (values, ":old", rafilm_attribute_int (rafilm_time_now () - 7 * 24 * 3600));
  rafilm_dynamodb_update_item (get_dynamodb (), "U#ann-uid", "T", "SET done = :old", NULL, NULL,
                               values, NULL);
  assert_state ("ann-uid", "none");
  json_decref (request ("POST", NULL, 401));
  json_decref (request ("GET", NULL, 401));
}

static guint
count_jobs (void)
{
  json_auto_t *query = json_pack ("{s:s, s:{s:{s:s}}}", "KeyConditionExpression", "pk = :pk",
                                  "ExpressionAttributeValues", ":pk", "S", "J#");
  json_auto_t *answer = NULL;

  rafilm_dynamodb_query (get_dynamodb (), query, &answer);
  return (guint) json_array_size (json_object_get (answer, "Items"));
}

static void
sweep_after (int64_t seconds)
{
  g_assert_true (rafilm_jobs_sweep (world->fixture->context->aws, get_dynamodb (),
                                    rafilm_time_now () + seconds, INT64_MAX));
}

/* Whoever makes it may end at any time; what was asked for is made all the same. */
static void
test_interrupted (void)
{
  RafilmAws *aws = world->fixture->context->aws;
  g_autoptr (GHashTable) files = NULL;

  live ("ann-uid", "ann");
  world->invoke_status = 500; /* it is not even begun */
  json_decref (request ("POST", "ann-uid", 202));
  world->invoke_status = 202;
  g_assert_cmpuint (count_jobs (), ==, 1);
  rafilm_aws_set_deadline (aws, 0);
  g_assert_false (rafilm_takeout_make (aws, get_dynamodb (), "ann-uid", rafilm_time_now_ms () + 5));
  assert_state ("ann-uid", "making");

  g_ptr_array_set_size (world->invocations, 0);
  sweep_after (0);
  g_assert_cmpuint (world->invocations->len, ==, 0);
  sweep_after (3601);
  g_assert_cmpuint (world->invocations->len, ==, 1);
  g_assert_cmpstr (world->invocations->pdata[0], ==, "{\"job\":\"takeout\",\"uid\":\"ann-uid\"}");
  g_assert_true (work ("takeout", "ann-uid"));
  g_assert_cmpuint (count_jobs (), ==, 0);
  files = get_archive ("ann-uid");
  assert_file (files, "letterboxd/films-1.csv",
               "tmdbID,Title,Year,Rating,Liked\r\n603,The Matrix,1999,5,true\r\n");
  g_assert_true (work ("sweep", NULL));
}

/* What never works is given up in the end, and may be asked for again at once. */
static void
test_given_up (void)
{
  json_decref (request ("POST", "ann-uid", 202));
  for (int hour = 1; hour <= 13; hour++)
    sweep_after (hour * 3601);
  g_assert_cmpuint (world->invocations->len, ==, 13);
  assert_state ("ann-uid", "failed");
  g_assert_cmpuint (count_jobs (), ==, 0);
  json_decref (request ("POST", "ann-uid", 202));
  assert_state ("ann-uid", "making");
}

/* An account that is deleted while its archive is made leaves none. */
static void
test_deleted (void)
{
  json_auto_t *gone = NULL, *deleted = NULL;
  g_autofree char *link = rafilm_takeout_sign_link (world->fixture->context->aws, "ann-uid");
  g_autofree char *data = NULL, *before = NULL;
  size_t length;

  live ("ann-uid", "ann");
  make ("ann-uid");
  g_assert_cmpint (download (link, &before, &length), ==, 200);
  deleted =
      cloud_fixture_call (world->fixture, rafilm_account_handler,
                          cloud_rest_event ("DELETE", "/v1/account", "ann-uid", NULL, NULL, NULL));
  gone = request ("POST", "ann-uid", 410);
  cloud_assert_json (gone, "code", "account_deleted");
  g_assert_true (work ("erase", "ann-uid"));
  g_assert_cmpint (download (link, &data, &length), ==, 404);

  /* One that was asked for before, and is written after. */
  live ("bob-uid", "bob");
  json_decref (request ("POST", "bob-uid", 202));
  json_decref (
      cloud_fixture_call (world->fixture, rafilm_account_handler,
                          cloud_rest_event ("DELETE", "/v1/account", "bob-uid", NULL, NULL, NULL)));
  g_assert_false (work ("takeout", "bob-uid"));
  g_assert_true (work ("erase", "bob-uid"));
  g_assert_true (work ("takeout", "bob-uid"));
  {
    g_autofree char *of_bob = rafilm_takeout_sign_link (world->fixture->context->aws, "bob-uid");
    g_autofree char *nothing = NULL;

    g_assert_cmpint (download (of_bob, &nothing, &length), ==, 404);
  }
  g_assert_cmpuint (count_jobs (), ==, 0);
}

/* Long texts that cannot be compressed much. */
static char *
make_noise (GRand *random, gsize length)
{
  char *noise = g_malloc0 (length + 1);

  for (gsize i = 0; i < length; i++)
    noise[i] = (char) g_rand_int_range (random, 'A', 'Z' + 1) | (g_rand_boolean (random) ? 32 : 0);
  return noise;
}

static void
put_many (guint rows)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint begin = 0; begin < rows; begin += 25)
    {
      json_auto_t *puts = json_array (), *batch = NULL;

      for (guint i = begin; i < MIN (rows, begin + 25); i++)
        {
          g_autofree char *key = g_strdup_printf ("d#v%04u", i);
          g_autofree char *noise = make_noise (random, i % 4 == 0 ? 50000 : 1);
          g_autofree char *fields = g_strdup_printf ("{\"film\":%u,\"rv\":\"%s\"}", i + 1, noise);

          json_array_append_new (puts, json_pack ("{s:{s:o}}", "PutRequest", "Item",
                                                  make_row ("ann-uid", key, fields, FALSE)));
        }
      batch = json_pack ("{s:{s:O}}", "RequestItems", world->fixture->settings->table, puts);
      g_assert_cmpint (rafilm_dynamodb_call (get_dynamodb (), "BatchWriteItem", batch, NULL), ==,
                       RAFILM_DYNAMODB_OK);
    }
}

/* More than a part of an upload, a sheet of CSV and a page of the table. */
static void
test_large (void)
{
  RafilmAws *aws = world->fixture->context->aws;
  g_autoptr (GHashTable) files = NULL;
  guint rows = 1010;

  put_many (rows);
  json_decref (request ("POST", "ann-uid", 202));
  rafilm_aws_set_deadline (aws, 0);
  g_assert_true (rafilm_takeout_make (aws, get_dynamodb (), "ann-uid", INT64_MAX));
  files = get_archive ("ann-uid");
  {
    json_auto_t *document = json_loads (g_hash_table_lookup (files, "rafilm.json"), 0, NULL);

    g_assert_cmpuint (json_array_size (json_object_get (document, "records")), ==, rows);
    cloud_assert_json (document, "records.1009.id", "v1009");
  }
  for (guint i = 1; i <= 15; i++)
    {
      g_autofree char *name = g_strdup_printf ("letterboxd/diary-%u.csv", i);
      const char *sheet = g_hash_table_lookup (files, name);

      g_assert_true (g_str_has_prefix (sheet, "tmdbID,"));
      g_assert_cmpuint (strlen (sheet), <=, 900000);
    }
}

static void
make_bucket (void)
{
  rafilm_auto_request put = { .method = "PUT" };
  rafilm_auto_response response = { 0 };

  put.url = g_strconcat (world->fixture->url, "/" BUCKET, NULL);
  rafilm_aws_sign (world->fixture->context->aws, &put, "s3");
  g_assert_cmpint (rafilm_http_client_send (world->fixture->context->http, &put, &response), ==,
                   RAFILM_HTTP_OK);
  g_assert_cmpint (response.status, ==, 200);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("RAFILM_TAKEOUT_BUCKET", BUCKET, TRUE);
  world = cloud_world_new ();
  make_bucket ();
  cloud_world_add_test (world, "/cloud/takeout/everything", test_everything);
  cloud_world_add_test (world, "/cloud/takeout/asked", test_asked);
  cloud_world_add_test (world, "/cloud/takeout/interrupted", test_interrupted);
  cloud_world_add_test (world, "/cloud/takeout/given-up", test_given_up);
  cloud_world_add_test (world, "/cloud/takeout/deleted", test_deleted);
  cloud_world_add_test (world, "/cloud/takeout/large", test_large);
  result = g_test_run ();
  cloud_world_free (world);
  return result;
}
