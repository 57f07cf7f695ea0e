/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-profile.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "rafilm-error.h"
#include "rafilm-spawn.h"
#include "rafilm-store-arrival.h"
#include "rafilm-store-films.h"

#define MAX_UID 64

typedef struct
{
  char *folder;
  char *uid;
  gboolean alone;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_free (self->folder);
  g_free (self->uid);
  g_free (self);
}

char *
rafilm_profile_dup_default (void)
{
  return g_build_filename (g_get_user_data_dir (), "rafilm", NULL);
}

/* The id becomes a folder's name. */
static gboolean
is_uid (const char *uid)
{
  gsize length = strlen (uid);

  return length > 0 && length <= MAX_UID
         && strspn (uid, "0123456789-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
                == length;
}

char *
rafilm_profile_dup_diary_path (const char *folder, const char *uid)
{
  g_return_val_if_fail (folder != NULL, NULL);

  if (uid == NULL)
    return g_build_filename (folder, "local", "diary.db", NULL);

  return is_uid (uid) ? g_build_filename (folder, "acct", uid, "diary.db", NULL) : NULL;
}

static gboolean
make_folder (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", path,
               g_strerror (errno));

  return FALSE;
}

/* The path of a new folder for a diary that is put aside. */
static char *
make_aside (const char *folder, GError **error)
{
  g_autofree char *parent = g_build_filename (folder, "aside", NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *name = g_date_time_format (now, "%Y-%m-%dT%H%M%SZ");
  char *path = g_build_filename (parent, name, NULL);

  for (guint i = 2; g_file_test (path, G_FILE_TEST_EXISTS); i++)
    {
      g_free (path);
      path = g_strdup_printf ("%s/%s-%u", parent, name, i);
    }
  if (!make_folder (parent, error))
    g_clear_pointer (&path, g_free);

  return path;
}

/* Moves the whole folder, so that SQLite's files beside the database come along. */
static char *
put_aside (const char *folder, const char *diary, GError **error)
{
  g_autofree char *from = g_path_get_dirname (diary);
  g_autofree char *to = NULL;

  if (!g_file_test (diary, G_FILE_TEST_EXISTS))
    return NULL;
  to = make_aside (folder, error);
  if (to == NULL)
    return NULL;
  if (g_rename (from, to) == 0)
    return g_build_filename (to, "diary.db", NULL);

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", from,
               g_strerror (errno));

  return NULL;
}

char *
rafilm_profile_put_aside (const char *folder, GError **error)
{
  g_autofree char *diary = rafilm_profile_dup_diary_path (folder, NULL);

  return put_aside (folder, diary, error);
}

/* All that is seen of a diary that nobody has open, and the facts of its films. */
typedef struct
{
  GPtrArray *records; /* NULL when it is empty */
  GPtrArray *films;
  char *from;
} Contents;

static void
contents_clear (Contents *self)
{
  g_clear_pointer (&self->records, g_ptr_array_unref);
  g_clear_pointer (&self->films, g_ptr_array_unref);
  g_clear_pointer (&self->from, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Contents, contents_clear)

static GPtrArray *
list_films (RafilmStore *store, GError **error)
{
  const RafilmFilmQuery query = { .flags = RAFILM_FILM_KNOWN };
  g_autoptr (GListModel) model = dex_await_object (rafilm_store_list_films (store, &query), error);
  GPtrArray *films;

  if (model == NULL)
    return NULL;
  films = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    g_ptr_array_add (films, g_list_model_get_item (model, i));

  return films;
}

static gboolean
read_contents (const char *path, Contents *contents, GError **error)
{
  g_autoptr (RafilmStore) store = NULL;
  g_autoptr (RafilmSyncState) state = NULL;

  *contents = (Contents) { 0 };
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  store = dex_await_object (rafilm_store_open (path), error);
  if (store == NULL)
    return FALSE;
  state = dex_await_boxed (rafilm_store_sync_state (store), error);
  if (state != NULL)
    contents->records = dex_await_boxed (rafilm_store_list_records (store), error);
  if (contents->records != NULL)
    contents->films = list_films (store, error);
  dex_await (rafilm_store_close (store), NULL);
  if (contents->films == NULL)
    return FALSE;
  contents->from = g_strdup (state->dev);
  if (contents->records->len == 0)
    g_clear_pointer (&contents->records, g_ptr_array_unref);

  return TRUE;
}

/* The same contents a second time change nothing. */
static gboolean
take_contents (const Contents *contents, RafilmStore *store, GError **error)
{
  g_autoptr (RafilmSyncState) state = NULL;

  if (contents->films->len > 0
      && !dex_await_boolean (rafilm_store_put_films (store, contents->films), error))
    return FALSE;
  state =
      dex_await_boxed (rafilm_store_take_arrival (store, contents->records, contents->from), error);

  return state != NULL;
}

GPtrArray *
rafilm_profile_list_local (const char *folder, char **ret_from, GError **error)
{
  g_autofree char *path = rafilm_profile_dup_diary_path (folder, NULL);
  g_auto (Contents) contents = { 0 };

  *ret_from = NULL;
  if (!read_contents (path, &contents, error) || contents.records == NULL)
    return NULL;
  *ret_from = g_steal_pointer (&contents.from);

  return g_steal_pointer (&contents.records);
}

/* When the account has no diary here, the file itself becomes it: films' facts and the chat come
 * along. A copy stays aside. */
static gboolean
adopt_local (const Opening *self, GError **error)
{
  g_autofree char *accounts = g_build_filename (self->folder, "acct", NULL);
  g_autofree char *to = g_build_filename (accounts, self->uid, NULL);
  g_autofree char *from = g_build_filename (self->folder, "local", NULL);
  g_autofree char *diary = rafilm_profile_dup_diary_path (self->folder, NULL);

  if (g_file_test (to, G_FILE_TEST_EXISTS) || !g_file_test (diary, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!make_folder (accounts, error))
    return FALSE;
  if (g_rename (from, to) == 0)
    return TRUE;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", from,
               g_strerror (errno));

  return FALSE;
}

/* The file at @path as it is now, while others may have it open. */
static gboolean
copy_aside (const char *folder, const char *path, GError **error)
{
  g_autofree char *to = make_aside (folder, error);
  g_autofree char *copy = NULL;
  sqlite3_stmt *statement = NULL;
  sqlite3 *db = NULL;
  int status = SQLITE_OK;

  if (to == NULL || !make_folder (to, error))
    return FALSE;
  copy = g_build_filename (to, "diary.db", NULL);
  status = sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL);
  if (status == SQLITE_OK)
    status = sqlite3_prepare_v2 (db, "VACUUM INTO ?", -1, &statement, NULL);
  if (status == SQLITE_OK)
    status = sqlite3_bind_text (statement, 1, copy, -1, SQLITE_STATIC);
  if (status == SQLITE_OK)
    status = sqlite3_step (statement);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  if (status == SQLITE_DONE)
    return TRUE;
  g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_DATABASE, "%s: %s", copy, sqlite3_errstr (status));

  return FALSE;
}

/* The records of an adopted file arrive like those of any other. */
static gboolean
convert_adopted (const Opening *self, RafilmStore *store, const char *dev, GError **error)
{
  g_autoptr (GPtrArray) records = dex_await_boxed (rafilm_store_list_records (store), error);
  g_autoptr (RafilmSyncState) state = NULL;

  if (records == NULL)
    return FALSE;
  if (records->len == 0)
    return TRUE;
  if (!copy_aside (self->folder, rafilm_store_get_path (store), error))
    return FALSE;
  state = dex_await_boxed (rafilm_store_take_arrival (store, records, dev), error);

  return state != NULL;
}

/* The records arrive before the file goes; after a crash between, the account's diary knows that
 * it has them. */
static gboolean
take_local (const Opening *self, RafilmStore *store, GError **error)
{
  g_autofree char *path = rafilm_profile_dup_diary_path (self->folder, NULL);
  g_auto (Contents) contents = { 0 };
  g_autofree char *aside = NULL;

  if (!read_contents (path, &contents, error))
    return FALSE;
  if (contents.records == NULL)
    return TRUE;
  if (!take_contents (&contents, store, error))
    return FALSE;
  aside = rafilm_profile_put_aside (self->folder, error);

  return aside != NULL;
}

static gboolean
bind_account (const Opening *self, RafilmStore *store, GError **error)
{
  g_autoptr (RafilmSyncState) before = dex_await_boxed (rafilm_store_sync_state (store), error);
  g_autoptr (RafilmSyncState) state = NULL;

  /* Nobody's yet: it was adopted just now, or before a crash. */
  if (before == NULL
      || (before->acct == NULL && !convert_adopted (self, store, before->dev, error)))
    return FALSE;
  state = dex_await_boxed (rafilm_store_bind_account (store, self->uid), error);
  if (state == NULL)
    return FALSE;

  return self->alone || take_local (self, store, error);
}

static DexFuture *
open_fiber (gpointer data)
{
  Opening *self = data;
  g_autofree char *path = rafilm_profile_dup_diary_path (self->folder, self->uid);
  g_autoptr (RafilmStore) store = NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_INVALID, "Not an account's id");
  if (!make_folder (self->folder, &error)
      || (self->uid != NULL && !self->alone && !adopt_local (self, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  store = dex_await_object (rafilm_store_open (path), &error);
  if (store == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (self->uid != NULL && !bind_account (self, store, &error))
    {
      dex_await (rafilm_store_close (store), NULL);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  return dex_future_new_take_object (g_steal_pointer (&store));
}

static DexFuture *
open_diary (const char *folder, const char *uid, gboolean alone)
{
  Opening *self = g_new0 (Opening, 1);

  self->folder = g_strdup (folder);
  self->uid = g_strdup (uid);
  self->alone = alone;

  return rafilm_spawn (open_fiber, self, opening_free);
}

DexFuture *
rafilm_profile_open (const char *folder, const char *uid)
{
  dex_return_error_if_fail (folder != NULL);

  return open_diary (folder, uid, FALSE);
}

DexFuture *
rafilm_profile_open_alone (const char *folder, const char *uid)
{
  dex_return_error_if_fail (folder != NULL);

  return open_diary (folder, uid, TRUE);
}

/* ---- The end of an account ---- */

static gboolean
take_into_local (const Opening *self, const Contents *contents, GError **error)
{
  g_autoptr (RafilmStore) store = NULL;
  gboolean taken;

  store = dex_await_object (rafilm_profile_open (self->folder, NULL), error);
  if (store == NULL)
    return FALSE;
  taken = take_contents (contents, store, error);
  dex_await (rafilm_store_close (store), NULL);

  return taken;
}

/* The records arrive before the file goes, as in take_local(). */
static DexFuture *
leave_fiber (gpointer data)
{
  Opening *self = data;
  g_autofree char *path = rafilm_profile_dup_diary_path (self->folder, self->uid);
  g_auto (Contents) contents = { 0 };
  g_autofree char *aside = NULL;
  GError *error = NULL;

  if (path == NULL)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_INVALID, "Not an account's id");
  if (!read_contents (path, &contents, &error)
      || (contents.records != NULL && !take_into_local (self, &contents, &error)))
    return dex_future_new_for_error (error);
  aside = put_aside (self->folder, path, &error);
  if (error != NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_true ();
}

DexFuture *
rafilm_profile_leave_account (const char *folder, const char *uid)
{
  Opening *self;

  dex_return_error_if_fail (folder != NULL);
  dex_return_error_if_fail (uid != NULL);

  self = g_new0 (Opening, 1);
  self->folder = g_strdup (folder);
  self->uid = g_strdup (uid);

  return rafilm_spawn (leave_fiber, self, opening_free);
}
