/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A page of the feed, when the newest row is slow to become visible. */

#include "rafilm-item.h"
#include "sim-table.h"

#define UID "u_feed"
#define PK "U#" UID
#define NOW G_GINT64_CONSTANT (1790000000000)
#define FOR_EVER 1000

static struct
{
  SimTable *table;
  guint to_come; /* others that write, one in each pause of a request */
  guint writers; /* that were there */
} stand;

static bool stand_pause (void *data, unsigned attempt);

static int64_t
stand_now (void *data)
{
  return NOW;
}

static uint64_t
stand_random (void *data)
{
  return 4;
}

/* (transfer full): the answer; takes the request */
static json_t *
serve (json_t *body)
{
  const RafilmSyncTable table = { .data = stand.table,
                                  .get = sim_table_get,
                                  .batch_get = sim_table_batch_get,
                                  .query = sim_table_query,
                                  .put_new = sim_table_put_new,
                                  .transact = sim_table_transact,
                                  .back_off = stand_pause,
                                  .now = stand_now,
                                  .random = stand_random };
  const char *problem = NULL;
  RafilmLedgerRequest *request = rafilm_ledger_request_new (body, &problem);
  RafilmSyncReply reply = { 0 };
  json_t *answer;

  g_assert_cmpstr (problem, ==, NULL);
  rafilm_sync_ledger_serve (&table, UID, request, &reply);
  g_assert_cmpint (reply.status, ==, 200);
  answer = json_incref (reply.body);
  rafilm_sync_reply_clear (&reply);
  rafilm_ledger_request_free (request);
  json_decref (body);
  return answer;
}

static json_t *
make_request (const char *dev)
{
  return json_pack ("{s:i, s:s, s:s, s:i, s:I, s:i}", "proto", 1, "acct", UID, "dev", dev, "cursor",
                    0, "now", (json_int_t) NOW, "max", 1000000);
}

/* A computer logs a film, and queries don't see the row from then on, but all those before. */
static void
write_late (void)
{
  g_autofree char *dev = g_strdup_printf ("writer%02u", stand.writers++);
  g_autofree char *key = g_strconcat ("d#", dev, NULL);
  json_t *request = make_request (dev);
  json_auto_t *answer = NULL;

  json_object_set_new (request, "batch",
                       json_pack ("{s:s, s:[{s:i, s:s, s:s, s:i, s:b, s:s, s:{s:i}}]}", "id", "b_1",
                                  "ops", "n", 1, "k", "d", "id", dev, "base", 0, "full", 1, "h",
                                  "01a0c50730000000", "set", "film", 603));
  answer = serve (request);
  stand.table->late_now = sim_table_find (stand.table, PK, key);
  stand.table->late = FOR_EVER;
  g_assert_nonnull (stand.table->late_now);
}

static bool
stand_pause (void *data, unsigned attempt)
{
  if (stand.to_come > 0)
    {
      stand.to_come--;
      write_late ();
    }
  return true;
}

/* What a computer that has nothing gets, after one has written and while so many others do. */
static json_t *
read_while (guint to_come)
{
  json_t *answer;

  stand.table = sim_table_new ();
  stand.writers = 0;
  write_late ();
  stand.to_come = to_come;
  answer = serve (make_request ("reader00"));
  g_clear_pointer (&stand.table, sim_table_free);
  return answer;
}

static void
assert_page (const json_t *answer, gint64 cursor, gboolean more, guint n_rows)
{
  g_assert_cmpint (json_integer_value (json_object_get (answer, "cursor")), ==, cursor);
  g_assert_cmpint (json_is_true (json_object_get (answer, "more")), ==, more);
  g_assert_cmpint (json_object_get (answer, "dig") != NULL, ==, !more);
  g_assert_cmpuint (json_array_size (json_object_get (answer, "rows")), ==, n_rows);
}

/* Others moved the head between the tries: the page ends before the group that is not whole, and
 * says so, since a page that claimed to be whole would prove the computer's digest wrong. */
static void
test_others_write (void)
{
  json_auto_t *once = read_while (1);
  json_auto_t *twice = read_while (2);

  assert_page (once, 1, TRUE, 1);
  assert_page (twice, 2, TRUE, 2);
}

/* Nobody writes: then it is the count that is wrong, and the digest tells. */
static void
test_nobody_writes (void)
{
  json_auto_t *answer = read_while (0);

  assert_page (answer, 1, FALSE, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sim/feed/others-write", test_others_write);
  g_test_add_func ("/sim/feed/nobody-writes", test_nobody_writes);

  return g_test_run ();
}
