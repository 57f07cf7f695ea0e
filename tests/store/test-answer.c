/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The outbox's rules, batches, and answers of the server, each with the end of the program before
 * and after it. */

#include "rafilm-store-test.h"

#include <string.h>

#define ACCT "u_test"
#define EPOCH "e_one"

static RafilmSyncState *
get_state (RafilmStore *store)
{
  return store_test_await_boxed (rafilm_store_sync_state (store));
}

static RafilmStore *
open_bound (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autoptr (RafilmSyncState) state =
      store_test_await_boxed (rafilm_store_bind_account (store, ACCT));

  g_assert_cmpstr (state->acct, ==, ACCT);
  g_assert_null (state->epoch);
  return store;
}

static RafilmSyncBatch *
take_batch (RafilmStore *store, guint max_ops)
{
  return store_test_await_boxed (rafilm_store_take_batch (store, max_ops, 200000));
}

static RafilmSyncAnswer *
make_answer (const char *batch, gint64 cursor)
{
  RafilmSyncAnswer *answer = rafilm_sync_answer_new ();

  answer->acct = g_strdup (ACCT);
  answer->epoch = g_strdup (EPOCH);
  answer->server_now = 1790000000000;
  answer->head = cursor;
  answer->cursor = cursor;
  answer->batch = g_strdup (batch);
  return answer;
}

static RafilmWireRow *
make_row (const char *kind, const char *id, gint64 q)
{
  RafilmWireRow *row = rafilm_wire_row_new (kind, id);

  row->q = q;
  return row;
}

static void
set_field (RafilmWireRow *row, const char *name, RafilmWireValue value)
{
  RafilmWireStamp stamp = { .fseq = row->q, .h = 1000, .dev = "otherdev", .n = 1 };

  rafilm_wire_fields_take (&row->fields, name, value, &stamp);
}

static RafilmSyncState *
apply_answer (RafilmStore *store, RafilmSyncAnswer *answer)
{
  RafilmSyncState *state = store_test_await_boxed (rafilm_store_apply_answer (store, answer));

  store_test_check_overlay (store);
  return state;
}

static void
rate (RafilmStore *store, gint64 film, int rating)
{
  RafilmEdit *edit = rafilm_edit_new ("Rate");

  rafilm_edit_rate_film (edit, film, rating);
  store_test_apply (store, edit);
}

static void
set_review (RafilmStore *store, const char *id, const char *text)
{
  RafilmEdit *edit = rafilm_edit_new ("Review");

  rafilm_edit_set (edit, "d", id, "rv", rafilm_wire_review (text, false, NULL));
  store_test_apply (store, edit);
}

static void
delete_viewing (RafilmStore *store, const char *id)
{
  RafilmEdit *edit = rafilm_edit_new ("Delete");

  rafilm_edit_delete_viewing (edit, id);
  store_test_apply (store, edit);
}

static char *
dup_review (RafilmStore *store, const char *id)
{
  g_autoptr (RafilmViewing) viewing =
      store_test_await_object (rafilm_store_get_viewing (store, id));

  return g_strdup (rafilm_viewing_get_review (viewing));
}

static RafilmWireRow *
make_viewing_row (const char *id, gint64 q, int rating, const char *review)
{
  RafilmWireRow *row = make_row ("d", id, q);

  set_field (row, "film", rafilm_wire_int (5));
  set_field (row, "on", rafilm_wire_text ("2026-01-01"));
  set_field (row, "rating", rafilm_wire_int (rating));
  set_field (row, "rv", rafilm_wire_review (review, false, NULL));
  return row;
}

/* The mirror gets the viewing "v" with the sequence number 3. */
static void
pull_viewing (RafilmStore *store)
{
  RafilmSyncAnswer *answer = make_answer (NULL, 3);
  g_autoptr (RafilmSyncState) state = NULL;

  g_ptr_array_add (answer->rows, make_viewing_row ("v", 3, 6, "old"));
  state = apply_answer (store, answer);
  g_assert_cmpint (state->cursor, ==, 3);
  g_assert_cmpstr (state->epoch, ==, EPOCH);
}

/* The outbox */

static void
test_coalesce (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (GPtrArray) entries = NULL;
  RafilmOutboxEntry *entry = NULL;
  const RafilmWireField *rating = NULL;
  const RafilmWireField *review = NULL;

  pull_viewing (store);
  set_review (store, "v", "one");
  store_test_reopen (&store);
  set_review (store, "v", "two");
  {
    RafilmEdit *edit = rafilm_edit_new ("Rate");

    rafilm_edit_set (edit, "d", "v", "rating", rafilm_wire_int (9));
    store_test_apply (store, edit);
  }
  entries = store_test_list_entries (store);
  g_assert_cmpuint (entries->len, ==, 1);
  entry = g_ptr_array_index (entries, 0);
  g_assert_cmpint (entry->op->base, ==, 3);
  g_assert_false (entry->op->full);
  rating = rafilm_wire_fields_get (&entry->op->set, "rating");
  review = rafilm_wire_fields_get (&entry->op->set, "rv");
  g_assert_cmpstr (review->value.review.text, ==, "two");
  /* Each field keeps its own clock. */
  g_assert_cmpuint (rating->stamp.h, >, review->stamp.h);
  store_test_close (store);
}

static void
test_not_across_delete (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (GPtrArray) entries = NULL;
  RafilmEdit *edit = NULL;

  pull_viewing (store);
  set_review (store, "v", "one");
  delete_viewing (store, "v");
  edit = rafilm_edit_new ("Restore");
  rafilm_edit_restore_viewing (edit, "v");
  store_test_apply (store, edit);
  set_review (store, "v", "two");
  entries = store_test_list_entries (store);
  g_assert_cmpuint (entries->len, ==, 4);
  for (guint i = 0; i < entries->len; i++)
    {
      RafilmOutboxEntry *entry = g_ptr_array_index (entries, i);

      g_assert_cmpint (entry->op->n, ==, i + 1);
      g_assert_cmpint (entry->op->base, ==, 3);
    }
  store_test_check_overlay (store);
  store_test_close (store);
}

static void
test_batch_is_immutable (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncBatch) first = NULL;
  g_autoptr (RafilmSyncBatch) again = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  const RafilmWireOp *op = NULL;
  RafilmOutboxEntry *late = NULL;

  pull_viewing (store);
  set_review (store, "v", "sent");
  rate (store, 8, 7);
  first = take_batch (store, 1);
  g_assert_cmpuint (first->ops->len, ==, 1);
  set_review (store, "v", "later");
  store_test_reopen (&store);
  again = take_batch (store, 90);
  g_assert_cmpstr (again->id, ==, first->id);
  g_assert_cmpuint (again->ops->len, ==, 1);
  op = g_ptr_array_index (again->ops, 0);
  g_assert_cmpstr (rafilm_wire_fields_peek (&op->set, "rv")->review.text, ==, "sent");

  entries = store_test_list_entries (store);
  g_assert_cmpuint (entries->len, ==, 3);
  late = g_ptr_array_index (entries, 2);
  g_assert_cmpstr (rafilm_wire_fields_peek (&late->op->set, "rv")->review.text, ==, "later");
  /* What the person had seen is still what was there before the first of the two edits. */
  g_assert_cmpint (late->op->base, ==, 3);
  store_test_close (store);
}

static void
test_batch_limits (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncBatch) by_size = NULL;
  g_autofree char *text = g_strnfill (40000, 'x');
  g_autoptr (RafilmSyncBatch) none = take_batch (store, 90);

  g_assert_null (none);
  for (int i = 1; i <= 6; i++)
    {
      g_autofree char *id = store_test_log (store, i, "2026-01-01", 0, text);
    }
  by_size = store_test_await_boxed (rafilm_store_take_batch (store, 90, 100000));
  g_assert_cmpuint (by_size->ops->len, >=, 2);
  g_assert_cmpuint (by_size->ops->len, <=, 5);
  store_test_close (store);
}

/* Answers */

static void
test_acknowledged (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncBatch) batch = NULL;
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (RafilmSyncState) repeated = NULL;
  g_autofree char *review = NULL;
  RafilmSyncAnswer *answer = NULL;

  pull_viewing (store);
  set_review (store, "v", "mine");
  batch = take_batch (store, 90);
  rate (store, 8, 7);
  store_test_reopen (&store);
  answer = make_answer (batch->id, 4);
  g_ptr_array_add (answer->ack_rows, make_viewing_row ("v", 4, 6, "mine"));
  g_ptr_array_add (answer->rows, make_viewing_row ("v", 4, 6, "mine"));
  state = apply_answer (store, answer);
  g_assert_cmpuint (state->pending, ==, 1);
  g_assert_cmpint (state->next_n, ==, 3);
  store_test_reopen (&store);
  review = dup_review (store, "v");
  g_assert_cmpstr (review, ==, "mine");

  /* The same answer once more changes nothing: its batch is not the one on its way. */
  answer = make_answer (batch->id, 4);
  g_ptr_array_add (answer->ack_rows, make_viewing_row ("v", 4, 6, "mine"));
  repeated = apply_answer (store, answer);
  g_assert_cmpuint (repeated->pending, ==, 1);
  store_test_close (store);
}

static void
test_older_row_is_ignored (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncState) state = NULL;
  g_autofree char *review = NULL;
  RafilmSyncAnswer *answer = make_answer (NULL, 3);

  pull_viewing (store);
  g_ptr_array_add (answer->rows, make_viewing_row ("v", 2, 1, "older"));
  state = apply_answer (store, answer);
  review = dup_review (store, "v");
  g_assert_cmpstr (review, ==, "old");
  store_test_close (store);
}

static void
test_need_full (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncBatch) batch = NULL;
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  RafilmOutboxEntry *entry = NULL;
  RafilmSyncAnswer *answer = NULL;

  pull_viewing (store);
  set_review (store, "v", "mine");
  batch = take_batch (store, 90);
  rate (store, 8, 7);
  answer = make_answer (batch->id, 3);
  rafilm_sync_answer_add_verdict (answer, 1, "need_full");
  state = apply_answer (store, answer);

  entries = store_test_list_entries (store);
  g_assert_cmpuint (entries->len, ==, 2);
  entry = g_ptr_array_index (entries, 0);
  g_assert_cmpint (entry->op->n, ==, 2);
  g_assert_true (entry->op->full);
  g_assert_null (entry->batch);
  g_assert_cmpuint (entry->op->set.n_items, ==, 1);
  g_assert_cmpint (rafilm_wire_fields_peek (&entry->op->fill, "rating")->integer, ==, 6);
  g_assert_null (rafilm_wire_fields_peek (&entry->op->fill, "x"));
  entry = g_ptr_array_index (entries, 1);
  g_assert_cmpint (entry->op->n, ==, 3);
  g_assert_cmpint (state->next_n, ==, 4);
  store_test_close (store);
}

static void
test_bad (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncBatch) batch = NULL;
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (GPtrArray) dead = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  const RafilmPendingChange *change = NULL;
  RafilmSyncAnswer *answer = NULL;

  rate (store, 8, 7);
  batch = take_batch (store, 90);
  answer = make_answer (batch->id, 0);
  rafilm_sync_answer_add_verdict (answer, 1, "bad:value");
  state = apply_answer (store, answer);
  g_assert_cmpuint (state->pending, ==, 0);
  g_assert_cmpuint (state->dead, ==, 1);
  store_test_reopen (&store);
  dead = store_test_await_boxed (rafilm_store_list_dead (store));
  change = g_ptr_array_index (dead, 0);
  g_assert_cmpstr (change->code, ==, "value");
  g_assert_cmpint (change->film, ==, 8);

  store_test_await_boolean (rafilm_store_retry_dead (store, change->n));
  outbox = store_test_await_boxed (rafilm_store_list_outbox (store));
  g_assert_cmpuint (outbox->len, ==, 1);
  g_assert_cmpint (store_test_get_int (store, "SELECT rating FROM film WHERE id = 8"), ==, 7);
  store_test_await_error (rafilm_store_retry_dead (store, change->n), RAFILM_ERROR_NOT_FOUND);
  store_test_check_overlay (store);
  store_test_close (store);
}

/* The person had rated 6 to 9, which the server has acknowledged in this very answer's batch, and
 * then wrote a review; the tombstone must not take the rating back to 6. */
static void
test_tombstone_over_edit (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncBatch) batch = NULL;
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autofree char *review = NULL;
  RafilmOutboxEntry *entry = NULL;
  RafilmSyncAnswer *answer = NULL;
  RafilmWireRow *tombstone = NULL;
  RafilmEdit *edit = rafilm_edit_new ("Rate");

  pull_viewing (store);
  rafilm_edit_set (edit, "d", "v", "rating", rafilm_wire_int (9));
  store_test_apply (store, edit);
  batch = take_batch (store, 90);
  set_review (store, "v", "unsent");

  answer = make_answer (batch->id, 5);
  tombstone = make_row ("d", "v", 5);
  tombstone->purged = true;
  set_field (tombstone, "x", rafilm_wire_bool (true));
  g_ptr_array_add (answer->ack_rows, rafilm_wire_row_copy (tombstone));
  g_ptr_array_add (answer->rows, tombstone);
  state = apply_answer (store, answer);

  entries = store_test_list_entries (store);
  g_assert_cmpuint (entries->len, ==, 1);
  entry = g_ptr_array_index (entries, 0);
  g_assert_true (entry->op->full);
  g_assert_cmpint (rafilm_wire_fields_peek (&entry->op->fill, "rating")->integer, ==, 9);
  g_assert_cmpint (rafilm_wire_fields_peek (&entry->op->fill, "film")->integer, ==, 5);
  /* It is still seen, for the edit will win. */
  review = dup_review (store, "v");
  g_assert_cmpstr (review, ==, "unsent");
  store_test_close (store);
}

static void
test_wrong_account (void)
{
  RafilmStore *store = open_bound ();
  RafilmSyncAnswer *other = make_answer (NULL, 9);
  RafilmSyncAnswer *epoch = make_answer (NULL, 9);

  pull_viewing (store);
  g_free (other->acct);
  other->acct = g_strdup ("u_other");
  g_ptr_array_add (other->rows, make_viewing_row ("w", 9, 1, "not mine"));
  store_test_await_error (rafilm_store_apply_answer (store, other), RAFILM_ERROR_INVALID);
  g_free (epoch->epoch);
  epoch->epoch = g_strdup ("e_two");
  store_test_await_error (rafilm_store_apply_answer (store, epoch), RAFILM_ERROR_INVALID);
  store_test_await_error (rafilm_store_bind_account (store, "u_other"), RAFILM_ERROR_INVALID);
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM mirror"), ==, 1);
  store_test_close (store);
}

static void
test_digest (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncState) same = NULL;
  g_autoptr (RafilmSyncState) different = NULL;
  RafilmSyncAnswer *answer = make_answer (NULL, 4);

  pull_viewing (store);
  g_ptr_array_add (answer->rows, make_viewing_row ("v", 4, 2, "new"));
  answer->has_digest = TRUE;
  rafilm_wire_digest_toggle (&answer->digest, "d", "v", 4);
  same = apply_answer (store, answer);
  g_assert_false (same->digest_differs);

  answer = make_answer (NULL, 4);
  answer->has_digest = TRUE;
  rafilm_wire_digest_toggle (&answer->digest, "d", "w", 4);
  different = apply_answer (store, answer);
  g_assert_true (different->digest_differs);
  store_test_close (store);
}

static void
test_unknown_kind (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncState) state = NULL;
  RafilmSyncAnswer *answer = make_answer (NULL, 4);
  RafilmWireRow *row = make_row ("q", "later", 4);

  set_field (row, "shape", rafilm_wire_raw ("{\"a\":[1]}"));
  g_ptr_array_add (answer->rows, row);
  state = apply_answer (store, answer);
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM mirror WHERE kind = 'q'"), ==,
                   1);
  store_test_close (store);
}

static void
test_versions (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (GListModel) versions = NULL;
  g_autoptr (GListModel) after = NULL;
  g_autoptr (RafilmVersion) version = NULL;
  g_autofree char *review = NULL;
  RafilmSyncAnswer *answer = make_answer (NULL, 4);
  RafilmWireRow *row = make_row ("x", "abc", 4);
  RafilmEdit *edit = rafilm_edit_new ("Use");

  pull_viewing (store);
  set_field (row, "of", rafilm_wire_text ("d#v"));
  set_field (row, "field", rafilm_wire_text ("rv"));
  set_field (row, "text", rafilm_wire_review ("other", true, NULL));
  set_field (row, "by", rafilm_wire_text ("Laptop"));
  set_field (row, "at", rafilm_wire_int (1234));
  g_ptr_array_add (answer->rows, row);
  state = apply_answer (store, answer);
  versions = store_test_await_object (rafilm_store_list_versions (store, "v"));
  g_assert_cmpuint (g_list_model_get_n_items (versions), ==, 1);
  version = g_list_model_get_item (versions, 0);
  g_assert_cmpstr (rafilm_version_get_text (version), ==, "other");
  g_assert_cmpstr (rafilm_version_get_by (version), ==, "Laptop");
  g_assert_cmpint (rafilm_version_get_at (version), ==, 1234);

  rafilm_edit_use_version (edit, "abc");
  store_test_apply (store, edit);
  review = dup_review (store, "v");
  g_assert_cmpstr (review, ==, "other");
  after = store_test_await_object (rafilm_store_list_versions (store, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (after), ==, 0);
  store_test_check_overlay (store);
  store_test_close (store);
}

/* Fork, epoch, stage */

static void
test_fork (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncState) before = NULL;
  g_autoptr (RafilmSyncState) after = NULL;
  g_autoptr (RafilmSyncBatch) batch = NULL;
  g_autoptr (RafilmSyncBatch) fresh = NULL;
  g_autoptr (RafilmSyncState) settled = NULL;

  rate (store, 1, 1);
  batch = take_batch (store, 90);
  settled = apply_answer (store, make_answer (batch->id, 1));
  rate (store, 2, 2);
  rate (store, 3, 3);
  g_clear_pointer (&batch, rafilm_sync_batch_free);
  batch = take_batch (store, 1);
  before = get_state (store);
  after = store_test_await_boxed (rafilm_store_new_device (store));
  g_assert_cmpstr (before->dev, !=, after->dev);
  g_assert_cmpint (after->next_n, ==, 3);
  store_test_reopen (&store);
  fresh = take_batch (store, 90);
  g_assert_cmpstr (fresh->id, !=, batch->id);
  g_assert_cmpuint (fresh->ops->len, ==, 2);
  g_assert_cmpint (((RafilmWireOp *) g_ptr_array_index (fresh->ops, 0))->n, ==, 1);
  store_test_close (store);
}

static void
test_epoch (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (RafilmSyncState) page = NULL;
  g_autoptr (RafilmSyncState) last = NULL;
  g_autoptr (RafilmSyncBatch) none = NULL;
  g_autoptr (RafilmSyncBatch) batch = NULL;
  g_autofree char *meanwhile = NULL;
  g_autofree char *review = NULL;
  const RafilmWireOp *op = NULL;
  RafilmSyncAnswer *answer = make_answer (NULL, 7);

  pull_viewing (store);
  g_ptr_array_add (answer->rows, make_viewing_row ("lost", 7, 8, "kept here"));
  page = apply_answer (store, answer);
  g_clear_pointer (&page, rafilm_sync_state_free);
  rate (store, 2, 2);

  state = store_test_await_boxed (rafilm_store_begin_epoch (store, "e_two", 5));
  g_assert_true (state->staged);
  g_assert_cmpint (state->cursor, ==, 0);
  g_assert_cmpuint (state->pending, ==, 2);
  store_test_check_overlay (store);
  none = take_batch (store, 90);
  g_assert_null (none);

  answer = make_answer (NULL, 2);
  g_free (answer->epoch);
  answer->epoch = g_strdup ("e_two");
  answer->more = TRUE;
  g_ptr_array_add (answer->rows, make_viewing_row ("other", 2, 3, "another device's"));
  page = apply_answer (store, answer);
  g_assert_true (page->staged);
  g_assert_cmpint (page->cursor, ==, 2);
  store_test_reopen (&store);
  meanwhile = dup_review (store, "v");
  g_assert_cmpstr (meanwhile, ==, "old");
  store_test_await_error (rafilm_store_get_viewing (store, "other"), RAFILM_ERROR_NOT_FOUND);

  answer = make_answer (NULL, 1000003);
  g_free (answer->epoch);
  answer->epoch = g_strdup ("e_two");
  answer->has_digest = TRUE;
  rafilm_wire_digest_toggle (&answer->digest, "d", "other", 2);
  rafilm_wire_digest_toggle (&answer->digest, "d", "v", 3);
  g_ptr_array_add (answer->rows, make_viewing_row ("v", 3, 6, "from the stage"));
  last = apply_answer (store, answer);
  g_assert_false (last->staged);
  g_assert_false (last->digest_differs);
  g_assert_cmpint (last->cursor, ==, 1000003);
  store_test_reopen (&store);

  /* What the restored server lost is still seen, and goes back first, with its stamps. */
  review = dup_review (store, "lost");
  g_assert_cmpstr (review, ==, "kept here");
  batch = take_batch (store, 90);
  g_assert_cmpuint (batch->ops->len, ==, 2);
  op = g_ptr_array_index (batch->ops, 0);
  g_assert_true (op->recovery && op->full);
  g_assert_cmpint (op->n, ==, 1);
  g_assert_cmpstr (op->id, ==, "lost");
  g_assert_cmpint (rafilm_wire_fields_get (&op->set, "rating")->stamp.fseq, ==, 7);
  g_assert_cmpstr (rafilm_wire_fields_get (&op->set, "rating")->stamp.dev, ==, "otherdev");
  store_test_close (store);
}

static void
test_reset (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (RafilmSyncState) last = NULL;
  RafilmSyncAnswer *answer = make_answer (NULL, 0);

  pull_viewing (store);
  state = store_test_await_boxed (rafilm_store_begin_epoch (store, "e_two", G_MAXINT64));
  g_assert_cmpuint (state->pending, ==, 0);
  g_free (answer->epoch);
  answer->epoch = g_strdup ("e_two");
  last = apply_answer (store, answer);
  store_test_await_error (rafilm_store_get_viewing (store, "v"), RAFILM_ERROR_NOT_FOUND);
  store_test_close (store);
}

static void
test_resync (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (RafilmSyncState) last = NULL;
  g_autoptr (RafilmSyncBatch) batch = NULL;
  g_autoptr (RafilmSyncBatch) again = NULL;
  g_autofree char *review = NULL;
  RafilmSyncAnswer *answer = make_answer (NULL, 3);

  pull_viewing (store);
  store_test_run_sql (store,
                      "INSERT INTO mirror SELECT kind, 'ghost', q, purged, body FROM mirror");
  set_review (store, "v", "pending");
  batch = take_batch (store, 90);
  state = store_test_await_boxed (rafilm_store_begin_resync (store));
  g_assert_true (state->staged);
  g_ptr_array_add (answer->rows, make_viewing_row ("v", 3, 6, "old"));
  last = store_test_await_boxed (rafilm_store_apply_answer (store, answer));
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM mirror"), ==, 1);
  store_test_check_overlay (store);
  review = dup_review (store, "v");
  g_assert_cmpstr (review, ==, "pending");
  /* The batch was perhaps applied; it is sent again as it was. */
  again = take_batch (store, 90);
  g_assert_cmpstr (again->id, ==, batch->id);
  store_test_close (store);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/store/answer/coalesce", test_coalesce);
  rafilm_test_add_fiber ("/store/answer/not-across-delete", test_not_across_delete);
  rafilm_test_add_fiber ("/store/answer/batch-is-immutable", test_batch_is_immutable);
  rafilm_test_add_fiber ("/store/answer/batch-limits", test_batch_limits);
  rafilm_test_add_fiber ("/store/answer/acknowledged", test_acknowledged);
  rafilm_test_add_fiber ("/store/answer/older-row-is-ignored", test_older_row_is_ignored);
  rafilm_test_add_fiber ("/store/answer/need-full", test_need_full);
  rafilm_test_add_fiber ("/store/answer/bad", test_bad);
  rafilm_test_add_fiber ("/store/answer/tombstone-over-edit", test_tombstone_over_edit);
  rafilm_test_add_fiber ("/store/answer/wrong-account", test_wrong_account);
  rafilm_test_add_fiber ("/store/answer/digest", test_digest);
  rafilm_test_add_fiber ("/store/answer/unknown-kind", test_unknown_kind);
  rafilm_test_add_fiber ("/store/answer/versions", test_versions);
  rafilm_test_add_fiber ("/store/answer/fork", test_fork);
  rafilm_test_add_fiber ("/store/answer/epoch", test_epoch);
  rafilm_test_add_fiber ("/store/answer/reset", test_reset);
  rafilm_test_add_fiber ("/store/answer/resync", test_resync);
  return g_test_run ();
}
