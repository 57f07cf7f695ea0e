/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tables that are read: each record as the overlay of its pending operations over the server's
 * row. A record is always written whole from its overlay, so that the tables can't drift. */

#include "config.h"

#include "rafilm-store-private.h"

#include <string.h>

#include "rafilm-wire-hlc.h"
#include "rafilm-wire-overlay.h"

#define FIRST_POSITION "V" /* of an item that came without one */

static gboolean
is_true (const RafilmWireFields *fields, const char *name)
{
  return rafilm_wire_fields_is_true (fields, name);
}

static const char *
peek_text (const RafilmWireFields *fields, const char *name)
{
  const RafilmWireValue *value = NULL;
  const char *text = NULL;

  value = rafilm_wire_fields_peek (fields, name);
  text = value != NULL ? rafilm_wire_value_peek_text (value) : NULL;
  return text != NULL && text[0] != '\0' ? text : NULL;
}

static gint64
peek_int (const RafilmWireFields *fields, const char *name, gint64 fallback)
{
  const RafilmWireValue *value = NULL;

  value = rafilm_wire_fields_peek (fields, name);
  return value != NULL ? rafilm_wire_value_get_int (value, fallback) : fallback;
}

/* When the field was edited, milliseconds since 1970; 0 when it never was. */
static gint64
peek_time (const RafilmWireFields *fields, const char *name)
{
  const RafilmWireField *field = NULL;

  field = rafilm_wire_fields_get (fields, name);
  return field != NULL ? rafilm_wire_hlc_to_ms (field->stamp.h) : 0;
}

static int
clamp_rating (gint64 rating)
{
  return (int) CLAMP (rating, 0, 10);
}

gboolean
rafilm_fields_are_deleted (const RafilmWireFields *fields)
{
  return is_true (fields, RAFILM_WIRE_DELETED);
}

static gint64
parse_film (const char *id)
{
  gint64 film = 0;

  return g_ascii_string_to_signed (id, 10, 1, G_MAXINT32, &film, NULL) ? film : 0;
}

void
rafilm_mirror_touch_film (RafilmMirror *self, gint64 film, RafilmTouch touch)
{
  gpointer old = NULL;

  if (film <= 0)
    return;
  old = g_hash_table_lookup (self->films, &film);
  g_hash_table_insert (self->films, g_memdup2 (&film, sizeof film),
                       GINT_TO_POINTER (GPOINTER_TO_INT (old) | (int) touch));
  self->kinds |= RAFILM_STORE_CHANGE_FILMS;
}

/* Viewings */

static char *
join_tags (const RafilmWireFields *fields)
{
  g_autoptr (GPtrArray) tags = NULL;

  tags = g_ptr_array_new ();
  for (size_t i = 0; i < fields->n_items; i++)
    if (g_str_has_prefix (fields->items[i].name, "tag:")
        && rafilm_wire_value_is_true (&fields->items[i].value))
      g_ptr_array_add (tags, fields->items[i].name + strlen ("tag:"));
  g_ptr_array_add (tags, NULL);
  return rafilm_store_join ((const char *const *) tags->pdata);
}

static void
store_tags (RafilmMirror *self, const char *id, gint64 film, const char *joined)
{
  g_auto (GStrv) tags = NULL;

  tags = rafilm_store_split (joined);
  for (gsize i = 0; tags != NULL && tags[i] != NULL; i++)
    rafilm_database_run (self->db,
                         "INSERT OR IGNORE INTO viewing_tag (tag, viewing, film) VALUES (?, ?, ?)",
                         "ttl", tags[i], id, film);
}

/* Takes the viewing out and touches the film that it was of. */
static void
remove_viewing (RafilmMirror *self, const char *id)
{
  g_autoptr (RafilmStatement) query = NULL;
  gint64 film = 0;
  gboolean has_text = FALSE;
  gboolean has_tags = FALSE;

  query = rafilm_database_query (self->db, "SELECT film, review, tags FROM viewing WHERE id = ?",
                                 "t", id);
  if (!rafilm_database_next (self->db, query))
    return;
  film = rafilm_statement_int (query, 0);
  has_tags = !rafilm_statement_is_null (query, 2);
  has_text = has_tags || !rafilm_statement_is_null (query, 1);
  rafilm_mirror_touch_film (self, film, RAFILM_TOUCH_STATE | (has_text ? RAFILM_TOUCH_TEXT : 0));
  if (has_tags)
    rafilm_database_run (self->db, "DELETE FROM viewing_tag WHERE viewing = ?", "t", id);
  rafilm_database_run (self->db, "DELETE FROM viewing WHERE id = ?", "t", id);
}

static void
bind_viewing (RafilmStatement *insert, const char *id, const RafilmWireFields *view,
              const char *tags)
{
  const RafilmWireValue *review = NULL;
  gboolean prose = FALSE;

  review = rafilm_wire_fields_peek (view, "rv");
  prose = review != NULL && review->type == RAFILM_WIRE_REVIEW;
  rafilm_statement_bind_text (insert, 1, id);
  rafilm_statement_bind_int (insert, 2, peek_int (view, "film", 0));
  rafilm_statement_bind_text (insert, 3, peek_text (view, "on"));
  if (peek_int (view, "rating", 0) > 0)
    rafilm_statement_bind_int (insert, 4, clamp_rating (peek_int (view, "rating", 0)));
  rafilm_statement_bind_int (insert, 5, is_true (view, "liked"));
  rafilm_statement_bind_int (insert, 6, is_true (view, "rewatch"));
  rafilm_statement_bind_int (
      insert, 7, rafilm_wire_fields_peek (view, "finished") == NULL || is_true (view, "finished"));
  rafilm_statement_bind_text (insert, 8, peek_text (view, "rv"));
  rafilm_statement_bind_int (insert, 9, prose && review->review.spoiler);
  rafilm_statement_bind_text (insert, 10, prose ? review->review.lang : NULL);
  rafilm_statement_bind_int (insert, 11, is_true (view, "public"));
  rafilm_statement_bind_text (insert, 12, tags);
  rafilm_statement_bind_int (insert, 13, peek_time (view, "film"));
  if (rafilm_fields_are_deleted (view))
    rafilm_statement_bind_int (insert, 14, peek_time (view, RAFILM_WIRE_DELETED));
}

static void
store_viewing (RafilmMirror *self, const char *id, const RafilmWireFields *view)
{
  g_autoptr (RafilmStatement) insert = NULL;
  g_autofree char *tags = NULL;
  gint64 film = 0;
  gboolean has_text = FALSE;

  remove_viewing (self, id);
  film = peek_int (view, "film", 0);
  self->kinds |= RAFILM_STORE_CHANGE_VIEWINGS;
  if (film <= 0)
    return;

  tags = join_tags (view);
  insert = rafilm_database_query (
      self->db,
      "INSERT INTO viewing (id, film, watched_on, rating, liked, rewatch, finished, review,"
      " spoiler, lang, public, tags, logged_at, deleted_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "");
  if (insert == NULL)
    return;
  bind_viewing (insert, id, view, tags);
  rafilm_database_next (self->db, insert);
  if (!rafilm_fields_are_deleted (view))
    store_tags (self, id, film, tags);
  has_text = tags != NULL || peek_text (view, "rv") != NULL;
  rafilm_mirror_touch_film (self, film, RAFILM_TOUCH_STATE | (has_text ? RAFILM_TOUCH_TEXT : 0));
}

/* Films and the watchlist */

static void
store_rating (RafilmMirror *self, const char *id, const RafilmWireFields *view)
{
  gint64 film = 0;
  gint64 at = 0;

  film = parse_film (id);
  if (film == 0)
    return;
  if (rafilm_fields_are_deleted (view) || view->n_items == 0)
    rafilm_database_run (self->db, "DELETE FROM rating WHERE film = ?", "l", film);
  else
    {
      for (size_t i = 0; i < view->n_items; i++)
        at = MAX (at, rafilm_wire_hlc_to_ms (view->items[i].stamp.h));
      rafilm_database_run (self->db,
                           "INSERT OR REPLACE INTO rating (film, rating, liked, seen, hidden, at)"
                           " VALUES (?, nullif (?, 0), ?, ?, ?, ?)",
                           "liiiil", film, clamp_rating (peek_int (view, "rating", 0)),
                           (int) is_true (view, "like"), (int) is_true (view, "seen"),
                           (int) is_true (view, "hide"), at);
    }
  rafilm_mirror_touch_film (self, film, RAFILM_TOUCH_STATE);
}

static void
store_watch (RafilmMirror *self, const char *id, const RafilmWireFields *view)
{
  gint64 film = 0;

  film = parse_film (id);
  if (film == 0)
    return;
  if (rafilm_fields_are_deleted (view) || view->n_items == 0)
    rafilm_database_run (self->db, "DELETE FROM watch WHERE film = ?", "l", film);
  else
    rafilm_database_run (self->db,
                         "INSERT OR REPLACE INTO watch (film, listed, note, at)"
                         " VALUES (?, ?, ?, ?)",
                         "litl", film, (int) is_true (view, "on"), peek_text (view, "note"),
                         peek_time (view, "on"));
  rafilm_mirror_touch_film (self, film, RAFILM_TOUCH_STATE | RAFILM_TOUCH_TEXT);
  self->kinds |= RAFILM_STORE_CHANGE_WATCHLIST;
}

/* Lists */

static void
store_list (RafilmMirror *self, const char *id, const RafilmWireFields *view)
{
  const char *name = NULL;

  name = peek_text (view, "name");
  if (view->n_items == 0 || rafilm_wire_fields_peek (view, "name") == NULL)
    rafilm_database_run (self->db, "DELETE FROM list WHERE id = ?", "t", id);
  else if (!rafilm_fields_are_deleted (view))
    rafilm_database_run (self->db,
                         "INSERT OR REPLACE INTO list"
                         " (id, name, description, ranked, public, deleted_at)"
                         " VALUES (?, ?, ?, ?, ?, NULL)",
                         "tttii", id, name != NULL ? name : "", peek_text (view, "desc"),
                         (int) is_true (view, "ranked"), (int) is_true (view, "public"));
  else
    rafilm_database_run (self->db,
                         "INSERT OR REPLACE INTO list"
                         " (id, name, description, ranked, public, deleted_at)"
                         " VALUES (?, ?, ?, ?, ?, ?)",
                         "tttiil", id, name != NULL ? name : "", peek_text (view, "desc"),
                         (int) is_true (view, "ranked"), (int) is_true (view, "public"),
                         peek_time (view, RAFILM_WIRE_DELETED));
  self->kinds |= RAFILM_STORE_CHANGE_LISTS;
}

static void
store_item (RafilmMirror *self, const char *id, const RafilmWireFields *view)
{
  g_autofree char *list = NULL;
  const char *colon = NULL;
  const char *position = NULL;
  gint64 film = 0;

  colon = strrchr (id, ':');
  film = colon != NULL ? parse_film (colon + 1) : 0;
  if (film == 0)
    return;
  list = g_strndup (id, colon - id);
  position = peek_text (view, "pos");
  if (rafilm_fields_are_deleted (view) || view->n_items == 0)
    rafilm_database_run (self->db, "DELETE FROM item WHERE list = ? AND film = ?", "tl", list,
                         film);
  else
    rafilm_database_run (self->db,
                         "INSERT OR REPLACE INTO item (list, film, listed, position, note)"
                         " VALUES (?, ?, ?, ?, ?)",
                         "tlitt", list, film, (int) is_true (view, "on"),
                         position != NULL ? position : FIRST_POSITION, peek_text (view, "note"));
  rafilm_mirror_touch_film (self, film, RAFILM_TOUCH_STATE | RAFILM_TOUCH_TEXT);
  self->kinds |= RAFILM_STORE_CHANGE_LISTS;
}

/* Profile and versions */

static void
store_profile (RafilmMirror *self, const char *id, const RafilmWireFields *view)
{
  if (rafilm_fields_are_deleted (view) || view->n_items == 0)
    rafilm_database_run (self->db, "DELETE FROM profile WHERE id = ?", "t", id);
  else
    rafilm_database_run (self->db,
                         "INSERT OR REPLACE INTO profile (id, name, bio) VALUES (?, ?, ?)", "ttt",
                         id, peek_text (view, "name"), peek_text (view, "bio"));
  self->kinds |= RAFILM_STORE_CHANGE_PROFILE;
}

static void
store_version (RafilmMirror *self, const char *id, const RafilmWireFields *view)
{
  const char *of = NULL;
  const char *hash = NULL;
  const char *field = NULL;
  const char *text = NULL;
  const char *by = NULL;

  self->kinds |= RAFILM_STORE_CHANGE_VERSIONS;
  of = peek_text (view, "of");
  hash = of != NULL ? strchr (of, '#') : NULL;
  field = peek_text (view, "field");
  text = peek_text (view, "text");
  by = peek_text (view, "by");
  if (hash == NULL || field == NULL || text == NULL || rafilm_fields_are_deleted (view))
    rafilm_database_run (self->db, "DELETE FROM version WHERE id = ?", "t", id);
  else
    {
      g_autofree char *kind = g_strndup (of, hash - of);

      rafilm_database_run (self->db,
                           "INSERT OR REPLACE INTO version (id, kind, record, field, text, by, at)"
                           " VALUES (?, ?, ?, ?, ?, ?, ?)",
                           "ttttttl", id, kind, hash + 1, field, text, by != NULL ? by : "",
                           peek_int (view, "at", 0));
    }
}

static const struct
{
  const char *kind;
  void (*store) (RafilmMirror *self, const char *id, const RafilmWireFields *view);
} tables[] = {
  { KIND_VIEWING, store_viewing }, { KIND_FILM, store_rating }, { KIND_WATCH, store_watch },
  { KIND_LIST, store_list },       { KIND_ITEM, store_item },   { KIND_PROFILE, store_profile },
  { KIND_VERSION, store_version },
};

/* A kind that this version doesn't know stays in the mirror until one does that knows it. */
static void
store_view (RafilmMirror *self, const char *kind, const char *id, const RafilmWireFields *view)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (strcmp (tables[i].kind, kind) == 0)
      tables[i].store (self, id, view);
}

void
rafilm_mirror_load_view (RafilmMirror *self, const char *kind, const char *id,
                         RafilmWireFields *ret_view)
{
  g_autoptr (RafilmWireRow) row = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) ops = NULL;

  row = rafilm_mirror_load_row (self, kind, id);
  entries = rafilm_mirror_load_entries (self, kind, id);
  ops = g_ptr_array_new ();
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (ops, ((RafilmOutboxEntry *) g_ptr_array_index (entries, i))->op);
  rafilm_wire_overlay (row, (const RafilmWireOp *const *) ops->pdata, ops->len, ret_view);
}

void
rafilm_mirror_rebuild (RafilmMirror *self, const char *kind, const char *id)
{
  g_auto (RafilmWireFields) view = { 0 };

  rafilm_mirror_load_view (self, kind, id, &view);
  if (!rafilm_database_has_failed (self->db))
    store_view (self, kind, id, &view);
}

void
rafilm_mirror_rebuild_from_row (RafilmMirror *self, const RafilmWireRow *row)
{
  store_view (self, row->kind, row->id, &row->fields);
}
