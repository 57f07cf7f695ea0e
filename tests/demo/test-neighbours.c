/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "rafilm-demo-neighbours.h"
#include "rafilm-demo-sample.h"
#include "rafilm-test.h"

#define HEAT 949
#define COLLATERAL 1538
#define THE_INSIDER 9008
#define TOTORO 8392

typedef struct
{
  GHashTable *films; /* id -> array of the users' likings, by user */
  guint ratings[RAFILM_DEMO_NEIGHBOURS + 1];
} Table;

static void
table_clear (Table *self)
{
  g_hash_table_unref (self->films);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Table, table_clear)

static void
table_read (Table *self, const char *csv)
{
  g_auto (GStrv) lines = g_strsplit (csv, "\n", -1);
  gint64 last = 0;

  self->films = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_assert_cmpstr (lines[0], ==, "user,film,rating");
  for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto (GStrv) columns = g_strsplit (lines[i], ",", -1);
      gint64 user = g_ascii_strtoll (columns[0], NULL, 10);
      gint64 film = g_ascii_strtoll (columns[1], NULL, 10);
      gint64 rating = g_ascii_strtoll (columns[2], NULL, 10);
      double *likings = g_hash_table_lookup (self->films, GINT_TO_POINTER (film));

      g_assert_cmpuint (g_strv_length (columns), ==, 3);
      g_assert_true (user == last || user == last + 1);
      g_assert_cmpint (user, <=, RAFILM_DEMO_NEIGHBOURS);
      g_assert_cmpint (rating, >=, 1);
      g_assert_cmpint (rating, <=, 10);
      if (likings == NULL)
        {
          likings = g_new0 (double, RAFILM_DEMO_NEIGHBOURS + 1);
          g_hash_table_insert (self->films, GINT_TO_POINTER (film), likings);
        }
      g_assert_cmpfloat (likings[user], ==, 0);
      likings[user] = rating >= 7 ? 1 : 0.01;
      self->ratings[user]++;
      last = user;
    }
  g_assert_cmpint (last, ==, RAFILM_DEMO_NEIGHBOURS);
}

/* The cosine of the two films' likings. */
static double
compare (const Table *self, gint64 a, gint64 b)
{
  const double *x = g_hash_table_lookup (self->films, GINT_TO_POINTER (a));
  const double *y = g_hash_table_lookup (self->films, GINT_TO_POINTER (b));
  double xy = 0, xx = 0, yy = 0;

  g_assert_nonnull (x);
  g_assert_nonnull (y);
  for (guint i = 1; i <= RAFILM_DEMO_NEIGHBOURS; i++)
    {
      xy += x[i] * y[i];
      xx += x[i] * x[i];
      yy += y[i] * y[i];
    }

  return xy / sqrt (xx * yy);
}

static void
test_sensible (void)
{
  g_autoptr (GPtrArray) films = rafilm_demo_sample_read (SAMPLE, NULL);
  g_autofree char *csv = rafilm_demo_neighbours_write (films, 1995);
  g_auto (Table) table = { 0 };
  GHashTableIter iter;
  gpointer film;
  guint nearer = 0;

  table_read (&table, csv);
  for (guint i = 1; i <= RAFILM_DEMO_NEIGHBOURS; i++)
    {
      g_assert_cmpuint (table.ratings[i], >=, 25);
      g_assert_cmpuint (table.ratings[i], <=, 120);
    }

  g_hash_table_iter_init (&iter, table.films);
  while (g_hash_table_iter_next (&iter, &film, NULL))
    nearer += compare (&table, HEAT, GPOINTER_TO_INT (film)) > compare (&table, HEAT, COLLATERAL);
  g_test_message ("%u films are nearer to Heat than Collateral is", nearer);
  g_assert_cmpuint (nearer, <, 12);
  g_assert_cmpfloat (compare (&table, HEAT, THE_INSIDER), >, compare (&table, HEAT, TOTORO));
}

static void
test_seed (void)
{
  g_autoptr (GPtrArray) films = rafilm_demo_sample_read (SAMPLE, NULL);
  g_autofree char *a = rafilm_demo_neighbours_write (films, 4);
  g_autofree char *b = rafilm_demo_neighbours_write (films, 4);
  g_autofree char *c = rafilm_demo_neighbours_write (films, 5);

  g_assert_cmpstr (a, ==, b);
  g_assert_cmpstr (a, !=, c);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/demo/neighbours/sensible", test_sensible);
  g_test_add_func ("/demo/neighbours/seed", test_seed);

  return g_test_run ();
}
