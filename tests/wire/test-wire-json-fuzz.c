/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire-build.h"

#include "rafilm-error.h"
#include "rafilm-test.h"

#define ROUNDS 30000

static const char *const seeds[] = {
  "{\"k\":\"d\",\"id\":\"Vn3k\",\"q\":1043,\"f\":{\"film\":603,\"on\":\"2026-01-02\",\"rating\":8,"
  "\"rv\":{\"text\":\"t\",\"spoiler\":true},\"tag:plane\":true,\"mood\":[1,{\"a\":null}]},"
  "\"s\":{\"\":\"1.019b7d3a1c7b0000.k7Qm2xPa.211\",\"rv\":\"9.019b7d3a1c7b0001.k7Qm2xPa.2\"},"
  "\"x\":false,\"c\":false}",
  "{\"n\":212,\"k\":\"d\",\"id\":\"Qz81\",\"base\":998,\"full\":true,"
  "\"h\":{\"rating\":\"019b7d3a1f000000\",\"rv\":\"019b7d3a2b110000\",\"x\":\"019b7d3a2b110000\"},"
  "\"set\":{\"rating\":9,\"rv\":\"Saw it again\"},\"fill\":{\"film\":603},\"x\":false}",
  "{\"n\":1,\"k\":\"i\",\"id\":\"L1:603\",\"base\":0,\"full\":true,"
  "\"s\":{\"\":\"7.019b7d3a2b110000.k7Qm2xPa.9\"},\"set\":{\"on\":true,\"pos\":\"V3k\"}}",
};

/* Pieces that mutations put in, so that they meet more than the parser. */
static const char *const pieces[] = { "null",    "true",        "-1",
                                      "1e9",     "\"\"",        "{}",
                                      "[]",      "\"x\":true,", "9223372036854775807",
                                      "\\u0000", "\"s\":{},",   "\xff" };

static char *
mutate (GRand *rand)
{
  GString *text = g_string_new (seeds[g_rand_int_range (rand, 0, G_N_ELEMENTS (seeds))]);
  int changes = g_rand_int_range (rand, 0, 5);

  for (int i = 0; i < changes && text->len > 1; i++)
    {
      gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) text->len);
      gsize length = (gsize) g_rand_int_range (rand, 1, 12);

      length = MIN (length, text->len - at);
      switch (g_rand_int_range (rand, 0, 4))
        {
        case 0:
          g_string_truncate (text, at);
          break;
        case 1:
          text->str[at] = (char) g_rand_int_range (rand, 1, 256);
          break;
        case 2:
          g_string_erase (text, (gssize) at, (gssize) length);
          break;
        default:
          g_string_erase (text, (gssize) at, (gssize) length);
          g_string_insert (text, (gssize) at,
                           pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
        }
    }
  return g_string_free (text, FALSE);
}

/* What is read at all must be written and read again as the same. */
static void
check_row (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmWireRow) row = rafilm_wire_row_from_text (text, &error);
  g_autoptr (RafilmWireRow) again = NULL;
  g_autofree char *written = NULL;

  if (row == NULL)
    {
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
      return;
    }
  written = rafilm_wire_row_to_text (row);
  again = rafilm_wire_row_from_text (written, &error);
  g_assert_no_error (error);
  if (!rafilm_wire_row_equal (row, again))
    g_error ("%s\nis written as\n%s", text, written);
}

/* What passes the check can be merged, by any device, and then is within the limits. */
static void
check_op (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmWireOp) op = rafilm_wire_op_from_text (text, &error);
  g_autoptr (RafilmWireRow) row = NULL;
  RafilmWireMergeContext context = {
    .dev = DEV_A, .seq = 2000, .sender_ms = MS (0), .server_ms = MS (0)
  };
  RafilmWireMerge merge;
  g_autofree char *written = NULL;

  if (op == NULL)
    {
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
      return;
    }
  written = rafilm_wire_op_to_text (op);
  if (rafilm_wire_op_check (op) != NULL)
    return;
  row = rafilm_wire_row_new (op->kind, op->id);
  rafilm_wire_merge (row, op, &context, &merge);
  for (size_t i = 0; i < row->fields.n_items; i++)
    {
      const RafilmWireField *field = &row->fields.items[i];

      g_assert_true (rafilm_wire_field_allows (
          rafilm_wire_field_find (rafilm_wire_kind_find (row->kind), field->name), &field->value));
    }
  rafilm_wire_merge_clear (&merge);
}

static void
test_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());
  guint read = 0;

  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autofree char *text = mutate (rand);
      g_autoptr (RafilmWireOp) op = rafilm_wire_op_from_text (text, NULL);

      check_row (text);
      check_op (text);
      read += op != NULL;
    }
  /* The mutations must be mild enough that a good part is read at all. */
  g_assert_cmpuint (read, >, ROUNDS / 20);
}

static void
test_truncations (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    for (gsize length = 0; length < strlen (seeds[i]); length++)
      {
        g_autofree char *text = g_strndup (seeds[i], length);

        g_assert_null (rafilm_wire_row_from_text (text, NULL));
        g_assert_null (rafilm_wire_op_from_text (text, NULL));
      }
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/wire/json-fuzz/mutations", test_mutations);
  g_test_add_func ("/wire/json-fuzz/truncations", test_truncations);

  return g_test_run ();
}
