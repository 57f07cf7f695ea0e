/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public reviews, handles, reports, and what the stream's function makes of changes. */
#include "cloud-world.h"

#include "rafilm-publication.h"
#include "rafilm-time.h"

#include <string.h>

static CloudWorld *world;

static json_t *
call (RafilmHandlerFunc handler, json_t *event, int status)
{
  json_auto_t *answer = cloud_fixture_call (world->fixture, handler, event);
  json_t *body = cloud_answer_body (answer);
  bool is_public = g_str_has_suffix (world->fixture->context->route, "/reviews");

  g_assert_cmpint (cloud_answer_status (answer), ==, status);
  if (status >= 400)
    cloud_assert_json (answer, "headers.Content-Type", "application/problem+json");
  /* Only the two public routes of these may be read by the scripts of other sites. */
  cloud_assert_json (answer, "headers.Access-Control-Allow-Origin", is_public ? "*" : "");
  return body;
}

static json_t *
put_profile (const char *uid, json_t *body, int status)
{
  return call (rafilm_account_handler,
               cloud_rest_event ("PUT", "/v1/profile", uid, NULL, NULL, body), status);
}

/* One record of the stream, as DynamoDB writes it. */
static json_t *
make_record (const char *number, json_t *before, json_t *after)
{
  const json_t *any = after != NULL ? after : before;
  json_t *change = json_pack ("{s:s, s:{s:O, s:O}}", "SequenceNumber", number, "Keys", "pk",
                              json_object_get (any, "pk"), "sk", json_object_get (any, "sk"));

  if (before != NULL)
    json_object_set (change, "OldImage", before);
  if (after != NULL)
    json_object_set (change, "NewImage", after);
  return json_pack ("{s:s, s:s, s:o}", "eventSource", "aws:dynamodb", "eventName",
                    before == NULL  ? "INSERT"
                    : after == NULL ? "REMOVE"
                                    : "MODIFY",
                    "dynamodb", change);
}

static void
feed (json_t *before, json_t *after, const char *expected)
{
  json_t *event = json_pack ("{s:[o]}", "Records", make_record ("7", before, after));
  json_auto_t *answer = cloud_fixture_call (world->fixture, rafilm_publisher_handler, event);
  g_autofree char *failures = cloud_json_at (answer, "batchItemFailures");

  g_assert_cmpstr (failures, ==, expected);
}

static json_t *
read_item (const char *pk, const char *sk)
{
  json_t *item = NULL;

  g_assert_cmpint (
      rafilm_dynamodb_get_item (world->fixture->context->dynamodb, pk, sk, true, &item), ==,
      RAFILM_DYNAMODB_OK);
  return item;
}

static void
put_item (json_t *item)
{
  g_assert_cmpint (
      rafilm_dynamodb_put_item (world->fixture->context->dynamodb, item, NULL, NULL, NULL), ==,
      RAFILM_DYNAMODB_OK);
}

/* Writes a viewing as sync would, and lets the stream tell of it. `fields` NULL removes it. */
static void
write_viewing (const char *uid, const char *viewing, gint64 q, const char *fields, gboolean deleted)
{
  g_autofree char *pk = g_strconcat ("U#", uid, NULL), *sk = g_strconcat ("d#", viewing, NULL);
  json_auto_t *before = read_item (pk, sk), *after = NULL;

  if (fields != NULL)
    {
      json_auto_t *values = json_loads (fields, 0, NULL);

      g_assert_nonnull (values);
      after = rafilm_item_key (pk, sk);
      rafilm_item_set_int (after, "q", q);
      rafilm_item_set_json (after, "f", values);
      if (deleted)
        rafilm_item_set_bool (after, "x", true);
      put_item (after);
    }
  else
    rafilm_dynamodb_delete_item (world->fixture->context->dynamodb, pk, sk);
  feed (before, after, "[]");
}

static void
take_handle (const char *uid, const char *handle)
{
  g_autofree char *pk = g_strconcat ("U#", uid, NULL);
  json_auto_t *before = read_item (pk, "N"), *after = NULL;

  json_decref (put_profile (uid, json_pack ("{s:s?}", "handle", handle), 200));
  after = read_item (pk, "N");
  feed (before, after, "[]");
}

static json_t *
get_of_film (const char *film, json_t *query, int status)
{
  return call (rafilm_reviews_handler,
               cloud_rest_event ("GET", "/v1/films/{id}/reviews", NULL,
                                 json_pack ("{s:s}", "id", film), query, NULL),
               status);
}

static json_t *
get_of_person (const char *handle, int status)
{
  return call (rafilm_reviews_handler,
               cloud_rest_event ("GET", "/v1/people/{handle}/reviews", NULL,
                                 json_pack ("{s:s}", "handle", handle), NULL, NULL),
               status);
}

static void
assert_count (const char *film, guint expected)
{
  json_auto_t *page = get_of_film (film, NULL, 200);

  g_assert_cmpuint (json_array_size (json_object_get (page, "reviews")), ==, expected);
}

#define PUBLIC(text) "{\"film\":603,\"rating\":9,\"public\":true,\"rv\":\"" text "\"}"

static void
test_publish (void)
{
  json_auto_t *page = NULL, *mine = NULL, *changed = NULL;

  take_handle ("u1", "ann_1");
  write_viewing ("u1", "v1", 1,
                 "{\"film\":603,\"rating\":9,\"liked\":true,\"on\":\"2026-01-02\",\"public\":true,"
                 "\"tag:secret\":true,\"rv\":{\"text\":\"Woah\",\"spoiler\":true,\"lang\":\"en\"}}",
                 FALSE);
  page = get_of_film ("603", NULL, 200);
  cloud_assert_json (page, "cursor", "null");
  cloud_assert_json (page, "reviews.0.text", "Woah");
  cloud_assert_json (page, "reviews.0.handle", "ann_1");
  cloud_assert_json (page, "reviews.0.spoiler", "true");
  cloud_assert_json (page, "reviews.0.lang", "en");
  cloud_assert_json (page, "reviews.0.date", "2026-01-02");
  cloud_assert_json (page, "reviews.0.rating", "9");
  cloud_assert_json (page, "reviews.0.liked", "true");
  /* Neither the account nor the viewing is told to anybody. */
  {
    g_autofree char *text = cloud_json_at (page, "reviews.0");

    g_assert_null (strstr (text, "u1"));
    g_assert_null (strstr (text, "v1"));
    g_assert_null (strstr (text, "secret"));
  }
  mine = get_of_person ("ann_1", 200);
  g_assert_true (json_equal (mine, page));

  /* An edit keeps its place and its name; another film takes it along. */
  write_viewing ("u1", "v1", 2, "{\"film\":949,\"public\":true,\"rv\":\"Edited\"}", FALSE);
  assert_count ("603", 0);
  changed = get_of_film ("949", NULL, 200);
  cloud_assert_json (changed, "reviews.0.text", "Edited");
  cloud_assert_json (changed, "reviews.0.spoiler", "");
  g_assert_true (json_equal (
      json_object_get (json_array_get (json_object_get (page, "reviews"), 0), "id"),
      json_object_get (json_array_get (json_object_get (changed, "reviews"), 0), "id")));
  g_assert_true (json_equal (
      json_object_get (json_array_get (json_object_get (page, "reviews"), 0), "at"),
      json_object_get (json_array_get (json_object_get (changed, "reviews"), 0), "at")));
}

static void
test_private (void)
{
  take_handle ("u1", "ann");
  write_viewing ("u1", "v1", 1, "{\"film\":603,\"rv\":\"Mine\"}", FALSE);
  write_viewing ("u1", "v2", 2, "{\"film\":603,\"public\":false,\"rv\":\"Mine\"}", FALSE);
  write_viewing ("u1", "v3", 3, "{\"film\":603,\"public\":true,\"rv\":\" \\n\"}", FALSE);
  write_viewing ("u1", "v4", 4, "{\"film\":603,\"public\":true,\"rv\":null}", FALSE);
  write_viewing ("u1", "v5", 5, PUBLIC ("Deleted"), TRUE);
  write_viewing ("u1", "v6", 6, "{\"film\":\"603\",\"public\":true,\"rv\":\"No film\"}", FALSE);
  write_viewing ("u2", "v7", 1, PUBLIC ("No handle"), FALSE);
  assert_count ("603", 0);
}

/* However it goes, it goes from all places. */
static void
test_withdraw (void)
{
  char id[RAFILM_PUBLICATION_ID_SIZE];
  g_autofree char *pk = NULL;
  json_auto_t *record = NULL, *page = NULL;

  take_handle ("u1", "ann");
  write_viewing ("u1", "v1", 1, PUBLIC ("One"), FALSE);
  write_viewing ("u1", "v2", 2, PUBLIC ("Two"), FALSE);
  write_viewing ("u1", "v3", 3, PUBLIC ("Three"), FALSE);
  assert_count ("603", 3);
  write_viewing ("u1", "v1", 4, "{\"film\":603,\"public\":false,\"rv\":\"One\"}", FALSE);
  assert_count ("603", 2);
  write_viewing ("u1", "v2", 5, PUBLIC ("Two"), TRUE);
  assert_count ("603", 1);
  write_viewing ("u1", "v3", 6, NULL, FALSE);
  assert_count ("603", 0);
  page = get_of_person ("ann", 200);
  cloud_assert_json (page, "reviews", "[]");
  rafilm_publication_make_id ("u1", "v1", id);
  pk = g_strconcat ("V#", id, NULL);
  record = read_item (pk, "M");
  g_assert_null (record);
}

/* The stream may bring a record twice, and an old one late. */
static void
test_again (void)
{
  json_auto_t *old = NULL, *page = NULL;

  take_handle ("u1", "ann");
  write_viewing ("u1", "v1", 1, PUBLIC ("First"), FALSE);
  old = read_item ("U#u1", "d#v1");
  write_viewing ("u1", "v1", 2, PUBLIC ("Second"), FALSE);
  feed (NULL, old, "[]");
  feed (NULL, old, "[]");
  page = get_of_film ("603", NULL, 200);
  cloud_assert_json (page, "reviews.0.text", "Second");
  cloud_assert_json (page, "reviews.1", "");
  write_viewing ("u1", "v1", 3, PUBLIC ("Second"), TRUE);
  feed (NULL, old, "[]");
  assert_count ("603", 0);
}

static void
test_handles (void)
{
  static const char *const wrong[] = { "ab", "Ann", "a-b", "ann ", "aaaaaaaaaaaaaaaaaaaaa",
                                       "",   "ä_ö" };
  json_auto_t *page = NULL, *taken = NULL;

  write_viewing ("u1", "v1", 1, PUBLIC ("Before"), FALSE);
  assert_count ("603", 0);
  take_handle ("u1", "ann");
  assert_count ("603", 1);
  taken = put_profile ("u2", json_pack ("{s:s}", "handle", "ann"), 409);
  cloud_assert_json (taken, "code", "handle_taken");
  json_decref (put_profile ("u2", json_pack ("{s:s}", "handle", "admin"), 409));

  take_handle ("u1", "anna");
  page = get_of_film ("603", NULL, 200);
  cloud_assert_json (page, "reviews.0.handle", "anna");
  json_decref (get_of_person ("ann", 404));
  take_handle ("u2", "ann");
  take_handle ("u1", "anna");
  take_handle ("u1", NULL);
  assert_count ("603", 0);
  json_decref (get_of_person ("anna", 404));
  {
    json_auto_t *mine = call (rafilm_account_handler,
                              cloud_rest_event ("GET", "/v1/profile", "u1", NULL, NULL, NULL), 200);
    json_auto_t *other =
        call (rafilm_account_handler,
              cloud_rest_event ("GET", "/v1/profile", "u2", NULL, NULL, NULL), 200);

    cloud_assert_json (mine, "handle", "null");
    cloud_assert_json (other, "handle", "ann");
  }

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    json_decref (put_profile ("u3", json_pack ("{s:s}", "handle", wrong[i]), 400));
  json_decref (put_profile ("u3", json_pack ("{s:i}", "handle", 5), 400));
  json_decref (put_profile ("u3", json_object (), 400));
  json_decref (put_profile ("u3", json_pack ("{s:s, s:s}", "handle", "bob", "uid", "u1"), 400));
  json_decref (put_profile ("u3", NULL, 400));
  json_decref (put_profile (NULL, json_pack ("{s:s}", "handle", "bob"), 401));
  {
    g_autofree char *long_text = g_strnfill (2000, 'a');

    json_decref (put_profile ("u3", json_pack ("{s:s}", "handle", long_text), 413));
  }
}

static void
test_pages (void)
{
  g_autofree char *cursor = NULL;
  GHashTable *seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint pages = 0;

  take_handle ("u1", "ann");
  for (guint i = 0; i < 7; i++)
    {
      g_autofree char *viewing = g_strdup_printf ("v%u", i);

      write_viewing ("u1", viewing, i + 1, PUBLIC ("Text"), FALSE);
    }
  do
    {
      json_t *query = json_pack ("{s:s}", "limit", "3");
      json_auto_t *page = NULL;
      json_t *review;
      size_t i;

      if (cursor != NULL)
        json_object_set_new (query, "cursor", json_string (cursor));
      page = get_of_film ("603", query, 200);
      g_assert_cmpuint (json_array_size (json_object_get (page, "reviews")), <=, 3);
      json_array_foreach (json_object_get (page, "reviews"), i, review) g_assert_true (
          g_hash_table_add (seen, g_strdup (json_string_value (json_object_get (review, "id")))));
      g_free (cursor);
      cursor = g_strdup (json_string_value (json_object_get (page, "cursor")));
      g_assert_cmpuint (++pages, <, 5);
    }
  while (cursor != NULL);
  g_assert_cmpuint (g_hash_table_size (seen), ==, 7);
  g_hash_table_unref (seen);
}

static void
test_bad_requests (void)
{
  static const char *const cursors[] = { "",
                                         "x",
                                         "M",
                                         "1700000000000#",
                                         "U#u1",
                                         "1700000000000#AAAAAAAAAAAAAAAAAAAAA#",
                                         "170000000000a#AAAAAAAAAAAAAAAAAAAAAA" };
  static const char *const limits[] = { "0", "51", "-1", "1e3", "9999", "", " 1" };
  static const char *const films[] = { "0", "x", "-1", "01", "99999999999", "603#", "2147483648" };

  for (guint i = 0; i < G_N_ELEMENTS (cursors); i++)
    json_decref (get_of_film ("603", json_pack ("{s:s}", "cursor", cursors[i]), 400));
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    json_decref (get_of_film ("603", json_pack ("{s:s}", "limit", limits[i]), 400));
  for (guint i = 0; i < G_N_ELEMENTS (films); i++)
    json_decref (get_of_film (films[i], NULL, 404));
  json_decref (get_of_person ("nobody", 404));
  json_decref (get_of_person ("../u1", 404));
}

static json_t *
report (const char *uid, const char *id, int status)
{
  return call (rafilm_reviews_handler,
               cloud_rest_event ("POST", "/v1/reviews/{id}/report", uid,
                                 json_pack ("{s:s}", "id", id), NULL, NULL),
               status);
}

static void
test_report (void)
{
  char id[RAFILM_PUBLICATION_ID_SIZE], none[RAFILM_PUBLICATION_ID_SIZE];
  g_autofree char *pk = NULL;
  json_auto_t *record = NULL, *again = NULL, *stray = NULL;

  take_handle ("u1", "ann");
  write_viewing ("u1", "v1", 1, PUBLIC ("Text"), FALSE);
  rafilm_publication_make_id ("u1", "v1", id);
  rafilm_publication_make_id ("u1", "v2", none);
  json_decref (report ("u2", id, 202));
  json_decref (report ("u3", id, 202));
  again = report ("u2", id, 409);
  cloud_assert_json (again, "code", "already_reported");
  json_decref (report ("u2", none, 404));
  json_decref (report ("u2", "M", 404));
  json_decref (report (NULL, id, 401));
  /* An edit of the review keeps the count. */
  write_viewing ("u1", "v1", 2, PUBLIC ("Milder"), FALSE);
  pk = g_strconcat ("V#", id, NULL);
  record = read_item (pk, "M");
  g_assert_cmpint (rafilm_item_get_int (record, "reports", 0), ==, 2);
  g_free (pk);
  pk = g_strconcat ("V#", none, NULL);
  stray = read_item (pk, "M");
  g_assert_null (stray);
}

static json_t *
make_meta (gint64 head, gint64 a, gint64 b)
{
  json_t *item = rafilm_item_key ("U#u1", "M");
  json_auto_t *devices = json_pack ("{s:{s:I}, s:{s:I}}", "AAAAAAAA", "n", (json_int_t) a,
                                    "BBBBBBBB", "n", (json_int_t) b);

  rafilm_item_set_int (item, "h", head);
  rafilm_item_set_text (item, "e", "e_1");
  rafilm_item_set_json (item, "dv", devices);
  return item;
}

/* The others are told, the one that wrote is not, and nobody of another account. */
static void
test_notice (void)
{
  gint64 now = rafilm_time_now ();
  RafilmConnections *connections = world->fixture->context->connections;
  json_auto_t *before = make_meta (4, 3, 1), *after = make_meta (5, 4, 1),
              *same = make_meta (5, 5, 1);
  g_autofree char *a = NULL, *b = NULL, *other = NULL;

  rafilm_connections_add (connections, "A=", "u1", "AAAAAAAA", now + 900, now);
  rafilm_connections_add (connections, "B=", "u1", "BBBBBBBB", now + 900, now);
  rafilm_connections_add (connections, "C=", "u2", "", now + 900, now);
  feed (before, after, "[]");
  feed (after, same, "[]");
  feed (after, NULL, "[]");
  a = cloud_world_dup_told (world, "A=");
  b = cloud_world_dup_told (world, "B=");
  other = cloud_world_dup_told (world, "C=");
  g_assert_cmpstr (a, ==, "");
  g_assert_cmpstr (b, ==, "sync.changed 5");
  g_assert_cmpstr (other, ==, "");
}

/* What cannot be done is reported by its number and comes again, with all that follows. */
static void
test_failure (void)
{
  g_autofree char *url = g_strdup (g_getenv ("AWS_ENDPOINT_URL_DYNAMODB"));
  json_auto_t *row = rafilm_item_key ("U#u1", "d#v1"), *fields = NULL, *stray = NULL;
  json_auto_t *broken = NULL;
  RafilmContext *good = world->fixture->context;
  RafilmSettings *settings;

  fields = json_loads (PUBLIC ("Text"), 0, NULL);
  rafilm_item_set_json (row, "f", fields);
  g_setenv ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9", TRUE);
  settings = rafilm_settings_new_from_environment ();
  g_setenv ("AWS_ENDPOINT_URL_DYNAMODB", url, TRUE);
  world->fixture->context = rafilm_context_new (settings);
  feed (NULL, row, "[{\"itemIdentifier\":\"7\"}]");
  rafilm_context_free (world->fixture->context);
  rafilm_settings_free (settings);
  world->fixture->context = good;

  stray = rafilm_item_key ("T#film/603", "M");
  feed (NULL, stray, "[]");
  broken = cloud_fixture_call (world->fixture, rafilm_publisher_handler, json_object ());
  g_assert_null (broken);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  world = cloud_world_new ();
  cloud_world_add_test (world, "/cloud/reviews/publish", test_publish);
  cloud_world_add_test (world, "/cloud/reviews/private", test_private);
  cloud_world_add_test (world, "/cloud/reviews/withdraw", test_withdraw);
  cloud_world_add_test (world, "/cloud/reviews/again", test_again);
  cloud_world_add_test (world, "/cloud/reviews/handles", test_handles);
  cloud_world_add_test (world, "/cloud/reviews/pages", test_pages);
  cloud_world_add_test (world, "/cloud/reviews/bad-requests", test_bad_requests);
  cloud_world_add_test (world, "/cloud/reviews/report", test_report);
  cloud_world_add_test (world, "/cloud/publisher/notice", test_notice);
  cloud_world_add_test (world, "/cloud/publisher/failure", test_failure);
  result = g_test_run ();
  cloud_world_free (world);
  return result;
}
