/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the mirror share among themselves. Functions that take a RafilmMirror run on
 * the store's thread, inside a transaction; failures stick to its database (rafilm-database.h). */

#pragma once

#include "rafilm-database.h"
#include "rafilm-error.h"
#include "rafilm-store-registry.h"
#include "rafilm-store-sync.h"
#include "rafilm-store.h"
#include "rafilm-wire-record.h"

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmWireRow, rafilm_wire_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmWireOp, rafilm_wire_op_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RafilmWireFields, rafilm_wire_fields_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RafilmWireValue, rafilm_wire_value_clear)

/** The kinds of records (rafilm-wire-kinds.h). */
#define KIND_VIEWING "d"
#define KIND_FILM "f"
#define KIND_WATCH "w"
#define KIND_LIST "l"
#define KIND_ITEM "i"
#define KIND_PROFILE "p"
#define KIND_VERSION "x"
#define PROFILE_ID "me"

/** Texts of one column are joined by this, with one at each end, so that instr() finds a whole. */
#define RAFILM_STORE_SEPARATOR "\x1f"

/** Why a film was touched. */
typedef enum
{
  RAFILM_TOUCH_STATE = 1 << 0, /* its state is to be summed up anew */
  RAFILM_TOUCH_TEXT = 1 << 1,  /* its words are to be indexed anew */
} RafilmTouch;

/** The number of the edits by which a diary arrives in an account's (rafilm-store-arrival.h). */
#define RAFILM_EDIT_ARRIVAL ((gint64) - 1)

/** Why an edit is made. */
typedef enum
{
  RAFILM_EDIT_NONE, /* there is none */
  RAFILM_EDIT_NEW,
  RAFILM_EDIT_UNDO,
  RAFILM_EDIT_REDO,
} RafilmEditReason;

/**
 * RafilmMirror:
 * @films: film id to RafilmTouch, of the running transaction
 * @kinds: what the running transaction has changed
 * @indexed: how many films the running transaction has indexed
 * @index_later: the running transaction indexes no films, it marks them
 * @has_unindexed: films may be marked to be indexed
 * @outbox_empty: whether the outbox is; only while @outbox_known
 * @undo, @redo: (element-type RafilmUndoStep): the newest last
 * @step, @reason: what the running transaction adds to them when it is committed
 *
 * The thread's side of a RafilmStore.
 */
typedef struct
{
  RafilmDatabase *db;
  RafilmFilmRegistry *registry;
  GHashTable *films;
  RafilmStoreChangeKinds kinds;
  guint indexed;
  gboolean index_later;
  gboolean has_unindexed;
  gboolean outbox_known;
  gboolean outbox_empty;
  GPtrArray *undo;
  GPtrArray *redo;
  struct _RafilmUndoStep *step;
  RafilmEditReason reason;
} RafilmMirror;

/**
 * rafilm_mirror_open:
 * @ret_recovered: where an unreadable file was moved; %NULL for nowhere
 */
RafilmMirror *rafilm_mirror_open (const char *path, RafilmFilmRegistry *registry,
                                  char **ret_recovered, GError **error);
void rafilm_mirror_close (RafilmMirror *self);

/** Begins a transaction, with nothing touched. */
void rafilm_mirror_begin (RafilmMirror *self, gboolean write);
/** Sums up the touched films and commits. */
gboolean rafilm_mirror_end (RafilmMirror *self, GError **error);

/** Fails the transaction with an error of ours. */
void rafilm_mirror_fail (RafilmMirror *self, RafilmError code, const char *message);

/* Single values, in the table `meta` */

gint64 rafilm_mirror_get_meta_int (RafilmMirror *self, const char *key, gint64 fallback);
char *rafilm_mirror_dup_meta (RafilmMirror *self, const char *key);
void rafilm_mirror_set_meta_int (RafilmMirror *self, const char *key, gint64 value);
/** %NULL takes the value away. */
void rafilm_mirror_set_meta (RafilmMirror *self, const char *key, const char *value);

/* Rows of the server: rafilm-store-rows.c */

typedef enum
{
  RAFILM_TABLE_MIRROR,
  RAFILM_TABLE_STAGE,
} RafilmRowTable;

/** (nullable) */
RafilmWireRow *rafilm_mirror_load_row (RafilmMirror *self, const char *kind, const char *id);
/** The row's sequence number; 0 when there is none. */
gint64 rafilm_mirror_get_row_seq (RafilmMirror *self, const char *kind, const char *id);
void rafilm_mirror_store_row (RafilmMirror *self, RafilmRowTable table, const RafilmWireRow *row);
/** The row in the current row of a statement with the columns kind, id, q, purged, body. */
RafilmWireRow *rafilm_mirror_read_row (RafilmMirror *self, RafilmStatement *statement);
void rafilm_mirror_get_digest (RafilmMirror *self, RafilmWireDigest *ret_digest);
void rafilm_mirror_set_digest (RafilmMirror *self, const RafilmWireDigest *digest);
/** Of all rows of the mirror, computed anew. */
void rafilm_mirror_compute_digest (RafilmMirror *self, RafilmWireDigest *ret_digest);

/* After an update: rafilm-store-growth.c */

/** Builds what is shown anew when a version built it that knew less. */
gboolean rafilm_mirror_grow (RafilmMirror *self, GError **error);

/* The outbox: rafilm-store-outbox.c */

typedef struct
{
  RafilmWireOp *op;
  char *batch; /* NULL while it is in none */
  gint64 edit; /* the number of the edit that made it */
  gint64 at;   /* milliseconds since 1970 */
} RafilmOutboxEntry;

RafilmOutboxEntry *rafilm_outbox_entry_new (RafilmWireOp *op, gint64 edit);
void rafilm_outbox_entry_free (RafilmOutboxEntry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmOutboxEntry, rafilm_outbox_entry_free)

/** (element-type RafilmOutboxEntry): the operations of one record, oldest first. */
GPtrArray *rafilm_mirror_load_entries (RafilmMirror *self, const char *kind, const char *id);
/** (element-type RafilmOutboxEntry): the operations of a batch. */
GPtrArray *rafilm_mirror_load_batch (RafilmMirror *self, const char *batch);
/** Appends with the next number, which it sets. */
void rafilm_mirror_append_entry (RafilmMirror *self, RafilmOutboxEntry *entry);
/** Puts it at its own number, which must be free. */
void rafilm_mirror_insert_entry (RafilmMirror *self, const RafilmOutboxEntry *entry);
/** Writes what may change of an operation that was not sent: set, fill, full. */
void rafilm_mirror_update_entry (RafilmMirror *self, const RafilmOutboxEntry *entry);
void rafilm_mirror_delete_batch (RafilmMirror *self, const char *batch);
/** Numbers all operations anew from @first on, in their order, and sets the next number. */
void rafilm_mirror_renumber (RafilmMirror *self, gint64 first);
gboolean rafilm_mirror_has_pending (RafilmMirror *self, const char *kind, const char *id);
guint rafilm_mirror_count_pending (RafilmMirror *self);

/* The overlay and the tables that are read: rafilm-store-view.c */

/** The record as it is seen. @ret_view must be empty, and stays so when there is no record. */
void rafilm_mirror_load_view (RafilmMirror *self, const char *kind, const char *id,
                              RafilmWireFields *ret_view);
/** Writes the record as it is seen into the tables that are read. */
void rafilm_mirror_rebuild (RafilmMirror *self, const char *kind, const char *id);
/** Likewise when nothing is pending for @row. */
void rafilm_mirror_rebuild_from_row (RafilmMirror *self, const RafilmWireRow *row);
/** Whether @fields say that the record is deleted. */
gboolean rafilm_fields_are_deleted (const RafilmWireFields *fields);

/* Films: rafilm-store-state.c and rafilm-store-index.c */

void rafilm_mirror_touch_film (RafilmMirror *self, gint64 film, RafilmTouch touch);
/** Sums up the state of the touched films and indexes their words. */
void rafilm_mirror_refresh_films (RafilmMirror *self);
/** The film's row in the indexes. @old: the one it has; 0 for none */
gint64 rafilm_film_compute_place (gint64 film, gboolean mine, double popularity, gint64 old);
/** Writes down a new place, nothing else. */
void rafilm_mirror_set_place (RafilmMirror *self, gint64 film, gint64 place);
/** Moves the film's words in the indexes from @old to @place, at once or by marking the film. */
void rafilm_mirror_index_film (RafilmMirror *self, gint64 film, gint64 old, gint64 place);
/** Indexes marked films until so late by the monotonic clock, at least one. */
void rafilm_mirror_index_marked (RafilmMirror *self, gint64 until);
/** The film with its state and facts, with details or without; only its id when unknown. */
RafilmFilm *rafilm_mirror_load_film (RafilmMirror *self, gint64 film, gboolean details);
/** The columns that rafilm_mirror_read_film() reads, of the table `film` named f. */
extern const char *const rafilm_film_columns;
#define RAFILM_FILM_N_COLUMNS 21
/** A film without details, from the current row's columns from @first on. */
RafilmFilm *rafilm_mirror_read_film (RafilmMirror *self, RafilmStatement *statement, int first);

/** What was deleted before this, milliseconds since 1970, is in the trash no more. */
gint64 rafilm_mirror_trash_begins (void);

/* Edits: rafilm-store-edit.c and rafilm-store-undo.c */

/** THE function that writes a local edit. Returns its number, or 0 when nothing changed. */
gint64 rafilm_mirror_apply_edit (RafilmMirror *self, RafilmEdit *edit, RafilmEditReason reason);

/* Requests: rafilm-store.c */

/** Runs on the thread, inside a transaction. */
typedef void (*RafilmStoreWork) (RafilmMirror *mirror, gpointer data);
/** Runs on the main thread when the transaction has ended well; resolves @promise. */
typedef void (*RafilmStoreReply) (RafilmStore *self, gpointer data, DexPromise *promise);

/** @data is owned by the request. */
DexFuture *rafilm_store_read (RafilmStore *self, RafilmStoreWork work, RafilmStoreReply reply,
                              gpointer data, GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *rafilm_store_write (RafilmStore *self, RafilmStoreWork work, RafilmStoreReply reply,
                               gpointer data, GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;

/** The one object for the film that @film describes, brought up to date by it. */
RafilmFilm *rafilm_store_share_film (RafilmStore *self, RafilmFilm *film);
/** A GListModel of the shared objects for @films, of which it is a list. */
GListModel *rafilm_store_share_films (RafilmStore *self, GPtrArray *films);

/** Titles sort without regard to case and accents, in the same way in every language. */
char *rafilm_store_make_sort_title (const char *title);

/* Texts joined in one column */

char *rafilm_store_join (const char *const *texts);
GStrv rafilm_store_split (const char *joined);

G_END_DECLS
