/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-error.h"
#include "rafilm-sync-message.h"
#include "rafilm-test.h"

static const char answer_text[] =
    "{\"proto\":1,\"acct\":\"u_1\",\"epoch\":\"e_1\",\"now\":1767052800456,\"head\":1044,"
    "\"cursor\":1044,\"more\":false,"
    "\"ack\":{\"batch\":\"b_1\",\"n\":213,\"seq\":1043,"
    "\"res\":{\"212\":\"copy\",\"213\":\"bad:value\"},"
    "\"rows\":[{\"k\":\"d\",\"id\":\"Qz81\",\"q\":1043,\"f\":{\"film\":27205},"
    "\"s\":{\"\":\"1.019b7d3a1c7b0000.k7Qm2xPa\"}}]},"
    "\"rows\":[{\"k\":\"zz\",\"id\":\"L1x:603\",\"q\":1044,\"f\":{\"on\":true}}],"
    "\"dig\":\"000102030405060708090a0b0c0d0e0f\",\"cnt\":{\"d\":1},\"poll\":3600,\"min_proto\":1}";

static void
test_answer (void)
{
  g_autoptr (JsonNode) body = json_from_string (answer_text, NULL);
  g_autoptr (RafilmSyncAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  answer = rafilm_sync_message_parse_answer (body, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (answer->acct, ==, "u_1");
  g_assert_cmpstr (answer->batch, ==, "b_1");
  g_assert_cmpint (answer->cursor, ==, 1044);
  g_assert_true (answer->has_digest);
  g_assert_cmpuint (answer->digest.bytes[15], ==, 15);
  g_assert_cmpuint (answer->verdicts->len, ==, 2);
  g_assert_cmpuint (answer->ack_rows->len, ==, 1);
  g_assert_cmpuint (answer->rows->len, ==, 1);
}

/* A later server may have words that this version doesn't know: the answer is one all the same, or
 * the computer would ask for it again for ever. Such an operation was taken, since refusals are
 * called "bad:". */
static void
test_unknown_verdict (void)
{
  g_autoptr (GString) text = g_string_new (answer_text);
  g_autoptr (JsonNode) body = NULL;
  g_autoptr (RafilmSyncAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  g_string_replace (text, "\"copy\"", "\"woven\"", 0);
  body = json_from_string (text->str, NULL);
  answer = rafilm_sync_message_parse_answer (body, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->verdicts->len, ==, 2);
}

/* Every cut and many a changed byte: either an answer or an error, never more. */
static void
test_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());

  for (guint round = 0; round < 20000; round++)
    {
      g_autofree char *text = g_strdup (answer_text);
      gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) strlen (text));
      g_autoptr (JsonNode) body = NULL;
      g_autoptr (RafilmSyncAnswer) answer = NULL;
      g_autoptr (GError) error = NULL;

      if (round < sizeof answer_text)
        text[round] = '\0';
      else
        text[at] = (char) g_rand_int_range (rand, 1, 256);
      body = json_from_string (text, NULL);
      answer = rafilm_sync_message_parse_answer (body, &error);
      if (answer == NULL)
        g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
    }
}

static void
test_malformed (void)
{
  const char *members[] = { "acct", "epoch", "now", "head", "cursor", "more", "rows" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autoptr (JsonNode) body = json_from_string (answer_text, NULL);
      g_autoptr (RafilmSyncAnswer) answer = NULL;
      g_autoptr (GError) error = NULL;

      json_object_set_string_member (json_node_get_object (body), members[i],
                                     i < 2
                                         ? "a text that is far longer than any account or epoch "
                                           "can ever be, and that is a reason to refuse it, since "
                                           "it would be kept in the database for ever"
                                         : "1");
      answer = rafilm_sync_message_parse_answer (body, &error);
      g_assert_null (answer);
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
    }
}

static void
test_conflict (void)
{
  g_autoptr (JsonNode) fork = json_from_string ("{\"code\":\"fork\"}", NULL);
  g_autoptr (JsonNode) epoch =
      json_from_string ("{\"code\":\"epoch\",\"epoch\":\"e_2\",\"low\":7}", NULL);
  g_autoptr (JsonNode) reset =
      json_from_string ("{\"code\":\"epoch\",\"epoch\":\"e_2\",\"low\":7,\"reset\":true}", NULL);
  g_autoptr (JsonNode) broken = json_from_string ("{\"code\":\"epoch\",\"low\":7}", NULL);
  g_auto (RafilmSyncConflict) conflict = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (rafilm_sync_message_parse_conflict (fork, &conflict, &error));
  g_assert_cmpstr (conflict.code, ==, "fork");
  rafilm_sync_conflict_clear (&conflict);
  g_assert_true (rafilm_sync_message_parse_conflict (epoch, &conflict, &error));
  g_assert_cmpstr (conflict.epoch, ==, "e_2");
  g_assert_cmpint (conflict.low, ==, 7);
  rafilm_sync_conflict_clear (&conflict);
  g_assert_true (rafilm_sync_message_parse_conflict (reset, &conflict, &error));
  g_assert_cmpint (conflict.low, ==, G_MAXINT64);
  rafilm_sync_conflict_clear (&conflict);
  g_assert_false (rafilm_sync_message_parse_conflict (broken, &conflict, &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
}

static void
test_request (void)
{
  RafilmSyncState state = { .acct = (char *) "u_1", .dev = (char *) "k7Qm2xPa", .cursor = 9 };
  g_autoptr (RafilmSyncBatch) batch = g_new0 (RafilmSyncBatch, 1);
  g_autoptr (JsonNode) pull = NULL;
  g_autoptr (JsonNode) push = NULL;
  RafilmWireOp *op = rafilm_wire_op_new (3, "f", "603");
  RafilmWireValue like = rafilm_wire_bool (true);
  JsonObject *object;

  pull = rafilm_sync_message_new_request (&state, NULL, NULL);
  object = json_node_get_object (pull);
  g_assert_false (json_object_has_member (object, "epoch"));
  g_assert_false (json_object_has_member (object, "batch"));
  g_assert_false (json_object_has_member (object, "name"));
  g_assert_cmpint (json_object_get_int_member (object, "cursor"), ==, 9);
  g_assert_false (json_object_has_member (object, "recent"));

  rafilm_wire_op_set (op, "like", &like, 1);
  batch->id = g_strdup ("b_1");
  batch->ops = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_wire_op_free);
  g_ptr_array_add (batch->ops, op);
  push = rafilm_sync_message_new_request (&state, batch, "Attic");
  object = json_node_get_object (push);
  g_assert_cmpstr (json_object_get_string_member (object, "name"), ==, "Attic");
  object = json_object_get_object_member (object, "batch");
  g_assert_cmpstr (json_object_get_string_member (object, "id"), ==, "b_1");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "ops")), ==, 1);
}

/* Only the first request asks for the newest rows; who fetches anew shows what is there. */
static void
test_recent (void)
{
  RafilmSyncState state = { .acct = (char *) "u_1", .dev = (char *) "k7Qm2xPa" };
  g_autoptr (JsonNode) first = rafilm_sync_message_new_request (&state, NULL, NULL);
  g_autoptr (JsonNode) staged = NULL;
  g_autoptr (JsonNode) body = json_from_string (answer_text, NULL);
  g_autoptr (RafilmSyncAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *object = json_node_get_object (body);
  JsonArray *recent = json_array_new ();

  g_assert_cmpint (json_object_get_int_member (json_node_get_object (first), "recent"), ==, 200);
  state.staged = TRUE;
  staged = rafilm_sync_message_new_request (&state, NULL, NULL);
  g_assert_false (json_object_has_member (json_node_get_object (staged), "recent"));

  for (guint i = 0; i < 200; i++)
    json_array_add_element (recent, json_node_copy (json_array_get_element (
                                        json_object_get_array_member (object, "rows"), 0)));
  json_object_set_array_member (object, "recent", recent);
  answer = rafilm_sync_message_parse_answer (body, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->recent->len, ==, 200);
  g_clear_pointer (&answer, rafilm_sync_answer_free);

  json_array_add_null_element (recent);
  answer = rafilm_sync_message_parse_answer (body, &error);
  g_assert_null (answer);
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/sync/message/answer", test_answer);
  g_test_add_func ("/sync/message/unknown-verdict", test_unknown_verdict);
  g_test_add_func ("/sync/message/mutations", test_mutations);
  g_test_add_func ("/sync/message/malformed", test_malformed);
  g_test_add_func ("/sync/message/conflict", test_conflict);
  g_test_add_func ("/sync/message/request", test_request);
  g_test_add_func ("/sync/message/recent", test_recent);

  return g_test_run ();
}
