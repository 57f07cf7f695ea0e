/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-images-cache.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-spawn.h"

#define ATTRIBUTES "standard::name,standard::type,standard::size,time::modified,time::modified-usec"
#define BATCH 200
/* After an eviction there is room for a while. */
#define KEEP_PERCENT 90
/* How old the note of a use may get before it is written again. */
#define TOUCH_MILLISECONDS (60 * 1000)

typedef struct
{
  guint64 size;
  gint64 used;
} Entry;

struct _RafilmImagesCache
{
  GObject parent_instance;

  char *folder;
  guint64 limit;
  guint64 total;
  GHashTable *entries;
  DexPromise *opening;
};

G_DEFINE_FINAL_TYPE (RafilmImagesCache, rafilm_images_cache, G_TYPE_OBJECT)

typedef struct
{
  RafilmImagesCache *self;
  char *name;
  GBytes *contents;
} Store;

static void
store_free (gpointer data)
{
  Store *store = data;

  g_clear_object (&store->self);
  g_clear_pointer (&store->name, g_free);
  g_clear_pointer (&store->contents, g_bytes_unref);
  g_free (store);
}

static char *
dup_path (RafilmImagesCache *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
remember (RafilmImagesCache *self, const char *name, guint64 size, gint64 used)
{
  Entry *entry = g_new0 (Entry, 1);

  rafilm_images_cache_forget (self, name);
  entry->size = size;
  entry->used = used;
  self->total += size;
  g_hash_table_insert (self->entries, g_strdup (name), entry);
}

void
rafilm_images_cache_forget (RafilmImagesCache *self, const char *name)
{
  Entry *entry = NULL;

  g_return_if_fail (RAFILM_IS_IMAGES_CACHE (self));

  entry = g_hash_table_lookup (self->entries, name);
  if (entry == NULL)
    return;

  self->total -= entry->size;
  g_hash_table_remove (self->entries, name);
}

/* ---- reading the folder ------------------------------------------------------------------- */

static void
remember_info (RafilmImagesCache *self, const char *folder_name, GFileInfo *info)
{
  g_autofree char *name = g_build_filename (folder_name, g_file_info_get_name (info), NULL);
  g_autoptr (GDateTime) modified = g_file_info_get_modification_date_time (info);
  gint64 used = modified != NULL ? g_date_time_to_unix_usec (modified) / 1000 : 0;

  if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR
      && !g_hash_table_contains (self->entries, name))
    remember (self, name, (guint64) g_file_info_get_size (info), used);
}

/* The files of one folder, or with @folders the names of the folders in it. */
static void
await_folder (RafilmImagesCache *self, const char *folder_name, GPtrArray *folders)
{
  g_autofree char *path =
      folder_name != NULL ? dup_path (self, folder_name) : g_strdup (self->folder);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileEnumerator) enumerator = NULL;

  enumerator =
      dex_await_object (dex_file_enumerate_children (
                            file, ATTRIBUTES, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, G_PRIORITY_LOW),
                        NULL);

  while (enumerator != NULL)
    {
      GList *infos = dex_await_boxed (
          dex_file_enumerator_next_files (enumerator, BATCH, G_PRIORITY_LOW), NULL);

      if (infos == NULL)
        break;
      for (GList *item = infos; item != NULL; item = item->next)
        {
          if (folders == NULL)
            remember_info (self, folder_name, item->data);
          else if (g_file_info_get_file_type (item->data) == G_FILE_TYPE_DIRECTORY)
            g_ptr_array_add (folders, g_strdup (g_file_info_get_name (item->data)));
        }
      g_list_free_full (infos, g_object_unref);
    }
}

static DexFuture *
open_fiber (gpointer data)
{
  RafilmImagesCache *self = data;
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);

  await_folder (self, NULL, folders);
  for (guint i = 0; i < folders->len; i++)
    await_folder (self, g_ptr_array_index (folders, i), NULL);

  g_debug ("%u pictures, %" G_GUINT64_FORMAT " bytes", g_hash_table_size (self->entries),
           self->total);
  dex_promise_resolve_boolean (self->opening, TRUE);

  return dex_future_new_true ();
}

DexFuture *
rafilm_images_cache_open (RafilmImagesCache *self)
{
  dex_return_error_if_fail (RAFILM_IS_IMAGES_CACHE (self));

  if (self->opening == NULL)
    {
      self->opening = dex_promise_new ();
      /* The promise tells the end. */
      dex_future_disown (rafilm_spawn (open_fiber, g_object_ref (self), g_object_unref));
    }

  return dex_ref (DEX_FUTURE (self->opening));
}

char *
rafilm_images_cache_lookup (RafilmImagesCache *self, const char *name)
{
  g_autofree char *path = NULL;
  Entry *entry = NULL;
  gint64 now = rafilm_clock_now ();

  g_return_val_if_fail (RAFILM_IS_IMAGES_CACHE (self), NULL);

  entry = g_hash_table_lookup (self->entries, name);
  if (entry == NULL)
    return NULL;

  path = dup_path (self, name);
  if (now - entry->used > TOUCH_MILLISECONDS)
    {
      const struct timespec times[] = {
        { .tv_nsec = UTIME_OMIT },
        { .tv_sec = now / 1000, .tv_nsec = (now % 1000) * 1000000 },
      };

      if (utimensat (AT_FDCWD, path, times, 0) != 0)
        {
          rafilm_images_cache_forget (self, name);
          return NULL;
        }
    }
  entry->used = now;

  return g_steal_pointer (&path);
}

/* ---- writing ------------------------------------------------------------------------------ */

static int
compare_use (gconstpointer a, gconstpointer b, gpointer data)
{
  GHashTable *entries = data;
  const Entry *first = g_hash_table_lookup (entries, *(const char *const *) a);
  const Entry *second = g_hash_table_lookup (entries, *(const char *const *) b);

  return (first->used > second->used) - (first->used < second->used);
}

static void
await_eviction (RafilmImagesCache *self, const char *kept)
{
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GPtrArray) doomed = g_ptr_array_new_with_free_func (g_free);
  guint64 goal = self->limit / 100 * KEEP_PERCENT;
  guint64 total = self->total;

  if (self->total <= self->limit)
    return;

  names = g_hash_table_get_keys_as_ptr_array (self->entries);
  g_ptr_array_sort_with_data (names, compare_use, self->entries);
  for (guint i = 0; i < names->len && total > goal; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      const Entry *entry = g_hash_table_lookup (self->entries, name);

      if (g_str_equal (name, kept))
        continue;
      total -= entry->size;
      g_ptr_array_add (doomed, g_strdup (name));
    }

  for (guint i = 0; i < doomed->len; i++)
    rafilm_images_cache_forget (self, g_ptr_array_index (doomed, i));
  for (guint i = 0; i < doomed->len; i++)
    {
      g_autofree char *path = dup_path (self, g_ptr_array_index (doomed, i));
      g_autoptr (GFile) file = g_file_new_for_path (path);

      /* One that is gone already is as good. */
      dex_await (dex_file_delete (file, G_PRIORITY_LOW), NULL);
    }
}

static DexFuture *
store_fiber (gpointer data)
{
  Store *store = data;
  RafilmImagesCache *self = store->self;
  g_autofree char *path = dup_path (self, store->name);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0
      || !dex_await (dex_file_replace_contents_bytes (file, store->contents, NULL,
                                                      /* make_backup= */ FALSE,
                                                      G_FILE_CREATE_PRIVATE),
                     &error))
    {
      g_debug ("A picture was not stored: %s", error != NULL ? error->message : g_strerror (errno));
      return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_DISK_FULL, "%s",
                                    _ ("A picture could not be stored."));
    }

  remember (self, store->name, g_bytes_get_size (store->contents), rafilm_clock_now ());
  await_eviction (self, store->name);

  return dex_future_new_take_string (g_steal_pointer (&path));
}

DexFuture *
rafilm_images_cache_store (RafilmImagesCache *self, const char *name, GBytes *contents)
{
  Store *store = NULL;

  dex_return_error_if_fail (RAFILM_IS_IMAGES_CACHE (self));
  dex_return_error_if_fail (name != NULL && contents != NULL);

  store = g_new0 (Store, 1);
  store->self = g_object_ref (self);
  store->name = g_strdup (name);
  store->contents = g_bytes_ref (contents);

  return rafilm_spawn (store_fiber, store, store_free);
}

void
rafilm_images_cache_set_limit (RafilmImagesCache *self, guint64 bytes)
{
  g_return_if_fail (RAFILM_IS_IMAGES_CACHE (self));

  self->limit = bytes;
}

static void
rafilm_images_cache_finalize (GObject *object)
{
  RafilmImagesCache *self = RAFILM_IMAGES_CACHE (object);

  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->entries, g_hash_table_unref);
  dex_clear (&self->opening);

  G_OBJECT_CLASS (rafilm_images_cache_parent_class)->finalize (object);
}

static void
rafilm_images_cache_class_init (RafilmImagesCacheClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rafilm_images_cache_finalize;
}

static void
rafilm_images_cache_init (RafilmImagesCache *self)
{
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

RafilmImagesCache *
rafilm_images_cache_new (const char *folder, guint64 limit)
{
  RafilmImagesCache *self = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (RAFILM_TYPE_IMAGES_CACHE, NULL);
  self->folder = g_strdup (folder);
  self->limit = limit;

  return self;
}
