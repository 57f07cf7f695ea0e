/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-images.h"

#include "rafilm-local-http.h"
#include "rafilm-local-poster.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

#define ROOT "/t/p"
#define THREADS 2
#define MAX_CACHE_BYTES (96 * 1024 * 1024)
#define QUALITY "88"

struct _RafilmLocalImages
{
  SoupServer *server;
  RafilmLocalCatalogue *catalogue;
  GThreadPool *pool;
  GHashTable *cache; /* path -> GBytes */
  gsize cache_bytes;
  GHashTable *waiting; /* path -> GPtrArray of RafilmLocalExchange */
  GMainContext *context;
};

typedef struct
{
  RafilmLocalImages *images;
  char *path;
  const RafilmLocalFilm *film;
  RafilmLocalPicture picture;
  int width;
  GBytes *bytes;
} Job;

static const struct
{
  const char *name;
  int poster; /* pixels across; 0 where there is none */
  int backdrop;
} sizes[] = {
  { "w92", 92, 0 },     { "w154", 154, 0 },   { "w185", 185, 0 },
  { "w300", 0, 300 },   { "w342", 342, 0 },   { "w500", 500, 0 },
  { "w780", 780, 780 }, { "w1280", 0, 1280 }, { "original", 1000, 1920 },
};

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->path, g_free);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_free (job);
}

static GBytes *
encode (cairo_surface_t *surface)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);
  const guint8 *source;
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GError) error = NULL;
  guint8 *target = gdk_pixbuf_get_pixels (pixbuf);
  int target_stride = gdk_pixbuf_get_rowstride (pixbuf);
  char *data = NULL;
  gsize size = 0;

  cairo_surface_flush (surface);
  source = cairo_image_surface_get_data (surface);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint32 pixel = *(const guint32 *) (const void *) (source + y * stride + x * 4);
        guint8 *to = target + y * target_stride + x * 3;

        to[0] = pixel >> 16 & 0xff;
        to[1] = pixel >> 8 & 0xff;
        to[2] = pixel & 0xff;
      }
  if (!gdk_pixbuf_save_to_buffer (pixbuf, &data, &size, "jpeg", &error, "quality", QUALITY, NULL))
    {
      g_warning ("A picture cannot be encoded: %s", error->message);
      return NULL;
    }

  return g_bytes_new_take (data, size);
}

static void
reply_picture (SoupServerMessage *message, GBytes *bytes)
{
  if (bytes == NULL)
    {
      rafilm_local_http_reply_bytes (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, NULL, NULL);
      return;
    }
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Cache-Control",
                                "public, max-age=31536000");
  rafilm_local_http_reply_bytes (message, SOUP_STATUS_OK, "image/jpeg", bytes);
}

/* Enough for a whole run of the app; beyond that all are drawn anew. */
static void
keep (RafilmLocalImages *self, const char *path, GBytes *bytes)
{
  if (self->cache_bytes + g_bytes_get_size (bytes) > MAX_CACHE_BYTES)
    {
      g_hash_table_remove_all (self->cache);
      self->cache_bytes = 0;
    }
  self->cache_bytes += g_bytes_get_size (bytes);
  g_hash_table_replace (self->cache, g_strdup (path), g_bytes_ref (bytes));
}

static gboolean
drawn_cb (gpointer data)
{
  Job *job = data;
  RafilmLocalImages *self = job->images;
  GPtrArray *exchanges = g_hash_table_lookup (self->waiting, job->path);

  if (job->bytes != NULL)
    keep (self, job->path, job->bytes);
  for (guint i = 0; exchanges != NULL && i < exchanges->len; i++)
    reply_picture (((RafilmLocalExchange *) exchanges->pdata[i])->message, job->bytes);
  g_hash_table_remove (self->waiting, job->path);

  return G_SOURCE_REMOVE;
}

/* On a thread of the pool. */
static void
draw (gpointer data, gpointer user_data)
{
  Job *job = data;
  cairo_surface_t *surface = rafilm_local_poster_draw (job->film, job->picture, job->width);

  job->bytes = encode (surface);
  cairo_surface_destroy (surface);
  g_main_context_invoke_full (job->images->context, G_PRIORITY_DEFAULT, drawn_cb, job, job_free);
}

static int
find_width (const char *name, RafilmLocalPicture picture)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    if (strcmp (sizes[i].name, name) == 0)
      return picture == RAFILM_LOCAL_PICTURE_POSTER ? sizes[i].poster : sizes[i].backdrop;

  return 0;
}

/* "/w342/949.jpg"; returns NULL where there is no such picture. */
static Job *
parse_path (RafilmLocalImages *self, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", 4);
  RafilmLocalPicture picture = RAFILM_LOCAL_PICTURE_POSTER;
  RafilmLocalFilm *film;
  char *end = NULL;
  guint64 id;
  int width;
  Job *job;

  if (g_strv_length (parts) != 3 || !g_ascii_isdigit (parts[2][0]))
    return NULL;
  id = g_ascii_strtoull (parts[2], &end, 10);
  if (strcmp (end, "-wide.jpg") == 0)
    picture = RAFILM_LOCAL_PICTURE_BACKDROP;
  else if (strcmp (end, ".jpg") != 0)
    return NULL;
  film = id <= G_MAXINT32 ? rafilm_local_catalogue_find (self->catalogue, (gint64) id) : NULL;
  width = find_width (parts[1], picture);
  if (film == NULL || width == 0)
    return NULL;

  job = g_new0 (Job, 1);
  job->images = self;
  job->path = g_strdup (path);
  job->film = film;
  job->picture = picture;
  job->width = width;

  return job;
}

static void
pictures_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
             gpointer data)
{
  RafilmLocalImages *self = data;
  const char *rest = path + strlen (ROOT);
  GBytes *bytes = g_hash_table_lookup (self->cache, rest);
  GPtrArray *exchanges = g_hash_table_lookup (self->waiting, rest);
  Job *job = NULL;

  if (bytes != NULL)
    {
      reply_picture (message, bytes);
      return;
    }
  if (exchanges == NULL)
    {
      job = parse_path (self, rest);
      if (job == NULL)
        {
          rafilm_local_http_reply_bytes (message, SOUP_STATUS_NOT_FOUND, NULL, NULL);
          return;
        }
      exchanges = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_local_exchange_end);
      g_hash_table_replace (self->waiting, g_strdup (rest), exchanges);
    }
  g_ptr_array_add (exchanges, rafilm_local_exchange_begin (message));
  if (job != NULL)
    g_thread_pool_push (self->pool, job, NULL);
}

RafilmLocalImages *
rafilm_local_images_new (SoupServer *server, RafilmLocalCatalogue *catalogue)
{
  RafilmLocalImages *self;

  g_return_val_if_fail (SOUP_IS_SERVER (server), NULL);
  g_return_val_if_fail (catalogue != NULL, NULL);

  self = g_new0 (RafilmLocalImages, 1);
  self->server = g_object_ref (server);
  self->catalogue = catalogue;
  self->context = g_main_context_ref_thread_default ();
  self->cache =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->waiting =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->pool = g_thread_pool_new_full (draw, NULL, job_free, THREADS, FALSE, NULL);
  soup_server_add_handler (server, ROOT, pictures_cb, self, NULL);

  return self;
}

void
rafilm_local_images_free (RafilmLocalImages *self)
{
  g_return_if_fail (self != NULL);

  soup_server_remove_handler (self->server, ROOT);
  g_thread_pool_free (self->pool, TRUE, TRUE);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_clear_pointer (&self->waiting, g_hash_table_unref);
  g_clear_pointer (&self->cache, g_hash_table_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->server);
  g_free (self);
}
