/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-store-test.h"

gboolean
store_test_await_boolean (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  gboolean value = FALSE;

  value = dex_await_boolean (future, &error);
  g_assert_no_error (error);
  return value;
}

gint64
store_test_await_int64 (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  gint64 value = 0;

  value = dex_await_int64 (future, &error);
  g_assert_no_error (error);
  return value;
}

char *
store_test_await_string (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  char *value = NULL;

  value = dex_await_string (future, &error);
  g_assert_no_error (error);
  return value;
}

gpointer
store_test_await_object (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  gpointer value = NULL;

  value = dex_await_object (future, &error);
  g_assert_no_error (error);
  g_assert_nonnull (value);
  return value;
}

gpointer
store_test_await_boxed (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  gpointer value = NULL;

  value = dex_await_boxed (future, &error);
  g_assert_no_error (error);
  return value;
}

void
store_test_await_error (DexFuture *future, RafilmError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (dex_await (future, &error));
  g_assert_error (error, RAFILM_ERROR, (int) code);
}

RafilmStore *
store_test_open (const char *path)
{
  return store_test_await_object (rafilm_store_open (path));
}

RafilmStore *
store_test_open_new (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);

  return store_test_open (path);
}

void
store_test_close (RafilmStore *store)
{
  store_test_await_boolean (rafilm_store_close (store));
  g_object_unref (store);
}

void
store_test_reopen (RafilmStore **store)
{
  g_autofree char *path = g_strdup (rafilm_store_get_path (*store));

  store_test_close (*store);
  *store = store_test_open (path);
}

RafilmFilm *
store_test_make_film (gint64 id, const char *title, int year, const char *director,
                      double popularity)
{
  RafilmFilm *film = rafilm_film_new (id);
  g_auto (RafilmFilmFacts) facts = { 0 };

  facts.title = g_strdup (title);
  facts.release_date = g_strdup_printf ("%04d-05-01", year);
  facts.directors = g_strsplit (director, ",", -1);
  facts.genres = g_strsplit (id % 2 == 0 ? "Drama,Crime" : "Comedy", ",", -1);
  facts.cast = g_strsplit ("Al Pacino,Robert De Niro", ",", -1);
  facts.characters = g_strsplit ("A,B", ",", -1);
  facts.runtime = 100;
  facts.popularity = popularity;
  facts.fetched_at = 1000;
  rafilm_film_take_facts (film, &facts);
  return film;
}

void
store_test_put_film (RafilmStore *store, gint64 id, const char *title, int year,
                     const char *director, double popularity)
{
  g_autoptr (GPtrArray) films = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (films, store_test_make_film (id, title, year, director, popularity));
  store_test_await_boolean (rafilm_store_put_films (store, films));
}

RafilmFilm *
store_test_get_film (RafilmStore *store, gint64 id)
{
  return store_test_await_object (rafilm_store_get_film (store, id));
}

gint64
store_test_apply (RafilmStore *store, RafilmEdit *edit)
{
  gint64 number = store_test_await_int64 (rafilm_store_apply (store, edit));

  rafilm_edit_unref (edit);
  return number;
}

char *
store_test_log (RafilmStore *store, gint64 film, const char *date, int rating, const char *review)
{
  g_autoptr (RafilmFilm) object = rafilm_film_new (film);
  g_autoptr (RafilmViewing) viewing = rafilm_viewing_new (NULL, object);
  RafilmEdit *edit = rafilm_edit_new ("Log");
  char *id = NULL;

  g_object_set (viewing, "date", date, "rating", rating, "review", review, NULL);
  id = g_strdup (rafilm_edit_log_viewing (edit, viewing));
  g_assert_cmpint (store_test_apply (store, edit), >, 0);
  return id;
}

/* Work on the store's thread */

typedef struct
{
  const char *sql;
  gint64 number;
  GPtrArray *entries;
} TestWork;

static void
run_sql_work (RafilmMirror *mirror, gpointer data)
{
  rafilm_database_exec (mirror->db, ((TestWork *) data)->sql);
}

static void
get_int_work (RafilmMirror *mirror, gpointer data)
{
  TestWork *work = data;

  work->number = rafilm_database_get_int (mirror->db, -1, work->sql, "");
}

static void
add_entry (RafilmMirror *mirror, GPtrArray *found, const char *kind, const char *id, gint64 n)
{
  g_autoptr (GPtrArray) entries = rafilm_mirror_load_entries (mirror, kind, id);

  for (guint i = 0; i < entries->len; i++)
    if (((RafilmOutboxEntry *) g_ptr_array_index (entries, i))->op->n == n)
      {
        g_ptr_array_add (found, g_ptr_array_steal_index (entries, i));
        return;
      }
}

static void
list_entries_work (RafilmMirror *mirror, gpointer data)
{
  g_autoptr (RafilmStatement) query = NULL;
  TestWork *work = data;

  work->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_outbox_entry_free);
  query = rafilm_database_query (mirror->db, "SELECT kind, id, n FROM outbox ORDER BY n ", "");
  while (rafilm_database_next (mirror->db, query))
    add_entry (mirror, work->entries, rafilm_statement_text (query, 0),
               rafilm_statement_text (query, 1), rafilm_statement_int (query, 2));
}

static void
work_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

void
store_test_run_sql (RafilmStore *store, const char *sql)
{
  TestWork work = { .sql = sql };

  store_test_await_boolean (rafilm_store_write (store, run_sql_work, work_reply, &work, NULL));
}

gint64
store_test_get_int (RafilmStore *store, const char *sql)
{
  TestWork work = { .sql = sql };

  store_test_await_boolean (rafilm_store_read (store, get_int_work, work_reply, &work, NULL));
  return work.number;
}

GPtrArray *
store_test_list_entries (RafilmStore *store)
{
  TestWork work = { 0 };

  store_test_await_boolean (rafilm_store_read (store, list_entries_work, work_reply, &work, NULL));
  return work.entries;
}

void
store_test_await_indexed (RafilmStore *store)
{
  while (store_test_get_int (store, "SELECT count(*) FROM unindexed") > 0)
    dex_await (dex_timeout_new_msec (2), NULL);
}

/* The overlay: all tables that are read are written down, thrown away, built anew from mirror and
 * outbox, and compared; then the transaction is taken back. */

static const char *const view_queries[] = {
  "SELECT * FROM viewing ORDER BY id",
  "SELECT * FROM viewing_tag ORDER BY tag, viewing",
  "SELECT * FROM rating ORDER BY film",
  "SELECT * FROM watch ORDER BY film",
  "SELECT * FROM list ORDER BY id",
  "SELECT * FROM item ORDER BY list, film",
  "SELECT * FROM profile ORDER BY id",
  "SELECT * FROM version ORDER BY id",
  "SELECT id, rating, liked, seen, hidden, listed, listed_at, note, viewings, last_on, unfinished,"
  " touched_at, referenced FROM film ORDER BY id",
};

static char *
write_down (RafilmMirror *mirror)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (view_queries); i++)
    {
      g_autoptr (RafilmStatement) query = rafilm_database_query (mirror->db, view_queries[i], "");

      g_string_append_printf (text, "-- %s\n", view_queries[i]);
      while (rafilm_database_next (mirror->db, query))
        {
          for (int column = 0; column < sqlite3_column_count (query); column++)
            {
              const char *value = rafilm_statement_text (query, column);

              g_string_append_printf (text, "%s|", value != NULL ? value : "NULL");
            }
          g_string_append_c (text, '\n');
        }
    }
  return g_string_free (text, FALSE);
}

static void
check_overlay_work (RafilmMirror *mirror, gpointer data)
{
  g_autofree char *before = write_down (mirror);
  g_autofree char *after = NULL;
  g_autoptr (RafilmStatement) query = NULL;
  g_autoptr (RafilmStatement) films = NULL;

  rafilm_database_exec (mirror->db, "DELETE FROM viewing; DELETE FROM viewing_tag;"
                                    "DELETE FROM rating; DELETE FROM watch; DELETE FROM list;"
                                    "DELETE FROM item; DELETE FROM profile; DELETE FROM version;"
                                    "UPDATE film SET rating = NULL, viewings = 99");
  query = rafilm_database_query (
      mirror->db, "SELECT kind, id FROM mirror UNION SELECT kind, id FROM outbox", "");
  while (rafilm_database_next (mirror->db, query))
    rafilm_mirror_rebuild (mirror, rafilm_statement_text (query, 0),
                           rafilm_statement_text (query, 1));
  films = rafilm_database_query (mirror->db, "SELECT id FROM film", "");
  while (rafilm_database_next (mirror->db, films))
    rafilm_mirror_touch_film (mirror, rafilm_statement_int (films, 0), RAFILM_TOUCH_STATE);
  rafilm_mirror_refresh_films (mirror);
  after = write_down (mirror);
  if (!rafilm_database_has_failed (mirror->db))
    {
      g_assert_cmpstr (before, ==, after);
      rafilm_mirror_fail (mirror, RAFILM_ERROR_INVALID, "checked");
    }
}

void
store_test_check_overlay (RafilmStore *store)
{
  store_test_await_error (rafilm_store_write (store, check_overlay_work, work_reply, NULL, NULL),
                          RAFILM_ERROR_INVALID);
}

char *
store_test_join_films (GListModel *model)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (model, i);

      g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "",
                              rafilm_film_get_id (film));
    }
  g_object_unref (model);
  return g_string_free (text, FALSE);
}
