/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-store-private.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "rafilm-error.h"
#include "rafilm-store-schema.h"
#include "rafilm-store-undo.h"

/* Moves the file and what belongs to it out of the way, under a name that is still free. */
static char *
move_aside (const char *path, GError **error)
{
  static const char *const endings[] = { "", "-wal", "-shm" };
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *date = NULL;
  g_autofree char *target = NULL;

  now = g_date_time_new_now_local ();
  date = g_date_time_format (now, "%Y-%m-%d-%H%M%S");
  target = g_strdup_printf ("%s.unreadable-%s", path, date);
  for (guint i = 2; g_file_test (target, G_FILE_TEST_EXISTS); i++)
    {
      g_free (target);
      target = g_strdup_printf ("%s.unreadable-%s-%u", path, date, i);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *from = NULL;
      g_autofree char *to = NULL;

      from = g_strconcat (path, endings[i], NULL);
      to = g_strconcat (target, endings[i], NULL);
      if (g_rename (from, to) != 0 && errno != ENOENT)
        {
          g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_DATABASE_UNREADABLE, "%s: %s", from,
                       g_strerror (errno));
          return NULL;
        }
    }
  return g_steal_pointer (&target);
}

static RafilmDatabase *
open_and_upgrade (const char *path, GError **error)
{
  g_autoptr (RafilmDatabase) db = NULL;

  db = rafilm_database_open (path, error);
  if (db == NULL || !rafilm_store_schema_upgrade (db, error))
    return NULL;
  return g_steal_pointer (&db);
}

static RafilmDatabase *
open_or_recover (const char *path, char **ret_recovered, GError **error)
{
  g_autoptr (GError) local = NULL;
  RafilmDatabase *db = NULL;

  db = open_and_upgrade (path, &local);
  if (g_error_matches (local, RAFILM_ERROR, RAFILM_ERROR_DATABASE_UNREADABLE))
    {
      *ret_recovered = move_aside (path, error);
      if (*ret_recovered == NULL)
        return NULL;
      g_warning ("The database cannot be read and was moved to %s", *ret_recovered);
      return open_and_upgrade (path, error);
    }
  if (db == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return db;
}

RafilmMirror *
rafilm_mirror_open (const char *path, RafilmFilmRegistry *registry, char **ret_recovered,
                    GError **error)
{
  g_autofree char *folder = NULL;
  RafilmDatabase *db = NULL;
  RafilmMirror *self = NULL;

  folder = g_path_get_dirname (path);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_DATABASE, "%s: %s", folder,
                   g_strerror (errno));
      return NULL;
    }
  db = open_or_recover (path, ret_recovered, error);
  if (db == NULL)
    return NULL;

  self = g_new0 (RafilmMirror, 1);
  self->db = db;
  self->registry = rafilm_film_registry_ref (registry);
  self->films = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  rafilm_database_begin (db, FALSE);
  self->has_unindexed = rafilm_database_get_int (db, 0, "SELECT 1 FROM unindexed LIMIT 1", "") != 0;
  rafilm_database_end (db, NULL);
  self->undo = g_ptr_array_new_with_free_func (rafilm_undo_step_free);
  self->redo = g_ptr_array_new_with_free_func (rafilm_undo_step_free);
  if (rafilm_mirror_grow (self, error))
    return self;
  rafilm_mirror_close (self);
  return NULL;
}

void
rafilm_mirror_close (RafilmMirror *self)
{
  if (self == NULL)
    return;
  rafilm_mirror_drop_step (self);
  g_clear_pointer (&self->db, rafilm_database_close);
  g_clear_pointer (&self->registry, rafilm_film_registry_unref);
  g_clear_pointer (&self->films, g_hash_table_unref);
  g_clear_pointer (&self->undo, g_ptr_array_unref);
  g_clear_pointer (&self->redo, g_ptr_array_unref);
  g_free (self);
}

void
rafilm_mirror_begin (RafilmMirror *self, gboolean write)
{
  g_hash_table_remove_all (self->films);
  self->indexed = 0;
  self->index_later = FALSE;
  self->outbox_known = FALSE;
  rafilm_mirror_drop_step (self);
  self->kinds = 0;
  rafilm_database_begin (self->db, write);
}

gboolean
rafilm_mirror_end (RafilmMirror *self, GError **error)
{
  rafilm_mirror_refresh_films (self);
  if (!rafilm_database_end (self->db, error))
    return FALSE;
  rafilm_mirror_commit_step (self);
  return TRUE;
}

void
rafilm_mirror_fail (RafilmMirror *self, RafilmError code, const char *message)
{
  rafilm_database_fail (self->db, g_error_new_literal (RAFILM_ERROR, code, message));
}

gint64
rafilm_mirror_get_meta_int (RafilmMirror *self, const char *key, gint64 fallback)
{
  return rafilm_database_get_int (self->db, fallback, "SELECT value FROM meta WHERE key = ?", "t",
                                  key);
}

char *
rafilm_mirror_dup_meta (RafilmMirror *self, const char *key)
{
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (self->db, "SELECT value FROM meta WHERE key = ?", "t", key);
  if (!rafilm_database_next (self->db, query))
    return NULL;
  return g_strdup (rafilm_statement_text (query, 0));
}

void
rafilm_mirror_set_meta_int (RafilmMirror *self, const char *key, gint64 value)
{
  rafilm_database_run (self->db, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", "tl",
                       key, value);
}

void
rafilm_mirror_set_meta (RafilmMirror *self, const char *key, const char *value)
{
  if (value == NULL)
    rafilm_database_run (self->db, "DELETE FROM meta WHERE key = ?", "t", key);
  else
    rafilm_database_run (self->db, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", "tt",
                         key, value);
}

char *
rafilm_store_join (const char *const *texts)
{
  g_autofree char *inside = NULL;

  if (texts == NULL || texts[0] == NULL)
    return NULL;
  inside = g_strjoinv (RAFILM_STORE_SEPARATOR, (char **) texts);
  return g_strconcat (RAFILM_STORE_SEPARATOR, inside, RAFILM_STORE_SEPARATOR, NULL);
}

GStrv
rafilm_store_split (const char *joined)
{
  g_autofree char *inside = NULL;
  gsize length = 0;

  if (joined == NULL || (length = strlen (joined)) < 2)
    return NULL;
  inside = g_strndup (joined + 1, length - 2);
  return g_strsplit (inside, RAFILM_STORE_SEPARATOR, -1);
}
