/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body of POST /v1/sync, served on a table that other requests wrote before. Whatever is asked,
 * the answer is one of the protocol, what was written can be read by everybody, and asking once
 * more writes nothing. */
#include "fuzz.h"

#include "rafilm-memory.h"
#include "sim-table.h"

#include <string.h>

#define UID "u1"

static SimTable *sim;
static GTree *past; /* what the table holds before each input */

static bool
back_off (void *data, unsigned attempt)
{
  return attempt < 3;
}

static int64_t
now (void *data)
{
  return G_GINT64_CONSTANT (1790000000000);
}

static uint64_t
random_bits (void *data)
{
  return 0x1234567890abcdef;
}

static RafilmSyncReply
serve (const RafilmLedgerRequest *request)
{
  const RafilmSyncTable table = { .data = sim,
                                  .get = sim_table_get,
                                  .batch_get = sim_table_batch_get,
                                  .query = sim_table_query,
                                  .put_new = sim_table_put_new,
                                  .transact = sim_table_transact,
                                  .back_off = back_off,
                                  .now = now,
                                  .random = random_bits };
  RafilmSyncReply reply;

  rafilm_sync_ledger_serve (&table, UID, request, &reply);
  g_assert_true (reply.status == 200 || reply.status == 409 || reply.status == 413
                 || reply.status == 503);
  g_assert_true ((reply.body != NULL) == (reply.status == 200 || reply.status == 409));
  if (reply.body != NULL)
    {
      g_autofree char *text = json_dumps (reply.body, JSON_COMPACT);

      g_assert_nonnull (text);
    }
  return reply;
}

static void
read_all (void)
{
  RafilmLedgerRequest request = { .proto = 1, .acct = (char *) UID, .cursor = 0, .if_head = -1 };
  RafilmSyncReply reply;

  strcpy (request.dev, "zzzzzzzz");
  request.now = now (NULL);
  request.max = 4 * 1024 * 1024;
  reply = serve (&request);
  g_assert_cmpint (reply.status, ==, 200);
  rafilm_sync_reply_clear (&reply);
}

static void
serve_text (const char *text, gsize size)
{
  json_auto_t *body = json_loadb (text, size, JSON_REJECT_DUPLICATES, NULL);
  const char *problem = NULL;
  RafilmLedgerRequest *request = rafilm_ledger_request_new (body, &problem);
  RafilmSyncReply reply, again;

  if (request == NULL)
    {
      g_assert_nonnull (problem);
      return;
    }
  if (request->proto == RAFILM_WIRE_PROTO && strcmp (request->acct, UID) == 0)
    {
      reply = serve (request);
      again = serve (request);
      if (reply.status == 200)
        {
          g_assert_cmpint (again.status, ==, 200);
          g_assert_true (json_equal (json_object_get (reply.body, "head"),
                                     json_object_get (again.body, "head")));
        }
      read_all ();
      rafilm_sync_reply_clear (&reply);
      rafilm_sync_reply_clear (&again);
    }
  rafilm_ledger_request_free (request);
}

static void
make_past (void)
{
  static const char request[] =
      "{\"proto\":1,\"acct\":\"u1\",\"dev\":\"k7Qm2xPa\",\"now\":1789999990000,\"batch\":{"
      "\"id\":\"b_1\",\"ops\":["
      "{\"n\":1,\"k\":\"d\",\"id\":\"Vn3k\",\"base\":0,\"full\":true,\"h\":\"01a0c3d66a700000\","
      "\"set\":{\"film\":603,\"on\":\"2026-01-02\",\"rating\":8,\"rv\":\"A first review\"}},"
      "{\"n\":2,\"k\":\"l\",\"id\":\"L1\",\"base\":0,\"full\":true,\"h\":\"01a0c3d66a700000\","
      "\"set\":{\"name\":\"Noir\"}},"
      "{\"n\":3,\"k\":\"w\",\"id\":\"949\",\"base\":0,\"h\":\"01a0c3d66a700000\","
      "\"set\":{\"on\":true}}]}}";

  serve_text (request, sizeof request - 1);
  g_assert_nonnull (sim_table_find (sim, "U#" UID, "d#Vn3k"));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (sim == NULL)
    {
      sim = sim_table_new ();
      make_past ();
      past = sim_table_copy (sim);
    }
  sim_table_restore (sim, past);
  past = sim_table_copy (sim);
  serve_text ((const char *) data, size);
  return 0;
}
