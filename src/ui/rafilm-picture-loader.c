/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-picture-loader.h"

#include "rafilm-error.h"
#include "rafilm-spawn.h"

/* A w342 poster takes 0.7 MB as a texture; this many take about 130. */
#define MAX_TEXTURES 192
#define MAX_DECODERS 2

struct _RafilmPictureLoader
{
  GObject parent_instance;

  RafilmPictureFetch fetch;
  gpointer fetch_data;
  GDestroyNotify fetch_destroy;

  GHashTable *textures; /* key -> GList link of `order` */
  GQueue order;         /* Entry, last used first */
  GHashTable *pending;  /* key -> DexFuture of a texture */
  GThreadPool *decoders;
};

typedef struct
{
  char *key;
  GdkTexture *texture;
} Entry;

typedef struct
{
  char *file;
  DexPromise *promise;
} DecodeJob;

typedef struct
{
  RafilmPictureLoader *loader;
  char *path;
  char *size;
  char *key;
} LoadData;

G_DEFINE_FINAL_TYPE (RafilmPictureLoader, rafilm_picture_loader, G_TYPE_OBJECT)

static void
entry_free (Entry *entry)
{
  g_free (entry->key);
  g_object_unref (entry->texture);
  g_free (entry);
}

static void
load_data_free (LoadData *data)
{
  g_object_unref (data->loader);
  g_free (data->path);
  g_free (data->size);
  g_free (data->key);
  g_free (data);
}

/* Runs on a decoder's thread; a promise may be kept from any. */
static void
decode (gpointer data, gpointer user_data)
{
  DecodeJob *job = data;
  GError *error = NULL;
  GdkTexture *texture;

  texture = gdk_texture_new_from_filename (job->file, &error);
  if (texture != NULL)
    dex_promise_resolve_object (job->promise, texture);
  else
    dex_promise_reject (job->promise, error);

  dex_unref (job->promise);
  g_free (job->file);
  g_free (job);
}

static DexFuture *
decode_file (RafilmPictureLoader *self, const char *file)
{
  DecodeJob *job = g_new0 (DecodeJob, 1);
  DexPromise *promise = dex_promise_new ();

  job->file = g_strdup (file);
  job->promise = dex_ref (promise);
  g_thread_pool_push (self->decoders, job, NULL);

  return DEX_FUTURE (promise);
}

static void
remember (RafilmPictureLoader *self, const char *key, GdkTexture *texture)
{
  Entry *entry;

  if (g_hash_table_contains (self->textures, key))
    return;

  entry = g_new0 (Entry, 1);
  entry->key = g_strdup (key);
  entry->texture = g_object_ref (texture);
  g_queue_push_head (&self->order, entry);
  g_hash_table_insert (self->textures, entry->key, self->order.head);

  while (self->order.length > MAX_TEXTURES)
    {
      Entry *oldest = g_queue_pop_tail (&self->order);

      g_hash_table_remove (self->textures, oldest->key);
      entry_free (oldest);
    }
}

static DexFuture *
load_fiber (gpointer user_data)
{
  LoadData *data = user_data;
  RafilmPictureLoader *self = data->loader;
  g_autofree char *file = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GError) error = NULL;

  file = dex_await_string (self->fetch (data->path, data->size, self->fetch_data), &error);
  if (file != NULL)
    texture = dex_await_object (decode_file (self, file), &error);
  if (texture != NULL)
    remember (self, data->key, texture);
  g_hash_table_remove (self->pending, data->key);

  if (texture == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_new_take_object (g_steal_pointer (&texture));
}

static void
rafilm_picture_loader_finalize (GObject *object)
{
  RafilmPictureLoader *self = RAFILM_PICTURE_LOADER (object);

  rafilm_picture_loader_set_fetch (self, NULL, NULL, NULL);
  g_clear_pointer (&self->textures, g_hash_table_unref);
  g_clear_pointer (&self->pending, g_hash_table_unref);
  g_queue_clear_full (&self->order, (GDestroyNotify) entry_free);
  g_thread_pool_free (self->decoders, FALSE, TRUE);

  G_OBJECT_CLASS (rafilm_picture_loader_parent_class)->finalize (object);
}

static void
rafilm_picture_loader_class_init (RafilmPictureLoaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rafilm_picture_loader_finalize;
}

static void
rafilm_picture_loader_init (RafilmPictureLoader *self)
{
  self->textures = g_hash_table_new (g_str_hash, g_str_equal);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, dex_unref);
  self->decoders = g_thread_pool_new (decode, NULL, MAX_DECODERS, FALSE, NULL);
}

RafilmPictureLoader *
rafilm_picture_loader_new (void)
{
  return g_object_new (RAFILM_TYPE_PICTURE_LOADER, NULL);
}

RafilmPictureLoader *
rafilm_picture_loader_get_default (void)
{
  static RafilmPictureLoader *loader;

  if (loader == NULL)
    loader = rafilm_picture_loader_new ();

  return loader;
}

void
rafilm_picture_loader_set_fetch (RafilmPictureLoader *self, RafilmPictureFetch fetch, gpointer data,
                                 GDestroyNotify destroy)
{
  g_return_if_fail (RAFILM_IS_PICTURE_LOADER (self));

  if (self->fetch_destroy != NULL)
    self->fetch_destroy (self->fetch_data);
  self->fetch = fetch;
  self->fetch_data = data;
  self->fetch_destroy = destroy;
}

GdkTexture *
rafilm_picture_loader_peek (RafilmPictureLoader *self, const char *path, const char *size)
{
  g_autofree char *key = NULL;
  GList *link;

  g_return_val_if_fail (RAFILM_IS_PICTURE_LOADER (self), NULL);

  key = g_strconcat (size, path, NULL);
  link = g_hash_table_lookup (self->textures, key);
  if (link == NULL)
    return NULL;

  g_queue_unlink (&self->order, link);
  g_queue_push_head_link (&self->order, link);

  return ((Entry *) link->data)->texture;
}

DexFuture *
rafilm_picture_loader_load (RafilmPictureLoader *self, const char *path, const char *size)
{
  g_autofree char *key = NULL;
  DexFuture *future;
  GdkTexture *texture;
  LoadData *data;

  dex_return_error_if_fail (RAFILM_IS_PICTURE_LOADER (self));
  dex_return_error_if_fail (path != NULL && size != NULL);

  if (self->fetch == NULL)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND, "No source of pictures");

  texture = rafilm_picture_loader_peek (self, path, size);
  if (texture != NULL)
    return dex_future_new_for_object (texture);

  key = g_strconcat (size, path, NULL);
  future = g_hash_table_lookup (self->pending, key);
  if (future != NULL)
    return dex_ref (future);

  data = g_new0 (LoadData, 1);
  data->loader = g_object_ref (self);
  data->path = g_strdup (path);
  data->size = g_strdup (size);
  data->key = g_strdup (key);
  future = rafilm_spawn (load_fiber, data, (GDestroyNotify) load_data_free);
  if (dex_future_is_pending (future))
    g_hash_table_insert (self->pending, g_steal_pointer (&key), dex_ref (future));

  return future;
}
