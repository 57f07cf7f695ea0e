/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-profile.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "rafilm-error.h"
#include "rafilm-spawn.h"
#include "rafilm-store-sync.h"

#define MAX_UID 64

typedef struct
{
  char *folder;
  char *uid;
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

/* Moves the whole folder, so that SQLite's files beside the database come along. */
static gboolean
adopt_local (const Opening *self, GError **error)
{
  g_autofree char *diary = rafilm_profile_dup_diary_path (self->folder, NULL);
  g_autofree char *accounts = g_build_filename (self->folder, "acct", NULL);
  g_autofree char *from = g_build_filename (self->folder, "local", NULL);
  g_autofree char *to = g_build_filename (accounts, self->uid, NULL);

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

static DexFuture *
open_fiber (gpointer data)
{
  Opening *self = data;
  g_autofree char *path = rafilm_profile_dup_diary_path (self->folder, self->uid);
  g_autoptr (RafilmStore) store = NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_INVALID, "Not an account's id");
  if (!make_folder (self->folder, &error) || (self->uid != NULL && !adopt_local (self, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  store = dex_await_object (rafilm_store_open (path), &error);
  if (store == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (self->uid != NULL)
    {
      g_autoptr (RafilmSyncState) state =
          dex_await_boxed (rafilm_store_bind_account (store, self->uid), &error);

      if (state == NULL)
        return dex_future_new_for_error (g_steal_pointer (&error));
    }

  return dex_future_new_take_object (g_steal_pointer (&store));
}

DexFuture *
rafilm_profile_open (const char *folder, const char *uid)
{
  Opening *self;

  dex_return_error_if_fail (folder != NULL);

  self = g_new0 (Opening, 1);
  self->folder = g_strdup (folder);
  self->uid = g_strdup (uid);

  return rafilm_spawn (open_fiber, self, opening_free);
}
