/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire-build.h"

#include "rafilm-test.h"
#include "rafilm-wire-hlc.h"
#include "rafilm-wire-overlay.h"

/* Three computers edit a few records and exchange them through a server in random order, with
 * clocks that differ by days. Afterwards all hold the same, and no text has vanished unseen. */

#define WORLDS 300
#define STEPS 160
#define N_DEVICES 3

typedef struct
{
  const char *dev;
  gint64 skew;
  guint64 hlc;
  gint64 next_n;
  gint64 cursor;
  GHashTable *mirror; /* key -> RafilmWireRow */
  GPtrArray *outbox;  /* RafilmWireOp */
} Device;

typedef struct
{
  GRand *rand;
  gint64 now;
  gint64 head;
  GHashTable *rows;     /* key -> RafilmWireRow, the server's */
  GHashTable *replaced; /* texts that somebody saw and then wrote over or deleted */
  GHashTable *written;  /* text -> key of its row */
  Device devices[N_DEVICES];
  guint copies;
  guint revived;
} World;

static char *
row_key (const char *kind, const char *id)
{
  return g_strdup_printf ("%s#%s", kind, id);
}

static void
free_row (gpointer row)
{
  rafilm_wire_row_free (row);
}

static void
free_op (gpointer op)
{
  rafilm_wire_op_free (op);
}

static void
view_row (Device *device, const char *key, RafilmWireFields *view)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new ();

  for (guint i = 0; i < device->outbox->len; i++)
    {
      RafilmWireOp *op = device->outbox->pdata[i];
      g_autofree char *own = row_key (op->kind, op->id);

      if (g_str_equal (own, key))
        g_ptr_array_add (ops, op);
    }
  rafilm_wire_overlay (g_hash_table_lookup (device->mirror, key),
                       (const RafilmWireOp *const *) ops->pdata, ops->len, view);
}

/* The base of an edit: that of a pending edit of the same field, else the mirror's row. */
static gint64
base_of (Device *device, const char *key, const char *field)
{
  RafilmWireRow *row = g_hash_table_lookup (device->mirror, key);

  for (guint i = 0; i < device->outbox->len; i++)
    {
      RafilmWireOp *op = device->outbox->pdata[i];
      g_autofree char *own = row_key (op->kind, op->id);

      if (g_str_equal (own, key)
          && (g_str_equal (field, "x") || rafilm_wire_fields_get (&op->set, field) != NULL))
        return op->base;
    }
  return row != NULL ? row->q : 0;
}

static void
edit (World *world, Device *device, const char *id, const char *field, RafilmWireValue value)
{
  g_autofree char *key = row_key ("d", id);
  g_auto (RafilmWireFields) view = { 0 };
  g_auto (RafilmWireValue) own = value;
  const char *shown;
  RafilmWireOp *op;

  view_row (device, key, &view);
  shown = rafilm_wire_value_peek_text (rafilm_wire_fields_peek (&view, "rv"));
  if (shown != NULL && (g_str_equal (field, "rv") || g_str_equal (field, "x")))
    g_hash_table_add (world->replaced, g_strdup (shown));
  if (own.type == RAFILM_WIRE_REVIEW)
    g_hash_table_insert (world->written, g_strdup (own.review.text), g_strdup (key));

  device->hlc = rafilm_wire_hlc_next (device->hlc, world->now + device->skew);
  op = rafilm_wire_op_new (device->next_n++, "d", id);
  op->base = base_of (device, key, field);
  op->full = view.n_items == 0;
  rafilm_wire_op_set (op, field, &own, device->hlc);
  g_ptr_array_add (device->outbox, op);
}

static void
random_edit (World *world, Device *device)
{
  static guint texts;
  g_autofree char *id = g_strdup_printf ("v%d", g_rand_int_range (world->rand, 0, 4));

  switch (g_rand_int_range (world->rand, 0, 6))
    {
    case 0:
      edit (world, device, id, "rating", rafilm_wire_int (g_rand_int_range (world->rand, 1, 11)));
      break;
    case 1:
      edit (world, device, id, "liked", rafilm_wire_bool (g_rand_boolean (world->rand)));
      break;
    case 2:
      edit (world, device, id, "x", rafilm_wire_bool (true));
      break;
    default:
      {
        g_autofree char *text = g_strdup_printf ("text %u by %s", texts++, device->dev);

        edit (world, device, id, "rv", rafilm_wire_review (text, false, NULL));
      }
    }
}

static void
write_row (World *world, RafilmWireRow *row)
{
  row->q = world->head;
  g_hash_table_replace (world->rows, row_key (row->kind, row->id), row);
}

/* The server's side of one operation. */
static RafilmWireVerdict
serve (World *world, Device *device, const RafilmWireOp *op)
{
  RafilmWireMergeContext context = { .dev = device->dev,
                                     .seq = world->head + 1,
                                     .sender_ms = world->now + device->skew,
                                     .server_ms = world->now };
  g_autofree char *key = row_key (op->kind, op->id);
  const RafilmWireRow *stored = g_hash_table_lookup (world->rows, key);
  RafilmWireRow *row =
      stored != NULL ? rafilm_wire_row_copy (stored) : rafilm_wire_row_new (op->kind, op->id);
  gboolean was_deleted = rafilm_wire_row_is_deleted (row);
  RafilmWireMerge merge;
  RafilmWireVerdict verdict;

  g_assert_cmpstr (rafilm_wire_op_check (op), ==, NULL);
  rafilm_wire_merge (row, op, &context, &merge);
  verdict = merge.verdict;
  if (merge.changed || merge.n_copies > 0)
    world->head++;
  for (size_t i = 0; i < merge.n_copies; i++)
    write_row (world, rafilm_wire_copy_to_row (&merge.copies[i], row, device->dev, &context));
  world->copies += merge.n_copies;
  world->revived += was_deleted && !rafilm_wire_row_is_deleted (row);
  if (merge.changed)
    write_row (world, row);
  else
    rafilm_wire_row_free (row);
  rafilm_wire_merge_clear (&merge);
  return verdict;
}

/* Gives @op, which goes on waiting, all that its author saw. */
static void
make_full (Device *device, RafilmWireOp *op)
{
  g_autofree char *key = row_key (op->kind, op->id);
  RafilmWireFields view = { 0 };

  view_row (device, key, &view);
  rafilm_wire_fields_remove (&view, "x");
  rafilm_wire_fields_clear (&op->fill);
  op->fill = view;
  op->full = true;
}

static void
push (World *world, Device *device)
{
  RafilmWireOp *op;

  if (device->outbox->len == 0)
    return;
  op = device->outbox->pdata[0];
  if (serve (world, device, op) == RAFILM_WIRE_NEED_FULL)
    make_full (device, op);
  else
    g_ptr_array_remove_index (device->outbox, 0);
}

static void
pull (World *world, Device *device)
{
  GHashTableIter iter;
  const char *key;
  RafilmWireRow *row;

  g_hash_table_iter_init (&iter, world->rows);
  while (g_hash_table_iter_next (&iter, (gpointer *) &key, (gpointer *) &row))
    {
      if (row->q <= device->cursor)
        continue;
      for (guint i = 0; rafilm_wire_row_is_deleted (row) && i < device->outbox->len; i++)
        {
          RafilmWireOp *op = device->outbox->pdata[i];

          if (g_str_equal (op->id, row->id) && !op->full && !rafilm_wire_op_is_delete (op))
            make_full (device, op);
        }
      g_hash_table_replace (device->mirror, g_strdup (key), rafilm_wire_row_copy (row));
    }
  device->cursor = world->head;
}

/* Push and pull are one request: a computer that sends always gets what it sent on. */
static void
sync_device (World *world, Device *device)
{
  push (world, device);
  pull (world, device);
}

/* The Trash forgets the content of one deleted row; clients aren't told. */
static void
purge (World *world)
{
  GHashTableIter iter;
  RafilmWireRow *row;

  g_hash_table_iter_init (&iter, world->rows);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &row))
    if (rafilm_wire_row_is_deleted (row) && g_rand_boolean (world->rand))
      {
        for (size_t i = row->fields.n_items; i-- > 0;)
          if (!g_str_equal (row->fields.items[i].name, "x"))
            rafilm_wire_fields_remove (&row->fields, row->fields.items[i].name);
        row->purged = true;
      }
}

static void
world_init (World *world, guint32 seed)
{
  const char *const devs[] = { DEV_A, DEV_B, DEV_C };

  *world = (World) { .rand = g_rand_new_with_seed (seed), .now = MS (0) };
  world->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_row);
  world->replaced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  world->written = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < N_DEVICES; i++)
    world->devices[i] = (Device) {
      .dev = devs[i],
      .next_n = 1,
      .skew = (gint64) g_rand_int_range (world->rand, -3, 4) * 86400000,
      .mirror = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_row),
      .outbox = g_ptr_array_new_with_free_func (free_op),
    };
}

static void
world_clear (World *world)
{
  for (guint i = 0; i < N_DEVICES; i++)
    {
      g_hash_table_unref (world->devices[i].mirror);
      g_ptr_array_unref (world->devices[i].outbox);
    }
  g_hash_table_unref (world->rows);
  g_hash_table_unref (world->replaced);
  g_hash_table_unref (world->written);
  g_rand_free (world->rand);
}

static void
check_convergence (World *world)
{
  for (guint i = 0; i < N_DEVICES; i++)
    {
      GHashTableIter iter;
      const char *key;
      RafilmWireRow *row;

      g_assert_cmpuint (world->devices[i].outbox->len, ==, 0);
      g_assert_cmpuint (g_hash_table_size (world->devices[i].mirror), ==,
                        g_hash_table_size (world->rows));
      g_hash_table_iter_init (&iter, world->rows);
      while (g_hash_table_iter_next (&iter, (gpointer *) &key, (gpointer *) &row))
        {
          RafilmWireRow *mirrored = g_hash_table_lookup (world->devices[i].mirror, key);

          g_assert_nonnull (mirrored);
          g_assert_true (row->purged || rafilm_wire_row_equal (mirrored, row));
        }
    }
}

/* Whether @text stands in its row or in a version. */
static gboolean
is_kept (World *world, const char *text, const char *key)
{
  RafilmWireRow *row = g_hash_table_lookup (world->rows, key);
  GHashTableIter iter;

  if (g_strcmp0 (rafilm_wire_value_peek_text (rafilm_wire_fields_peek (&row->fields, "rv")), text)
      == 0)
    return TRUE;
  g_hash_table_iter_init (&iter, world->rows);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &row))
    if (g_str_equal (row->kind, "x")
        && g_strcmp0 (rafilm_wire_value_peek_text (rafilm_wire_fields_peek (&row->fields, "text")),
                      text)
               == 0)
      return TRUE;
  return FALSE;
}

static void
check_texts (World *world)
{
  GHashTableIter iter;
  const char *text;
  const char *key;

  g_hash_table_iter_init (&iter, world->written);
  while (g_hash_table_iter_next (&iter, (gpointer *) &text, (gpointer *) &key))
    if (!g_hash_table_contains (world->replaced, text) && !is_kept (world, text, key))
      g_error ("The text \"%s\" of %s vanished, and nobody had seen it", text, key);
}

static void
run_world (guint32 seed, guint *copies, guint *revived)
{
  World world;

  world_init (&world, seed);
  for (guint step = 0; step < STEPS; step++)
    {
      Device *device = &world.devices[g_rand_int_range (world.rand, 0, N_DEVICES)];
      int what = g_rand_int_range (world.rand, 0, 20);

      world.now += g_rand_int_range (world.rand, 1, 100000);
      if (what < 9)
        random_edit (&world, device);
      else if (what < 19)
        sync_device (&world, device);
      else
        purge (&world);
    }
  for (guint round = 0; round < 4 * STEPS; round++)
    sync_device (&world, &world.devices[round % N_DEVICES]);
  for (guint i = 0; i < N_DEVICES; i++)
    pull (&world, &world.devices[i]);
  check_convergence (&world);
  check_texts (&world);
  *copies += world.copies;
  *revived += world.revived;
  world_clear (&world);
}

static void
test_worlds (void)
{
  guint32 seed = rafilm_test_seed ();
  guint copies = 0;
  guint revived = 0;

  for (guint32 i = 0; i < WORLDS; i++)
    {
      g_test_message ("world %u", seed + i);
      run_world (seed + i, &copies, &revived);
    }
  /* The worlds must have met what they are about. */
  g_assert_cmpuint (copies, >, WORLDS);
  g_assert_cmpuint (revived, >, WORLDS / 4);
}

/* The same operation a second time, by the same device, changes no value. */
static void
test_idempotence (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());

  for (guint round = 0; round < 5000; round++)
    {
      g_autoptr (RafilmWireRow) row = NULL;
      g_autoptr (RafilmWireRow) once = NULL;
      g_autoptr (RafilmWireOp) op = NULL;
      RafilmWireMergeContext context = {
        .dev = DEV_B, .seq = 9, .sender_ms = MS (5), .server_ms = MS (5)
      };
      RafilmWireMerge merge;

      row = wire_build_row ("d", "a", 5, "rating", "7", (gint64) g_rand_int_range (rand, 1, 6),
                            H (g_rand_int_range (rand, 0, 4)), DEV_A, "rv", "\"Old\"",
                            (gint64) g_rand_int_range (rand, 1, 6),
                            H (g_rand_int_range (rand, 0, 4)), DEV_C, NULL);
      op = wire_build_op (1, "d", "a", (gint64) g_rand_int_range (rand, 0, 6), FALSE, "rating", "3",
                          H (g_rand_int_range (rand, 0, 4)), "rv", "\"New\"",
                          H (g_rand_int_range (rand, 0, 4)), NULL);
      rafilm_wire_merge (row, op, &context, &merge);
      rafilm_wire_merge_clear (&merge);
      once = rafilm_wire_row_copy (row);
      rafilm_wire_merge (row, op, &context, &merge);
      rafilm_wire_merge_clear (&merge);
      g_assert_true (rafilm_wire_fields_equal_values (&row->fields, &once->fields));
    }
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/wire/merge-random/worlds", test_worlds);
  g_test_add_func ("/wire/merge-random/idempotence", test_idempotence);

  return g_test_run ();
}
