/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * RafilmDatabase:
 *
 * One SQLite connection with its prepared statements, used by the thread that opened it and by
 * no other (asserted).
 *
 * Errors stick: after the first failure every further call does nothing, a query yields no row,
 * and rafilm_database_end() takes the transaction back and reports that first failure. So code
 * between _begin() and _end() reads straight on, and still nothing half-done is ever committed.
 */
typedef struct _RafilmDatabase RafilmDatabase;

/**
 * RafilmStatement:
 *
 * A prepared statement, lent by rafilm_database_query(). As a `g_autoptr` it is given back when
 * it goes out of scope. One text can be in use only once at a time.
 */
typedef sqlite3_stmt RafilmStatement;

/**
 * rafilm_database_open:
 * @path: the file; made when missing
 *
 * Opens with write-ahead logging, synchronous=FULL, foreign keys, and a wait of five seconds for
 * another process's lock.
 *
 * Returns: (nullable): the connection, or %NULL with RAFILM_ERROR_DATABASE_UNREADABLE when the
 *   file is no database, and the codes of rafilm_database_end() otherwise
 */
RafilmDatabase *rafilm_database_open (const char *path, GError **error);
void rafilm_database_close (RafilmDatabase *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmDatabase, rafilm_database_close)

/** The connection itself, for what only SQLite's own functions can do. */
sqlite3 *rafilm_database_handle (RafilmDatabase *self);

/**
 * rafilm_database_begin:
 * @write: take the write lock at once
 */
void rafilm_database_begin (RafilmDatabase *self, gboolean write);

/**
 * rafilm_database_end:
 *
 * Commits, or takes everything back when something has failed since rafilm_database_begin().
 *
 * Returns: %FALSE with RAFILM_ERROR_DISK_FULL, RAFILM_ERROR_DATABASE_LOCKED,
 *   RAFILM_ERROR_DATABASE_UNREADABLE, RAFILM_ERROR_DATABASE, or whatever was given to
 *   rafilm_database_fail()
 */
gboolean rafilm_database_end (RafilmDatabase *self, GError **error);

/** Makes the transaction fail with @error, unless it has failed before. Takes @error. */
void rafilm_database_fail (RafilmDatabase *self, GError *error);
gboolean rafilm_database_has_failed (RafilmDatabase *self);

/** Runs the statements of @sql, which bind nothing. */
void rafilm_database_exec (RafilmDatabase *self, const char *sql);

/**
 * rafilm_database_query:
 * @format: one letter for each argument that follows and each parameter of @sql:
 *   `i` int, `l` gint64, `d` double, `t` const char * or %NULL, `b` GBytes * or %NULL
 *
 * Lends a statement with its parameters bound, before its first row. Texts are copied; the
 * statement holds no argument. Prepared once and kept.
 *
 * Returns: (nullable): %NULL after a failure
 */
RafilmStatement *rafilm_database_query (RafilmDatabase *self, const char *sql, const char *format,
                                        ...);
/** As rafilm_database_query(), and runs it to its end. */
void rafilm_database_run (RafilmDatabase *self, const char *sql, const char *format, ...);
/** As rafilm_database_query(): the first column of the first row, or @fallback. */
gint64 rafilm_database_get_int (RafilmDatabase *self, gint64 fallback, const char *sql,
                                const char *format, ...);

/** Binds one more parameter, for statements whose number of parameters varies. */
void rafilm_statement_bind_text (RafilmStatement *statement, int index, const char *text);
void rafilm_statement_bind_int (RafilmStatement *statement, int index, gint64 value);

/** Moves on to the next row. %FALSE at the end, after a failure, and for %NULL. */
gboolean rafilm_database_next (RafilmDatabase *self, RafilmStatement *statement);
void rafilm_statement_release (RafilmStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmStatement, rafilm_statement_release)

/** The columns of the row, from 0. Text and blob live until the next row. */
gint64 rafilm_statement_int (RafilmStatement *statement, int column);
double rafilm_statement_double (RafilmStatement *statement, int column);
const char *rafilm_statement_text (RafilmStatement *statement, int column);
const void *rafilm_statement_blob (RafilmStatement *statement, int column, gsize *ret_size);
gboolean rafilm_statement_is_null (RafilmStatement *statement, int column);

G_END_DECLS
