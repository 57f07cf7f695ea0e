/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's rows as they came: the tables mirror and stage, and the digest over the mirror. */

#include "config.h"

#include "rafilm-store-private.h"

#include <glib/gi18n.h>

#include "rafilm-error.h"
#include "rafilm-store-codec.h"

#define META_DIGEST "digest"

RafilmWireRow *
rafilm_mirror_read_row (RafilmMirror *self, RafilmStatement *statement)
{
  g_autoptr (RafilmWireRow) row = NULL;
  const void *body = NULL;
  gsize size = 0;

  row = rafilm_wire_row_new (rafilm_statement_text (statement, 0),
                             rafilm_statement_text (statement, 1));
  row->q = rafilm_statement_int (statement, 2);
  row->purged = rafilm_statement_int (statement, 3) != 0;
  body = rafilm_statement_blob (statement, 4, &size);
  if (rafilm_store_codec_decode (body, size, &row->fields))
    {
      rafilm_store_codec_learn (row->kind, &row->fields);
      return g_steal_pointer (&row);
    }
  rafilm_mirror_fail (self, RAFILM_ERROR_DATABASE_UNREADABLE, _ ("A record is damaged."));
  return NULL;
}

RafilmWireRow *
rafilm_mirror_load_row (RafilmMirror *self, const char *kind, const char *id)
{
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (
      self->db, "SELECT kind, id, q, purged, body FROM mirror WHERE kind = ? AND id = ?", "tt",
      kind, id);
  if (!rafilm_database_next (self->db, query))
    return NULL;
  return rafilm_mirror_read_row (self, query);
}

gint64
rafilm_mirror_get_row_seq (RafilmMirror *self, const char *kind, const char *id)
{
  return rafilm_database_get_int (self->db, 0, "SELECT q FROM mirror WHERE kind = ? AND id = ?",
                                  "tt", kind, id);
}

void
rafilm_mirror_store_row (RafilmMirror *self, RafilmRowTable table, const RafilmWireRow *row)
{
  g_autoptr (GBytes) body = NULL;

  body = rafilm_store_codec_encode (&row->fields);
  rafilm_database_run (self->db,
                       table == RAFILM_TABLE_MIRROR
                           ? "INSERT OR REPLACE INTO mirror (kind, id, q, purged, body)"
                             " VALUES (?, ?, ?, ?, ?)"
                           : "INSERT OR REPLACE INTO stage (kind, id, q, purged, body)"
                             " VALUES (?, ?, ?, ?, ?)",
                       "ttlib", row->kind, row->id, row->q, row->purged ? 1 : 0, body);
}

void
rafilm_mirror_get_digest (RafilmMirror *self, RafilmWireDigest *ret_digest)
{
  g_autofree char *text = NULL;

  *ret_digest = (RafilmWireDigest) { 0 };
  text = rafilm_mirror_dup_meta (self, META_DIGEST);
  if (text != NULL && !rafilm_wire_digest_parse (text, ret_digest))
    rafilm_mirror_compute_digest (self, ret_digest);
}

void
rafilm_mirror_set_digest (RafilmMirror *self, const RafilmWireDigest *digest)
{
  char text[RAFILM_WIRE_DIGEST_HEX];

  rafilm_wire_digest_format (digest, text);
  rafilm_mirror_set_meta (self, META_DIGEST, text);
}

void
rafilm_mirror_compute_digest (RafilmMirror *self, RafilmWireDigest *ret_digest)
{
  g_autoptr (RafilmStatement) query = NULL;

  *ret_digest = (RafilmWireDigest) { 0 };
  query = rafilm_database_query (self->db, "SELECT kind, id, q FROM mirror", "");
  while (rafilm_database_next (self->db, query))
    rafilm_wire_digest_toggle (ret_digest, rafilm_statement_text (query, 0),
                               rafilm_statement_text (query, 1), rafilm_statement_int (query, 2));
}
