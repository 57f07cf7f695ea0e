/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the mirror's tests share. All of it is called in fibers. */

#pragma once

#include "rafilm-error.h"
#include "rafilm-store-private.h"
#include "rafilm-store.h"
#include "rafilm-test.h"

G_BEGIN_DECLS

/* Await a future that must resolve, and give what it resolved to. */
gboolean store_test_await_boolean (DexFuture *future);
gint64 store_test_await_int64 (DexFuture *future);
char *store_test_await_string (DexFuture *future);
gpointer store_test_await_object (DexFuture *future);
gpointer store_test_await_boxed (DexFuture *future);
/* Awaits a future that must reject with this code. */
void store_test_await_error (DexFuture *future, RafilmError code);

/* A new store in a folder of its own; or the store of a given file. */
RafilmStore *store_test_open_new (void);
RafilmStore *store_test_open (const char *path);
void store_test_close (RafilmStore *store);
/* Closes and opens again, as after the end of the program. */
void store_test_reopen (RafilmStore **store);

/* A film with facts, not stored. */
RafilmFilm *store_test_make_film (gint64 id, const char *title, int year, const char *director,
                                  double popularity);
void store_test_put_film (RafilmStore *store, gint64 id, const char *title, int year,
                          const char *director, double popularity);
RafilmFilm *store_test_get_film (RafilmStore *store, gint64 id);

/* Applies @edit, which is taken. Returns the edit's number. */
gint64 store_test_apply (RafilmStore *store, RafilmEdit *edit);
/* Logs a viewing; returns its id. */
char *store_test_log (RafilmStore *store, gint64 film, const char *date, int rating,
                      const char *review);

/* Asserts that all tables that are read are the overlay of the outbox over the mirror. */
void store_test_check_overlay (RafilmStore *store);

/* Runs SQL in a transaction of the store. */
void store_test_run_sql (RafilmStore *store, const char *sql);
/* The first column of the first row; -1 when there is none. */
gint64 store_test_get_int (RafilmStore *store, const char *sql);

/* Waits until no film is marked to be indexed. */
void store_test_await_indexed (RafilmStore *store);

/* The operations of the outbox (element-type RafilmOutboxEntry). */
GPtrArray *store_test_list_entries (RafilmStore *store);

/* "3,1,2": the ids of the films of a model. Takes @model. */
char *store_test_join_films (GListModel *model);

G_END_DECLS
