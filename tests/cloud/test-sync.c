/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-fixture.h"

#include "rafilm-time.h"
#include "rafilm-wire-digest.h"

static CloudFixture *fixture;

#define DEV_A "AAAAAAAA"
#define DEV_B "BBBBBBBB"
#define DEFAULT_PAGE -1

static json_t *
post (const char *uid, json_t *body, int *ret_status)
{
  json_auto_t *answer = NULL;

  answer = cloud_fixture_call (fixture, rafilm_sync_handler,
                               cloud_rest_event ("POST", "/v1/sync", uid, NULL, NULL, body));
  *ret_status = cloud_answer_status (answer);
  return cloud_answer_body (answer);
}

static json_t *
make_request (const char *uid, const char *dev, const char *epoch, gint64 cursor)
{
  json_t *body = json_pack ("{s:i, s:i, s:s, s:s, s:s, s:I, s:I}", "proto", 1, "schema", 1, "app",
                            "rafilm/test", "acct", uid, "dev", dev, "cursor", (json_int_t) cursor,
                            "now", (json_int_t) rafilm_time_now_ms ());

  json_object_set_new (body, "epoch", epoch != NULL ? json_string (epoch) : json_null ());
  return body;
}

/* `op` is a format of JSON text; its clock is now. */
static json_t *
make_op (gint64 n, const char *rest)
{
  g_autofree char *text = NULL;
  json_t *op;

  text = g_strdup_printf ("{\"n\":%" G_GINT64_FORMAT ",\"h\":\"%016" G_GINT64_MODIFIER "x\",%s}", n,
                          (guint64) rafilm_time_now_ms () << 16, rest);
  op = json_loads (text, 0, NULL);
  g_assert_nonnull (op);
  return op;
}

static json_t *
with_batch (json_t *body, const char *id, json_t *ops)
{
  json_object_set_new (body, "batch", json_pack ("{s:s, s:o}", "id", id, "ops", ops));
  return body;
}

/* Sends one operation as a batch of its own. */
static json_t *
push_one (const char *uid, const char *dev, const char *epoch, gint64 cursor, gint64 n,
          const char *rest)
{
  g_autofree char *id = g_strdup_printf ("b_%s%" G_GINT64_FORMAT, dev, n);
  json_t *body = make_request (uid, dev, epoch, cursor);
  json_t *answer;
  int status;

  answer = post (uid, with_batch (body, id, json_pack ("[o]", make_op (n, rest))), &status);
  g_assert_cmpint (status, ==, 200);
  return answer;
}

static json_t *
pull (const char *uid, const char *dev, const char *epoch, gint64 cursor, gint64 max)
{
  json_t *body = make_request (uid, dev, epoch, cursor);
  json_t *answer;
  int status;

  if (max != DEFAULT_PAGE)
    json_object_set_new (body, "max", json_integer (max));
  answer = post (uid, body, &status);
  g_assert_cmpint (status, ==, 200);
  return answer;
}

static const char *
epoch_of (const json_t *answer)
{
  return json_string_value (json_object_get (answer, "epoch"));
}

static void
test_push_and_pull (void)
{
  json_auto_t *first = NULL, *pushed = NULL, *pulled = NULL;
  RafilmWireDigest digest = { 0 };
  char text[RAFILM_WIRE_DIGEST_HEX];

  first = pull ("u1", DEV_A, NULL, 0, DEFAULT_PAGE);
  cloud_assert_json (first, "head", "0");
  cloud_assert_json (first, "more", "false");
  cloud_assert_json (first, "dig", "00000000000000000000000000000000");
  pushed = push_one ("u1", DEV_A, epoch_of (first), 0, 1,
                     "\"k\":\"d\",\"id\":\"v1\",\"base\":0,\"full\":true,\"set\":{\"film\":603,"
                     "\"on\":null,\"rv\":{\"text\":\"Woah\",\"spoiler\":true},\"tag:plane\":true}");
  cloud_assert_json (pushed, "head", "1");
  cloud_assert_json (pushed, "cursor", "1");
  cloud_assert_json (pushed, "ack.n", "1");
  cloud_assert_json (pushed, "ack.res", "{}");
  cloud_assert_json (pushed, "ack.rows.0.f.film", "603");
  cloud_assert_json (pushed, "rows", "[]");
  cloud_assert_json (pushed, "cnt.d", "1");

  pulled = pull ("u1", DEV_B, NULL, 0, DEFAULT_PAGE);
  cloud_assert_json (pulled, "rows.0.k", "d");
  cloud_assert_json (pulled, "rows.0.id", "v1");
  cloud_assert_json (pulled, "rows.0.q", "1");
  cloud_assert_json (pulled, "rows.0.f.on", "null");
  cloud_assert_json (pulled, "rows.0.f.rv.text", "Woah");
  cloud_assert_json (pulled, "rows.0.f.rv.spoiler", "true");
  rafilm_wire_digest_toggle (&digest, "d", "v1", 1);
  rafilm_wire_digest_format (&digest, text);
  cloud_assert_json (pulled, "dig", text);
}

/* DynamoDB refuses to read a key twice in one call. */
static void
test_one_row_twice (void)
{
  json_auto_t *answer = NULL;
  int status;

  answer = post (
      "u13",
      with_batch (
          make_request ("u13", DEV_A, NULL, 0), "b_1",
          json_pack ("[o, o, o]",
                     make_op (1, "\"k\":\"d\",\"id\":\"v1\",\"base\":0,\"full\":true,"
                                 "\"set\":{\"film\":603,\"on\":null}"),
                     make_op (2, "\"k\":\"d\",\"id\":\"v1\",\"base\":0,\"set\":{},\"x\":true"),
                     make_op (3, "\"k\":\"f\",\"id\":\"603\",\"base\":0,\"set\":{\"seen\":true}"))),
      &status);
  g_assert_cmpint (status, ==, 200);
  cloud_assert_json (answer, "ack.res", "{}");
  cloud_assert_json (answer, "ack.rows.0.id", "v1");
  cloud_assert_json (answer, "ack.rows.0.x", "true");
  cloud_assert_json (answer, "ack.rows.1.id", "603");
}

/* Holes 1 and 7: a duplicate has rows and verdicts as the first had. */
static void
test_duplicate (void)
{
  json_auto_t *first = NULL, *second = NULL, *meta = NULL;
  const char *edit = "\"k\":\"d\",\"id\":\"none\",\"base\":0,\"set\":{\"rating\":7}";

  first = push_one ("u2", DEV_A, NULL, 0, 1, edit);
  cloud_assert_json (first, "ack.res.1", "need_full");
  second = push_one ("u2", DEV_A, NULL, 0, 1, edit);
  cloud_assert_json (second, "ack.res.1", "need_full");
  cloud_assert_json (second, "head", "0");
  rafilm_dynamodb_get_item (fixture->context->dynamodb, "U#u2", "M", true, &meta);
  g_assert_cmpint (rafilm_item_get_int (meta, "v", 0), ==, 2);
}

static void
test_verdicts (void)
{
  json_auto_t *answer = NULL, *first = NULL;
  int status;

  first = push_one ("u3", DEV_A, NULL, 0, 1,
                    "\"k\":\"f\",\"id\":\"603\",\"base\":0,\"set\":{\"rating\":7}");
  answer = post (
      "u3",
      with_batch (
          make_request ("u3", DEV_B, NULL, 0), "b_1",
          json_pack ("[o, o, o, o]",
                     make_op (1, "\"k\":\"f\",\"id\":\"603\",\"base\":0,\"set\":{\"rating\":99}"),
                     make_op (2, "\"k\":\"q\",\"id\":\"603\",\"base\":0,\"set\":{\"rating\":9}"),
                     make_op (3, "\"k\":\"f\",\"id\":\"603\",\"base\":0,\"x\":true"),
                     make_op (4, "\"k\":7"))),
      &status);
  g_assert_cmpint (status, ==, 200);
  cloud_assert_json (answer, "ack.res.1", "bad:value");
  cloud_assert_json (answer, "ack.res.2", "bad:kind");
  cloud_assert_json (answer, "ack.res.3", "kept");
  cloud_assert_json (answer, "ack.res.4", "bad:form");
  cloud_assert_json (answer, "ack.n", "4");
}

/* Two reviews written apart are both kept, under the name of their computer. */
static void
test_version (void)
{
  json_auto_t *first = NULL, *a = NULL, *b = NULL;
  json_t *body;
  int status;

  first = push_one ("u4", DEV_A, NULL, 0, 1,
                    "\"k\":\"d\",\"id\":\"v1\",\"base\":0,\"full\":true,\"set\":{\"film\":603}");
  body = make_request ("u4", DEV_A, NULL, 0);
  json_object_set_new (body, "name", json_string ("Attic"));
  a = post ("u4",
            with_batch (body, "b_a",
                        json_pack ("[o]", make_op (2, "\"k\":\"d\",\"id\":\"v1\",\"base\":1,"
                                                      "\"set\":{\"rv\":\"From the attic\"}"))),
            &status);
  g_assert_cmpint (status, ==, 200);
  g_usleep (5000);
  b = push_one ("u4", DEV_B, NULL, 2, 1,
                "\"k\":\"d\",\"id\":\"v1\",\"base\":1,\"set\":{\"rv\":\"From the train\"}");
  cloud_assert_json (b, "ack.res.1", "copy");
  cloud_assert_json (b, "ack.rows.0.f.rv", "From the train");
  cloud_assert_json (b, "rows.0.k", "x");
  cloud_assert_json (b, "rows.0.f.text", "From the attic");
  cloud_assert_json (b, "rows.0.f.by", "Attic");
  cloud_assert_json (b, "rows.0.f.of", "d#v1");
}

static void
assert_refused (const char *uid, json_t *body, int expected, const char *code)
{
  json_auto_t *answer = NULL, *problem = NULL;

  answer = cloud_fixture_call (fixture, rafilm_sync_handler,
                               cloud_rest_event ("POST", "/v1/sync", uid, NULL, NULL, body));
  g_assert_cmpint (cloud_answer_status (answer), ==, expected);
  cloud_assert_json (answer, "headers.Content-Type", "application/problem+json");
  problem = cloud_answer_body (answer);
  cloud_assert_json (problem, "code", code);
}

static void
test_conflicts (void)
{
  json_auto_t *first = NULL;
  json_t *body;
  const char *edit = "\"k\":\"f\",\"id\":\"1\",\"base\":0,\"set\":{\"like\":true}";

  first = push_one ("u5", DEV_A, NULL, 0, 1, edit);
  assert_refused (
      "u5",
      with_batch (make_request ("u5", DEV_A, NULL, 0), "b_x", json_pack ("[o]", make_op (3, edit))),
      409, "fork");
  assert_refused (
      "u5",
      with_batch (make_request ("u5", DEV_A, NULL, 0), "b_x", json_pack ("[o]", make_op (1, edit))),
      409, "fork");
  /* The last batch's name with other numbers; its operations were never seen. */
  body = json_pack ("[o, o]", make_op (1, edit), make_op (2, edit));
  assert_refused ("u5", with_batch (make_request ("u5", DEV_A, NULL, 0), "b_" DEV_A "1", body), 409,
                  "fork");
  body =
      with_batch (make_request ("u5", DEV_A, NULL, 0), "b_x", json_pack ("[o]", make_op (2, edit)));
  json_object_set_new (json_object_get (body, "batch"), "if_head", json_integer (0));
  assert_refused ("u5", body, 409, "stale");
  assert_refused ("u5", make_request ("u6", DEV_A, NULL, 0), 409, "acct");
  assert_refused ("u5", make_request ("u5", DEV_A, "e_other", 0), 409, "epoch");
  body = make_request ("u5", DEV_A, NULL, 0);
  json_object_set_new (body, "proto", json_integer (0));
  assert_refused ("u5", body, 426, "upgrade");
  assert_refused (NULL, make_request ("u5", DEV_A, NULL, 0), 401, "unauthorized");
}

static void
test_bad_requests (void)
{
  const char *edit = "\"k\":\"f\",\"id\":\"1\",\"base\":0,\"set\":{\"like\":true}";
  json_t *many = json_array ();

  for (int n = 1; n <= 91; n++)
    json_array_append_new (many, make_op (n, edit));
  assert_refused ("u7", make_request ("u7", "short", NULL, 0), 400, "bad_request");
  assert_refused ("u7", json_pack ("{s:i}", "proto", 1), 400, "bad_request");
  assert_refused ("u7", with_batch (make_request ("u7", DEV_A, NULL, 0), "b_1", many), 400,
                  "bad_request");
  assert_refused ("u7",
                  with_batch (make_request ("u7", DEV_A, NULL, 0), "b_1",
                              json_pack ("[o, o]", make_op (1, edit), make_op (3, edit))),
                  400, "bad_request");
  assert_refused (
      "u7",
      with_batch (make_request ("u7", DEV_A, NULL, 0), "b 1", json_pack ("[o]", make_op (1, edit))),
      400, "bad_request");
  assert_refused ("u7", with_batch (make_request ("u7", DEV_A, NULL, 0), "b_1", json_array ()), 400,
                  "bad_request");
}

/* Pages hold whole batches, whatever their size, and none is skipped. */
static void
test_pages (void)
{
  gint64 cursor = 0;
  guint rows = 0;
  guint pages = 0;
  gboolean more = TRUE;
  gint64 n = 0;

  for (int batch = 0; batch < 6; batch++)
    {
      g_autofree char *id = g_strdup_printf ("b_%d", batch);
      json_t *ops = json_array ();
      json_auto_t *answer = NULL;
      int status;

      for (int i = 0; i < 7; i++)
        {
          g_autofree char *op = NULL;

          n++;
          op = g_strdup_printf ("\"k\":\"f\",\"id\":\"%d\",\"base\":0,\"set\":{\"rating\":5}",
                                (int) n);
          json_array_append_new (ops, make_op (n, op));
        }
      answer = post ("u8", with_batch (make_request ("u8", DEV_A, NULL, 0), id, ops), &status);
      g_assert_cmpint (status, ==, 200);
    }
  while (more)
    {
      json_auto_t *page = pull ("u8", DEV_B, NULL, cursor, DEFAULT_PAGE);
      json_auto_t *small = NULL;
      g_autofree char *epoch = g_strdup (epoch_of (page));

      small = pull ("u8", DEV_B, epoch, cursor, pages % 2 == 0 ? 300 : 0);
      g_assert_cmpuint (json_array_size (json_object_get (small, "rows")) % 7, ==, 0);
      rows += (guint) json_array_size (json_object_get (small, "rows"));
      cursor = json_integer_value (json_object_get (small, "cursor"));
      more = json_is_true (json_object_get (small, "more"));
      g_assert_true (more != (json_object_get (small, "dig") != NULL));
      pages++;
    }
  g_assert_cmpuint (rows, ==, 42);
  g_assert_cmpint (cursor, ==, 6);
  g_assert_cmpuint (pages, ==, 6);
}

static json_t *
pull_recent (const char *epoch, gint64 cursor, gint64 max, gint64 recent)
{
  json_t *body = make_request ("u20", DEV_B, epoch, cursor);
  json_t *answer;
  int status;

  json_object_set_new (body, "max", json_integer (max));
  json_object_set_new (body, "recent", json_integer (recent));
  answer = post ("u20", body, &status);
  g_assert_cmpint (status, ==, 200);
  return answer;
}

/* Who begins to fetch gets the newest rows before a long feed, where they are asked for. */
static void
test_recent (void)
{
  json_auto_t *few = NULL, *page = NULL, *all = NULL, *later = NULL, *large = NULL;
  g_autofree char *epoch = NULL;
  g_autofree char *text = g_strnfill (60000, 'w');

  for (int n = 1; n <= 6; n++)
    {
      g_autofree char *op =
          g_strdup_printf ("\"k\":\"f\",\"id\":\"%d\",\"base\":0,\"set\":{\"rating\":%d}", n, n);
      json_auto_t *pushed = push_one ("u20", DEV_A, NULL, 0, n, op);

      g_assert_nonnull (pushed);
    }
  few = pull_recent (NULL, 0, 300, 2);
  cloud_assert_json (few, "more", "true");
  g_assert_cmpuint (json_array_size (json_object_get (few, "recent")), ==, 2);
  cloud_assert_json (few, "recent.0.q", "6");
  cloud_assert_json (few, "recent.0.f.rating", "6");
  cloud_assert_json (few, "recent.1.q", "5");
  cloud_assert_json (few, "rows.0.q", "1");
  page = pull_recent (NULL, 0, 1000000, 5);
  cloud_assert_json (page, "more", "false");
  g_assert_cmpuint (json_array_size (json_object_get (page, "recent")), ==, 5);

  /* Not where the page has them all anyway, nor for one who has begun already. */
  all = pull_recent (NULL, 0, 1000000, 100000);
  g_assert_null (json_object_get (all, "recent"));
  epoch = g_strdup (epoch_of (all));
  later = pull_recent (epoch, 1, 300, 2);
  cloud_assert_json (later, "more", "true");
  g_assert_null (json_object_get (later, "recent"));

  /* Long texts end them sooner. */
  for (int n = 7; n <= 9; n++)
    {
      g_autofree char *op = g_strdup_printf ("\"k\":\"w\",\"id\":\"%d\",\"base\":0,"
                                             "\"set\":{\"on\":true,\"note\":\"%s\"}",
                                             n, text);
      json_auto_t *pushed = push_one ("u20", DEV_A, NULL, 0, n, op);

      g_assert_nonnull (pushed);
    }
  large = pull_recent (NULL, 0, 300, 200);
  g_assert_cmpuint (json_array_size (json_object_get (large, "recent")), ==, 2);
}

/* After a restore of the table, clients are told how far it still has their rows. */
static void
test_restore (void)
{
  json_auto_t *first = NULL, *meta = NULL, *history = NULL, *answer = NULL;
  g_autofree char *old = NULL;
  int status;

  first = push_one ("u9", DEV_A, NULL, 0, 1,
                    "\"k\":\"f\",\"id\":\"1\",\"base\":0,\"set\":{\"like\":true}");
  old = g_strdup (epoch_of (first));
  rafilm_dynamodb_get_item (fixture->context->dynamodb, "U#u9", "M", true, &meta);
  history = json_pack ("[{s:s, s:i}, {s:s, s:i}]", "e", old, "low", 40, "e", "e_between", "low", 7);
  rafilm_item_set_json (meta, "hist", history);
  rafilm_item_set_text (meta, "e", "e_new");
  g_assert_cmpint (rafilm_dynamodb_put_item (fixture->context->dynamodb, meta, NULL, NULL, NULL),
                   ==, RAFILM_DYNAMODB_OK);
  answer = post ("u9", make_request ("u9", DEV_A, old, 1), &status);
  g_assert_cmpint (status, ==, 409);
  cloud_assert_json (answer, "code", "epoch");
  cloud_assert_json (answer, "epoch", "e_new");
  cloud_assert_json (answer, "low", "7");
  cloud_assert_json (answer, "reset", "false");
}

/* Accounts don't see each other. */
static void
test_apart (void)
{
  json_auto_t *mine = NULL, *other = NULL;

  mine = push_one ("u10", DEV_A, NULL, 0, 1,
                   "\"k\":\"f\",\"id\":\"1\",\"base\":0,\"set\":{\"like\":true}");
  other = pull ("u11", DEV_A, NULL, 0, DEFAULT_PAGE);
  cloud_assert_json (other, "rows", "[]");
  cloud_assert_json (other, "head", "0");
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  fixture = cloud_fixture_new ();
  g_test_add_func ("/cloud/sync/push-and-pull", test_push_and_pull);
  g_test_add_func ("/cloud/sync/one-row-twice", test_one_row_twice);
  g_test_add_func ("/cloud/sync/duplicate", test_duplicate);
  g_test_add_func ("/cloud/sync/verdicts", test_verdicts);
  g_test_add_func ("/cloud/sync/version", test_version);
  g_test_add_func ("/cloud/sync/conflicts", test_conflicts);
  g_test_add_func ("/cloud/sync/bad-requests", test_bad_requests);
  g_test_add_func ("/cloud/sync/pages", test_pages);
  g_test_add_func ("/cloud/sync/recent", test_recent);
  g_test_add_func ("/cloud/sync/restore", test_restore);
  g_test_add_func ("/cloud/sync/apart", test_apart);
  result = g_test_run ();
  g_clear_pointer (&fixture, cloud_fixture_free);

  return result;
}
