/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person types into the search: its expressions are always ones that SQLite takes. */
#include "fuzz.h"

#include "rafilm-search-query.h"

#include <sqlite3.h>

static sqlite3 *
open_index (void)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_cmpint (
      sqlite3_exec (db,
                    "CREATE VIRTUAL TABLE title_index USING fts5 (title, original_title,"
                    "  prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2');"
                    "CREATE VIRTUAL TABLE text_index USING fts5 (title, director, actor, keyword,"
                    "  tag, note, detail = column, prefix = '1 2 3',"
                    "  tokenize = 'unicode61 remove_diacritics 2');"
                    "INSERT INTO title_index VALUES ('Heat', 'Heat');"
                    "INSERT INTO text_index VALUES ('Heat', 'Michael Mann', 'Al Pacino', 'heist',"
                    "  'cinema', 'Seen twice')",
                    NULL, NULL, NULL),
      ==, SQLITE_OK);
  return db;
}

static void
check_match (sqlite3 *db, const char *index, const char *match)
{
  g_autofree char *sql = g_strdup_printf ("SELECT rowid FROM %s WHERE %s MATCH ?", index, index);
  sqlite3_stmt *statement = NULL;
  int result;

  if (match == NULL)
    return;
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  sqlite3_bind_text (statement, 1, match, -1, SQLITE_STATIC);
  do
    result = sqlite3_step (statement);
  while (result == SQLITE_ROW);
  if (result != SQLITE_DONE)
    g_error ("%s: %s", sqlite3_errmsg (db), match);
  sqlite3_finalize (statement);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static sqlite3 *db;
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (RafilmSearchQuery) query = rafilm_search_query_parse (valid);
  g_autofree char *begins = rafilm_search_query_match_title (query, TRUE);
  g_autofree char *has = rafilm_search_query_match_title (query, FALSE);
  g_autofree char *all = rafilm_search_query_match_all (query);

  if (db == NULL)
    db = open_index ();
  g_assert_cmpuint (query->words->len, <=, RAFILM_SEARCH_MAX_WORDS);
  check_match (db, "title_index", begins);
  check_match (db, "title_index", has);
  check_match (db, "text_index", all);
  return 0;
}
