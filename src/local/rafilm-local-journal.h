/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A file to which records are only added: what was written to the table since it was saved last.
 *
 * A record is a line "NAME LENGTH CHECKSUM", the body of so many bytes, and a newline; the checksum
 * is the first 16 digits of the SHA-256 of the body. A record that a killed program left half
 * written is the last one, and counts for nothing: nobody was answered. */

typedef struct _RafilmLocalJournal RafilmLocalJournal;

/** Makes the file anew, and empty. */
RafilmLocalJournal *rafilm_local_journal_new (const char *path, GError **error);
void rafilm_local_journal_free (RafilmLocalJournal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalJournal, rafilm_local_journal_free)

/**
 * rafilm_local_journal_add:
 * @name: without a space
 *
 * Once it returns, the record outlives this program, though not the machine's power.
 */
gboolean rafilm_local_journal_add (RafilmLocalJournal *self, const char *name, GBytes *body,
                                   GError **error);

guint rafilm_local_journal_get_count (RafilmLocalJournal *self);
gsize rafilm_local_journal_get_size (RafilmLocalJournal *self);

typedef struct
{
  char *name;
  GBytes *body;
} RafilmLocalRecord;

void rafilm_local_record_free (RafilmLocalRecord *self);

/**
 * rafilm_local_journal_load:
 * @path: a missing file has no records
 * @ret_damaged: (out): whether something is wrong before the end of the file; then the records
 *   before it are returned
 *
 * Returns: (transfer full) (element-type RafilmLocalRecord): in the order in which they were added
 */
GPtrArray *rafilm_local_journal_load (const char *path, gboolean *ret_damaged, GError **error);

G_END_DECLS
