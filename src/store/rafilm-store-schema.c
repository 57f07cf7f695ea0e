/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-store-schema.h"

#include <glib/gi18n.h>

#include "rafilm-error.h"
#include "rafilm-id.h"

/* What synchronisation works on. Bodies are those of rafilm-store-codec.h. */
static const char *const sync_tables_sql =
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE mirror (kind TEXT NOT NULL, id TEXT NOT NULL, q INTEGER NOT NULL,"
    "  purged INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;"
    "CREATE TABLE stage (kind TEXT NOT NULL, id TEXT NOT NULL, q INTEGER NOT NULL,"
    "  purged INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;"
    "CREATE TABLE outbox (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL,"
    "  base INTEGER NOT NULL, whole INTEGER NOT NULL, recovery INTEGER NOT NULL,"
    "  sets BLOB NOT NULL, fill BLOB, batch TEXT, edit INTEGER NOT NULL, at INTEGER NOT NULL);"
    "CREATE INDEX outbox_by_record ON outbox (kind, id, n);"
    "CREATE TABLE dead (n INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,"
    "  id TEXT NOT NULL, whole INTEGER NOT NULL, sets BLOB NOT NULL, fill BLOB,"
    "  code TEXT NOT NULL, at INTEGER NOT NULL);";

/* What people read: always the overlay of the outbox over the mirror. */
static const char *const view_tables_sql =
    "CREATE TABLE viewing (id TEXT PRIMARY KEY, film INTEGER NOT NULL, watched_on TEXT,"
    "  rating INTEGER, liked INTEGER NOT NULL, rewatch INTEGER NOT NULL,"
    "  finished INTEGER NOT NULL, review TEXT, spoiler INTEGER NOT NULL, lang TEXT,"
    "  public INTEGER NOT NULL, tags TEXT, logged_at INTEGER NOT NULL, deleted_at INTEGER)"
    "  WITHOUT ROWID;"
    "CREATE INDEX viewing_by_film ON viewing (film, watched_on DESC, logged_at DESC);"
    "CREATE INDEX viewing_by_date ON viewing (watched_on DESC, logged_at DESC, id DESC)"
    "  WHERE deleted_at IS NULL;"
    "CREATE INDEX viewing_by_deletion ON viewing (deleted_at DESC) WHERE deleted_at IS NOT NULL;"
    "CREATE TABLE viewing_tag (tag TEXT NOT NULL, viewing TEXT NOT NULL, film INTEGER NOT NULL,"
    "  PRIMARY KEY (tag, viewing)) WITHOUT ROWID;"
    "CREATE INDEX viewing_tag_by_viewing ON viewing_tag (viewing);"
    "CREATE INDEX viewing_tag_by_film ON viewing_tag (film);"
    "CREATE TABLE rating (film INTEGER PRIMARY KEY, rating INTEGER, liked INTEGER NOT NULL,"
    "  seen INTEGER NOT NULL, hidden INTEGER NOT NULL, at INTEGER NOT NULL);"
    "CREATE TABLE watch (film INTEGER PRIMARY KEY, listed INTEGER NOT NULL, note TEXT,"
    "  at INTEGER NOT NULL);"
    "CREATE TABLE list (id TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT,"
    "  ranked INTEGER NOT NULL, public INTEGER NOT NULL, deleted_at INTEGER) WITHOUT ROWID;"
    "CREATE TABLE item (list TEXT NOT NULL, film INTEGER NOT NULL, listed INTEGER NOT NULL,"
    "  position TEXT NOT NULL, note TEXT, PRIMARY KEY (list, film)) WITHOUT ROWID;"
    "CREATE INDEX item_by_position ON item (list, position, film) WHERE listed = 1;"
    "CREATE INDEX item_by_film ON item (film);"
    "CREATE TABLE profile (id TEXT PRIMARY KEY, name TEXT, bio TEXT) WITHOUT ROWID;"
    "CREATE TABLE version (id TEXT PRIMARY KEY, kind TEXT NOT NULL, record TEXT NOT NULL,"
    "  field TEXT NOT NULL, text TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL)"
    "  WITHOUT ROWID;"
    "CREATE INDEX version_by_record ON version (kind, record);";

/* Facts of films are local. The state of a film sums up the tables above; `place` orders films
 * for search (rafilm-store-index.c) and is the row of the film in both indexes. */
static const char *const film_tables_sql =
    "CREATE TABLE film (id INTEGER PRIMARY KEY, title TEXT, original_title TEXT,"
    "  sort_title TEXT, language TEXT, release_date TEXT, year INTEGER NOT NULL DEFAULT 0,"
    "  runtime INTEGER NOT NULL DEFAULT 0, genres TEXT, directors TEXT, poster_path TEXT,"
    "  popularity REAL NOT NULL DEFAULT 0, fetched_at INTEGER NOT NULL DEFAULT 0,"
    "  detailed INTEGER NOT NULL DEFAULT 0, rating INTEGER, liked INTEGER NOT NULL DEFAULT 0,"
    "  seen INTEGER NOT NULL DEFAULT 0, hidden INTEGER NOT NULL DEFAULT 0,"
    "  listed INTEGER NOT NULL DEFAULT 0, listed_at INTEGER NOT NULL DEFAULT 0, note TEXT,"
    "  viewings INTEGER NOT NULL DEFAULT 0, last_on TEXT,"
    "  unfinished INTEGER NOT NULL DEFAULT 0, touched_at INTEGER NOT NULL DEFAULT 0,"
    "  referenced INTEGER NOT NULL DEFAULT 0, place INTEGER);"
    "CREATE UNIQUE INDEX film_by_place ON film (place) WHERE place IS NOT NULL;"
    "CREATE INDEX film_by_title ON film (sort_title) WHERE fetched_at > 0;"
    "CREATE INDEX film_missing ON film (touched_at DESC)"
    "  WHERE referenced = 1 AND fetched_at = 0;"
    "CREATE INDEX film_seen ON film (last_on DESC, touched_at DESC) WHERE seen = 1;"
    "CREATE INDEX film_listed ON film (listed_at DESC) WHERE listed = 1;"
    "CREATE TABLE film_detail (id INTEGER PRIMARY KEY REFERENCES film (id) ON DELETE CASCADE,"
    "  overview TEXT, backdrop_path TEXT, countries TEXT, actors TEXT, characters TEXT,"
    "  keywords TEXT, similar TEXT);"
    "CREATE VIRTUAL TABLE title_index USING fts5 (title, original_title, content = '',"
    "  contentless_delete = 1, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2');"
    "CREATE VIRTUAL TABLE text_index USING fts5 (title, director, actor, keyword, tag, note,"
    "  content = '', contentless_delete = 1, detail = column, prefix = '1 2 3',"
    "  tokenize = 'unicode61 remove_diacritics 2');";

static const char *const local_tables_sql =
    "CREATE TABLE message (conversation TEXT NOT NULL, id TEXT NOT NULL, role TEXT NOT NULL,"
    "  text TEXT NOT NULL, films TEXT, at INTEGER NOT NULL, state INTEGER NOT NULL,"
    "  PRIMARY KEY (conversation, id)) WITHOUT ROWID;"
    "CREATE INDEX message_by_time ON message (conversation, at, id);";

static void
create_first (RafilmDatabase *db)
{
  g_autofree char *dev = NULL;

  rafilm_database_exec (db, sync_tables_sql);
  rafilm_database_exec (db, view_tables_sql);
  rafilm_database_exec (db, film_tables_sql);
  rafilm_database_exec (db, local_tables_sql);
  dev = rafilm_id_new_device ();
  rafilm_database_run (db, "INSERT INTO meta (key, value) VALUES ('dev', ?)", "t", dev);
}

/* A diary that was kept without an account, on its way into the account's: which record of the
 * account stands for each, and whether the server has all of it. */
static void
create_arrival (RafilmDatabase *db)
{
  rafilm_database_exec (db, "CREATE TABLE arrival (n INTEGER PRIMARY KEY, kind TEXT NOT NULL,"
                            "  id TEXT NOT NULL, target TEXT, done INTEGER NOT NULL,"
                            "  body BLOB NOT NULL);"
                            "CREATE INDEX arrival_by_target ON arrival (kind, target);");
}

/* Films whose words in the indexes are not what they are (rafilm-store-index.c); and a batch is
 * found without looking at all that waits. */
static void
create_unindexed (RafilmDatabase *db)
{
  rafilm_database_exec (db, "CREATE TABLE unindexed (film INTEGER PRIMARY KEY);"
                            "CREATE INDEX outbox_by_batch ON outbox (batch, n)"
                            "  WHERE batch IS NOT NULL;");
}

/* Element n brings version n to version n + 1. Elements are only ever added. */
static void (*const migrations[]) (RafilmDatabase *db) = {
  create_first,
  create_arrival,
  create_unindexed,
};

G_STATIC_ASSERT (G_N_ELEMENTS (migrations) == RAFILM_STORE_SCHEMA_VERSION);

static gboolean
migrate (RafilmDatabase *db, int from, GError **error)
{
  g_autofree char *sql = NULL;

  rafilm_database_begin (db, TRUE);
  /* Another process may have been faster. */
  if (rafilm_database_get_int (db, 0, "PRAGMA user_version", "") == from)
    {
      migrations[from](db);
      sql = g_strdup_printf ("PRAGMA user_version = %d", from + 1);
      rafilm_database_exec (db, sql);
    }
  return rafilm_database_end (db, error);
}

gboolean
rafilm_store_schema_upgrade (RafilmDatabase *db, GError **error)
{
  gint64 version = 0;

  rafilm_database_begin (db, FALSE);
  version = rafilm_database_get_int (db, 0, "PRAGMA user_version", "");
  if (!rafilm_database_end (db, error))
    return FALSE;

  if (version < 0 || version > RAFILM_STORE_SCHEMA_VERSION)
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_DATABASE_NEWER,
                           _ ("The diary was written by a newer version of Rafilm."));
      return FALSE;
    }

  for (int from = (int) version; from < RAFILM_STORE_SCHEMA_VERSION; from++)
    if (!migrate (db, from, error))
      return FALSE;
  return TRUE;
}
