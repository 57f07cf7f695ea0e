/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading lists and the profile. */

#include "config.h"

#include "rafilm-store-private.h"

#include <glib/gi18n.h>

#define LIST_COLUMNS                                                                               \
  "l.id, l.name, l.description, l.ranked, l.public,"                                               \
  " (SELECT count (*) FROM item WHERE list = l.id AND listed = 1)"

typedef struct
{
  char *id;
  gint64 film;
  GPtrArray *found;
  GHashTable *notes;
  RafilmStoreProfile *profile;
} ListsRequest;

G_DEFINE_BOXED_TYPE (RafilmStoreProfile, rafilm_store_profile, rafilm_store_profile_copy,
                     rafilm_store_profile_free)

RafilmStoreProfile *
rafilm_store_profile_copy (const RafilmStoreProfile *self)
{
  RafilmStoreProfile *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (RafilmStoreProfile, 1);
  copy->name = g_strdup (self->name);
  copy->bio = g_strdup (self->bio);
  return copy;
}

void
rafilm_store_profile_free (RafilmStoreProfile *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->bio);
  g_free (self);
}

static ListsRequest *
lists_request_new (const char *id, gint64 film)
{
  ListsRequest *self = NULL;

  self = g_new0 (ListsRequest, 1);
  self->id = g_strdup (id);
  self->film = film;
  self->found = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

static void
lists_request_free (gpointer data)
{
  ListsRequest *request = data;

  g_free (request->id);
  g_ptr_array_unref (request->found);
  g_clear_pointer (&request->notes, g_hash_table_unref);
  g_clear_pointer (&request->profile, rafilm_store_profile_free);
  g_free (request);
}

static void
read_lists (RafilmMirror *mirror, RafilmStatement *query, GPtrArray *found)
{
  while (rafilm_database_next (mirror->db, query))
    g_ptr_array_add (
        found, rafilm_list_new (
                   rafilm_statement_text (query, 0), rafilm_statement_text (query, 1),
                   rafilm_statement_text (query, 2), rafilm_statement_int (query, 3) != 0,
                   rafilm_statement_int (query, 4) != 0, (guint) rafilm_statement_int (query, 5)));
}

static void
lists_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  ListsRequest *request = data;
  GListStore *model = NULL;

  model = g_list_store_new (RAFILM_TYPE_LIST);
  g_list_store_splice (model, 0, 0, request->found->pdata, request->found->len);
  dex_promise_resolve_object (promise, model);
}

static void
list_lists_work (RafilmMirror *mirror, gpointer data)
{
  ListsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (mirror->db,
                                 "SELECT " LIST_COLUMNS " FROM list AS l"
                                 " WHERE deleted_at IS NULL AND (?1 = 0 OR EXISTS (SELECT 1"
                                 "  FROM item WHERE list = l.id AND film = ?1 AND listed = 1))"
                                 " ORDER BY name COLLATE NOCASE, id",
                                 "l", request->film);
  read_lists (mirror, query, request->found);
}

DexFuture *
rafilm_store_list_lists (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_read (self, list_lists_work, lists_reply, lists_request_new (NULL, 0),
                            lists_request_free);
}

DexFuture *
rafilm_store_list_lists_of_film (RafilmStore *self, gint64 film)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (film > 0);

  return rafilm_store_read (self, list_lists_work, lists_reply, lists_request_new (NULL, film),
                            lists_request_free);
}

static void
list_trash_work (RafilmMirror *mirror, gpointer data)
{
  ListsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (mirror->db,
                                 "SELECT " LIST_COLUMNS " FROM list AS l"
                                 " WHERE deleted_at IS NOT NULL AND deleted_at >= ?"
                                 " ORDER BY deleted_at DESC, id",
                                 "l", rafilm_mirror_trash_begins ());
  read_lists (mirror, query, request->found);
}

DexFuture *
rafilm_store_list_trash_lists (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_read (self, list_trash_work, lists_reply, lists_request_new (NULL, 0),
                            lists_request_free);
}

static void
get_list_work (RafilmMirror *mirror, gpointer data)
{
  ListsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (mirror->db,
                                 "SELECT " LIST_COLUMNS " FROM list AS l"
                                 " WHERE id = ? AND deleted_at IS NULL",
                                 "t", request->id);
  read_lists (mirror, query, request->found);
  if (request->found->len == 0)
    rafilm_mirror_fail (mirror, RAFILM_ERROR_NOT_FOUND, _ ("This list no longer exists."));
}

static void
get_list_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_object (promise,
                              g_object_ref (g_ptr_array_index (((ListsRequest *) data)->found, 0)));
}

DexFuture *
rafilm_store_get_list (RafilmStore *self, const char *id)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (id != NULL);

  return rafilm_store_read (self, get_list_work, get_list_reply, lists_request_new (id, 0),
                            lists_request_free);
}

static void
list_entries_work (RafilmMirror *mirror, gpointer data)
{
  ListsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;
  g_autofree char *sql = NULL;

  sql = g_strdup_printf ("SELECT %s FROM item AS i JOIN film AS f ON f.id = i.film"
                         " WHERE i.list = ? AND i.listed = 1 ORDER BY i.position, i.film",
                         rafilm_film_columns);
  query = rafilm_database_query (mirror->db, sql, "t", request->id);
  while (rafilm_database_next (mirror->db, query))
    g_ptr_array_add (request->found, rafilm_mirror_read_film (mirror, query, 0));
}

static void
entries_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_object (promise,
                              rafilm_store_share_films (self, ((ListsRequest *) data)->found));
}

DexFuture *
rafilm_store_list_entries (RafilmStore *self, const char *list)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (list != NULL);

  return rafilm_store_read (self, list_entries_work, entries_reply, lists_request_new (list, 0),
                            lists_request_free);
}

static void
list_notes_work (RafilmMirror *mirror, gpointer data)
{
  ListsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;

  request->notes = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  query = rafilm_database_query (mirror->db,
                                 "SELECT film, note FROM item"
                                 " WHERE list = ? AND listed = 1 AND note IS NOT NULL",
                                 "t", request->id);
  while (rafilm_database_next (mirror->db, query))
    {
      gint64 film = rafilm_statement_int (query, 0);

      g_hash_table_insert (request->notes, g_memdup2 (&film, sizeof film),
                           g_strdup (rafilm_statement_text (query, 1)));
    }
}

static void
notes_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, G_TYPE_HASH_TABLE,
                             g_steal_pointer (&((ListsRequest *) data)->notes));
}

DexFuture *
rafilm_store_list_entry_notes (RafilmStore *self, const char *list)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (list != NULL);

  return rafilm_store_read (self, list_notes_work, notes_reply, lists_request_new (list, 0),
                            lists_request_free);
}

static void
get_profile_work (RafilmMirror *mirror, gpointer data)
{
  ListsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;
  gboolean found = FALSE;

  query = rafilm_database_query (mirror->db,
                                 "SELECT ifnull (name, ''), ifnull (bio, '') FROM profile"
                                 " WHERE id = ?",
                                 "t", PROFILE_ID);
  found = rafilm_database_next (mirror->db, query);
  request->profile = g_new0 (RafilmStoreProfile, 1);
  request->profile->name = g_strdup (found ? rafilm_statement_text (query, 0) : "");
  request->profile->bio = g_strdup (found ? rafilm_statement_text (query, 1) : "");
}

static void
profile_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, RAFILM_TYPE_STORE_PROFILE,
                             g_steal_pointer (&((ListsRequest *) data)->profile));
}

DexFuture *
rafilm_store_get_profile (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_read (self, get_profile_work, profile_reply, lists_request_new (NULL, 0),
                            lists_request_free);
}
