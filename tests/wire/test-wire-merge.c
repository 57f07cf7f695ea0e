/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire-build.h"

/* One case for each rule of docs/sync.md. The row was last changed by device A in sequence 5, at
 * H (0); operations come from device B unless a case says otherwise, and get sequence 9. */

#define SEQ G_GINT64_CONSTANT (9)
#define FIVE G_GINT64_CONSTANT (5)

static RafilmWireRow *
heat (void)
{
  return wire_build_row ("d", "a", 5, "film", "949", FIVE, H (0), DEV_A, "rating", "7", FIVE, H (0),
                         DEV_A, "rv", "\"Old\"", FIVE, H (0), DEV_A, NULL);
}

static RafilmWireRow *
deleted_heat (void)
{
  RafilmWireRow *row = heat ();
  RafilmWireStamp stamp = { .fseq = 6, .h = H (10), .dev = DEV_A, .n = 2 };
  RafilmWireValue deleted = rafilm_wire_bool (true);

  rafilm_wire_row_set (row, "x", &deleted, &stamp);
  row->q = 6;
  return row;
}

static RafilmWireVerdict
merge_by (RafilmWireRow *row, RafilmWireOp *op, const char *dev, RafilmWireMerge *result)
{
  RafilmWireMergeContext context = {
    .dev = dev, .seq = SEQ, .sender_ms = MS (100000), .server_ms = MS (100000)
  };

  g_assert_cmpstr (rafilm_wire_op_check (op), ==, NULL);
  rafilm_wire_merge (row, op, &context, result);
  rafilm_wire_op_free (op);
  return result->verdict;
}

/* The verdict of @op, when nothing else is asked. */
static RafilmWireVerdict
merge (RafilmWireRow *row, RafilmWireOp *op)
{
  RafilmWireMerge result;
  RafilmWireVerdict verdict = merge_by (row, op, DEV_B, &result);

  rafilm_wire_merge_clear (&result);
  return verdict;
}

#define assert_stamp(row, name, seq, clock, device)                                                \
  G_STMT_START                                                                                     \
  {                                                                                                \
    const RafilmWireField *stamped = rafilm_wire_row_get (row, name);                              \
    g_assert_cmpint (stamped->stamp.fseq, ==, seq);                                                \
    g_assert_cmpuint (stamped->stamp.h, ==, clock);                                                \
    g_assert_cmpstr (stamped->stamp.dev, ==, device);                                              \
  }                                                                                                \
  G_STMT_END

static void
test_create (void)
{
  g_autoptr (RafilmWireRow) row = rafilm_wire_row_new ("d", "a");

  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 0, FALSE, "film", "603", H (1), NULL)),
                   ==, RAFILM_WIRE_NEED_FULL);
  g_assert_cmpuint (row->fields.n_items, ==, 0);
  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 0, TRUE, "film", "603", H (1), NULL)),
                   ==, RAFILM_WIRE_OK);
  wire_assert_field (row, "film", "603");
  assert_stamp (row, "film", SEQ, H (1), DEV_B);
}

static void
test_upsert (void)
{
  const char *keys[][3] = { { "f", "603", "like" }, { "w", "603", "on" }, { "i", "L:603", "on" } };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (RafilmWireRow) row = rafilm_wire_row_new (keys[i][0], keys[i][1]);

      g_assert_cmpint (merge (row, wire_build_op (1, keys[i][0], keys[i][1], 0, FALSE, keys[i][2],
                                                  "true", H (1), NULL)),
                       ==, RAFILM_WIRE_OK);
      wire_assert_field (row, keys[i][2], "true");
    }
}

/* Who saw the row as it is simply writes, however old their clock says they are. */
static void
test_not_concurrent (void)
{
  g_autoptr (RafilmWireRow) row = heat ();

  g_assert_cmpint (
      merge (row, wire_build_op (1, "d", "a", 5, FALSE, "rating", "3", H (-999), NULL)), ==,
      RAFILM_WIRE_OK);
  wire_assert_field (row, "rating", "3");
  assert_stamp (row, "rating", SEQ, H (0) + 1, DEV_B);
  assert_stamp (row, "film", 5, H (0), DEV_A);
}

/* A device never meets itself: its own earlier operations come before. */
static void
test_own_edit (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  RafilmWireMerge result;

  g_assert_cmpint (merge_by (row,
                             wire_build_op (4, "d", "a", 1, FALSE, "rv", "\"New\"", H (-999), NULL),
                             DEV_A, &result),
                   ==, RAFILM_WIRE_OK);
  g_assert_cmpuint (result.n_copies, ==, 0);
  rafilm_wire_merge_clear (&result);
  wire_assert_field (row, "rv", "\"New\"");
}

static void
test_concurrent_later_wins (void)
{
  g_autoptr (RafilmWireRow) row = heat ();

  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 4, FALSE, "rating", "3", H (1), NULL)),
                   ==, RAFILM_WIRE_OK);
  wire_assert_field (row, "rating", "3");
}

static void
test_concurrent_earlier_loses (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  g_autoptr (RafilmWireRow) before = rafilm_wire_row_copy (row);

  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 4, FALSE, "rating", "3", H (-1), NULL)),
                   ==, RAFILM_WIRE_LOST);
  g_assert_true (rafilm_wire_row_equal (row, before));
}

/* At the same instant the greater device name wins, so that everybody agrees. */
static void
test_concurrent_tie (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  g_autoptr (RafilmWireRow) other = NULL;

  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 4, FALSE, "rating", "3", H (0), NULL)),
                   ==, RAFILM_WIRE_OK);
  other = wire_build_row ("d", "a", 5, "rating", "7", FIVE, H (0), DEV_C, NULL);
  g_assert_cmpint (merge (other, wire_build_op (1, "d", "a", 4, FALSE, "rating", "3", H (0), NULL)),
                   ==, RAFILM_WIRE_LOST);
}

/* Different fields never meet. */
static void
test_fields_are_apart (void)
{
  g_autoptr (RafilmWireRow) row = heat ();

  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 1, FALSE, "liked", "true", H (-999),
                                              "tag:plane", "true", H (-999), NULL)),
                   ==, RAFILM_WIRE_OK);
  wire_assert_field (row, "liked", "true");
  wire_assert_field (row, "rating", "7");
}

/* Hole 4: each field has a clock of its own. */
static void
test_clock_of_each_field (void)
{
  g_autoptr (RafilmWireRow) row = heat ();

  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 1, FALSE, "rating", "3", H (-1), "film",
                                              "950", H (1), NULL)),
                   ==, RAFILM_WIRE_LOST);
  wire_assert_field (row, "rating", "7");
  wire_assert_field (row, "film", "950");
}

/* Hole 6: the same value moves the stamp, or an older opposite edit would win later. */
static void
test_same_value_moves_stamp (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  RafilmWireMerge result;

  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 5, FALSE, "rating", "7", H (50), NULL)),
                   ==, RAFILM_WIRE_OK);
  assert_stamp (row, "rating", SEQ, H (50), DEV_B);
  g_assert_cmpint (merge_by (row,
                             wire_build_op (1, "d", "a", 5, FALSE, "rating", "2", H (20), NULL),
                             DEV_C, &result),
                   ==, RAFILM_WIRE_LOST);
  wire_assert_field (row, "rating", "7");
}

/* Losing against the same value is no loss. */
static void
test_same_value_is_no_loss (void)
{
  g_autoptr (RafilmWireRow) row = heat ();

  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 4, FALSE, "rating", "7", H (-9), NULL)),
                   ==, RAFILM_WIRE_NOOP);
}

static void
test_text_winner (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  RafilmWireMerge result;

  g_assert_cmpint (merge_by (row,
                             wire_build_op (3, "d", "a", 4, FALSE, "rv", "\"New\"", H (1), NULL),
                             DEV_B, &result),
                   ==, RAFILM_WIRE_COPY);
  wire_assert_field (row, "rv", "\"New\"");
  g_assert_cmpuint (result.n_copies, ==, 1);
  g_assert_cmpstr (result.copies[0].field, ==, "rv");
  g_assert_cmpstr (rafilm_wire_value_peek_text (&result.copies[0].value), ==, "Old");
  g_assert_cmpstr (result.copies[0].stamp.dev, ==, DEV_A);
  rafilm_wire_merge_clear (&result);
}

static void
test_text_loser (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  RafilmWireMerge result;

  g_assert_cmpint (merge_by (row,
                             wire_build_op (3, "d", "a", 4, FALSE, "rv", "\"New\"", H (-1), NULL),
                             DEV_B, &result),
                   ==, RAFILM_WIRE_COPY);
  g_assert_false (result.changed);
  wire_assert_field (row, "rv", "\"Old\"");
  g_assert_cmpuint (result.n_copies, ==, 1);
  g_assert_cmpstr (rafilm_wire_value_peek_text (&result.copies[0].value), ==, "New");
  g_assert_cmpstr (result.copies[0].stamp.dev, ==, DEV_B);
  g_assert_cmpint (result.copies[0].stamp.n, ==, 3);
  rafilm_wire_merge_clear (&result);
}

static void
test_text_without_copy (void)
{
  const char *texts[] = { "\"Old\"", "{\"text\":\"Old\",\"spoiler\":true}" };
  RafilmWireMerge result;

  /* The same words make no version, whatever their marks; nor does an empty text that loses. */
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (RafilmWireRow) row = heat ();

      merge_by (row, wire_build_op (3, "d", "a", 4, FALSE, "rv", texts[i], H (1), NULL), DEV_B,
                &result);
      g_assert_cmpuint (result.n_copies, ==, 0);
      rafilm_wire_merge_clear (&result);
      wire_assert_field (row, "rv", texts[i]);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (RafilmWireRow) row = heat ();

      merge_by (row,
                wire_build_op (3, "d", "a", 4, FALSE, "rv", i == 0 ? "\"\"" : "null", H (-1), NULL),
                DEV_B, &result);
      g_assert_cmpuint (result.n_copies, ==, 0);
      rafilm_wire_merge_clear (&result);
      wire_assert_field (row, "rv", "\"Old\"");
    }
}

/* Emptying a review elsewhere keeps the text that it emptied unseen. */
static void
test_text_cleared (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  RafilmWireMerge result;

  merge_by (row, wire_build_op (3, "d", "a", 4, FALSE, "rv", "null", H (1), NULL), DEV_B, &result);
  g_assert_cmpuint (result.n_copies, ==, 1);
  rafilm_wire_merge_clear (&result);
  wire_assert_field (row, "rv", "null");
}

static void
test_copy_row (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  g_autoptr (RafilmWireRow) version = NULL;
  g_autoptr (RafilmWireRow) again = NULL;
  RafilmWireMergeContext context = { .dev = DEV_B, .seq = SEQ };
  RafilmWireMerge result;

  merge_by (row,
            wire_build_op (3, "d", "a", 4, FALSE, "rv", "{\"text\":\"New\",\"spoiler\":true}",
                           H (-1), NULL),
            DEV_B, &result);
  version = rafilm_wire_copy_to_row (&result.copies[0], row, "Laptop", &context);
  again = rafilm_wire_copy_to_row (&result.copies[0], row, "Laptop", &context);
  g_assert_true (rafilm_wire_row_equal (version, again));
  g_assert_cmpstr (version->kind, ==, "x");
  g_assert_true (rafilm_wire_id_is_valid (rafilm_wire_kind_find ("x"), version->id));
  wire_assert_field (version, "of", "\"d#a\"");
  wire_assert_field (version, "field", "\"rv\"");
  wire_assert_field (version, "by", "\"Laptop\"");
  wire_assert_field (version, "text", "{\"text\":\"New\",\"spoiler\":true}");
  wire_assert_field (version, "at", "1699999999999");

  rafilm_wire_row_free (g_steal_pointer (&again));
  result.copies[0].stamp.n++;
  again = rafilm_wire_copy_to_row (&result.copies[0], row, "Laptop", &context);
  g_assert_cmpstr (version->id, !=, again->id);
  rafilm_wire_merge_clear (&result);
}

static void
test_delete (void)
{
  g_autoptr (RafilmWireRow) row = heat ();

  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 5, FALSE, "x", "true", H (1), NULL)), ==,
                   RAFILM_WIRE_OK);
  g_assert_true (rafilm_wire_row_is_deleted (row));
  g_assert_false (row->purged);
  wire_assert_field (row, "rv", "\"Old\"");
}

/* A delete hides only what its author saw. */
static void
test_delete_loses_to_edit (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  g_autoptr (RafilmWireRow) before = rafilm_wire_row_copy (row);

  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 4, FALSE, "x", "true", H (999), NULL)),
                   ==, RAFILM_WIRE_KEPT);
  g_assert_true (rafilm_wire_row_equal (row, before));
}

static void
test_delete_twice (void)
{
  g_autoptr (RafilmWireRow) row = deleted_heat ();

  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 5, FALSE, "x", "true", H (1), NULL)), ==,
                   RAFILM_WIRE_NOOP);
  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 6, FALSE, "x", "true", H (11), NULL)),
                   ==, RAFILM_WIRE_OK);
  assert_stamp (row, "x", SEQ, H (11), DEV_B);
}

/* A delete that didn't know of a restore is ignored. */
static void
test_delete_loses_to_restore (void)
{
  g_autoptr (RafilmWireRow) row = deleted_heat ();
  RafilmWireMerge result;

  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 6, FALSE, "x", "false", H (20), NULL)),
                   ==, RAFILM_WIRE_OK);
  g_assert_cmpint (merge_by (row, wire_build_op (1, "d", "a", 6, FALSE, "x", "true", H (30), NULL),
                             DEV_C, &result),
                   ==, RAFILM_WIRE_KEPT);
  g_assert_false (rafilm_wire_row_is_deleted (row));
}

/* An edit takes a deletion back that its author didn't know of. */
static void
test_edit_revives (void)
{
  g_autoptr (RafilmWireRow) row = deleted_heat ();

  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 5, FALSE, "rating", "9", H (5), NULL)),
                   ==, RAFILM_WIRE_OK);
  wire_assert_field (row, "x", "false");
  wire_assert_field (row, "rating", "9");
  wire_assert_field (row, "rv", "\"Old\"");
  assert_stamp (row, "x", SEQ, H (10) + 1, DEV_B);
}

static void
test_purged_needs_full (void)
{
  g_autoptr (RafilmWireRow) row = deleted_heat ();
  RafilmWireOp *op;

  rafilm_wire_fields_remove (&row->fields, "film");
  rafilm_wire_fields_remove (&row->fields, "rating");
  rafilm_wire_fields_remove (&row->fields, "rv");
  row->purged = true;
  g_assert_cmpint (merge (row, wire_build_op (1, "d", "a", 5, FALSE, "rating", "9", H (5), NULL)),
                   ==, RAFILM_WIRE_NEED_FULL);
  g_assert_true (row->purged);

  op = wire_build_op (1, "d", "a", 5, TRUE, "rating", "9", H (5), NULL);
  rafilm_wire_fields_take (&op->fill, "film", rafilm_wire_int (949), NULL);
  rafilm_wire_fields_take (&op->fill, "rating", rafilm_wire_int (1), NULL);
  g_assert_cmpint (merge (row, op), ==, RAFILM_WIRE_OK);
  g_assert_false (row->purged);
  wire_assert_field (row, "x", "false");
  wire_assert_field (row, "film", "949");
  wire_assert_field (row, "rating", "9");
}

/* Hole 2: what fills a gap is never taken for an edit. */
static void
test_fill_only_fills (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  RafilmWireOp *op = wire_build_op (1, "d", "a", 5, TRUE, "liked", "true", H (5), NULL);

  rafilm_wire_fields_take (&op->fill, "rating", rafilm_wire_int (1), NULL);
  rafilm_wire_fields_take (&op->fill, "rewatch", rafilm_wire_bool (true), NULL);
  g_assert_cmpint (merge (row, op), ==, RAFILM_WIRE_OK);
  wire_assert_field (row, "rating", "7");
  wire_assert_field (row, "rewatch", "true");
  assert_stamp (row, "rewatch", SEQ, 1, DEV_B);
}

/* What a restored server lost comes back with the stamps that it had. */
static void
test_recovery (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  RafilmWireOp *op = rafilm_wire_op_new (1, "d", "a");
  RafilmWireStamp newer = { .fseq = 7, .h = H (3), .dev = DEV_C, .n = 4 };
  RafilmWireStamp older = { .fseq = 2, .h = H (-3), .dev = DEV_C, .n = 3 };
  RafilmWireValue nine = rafilm_wire_int (9);

  op->full = op->recovery = true;
  rafilm_wire_fields_set (&op->set, "rating", &nine, &newer);
  rafilm_wire_fields_take (&op->set, "rv", rafilm_wire_review ("Older", false, NULL), &older);
  g_assert_cmpint (merge (row, op), ==, RAFILM_WIRE_OK);
  wire_assert_field (row, "rating", "9");
  wire_assert_field (row, "rv", "\"Old\"");
  assert_stamp (row, "rating", SEQ, H (3), DEV_C);
  g_assert_cmpint (rafilm_wire_row_get (row, "rating")->stamp.n, ==, 4);

  op = rafilm_wire_op_new (2, "d", "a");
  op->full = op->recovery = true;
  rafilm_wire_fields_set (&op->set, "rating", &nine, &newer);
  g_assert_cmpint (merge (row, op), ==, RAFILM_WIRE_NOOP);
}

/* What was written since the restore did not see what the restore lost, and the other way round. */
static void
test_recovery_keeps_both_texts (void)
{
  for (int later = -1; later <= 1; later += 2)
    {
      g_autoptr (RafilmWireRow) row = heat ();
      RafilmWireOp *op = rafilm_wire_op_new (1, "d", "a");
      RafilmWireStamp since = {
        .fseq = RAFILM_WIRE_EPOCH_JUMP + 6, .h = H (1), .dev = DEV_A, .n = 2
      };
      RafilmWireStamp lost = { .fseq = 8, .h = H (1 + later), .dev = DEV_C, .n = 3 };
      RafilmWireMerge result;

      row->q = since.fseq;
      rafilm_wire_fields_take (&row->fields, "rv", rafilm_wire_review ("Since", false, NULL),
                               &since);
      op->full = op->recovery = true;
      rafilm_wire_fields_take (&op->set, "rv", rafilm_wire_review ("Lost", false, NULL), &lost);
      g_assert_cmpint (merge_by (row, op, DEV_B, &result), ==, RAFILM_WIRE_COPY);
      wire_assert_field (row, "rv", later > 0 ? "\"Lost\"" : "\"Since\"");
      g_assert_cmpuint (result.n_copies, ==, 1);
      g_assert_cmpstr (rafilm_wire_value_peek_text (&result.copies[0].value), ==,
                       later > 0 ? "Since" : "Lost");
      g_assert_cmpint (result.copies[0].stamp.n, ==, later > 0 ? 2 : 3);
      g_assert_cmpint (result.changed, ==, later > 0);
      rafilm_wire_merge_clear (&result);
    }
}

/* Who claims to have been of the future is of now, and an edit after that wins. */
static void
test_recovery_of_the_future (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  RafilmWireOp *op = rafilm_wire_op_new (1, "d", "a");
  RafilmWireStamp future = { .fseq = 7, .h = H (4000000000000), .dev = DEV_C, .n = 4 };
  RafilmWireValue nine = rafilm_wire_int (9);

  op->full = op->recovery = true;
  rafilm_wire_fields_set (&op->set, "rating", &nine, &future);
  g_assert_cmpint (merge (row, op), ==, RAFILM_WIRE_OK);
  wire_assert_field (row, "rating", "9");
  assert_stamp (row, "rating", SEQ, H (100000) | 0xffff, DEV_C);
}

/* A clock that runs a day ahead, or behind, changes nothing about the order of edits. */
static void
test_skew (void)
{
  const gint64 day = 86400000;

  for (gint64 skew = -day; skew <= day; skew += day)
    {
      g_autoptr (RafilmWireRow) row = heat ();
      g_autoptr (RafilmWireOp) op = NULL;
      RafilmWireMerge result;
      RafilmWireMergeContext context = {
        .dev = DEV_B, .seq = SEQ, .sender_ms = MS (skew + 1000), .server_ms = MS (1000)
      };

      /* Made 2 s before it is sent, hence 1 s before the row's edit. */
      op = wire_build_op (1, "d", "a", 4, FALSE, "rating", "3", H (skew - 1000), NULL);
      rafilm_wire_merge (row, op, &context, &result);
      g_assert_cmpint (result.verdict, ==, RAFILM_WIRE_LOST);
    }
}

static void
test_verdict_texts (void)
{
  const char *texts[] = { "ok", "noop", "lost", "copy", "kept", "need_full", "bad" };
  RafilmWireVerdict verdict;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (rafilm_wire_verdict_parse (texts[i], &verdict));
      g_assert_cmpstr (rafilm_wire_verdict_to_text (verdict), ==, texts[i]);
    }
  g_assert_true (rafilm_wire_verdict_parse ("bad:value", &verdict));
  g_assert_cmpint (verdict, ==, RAFILM_WIRE_BAD);
  g_assert_false (rafilm_wire_verdict_parse ("fine", &verdict));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/merge/create", test_create);
  g_test_add_func ("/wire/merge/upsert", test_upsert);
  g_test_add_func ("/wire/merge/not-concurrent", test_not_concurrent);
  g_test_add_func ("/wire/merge/own-edit", test_own_edit);
  g_test_add_func ("/wire/merge/concurrent-later-wins", test_concurrent_later_wins);
  g_test_add_func ("/wire/merge/concurrent-earlier-loses", test_concurrent_earlier_loses);
  g_test_add_func ("/wire/merge/concurrent-tie", test_concurrent_tie);
  g_test_add_func ("/wire/merge/fields-are-apart", test_fields_are_apart);
  g_test_add_func ("/wire/merge/clock-of-each-field", test_clock_of_each_field);
  g_test_add_func ("/wire/merge/same-value-moves-stamp", test_same_value_moves_stamp);
  g_test_add_func ("/wire/merge/same-value-is-no-loss", test_same_value_is_no_loss);
  g_test_add_func ("/wire/merge/text-winner", test_text_winner);
  g_test_add_func ("/wire/merge/text-loser", test_text_loser);
  g_test_add_func ("/wire/merge/text-without-copy", test_text_without_copy);
  g_test_add_func ("/wire/merge/text-cleared", test_text_cleared);
  g_test_add_func ("/wire/merge/copy-row", test_copy_row);
  g_test_add_func ("/wire/merge/delete", test_delete);
  g_test_add_func ("/wire/merge/delete-loses-to-edit", test_delete_loses_to_edit);
  g_test_add_func ("/wire/merge/delete-twice", test_delete_twice);
  g_test_add_func ("/wire/merge/delete-loses-to-restore", test_delete_loses_to_restore);
  g_test_add_func ("/wire/merge/edit-revives", test_edit_revives);
  g_test_add_func ("/wire/merge/purged-needs-full", test_purged_needs_full);
  g_test_add_func ("/wire/merge/fill-only-fills", test_fill_only_fills);
  g_test_add_func ("/wire/merge/recovery", test_recovery);
  g_test_add_func ("/wire/merge/recovery-keeps-both-texts", test_recovery_keeps_both_texts);
  g_test_add_func ("/wire/merge/recovery-of-the-future", test_recovery_of_the_future);
  g_test_add_func ("/wire/merge/skew", test_skew);
  g_test_add_func ("/wire/merge/verdict-texts", test_verdict_texts);

  return g_test_run ();
}
