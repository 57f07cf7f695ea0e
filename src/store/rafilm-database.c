/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-database.h"

#include <glib/gi18n.h>
#include <stdarg.h>

#include "rafilm-error.h"

#define BUSY_TIMEOUT_MS 5000

struct _RafilmDatabase
{
  sqlite3 *handle;
  GThread *thread;
  GHashTable *statements; /* by their text, and */
  GHashTable *literals;   /* by where it stands, which for most is always the same place */
  GError *error;
};

/* What a program that was killed had written last may not be on the disk yet, and would be seen now
 * and gone after a power cut; the checkpoint syncs it. */
static const char *const open_sql = "PRAGMA journal_mode = WAL;"
                                    "PRAGMA synchronous = FULL;"
                                    "PRAGMA foreign_keys = ON;"
                                    "PRAGMA temp_store = MEMORY;"
                                    "PRAGMA cache_size = -16384;"
                                    "PRAGMA mmap_size = 268435456;"
                                    "PRAGMA wal_checkpoint (PASSIVE);";

static GError *
make_error (sqlite3 *handle, int result)
{
  const char *detail = NULL;

  detail = handle != NULL ? sqlite3_errmsg (handle) : sqlite3_errstr (result);
  switch (result & 0xff)
    {
    case SQLITE_FULL:
      return g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_DISK_FULL,
                                  _ ("The disk is full. Nothing was changed."));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_DATABASE_LOCKED,
                                  _ ("Another program is using the diary. Nothing was changed."));
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return g_error_new (RAFILM_ERROR, RAFILM_ERROR_DATABASE_UNREADABLE,
                          _ ("The diary’s file is damaged (%s)."), detail);
    default:
      return g_error_new (RAFILM_ERROR, RAFILM_ERROR_DATABASE,
                          _ ("The diary’s file could not be used (%s)."), detail);
    }
}

static void
fail_with_result (RafilmDatabase *self, int result)
{
  if (self->error == NULL)
    self->error = make_error (self->handle, result);
}

static void
assert_owner (RafilmDatabase *self)
{
  g_assert (self != NULL);
  g_assert (self->thread == g_thread_self ());
}

static RafilmStatement *
prepare (RafilmDatabase *self, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  int result = SQLITE_OK;

  statement = g_hash_table_lookup (self->literals, sql);
  if (statement == NULL || strcmp (sqlite3_sql (statement), sql) != 0)
    statement = g_hash_table_lookup (self->statements, sql);
  if (statement != NULL)
    {
      g_assert (!sqlite3_stmt_busy (statement));
      return statement;
    }

  result = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (result != SQLITE_OK)
    {
      fail_with_result (self, result);
      return NULL;
    }
  g_hash_table_insert (self->statements, g_strdup (sql), statement);
  g_hash_table_insert (self->literals, (gpointer) sql, statement);
  return statement;
}

static void
bind_bytes (RafilmStatement *statement, int index, GBytes *bytes)
{
  gconstpointer data = NULL;
  gsize size = 0;

  if (bytes == NULL)
    {
      sqlite3_bind_null (statement, index);
      return;
    }
  data = g_bytes_get_data (bytes, &size);
  sqlite3_bind_blob64 (statement, index, data != NULL ? data : "", size, SQLITE_TRANSIENT);
}

static void
bind_all (RafilmStatement *statement, const char *format, va_list args)
{
  int index = 0;

  g_assert (sqlite3_bind_parameter_count (statement) >= (int) strlen (format));
  for (const char *letter = format; *letter != '\0'; letter++)
    {
      index++;
      switch (*letter)
        {
        case 'i':
          sqlite3_bind_int64 (statement, index, va_arg (args, int));
          break;
        case 'l':
          sqlite3_bind_int64 (statement, index, va_arg (args, gint64));
          break;
        case 'd':
          sqlite3_bind_double (statement, index, va_arg (args, double));
          break;
        case 't':
          rafilm_statement_bind_text (statement, index, va_arg (args, const char *));
          break;
        case 'b':
          bind_bytes (statement, index, va_arg (args, GBytes *));
          break;
        default:
          g_assert_not_reached ();
        }
    }
}

static RafilmStatement *
query_valist (RafilmDatabase *self, const char *sql, const char *format, va_list args)
{
  RafilmStatement *statement = NULL;

  assert_owner (self);
  if (self->error != NULL)
    return NULL;
  statement = prepare (self, sql);
  if (statement != NULL)
    bind_all (statement, format, args);
  return statement;
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

RafilmDatabase *
rafilm_database_open (const char *path, GError **error)
{
  g_autoptr (RafilmDatabase) self = NULL;
  int result = SQLITE_OK;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (RafilmDatabase, 1);
  self->thread = g_thread_self ();
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_statement);
  self->literals = g_hash_table_new (g_direct_hash, g_direct_equal);
  result = sqlite3_open_v2 (path, &self->handle,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
                                | SQLITE_OPEN_EXRESCODE,
                            NULL);
  if (result == SQLITE_OK)
    {
      sqlite3_busy_timeout (self->handle, BUSY_TIMEOUT_MS);
      rafilm_database_exec (self, open_sql);
      rafilm_database_get_int (self, 0, "SELECT count(*) FROM sqlite_schema", "");
    }
  else
    fail_with_result (self, result);

  if (self->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
rafilm_database_close (RafilmDatabase *self)
{
  if (self == NULL)
    return;
  assert_owner (self);
  g_clear_pointer (&self->literals, g_hash_table_unref);
  g_clear_pointer (&self->statements, g_hash_table_unref);
  sqlite3_close_v2 (self->handle);
  g_clear_error (&self->error);
  g_free (self);
}

sqlite3 *
rafilm_database_handle (RafilmDatabase *self)
{
  assert_owner (self);
  return self->handle;
}

void
rafilm_database_begin (RafilmDatabase *self, gboolean write)
{
  assert_owner (self);
  g_assert (sqlite3_get_autocommit (self->handle));
  g_clear_error (&self->error);
  rafilm_database_run (self, write ? "BEGIN IMMEDIATE" : "BEGIN", "");
}

gboolean
rafilm_database_end (RafilmDatabase *self, GError **error)
{
  assert_owner (self);

  if (self->error == NULL)
    rafilm_database_run (self, "COMMIT", "");
  if (self->error == NULL)
    return TRUE;

  /* SQLite has already rolled back by itself after some failures, such as a full disk. */
  if (!sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

void
rafilm_database_fail (RafilmDatabase *self, GError *error)
{
  assert_owner (self);
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}

gboolean
rafilm_database_has_failed (RafilmDatabase *self)
{
  assert_owner (self);
  return self->error != NULL;
}

void
rafilm_database_exec (RafilmDatabase *self, const char *sql)
{
  int result = SQLITE_OK;

  assert_owner (self);
  if (self->error != NULL)
    return;
  result = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);
  if (result != SQLITE_OK)
    fail_with_result (self, result);
}

RafilmStatement *
rafilm_database_query (RafilmDatabase *self, const char *sql, const char *format, ...)
{
  RafilmStatement *statement = NULL;
  va_list args;

  va_start (args, format);
  statement = query_valist (self, sql, format, args);
  va_end (args);
  return statement;
}

void
rafilm_database_run (RafilmDatabase *self, const char *sql, const char *format, ...)
{
  g_autoptr (RafilmStatement) statement = NULL;
  va_list args;

  va_start (args, format);
  statement = query_valist (self, sql, format, args);
  va_end (args);
  while (rafilm_database_next (self, statement))
    continue;
}

gint64
rafilm_database_get_int (RafilmDatabase *self, gint64 fallback, const char *sql, const char *format,
                         ...)
{
  g_autoptr (RafilmStatement) statement = NULL;
  va_list args;

  va_start (args, format);
  statement = query_valist (self, sql, format, args);
  va_end (args);
  if (rafilm_database_next (self, statement) && !rafilm_statement_is_null (statement, 0))
    return rafilm_statement_int (statement, 0);
  return fallback;
}

void
rafilm_statement_bind_text (RafilmStatement *statement, int index, const char *text)
{
  if (text == NULL)
    sqlite3_bind_null (statement, index);
  else
    sqlite3_bind_text64 (statement, index, text, strlen (text), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void
rafilm_statement_bind_int (RafilmStatement *statement, int index, gint64 value)
{
  sqlite3_bind_int64 (statement, index, value);
}

gboolean
rafilm_database_next (RafilmDatabase *self, RafilmStatement *statement)
{
  int result = SQLITE_OK;

  assert_owner (self);
  if (statement == NULL || self->error != NULL)
    return FALSE;
  result = sqlite3_step (statement);
  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    fail_with_result (self, result);
  return FALSE;
}

void
rafilm_statement_release (RafilmStatement *statement)
{
  if (statement == NULL)
    return;
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}

gint64
rafilm_statement_int (RafilmStatement *statement, int column)
{
  return sqlite3_column_int64 (statement, column);
}

double
rafilm_statement_double (RafilmStatement *statement, int column)
{
  return sqlite3_column_double (statement, column);
}

const char *
rafilm_statement_text (RafilmStatement *statement, int column)
{
  return (const char *) sqlite3_column_text (statement, column);
}

const void *
rafilm_statement_blob (RafilmStatement *statement, int column, gsize *ret_size)
{
  const void *data = NULL;

  data = sqlite3_column_blob (statement, column);
  *ret_size = (gsize) sqlite3_column_bytes (statement, column);
  return data;
}

gboolean
rafilm_statement_is_null (RafilmStatement *statement, int column)
{
  return sqlite3_column_type (statement, column) == SQLITE_NULL;
}
