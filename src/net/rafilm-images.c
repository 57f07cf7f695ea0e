/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-images.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-images-cache.h"
#include "rafilm-spawn.h"

#define MAX_WORKERS 6
#define MAX_PICTURE ((gsize) 16 * 1024 * 1024)
#define MAX_NAME 64
#define MAX_MISSES 2000
#define MAX_ATTEMPTS 3
#define RETRY_MILLISECONDS 500
#define SECONDS 20
#define DEFAULT_LIMIT ((guint64) 200 * 1000 * 1000)
#define MISS_MILLISECONDS ((gint64) 60 * 60 * 1000)

struct _RafilmImages
{
  GObject parent_instance;

  RafilmHttp *http;
  RafilmImagesCache *cache;
  char *base;

  /* Name of the file to the Job that gets it, also while a worker is at it. */
  GHashTable *jobs;
  GQueue queue;
  /* Name of the file to when it may be asked for again. */
  GHashTable *misses;
  guint workers;
};

G_DEFINE_FINAL_TYPE (RafilmImages, rafilm_images, G_TYPE_OBJECT)

typedef struct
{
  char *name;
  DexPromise *promise;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->name, g_free);
  dex_clear (&job->promise);
  g_free (job);
}

/* ---- names -------------------------------------------------------------------------------- */

static gboolean
size_is_valid (const char *size)
{
  gsize digits = 0;

  if (g_str_equal (size, "original"))
    return TRUE;
  if (*size != 'w' && *size != 'h')
    return FALSE;
  digits = strspn (size + 1, "0123456789");

  return digits >= 1 && digits <= 4 && size[1 + digits] == '\0';
}

/* What comes from outside becomes part of an address and of a file's name. */
static gboolean
path_is_valid (const char *path)
{
  static const char *const suffixes[] = { ".jpg", ".jpeg", ".png", ".webp" };
  const char *dot = strchr (path, '.');

  if (*path != '/' || dot == NULL || dot == path + 1 || strlen (path) > MAX_NAME)
    return FALSE;
  for (const char *c = path + 1; c < dot; c++)
    if (!g_ascii_isalnum (*c) && *c != '-' && *c != '_')
      return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_equal (dot, suffixes[i]))
      return TRUE;

  return FALSE;
}

static gboolean
contents_are_picture (GBytes *contents)
{
  gsize length = 0;
  const guint8 *bytes = g_bytes_get_data (contents, &length);

  if (length < 12)
    return FALSE;

  return memcmp (bytes, "\xff\xd8\xff", 3) == 0 || memcmp (bytes, "\x89PNG\r\n\x1a\n", 8) == 0
         || (memcmp (bytes, "RIFF", 4) == 0 && memcmp (bytes + 8, "WEBP", 4) == 0);
}

/* ---- downloading -------------------------------------------------------------------------- */

static GError *
not_found_error (void)
{
  return g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND,
                              _ ("There is no such picture."));
}

static void
remember_miss (RafilmImages *self, const char *name)
{
  gint64 *until = g_new (gint64, 1);

  if (g_hash_table_size (self->misses) >= MAX_MISSES)
    g_hash_table_remove_all (self->misses);
  *until = rafilm_clock_now () + MISS_MILLISECONDS;
  g_hash_table_insert (self->misses, g_strdup (name), until);
}

static gboolean
is_missed (RafilmImages *self, const char *name)
{
  gint64 *until = g_hash_table_lookup (self->misses, name);

  if (until == NULL)
    return FALSE;
  if (*until > rafilm_clock_now ())
    return TRUE;

  g_hash_table_remove (self->misses, name);

  return FALSE;
}

static GBytes *
await_download (RafilmImages *self, const char *name, GError **error)
{
  g_autofree char *uri = g_strconcat (self->base, "/", name, NULL);
  RafilmHttpRequest request = {
    .method = "GET", .uri = uri, .max_bytes = MAX_PICTURE, .seconds = SECONDS
  };
  g_autoptr (RafilmHttpAnswer) answer = NULL;

  answer = dex_await_boxed (rafilm_http_send (self->http, &request), error);
  if (answer == NULL)
    return NULL;

  if (answer->status == SOUP_STATUS_OK && contents_are_picture (answer->body))
    return g_bytes_ref (answer->body);

  if (answer->status == SOUP_STATUS_OK)
    g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                         _ ("The server sent something that is not a picture."));
  else if (answer->status >= 500 || answer->status == RAFILM_HTTP_TOO_MANY_REQUESTS)
    g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_UNAVAILABLE,
                         _ ("The server of pictures is having a problem."));
  else
    {
      remember_miss (self, name);
      g_propagate_error (error, not_found_error ());
    }

  return NULL;
}

static gboolean
is_passing (const GError *error)
{
  return g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_UNAVAILABLE)
         || g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_TIMED_OUT);
}

static GBytes *
await_download_with_retries (RafilmImages *self, const char *name, GError **error)
{
  for (guint attempt = 1; TRUE; attempt++)
    {
      g_autoptr (GError) local_error = NULL;
      GBytes *contents = await_download (self, name, &local_error);

      if (contents != NULL)
        return contents;
      if (attempt == MAX_ATTEMPTS || !is_passing (local_error))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      dex_await (dex_timeout_new_msec ((int) (RETRY_MILLISECONDS * attempt)), NULL);
    }
}

static char *
await_job (RafilmImages *self, const char *name, GError **error)
{
  g_autoptr (GBytes) contents = NULL;
  char *path = NULL;

  dex_await (rafilm_images_cache_open (self->cache), NULL);
  path = rafilm_images_cache_lookup (self->cache, name);
  if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    return path;
  g_free (path);
  rafilm_images_cache_forget (self->cache, name);

  if (self->base == NULL)
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_OFFLINE,
                           _ ("This Rafilm has no server of pictures."));
      return NULL;
    }
  contents = await_download_with_retries (self, name, error);
  if (contents == NULL)
    return NULL;

  return dex_await_string (rafilm_images_cache_store (self->cache, name, contents), error);
}

static DexFuture *
worker_fiber (gpointer data)
{
  RafilmImages *self = data;
  Job *job = NULL;

  /* The newest first: what is on the screen now was asked for last. */
  while ((job = g_queue_pop_head (&self->queue)) != NULL)
    {
      GError *error = NULL;
      char *path = await_job (self, job->name, &error);

      if (path != NULL)
        dex_promise_resolve_string (job->promise, path);
      else
        dex_promise_reject (job->promise, error);
      g_hash_table_remove (self->jobs, job->name);
    }
  self->workers--;

  return dex_future_new_true ();
}

/* ---- what others call --------------------------------------------------------------------- */

DexFuture *
rafilm_images_fetch (RafilmImages *self, const char *path, const char *size)
{
  g_autofree char *name = NULL;
  Job *job = NULL;

  dex_return_error_if_fail (RAFILM_IS_IMAGES (self));
  dex_return_error_if_fail (path != NULL && size != NULL);

  if (!path_is_valid (path) || !size_is_valid (size))
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_INVALID, "%s",
                                  _ ("This is not the name of a picture."));

  name = g_strconcat (size, path, NULL);
  if (is_missed (self, name))
    return dex_future_new_for_error (not_found_error ());

  job = g_hash_table_lookup (self->jobs, name);
  if (job == NULL)
    {
      job = g_new0 (Job, 1);
      job->name = g_strdup (name);
      job->promise = dex_promise_new ();
      g_hash_table_insert (self->jobs, job->name, job);
      g_queue_push_head (&self->queue, job);
      if (self->workers < MAX_WORKERS)
        {
          self->workers++;
          /* Each job's promise hands the result over. */
          dex_future_disown (rafilm_spawn (worker_fiber, g_object_ref (self), g_object_unref));
        }
    }

  return dex_ref (DEX_FUTURE (job->promise));
}

char *
rafilm_images_peek (RafilmImages *self, const char *path, const char *size)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (RAFILM_IS_IMAGES (self), NULL);
  g_return_val_if_fail (path != NULL && size != NULL, NULL);

  if (!path_is_valid (path) || !size_is_valid (size))
    return NULL;
  name = g_strconcat (size, path, NULL);

  return rafilm_images_cache_lookup (self->cache, name);
}

void
rafilm_images_set_limit (RafilmImages *self, guint64 bytes)
{
  g_return_if_fail (RAFILM_IS_IMAGES (self));

  rafilm_images_cache_set_limit (self->cache, bytes);
}

static void
rafilm_images_finalize (GObject *object)
{
  RafilmImages *self = RAFILM_IMAGES (object);

  g_queue_clear (&self->queue);
  g_clear_pointer (&self->jobs, g_hash_table_unref);
  g_clear_pointer (&self->misses, g_hash_table_unref);
  g_clear_object (&self->cache);
  g_clear_object (&self->http);
  g_clear_pointer (&self->base, g_free);

  G_OBJECT_CLASS (rafilm_images_parent_class)->finalize (object);
}

static void
rafilm_images_class_init (RafilmImagesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rafilm_images_finalize;
}

static void
rafilm_images_init (RafilmImages *self)
{
  self->jobs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, job_free);
  self->misses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_queue_init (&self->queue);
}

RafilmImages *
rafilm_images_new (RafilmHttp *http, const RafilmEndpoints *endpoints, const char *folder)
{
  g_autofree char *usual = g_build_filename (g_get_user_cache_dir (), "rafilm", "images", NULL);
  RafilmImages *self = NULL;

  g_return_val_if_fail (RAFILM_IS_HTTP (http), NULL);
  g_return_val_if_fail (endpoints != NULL, NULL);

  self = g_object_new (RAFILM_TYPE_IMAGES, NULL);
  self->http = g_object_ref (http);
  self->base = g_strdup (endpoints->images);
  self->cache = rafilm_images_cache_new (folder != NULL ? folder : usual, DEFAULT_LIMIT);

  return self;
}
