/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading viewings, the trash, versions of texts, and tags. */

#include "config.h"

#include "rafilm-store-private.h"

#include <glib/gi18n.h>

#include "rafilm-clock.h"

#define DAY_MS (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)

/* Before the columns of the film. */
#define VIEWING_COLUMNS                                                                            \
  "v.id, v.watched_on, v.rating, v.liked, v.rewatch, v.finished, v.review, v.spoiler, v.lang,"     \
  " v.public, v.tags, v.deleted_at,"                                                               \
  " (SELECT count (*) FROM version WHERE kind = 'd' AND record = v.id),"                           \
  " EXISTS (SELECT 1 FROM outbox WHERE kind = 'd' AND id = v.id)"
#define VIEWING_N_COLUMNS 14
#define VIEWING_TABLES " FROM viewing AS v JOIN film AS f ON f.id = v.film"

typedef struct
{
  char *id;
  gint64 film;
  guint limit;
  guint offset;
  GPtrArray *found; /* of RafilmViewing, whose films are not the shared ones yet; or others */
  GStrv texts;
} ViewingsRequest;

static ViewingsRequest *
viewings_request_new (const char *id)
{
  ViewingsRequest *self = NULL;

  self = g_new0 (ViewingsRequest, 1);
  self->id = g_strdup (id);
  self->found = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

static void
viewings_request_free (gpointer data)
{
  ViewingsRequest *request = data;

  g_free (request->id);
  g_ptr_array_unref (request->found);
  g_strfreev (request->texts);
  g_free (request);
}

static RafilmViewing *
read_viewing (RafilmMirror *mirror, RafilmStatement *query)
{
  g_autoptr (RafilmFilm) film = NULL;
  g_auto (GStrv) tags = NULL;
  RafilmViewing *viewing = NULL;

  film = rafilm_mirror_read_film (mirror, query, VIEWING_N_COLUMNS);
  viewing = rafilm_viewing_new (rafilm_statement_text (query, 0), film);
  tags = rafilm_store_split (rafilm_statement_text (query, 10));
  g_object_set (
      viewing, "date", rafilm_statement_text (query, 1), "rating",
      (int) rafilm_statement_int (query, 2), "liked", rafilm_statement_int (query, 3) != 0,
      "rewatch", rafilm_statement_int (query, 4) != 0, "finished",
      rafilm_statement_int (query, 5) != 0, "review", rafilm_statement_text (query, 6), "spoiler",
      rafilm_statement_int (query, 7) != 0, "language", rafilm_statement_text (query, 8), "public",
      rafilm_statement_int (query, 9) != 0, "tags", tags, "deleted",
      !rafilm_statement_is_null (query, 11), "versions", (guint) rafilm_statement_int (query, 12),
      "pending", rafilm_statement_int (query, 13) != 0, NULL);
  return viewing;
}

static void
read_viewings (RafilmMirror *mirror, RafilmStatement *query, GPtrArray *found)
{
  while (rafilm_database_next (mirror->db, query))
    g_ptr_array_add (found, read_viewing (mirror, query));
}

static void
share_film (RafilmStore *self, RafilmViewing *viewing)
{
  g_autoptr (RafilmFilm) shared = NULL;

  shared = rafilm_store_share_film (self, rafilm_viewing_get_film (viewing));
  g_object_set (viewing, "film", shared, NULL);
}

static void
viewings_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  ViewingsRequest *request = data;
  GListStore *model = NULL;

  for (guint i = 0; i < request->found->len; i++)
    share_film (self, g_ptr_array_index (request->found, i));
  model = g_list_store_new (RAFILM_TYPE_VIEWING);
  g_list_store_splice (model, 0, 0, request->found->pdata, request->found->len);
  dex_promise_resolve_object (promise, model);
}

static void
list_viewings_work (RafilmMirror *mirror, gpointer data)
{
  ViewingsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;
  g_autofree char *sql = NULL;

  sql = g_strdup_printf ("SELECT " VIEWING_COLUMNS ", %s" VIEWING_TABLES
                         " WHERE v.deleted_at IS NULL AND %s"
                         " ORDER BY v.watched_on DESC, v.logged_at DESC, v.id DESC"
                         " LIMIT ?2 OFFSET ?3",
                         rafilm_film_columns, request->film != 0 ? "v.film = ?1" : "?1 = 0");
  query = rafilm_database_query (mirror->db, sql, "lll", request->film,
                                 request->limit != 0 ? (gint64) request->limit : (gint64) -1,
                                 (gint64) request->offset);
  read_viewings (mirror, query, request->found);
}

DexFuture *
rafilm_store_list_viewings (RafilmStore *self, gint64 film, guint limit, guint offset)
{
  ViewingsRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (film >= 0);

  request = viewings_request_new (NULL);
  request->film = film;
  request->limit = limit;
  request->offset = offset;
  return rafilm_store_read (self, list_viewings_work, viewings_reply, request,
                            viewings_request_free);
}

static void
get_viewing_work (RafilmMirror *mirror, gpointer data)
{
  ViewingsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;
  g_autofree char *sql = NULL;

  sql = g_strdup_printf ("SELECT " VIEWING_COLUMNS ", %s" VIEWING_TABLES " WHERE v.id = ?",
                         rafilm_film_columns);
  query = rafilm_database_query (mirror->db, sql, "t", request->id);
  read_viewings (mirror, query, request->found);
  if (request->found->len == 0)
    rafilm_mirror_fail (mirror, RAFILM_ERROR_NOT_FOUND, _ ("This viewing no longer exists."));
}

static void
get_viewing_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  RafilmViewing *viewing = g_ptr_array_index (((ViewingsRequest *) data)->found, 0);

  share_film (self, viewing);
  dex_promise_resolve_object (promise, g_object_ref (viewing));
}

DexFuture *
rafilm_store_get_viewing (RafilmStore *self, const char *id)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (id != NULL);

  return rafilm_store_read (self, get_viewing_work, get_viewing_reply, viewings_request_new (id),
                            viewings_request_free);
}

gint64
rafilm_mirror_trash_begins (void)
{
  return rafilm_clock_now () - RAFILM_STORE_TRASH_DAYS * DAY_MS;
}

static void
list_trash_work (RafilmMirror *mirror, gpointer data)
{
  ViewingsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;
  g_autofree char *sql = NULL;

  sql = g_strdup_printf ("SELECT " VIEWING_COLUMNS ", %s" VIEWING_TABLES
                         " WHERE v.deleted_at IS NOT NULL AND v.deleted_at >= ?"
                         " ORDER BY v.deleted_at DESC, v.id",
                         rafilm_film_columns);
  query = rafilm_database_query (mirror->db, sql, "l", rafilm_mirror_trash_begins ());
  read_viewings (mirror, query, request->found);
}

DexFuture *
rafilm_store_list_trash (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_read (self, list_trash_work, viewings_reply, viewings_request_new (NULL),
                            viewings_request_free);
}

/* Versions */

/* The table has a review's text, and its mark is in the record. */
static gboolean
is_spoiler (RafilmMirror *mirror, const char *id)
{
  g_auto (RafilmWireFields) view = { 0 };
  const RafilmWireField *text = NULL;

  rafilm_mirror_load_view (mirror, KIND_VERSION, id, &view);
  text = rafilm_wire_fields_get (&view, "text");

  return text != NULL && text->value.type == RAFILM_WIRE_REVIEW && text->value.review.spoiler;
}

static void
list_versions_work (RafilmMirror *mirror, gpointer data)
{
  ViewingsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (mirror->db,
                                 "SELECT id, record, kind, field, text, by, at FROM version"
                                 " WHERE ?1 IS NULL OR (kind = 'd' AND record = ?1)"
                                 " ORDER BY at DESC, id",
                                 "t", request->id);
  while (rafilm_database_next (mirror->db, query))
    g_ptr_array_add (
        request->found,
        g_object_new (RAFILM_TYPE_VERSION, "id", rafilm_statement_text (query, 0), "viewing",
                      rafilm_statement_text (query, 1), "kind", rafilm_statement_text (query, 2),
                      "field", rafilm_statement_text (query, 3), "text",
                      rafilm_statement_text (query, 4), "by", rafilm_statement_text (query, 5),
                      "at", MAX (rafilm_statement_int (query, 6), 0), "spoiler",
                      is_spoiler (mirror, rafilm_statement_text (query, 0)), NULL));
}

static void
versions_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  ViewingsRequest *request = data;
  GListStore *model = NULL;

  model = g_list_store_new (RAFILM_TYPE_VERSION);
  g_list_store_splice (model, 0, 0, request->found->pdata, request->found->len);
  dex_promise_resolve_object (promise, model);
}

DexFuture *
rafilm_store_list_versions (RafilmStore *self, const char *viewing)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_read (self, list_versions_work, versions_reply,
                            viewings_request_new (viewing), viewings_request_free);
}

/* Tags */

static void
list_tags_work (RafilmMirror *mirror, gpointer data)
{
  ViewingsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;
  g_autoptr (GStrvBuilder) tags = NULL;

  tags = g_strv_builder_new ();
  query = rafilm_database_query (
      mirror->db, "SELECT tag FROM viewing_tag GROUP BY tag ORDER BY count (*) DESC, tag", "");
  while (rafilm_database_next (mirror->db, query))
    g_strv_builder_add (tags, rafilm_statement_text (query, 0));
  request->texts = g_strv_builder_end (tags);
}

static void
tags_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, G_TYPE_STRV,
                             g_steal_pointer (&((ViewingsRequest *) data)->texts));
}

DexFuture *
rafilm_store_list_tags (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_read (self, list_tags_work, tags_reply, viewings_request_new (NULL),
                            viewings_request_free);
}
