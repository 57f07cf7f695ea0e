/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-sync-diary.h"

#include "rafilm-bench.h"
#include "rafilm-id.h"
#include "rafilm-store-private.h"

#define EDIT_VIEWINGS 50 /* logged in one edit */

double
bench_wall_ms (void)
{
  return (double) g_get_monotonic_time () / 1e3;
}

void
bench_diary_print (const BenchDiary *self, const char *what, double value)
{
  g_autofree char *name = g_strdup_printf ("%s_%u", what, self->n);

  rafilm_bench_print (name, value);
}

void
bench_diary_print_at_most (const BenchDiary *self, const char *what, double value, double goal)
{
  g_autofree char *name = g_strdup_printf ("%s_%u", what, self->n);

  rafilm_bench_print_at_most (name, value, goal);
}

static BenchComputer *
new_computer (BenchDiary *self, const char *where)
{
  g_autofree char *name = g_strdup_printf ("%s-%u", where, self->n);

  return bench_computer_new (self->cloud, name, self->email);
}

BenchDiary *
bench_diary_new (BenchCloud *cloud, guint n)
{
  BenchDiary *self = g_new0 (BenchDiary, 1);

  self->cloud = cloud;
  self->n = n;
  self->email = g_strdup_printf ("bench%u@example.org", n);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->random = g_rand_new_with_seed (n);
  bench_cloud_sign_up (cloud, self->email);
  self->here = new_computer (self, "here");
  return self;
}

void
bench_diary_free (BenchDiary *self)
{
  bench_computer_free (self->here);
  if (self->there != NULL)
    bench_computer_free (self->there);
  g_rand_free (self->random);
  g_ptr_array_unref (self->ids);
  g_free (self->email);
  g_free (self);
}

void
bench_diary_add_computer (BenchDiary *self)
{
  self->there = new_computer (self, "there");
}

/* Logging */

static char *
make_review (GRand *random)
{
  static const char *const words[] = {
    "the",   "film",     "a",       "of",     "and",    "quiet",   "rain",   "city",
    "again", "saw",      "it",      "with",   "light",  "music",   "last",   "shot",
    "never", "slow",     "warm",    "friend", "cut",    "scene",   "long",   "night",
    "train", "voice",    "colours", "story",  "ending", "perfect", "tired",  "but",
    "then",  "suddenly", "only",    "actor",  "mother", "sea",     "window", "summer",
  };
  GString *text = g_string_new ("Seen");

  for (int i = g_rand_int_range (random, 4, 50); i > 0; i--)
    g_string_append_printf (text, " %s",
                            words[g_rand_int_range (random, 0, (gint32) G_N_ELEMENTS (words))]);
  return g_string_free (text, FALSE);
}

static void
add_viewing (BenchDiary *self, RafilmEdit *edit)
{
  char *id = rafilm_id_new ();
  g_autofree char *date = g_strdup_printf (
      "20%02d-%02d-%02d", g_rand_int_range (self->random, 5, 26),
      g_rand_int_range (self->random, 1, 13), g_rand_int_range (self->random, 1, 29));

  rafilm_edit_create (edit, "d", id);
  rafilm_edit_set (edit, "d", id, "film",
                   rafilm_wire_int (g_rand_int_range (self->random, 1, 1200000)));
  rafilm_edit_set (edit, "d", id, "on", rafilm_wire_text (date));
  if (g_rand_int_range (self->random, 0, 4) > 0)
    rafilm_edit_set (edit, "d", id, "rating",
                     rafilm_wire_int (g_rand_int_range (self->random, 1, 11)));
  rafilm_edit_set (edit, "d", id, "finished", rafilm_wire_bool (true));
  if (g_rand_int_range (self->random, 0, 5) == 0)
    {
      g_autofree char *text = make_review (self->random);

      rafilm_edit_set (edit, "d", id, "rv", rafilm_wire_review (text, false, NULL));
    }
  g_ptr_array_add (self->ids, id);
}

void
bench_diary_log (BenchDiary *self, guint count)
{
  while (count > 0)
    {
      g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Log");

      for (guint i = 0; i < EDIT_VIEWINGS && count > 0; i++, count--)
        add_viewing (self, edit);
      bench_await (rafilm_store_apply (self->here->store, edit));
    }
}

void
bench_diary_rate (BenchDiary *self, RafilmStore *store, guint first, guint count, int rating)
{
  for (guint done = 0; done < count;)
    {
      g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Rate");

      for (guint i = 0; i < EDIT_VIEWINGS && done < count; i++, done++)
        rafilm_edit_set (edit, "d", g_ptr_array_index (self->ids, first + done), "rating",
                         rafilm_wire_int (rating));
      bench_await (rafilm_store_apply (store, edit));
    }
}

/* The peer's documents */

static void
dump_work (RafilmMirror *mirror, gpointer data)
{
  g_autoptr (RafilmStatement) query = rafilm_database_query (
      mirror->db,
      "SELECT json_object ('_id', id, 'film', film, 'on', watched_on, 'rating', rating,"
      " 'finished', json (CASE WHEN finished THEN 'true' ELSE 'false' END), 'review', review)"
      " FROM viewing",
      "");

  while (rafilm_database_next (mirror->db, query))
    g_string_append_printf (data, "%s\n", rafilm_statement_text (query, 0));
}

static void
dump_reply (RafilmStore *store, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

void
bench_diary_dump (BenchDiary *self, const char *path)
{
  g_autoptr (GString) text = g_string_new (NULL);

  bench_await (rafilm_store_read (self->here->store, dump_work, dump_reply, text, NULL));
  if (!g_file_set_contents (path, text->str, (gssize) text->len, NULL))
    g_error ("%s cannot be written", path);
}
