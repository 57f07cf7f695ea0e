/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The object, its thread and its queue. The main thread puts requests into the queue; the thread
 * runs each in a transaction of its own and sends it back to the main loop, where objects are
 * brought up to date, the change is announced and the promise resolved, in the order asked. */

#include "config.h"

#include "rafilm-store-private.h"

#include <glib/gi18n.h>

#include "rafilm-store-undo.h"

#define MAX_NAMED_FILMS 1000 /* in one change */

/* Microseconds: for how long the next part of an answer is waited for before films are indexed, for
 * how long that goes on before it is looked whether somebody waits, and how much closing may take.
 */
#define INDEX_PATIENCE (50 * 1000)
#define INDEX_TIME (4 * 1000)
#define INDEX_FINISH (1000 * 1000)

struct _RafilmStore
{
  GObject parent_instance;

  char *path;
  char *recovered_path;
  char *undo_label;
  char *redo_label;
  RafilmFilmRegistry *registry;
  GAsyncQueue *queue;
  GThread *thread;
  gboolean closed;
};

typedef enum
{
  REQUEST_OPEN,
  REQUEST_READ,
  REQUEST_WRITE,
  REQUEST_CLOSE,
} RequestKind;

typedef struct
{
  RequestKind kind;
  RafilmStore *store; /* held until the answer is there; NULL for the last request of all */
  DexPromise *promise;
  RafilmStoreWork work;
  RafilmStoreReply reply;
  gpointer data;
  GDestroyNotify destroy;

  GError *error;
  RafilmStoreChange *change;
  GPtrArray *films; /* the changed ones that have objects, read again */
  char *recovered_path;
  char *undo_label;
  char *redo_label;
} Request;

typedef struct
{
  char *path;
  GAsyncQueue *queue;
  RafilmFilmRegistry *registry;
} ThreadData;

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

typedef enum
{
  PROP_PATH = 1,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  PROP_UNDO_LABEL,
  PROP_REDO_LABEL,
} StoreProperty;

static guint signals[N_SIGNALS];
static GParamSpec *properties[PROP_REDO_LABEL + 1];

G_DEFINE_FINAL_TYPE (RafilmStore, rafilm_store, G_TYPE_OBJECT)

static void
request_free (Request *request)
{
  if (request->destroy != NULL)
    request->destroy (request->data);
  g_clear_error (&request->error);
  g_clear_pointer (&request->change, rafilm_store_change_free);
  g_clear_pointer (&request->films, g_ptr_array_unref);
  g_free (request->recovered_path);
  g_free (request->undo_label);
  g_free (request->redo_label);
  dex_clear (&request->promise);
  g_clear_object (&request->store);
  g_free (request);
}

/* The thread's side */

static RafilmStoreChange *
make_change (RafilmMirror *mirror)
{
  RafilmStoreChange *change = NULL;
  GHashTableIter iter;
  gpointer key = NULL;

  change = g_new0 (RafilmStoreChange, 1);
  change->kinds = mirror->kinds;
  if (g_hash_table_size (mirror->films) > MAX_NAMED_FILMS)
    return change;
  change->films = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_hash_table_iter_init (&iter, mirror->films);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_array_append_vals (change->films, key, 1);
  return change;
}

static GPtrArray *
reload_films (RafilmMirror *mirror)
{
  GPtrArray *films = NULL;
  GHashTableIter iter;
  gpointer key = NULL;

  films = g_ptr_array_new_with_free_func (g_object_unref);
  g_hash_table_iter_init (&iter, mirror->films);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (rafilm_film_registry_has (mirror->registry, *(gint64 *) key))
      g_ptr_array_add (films, rafilm_mirror_load_film (mirror, *(gint64 *) key, TRUE));
  return films;
}

static const char *
peek_label (GPtrArray *steps)
{
  if (steps->len == 0)
    return NULL;
  return ((RafilmUndoStep *) g_ptr_array_index (steps, steps->len - 1))->label;
}

static void
run_transaction (RafilmMirror *mirror, Request *request)
{
  gboolean write = request->kind == REQUEST_WRITE;

  rafilm_mirror_begin (mirror, write);
  if (!rafilm_database_has_failed (mirror->db))
    request->work (mirror, request->data);
  if (!rafilm_mirror_end (mirror, &request->error) || !write)
    return;

  if (mirror->kinds != 0)
    {
      request->change = make_change (mirror);
      rafilm_database_begin (mirror->db, FALSE);
      request->films = reload_films (mirror);
      rafilm_database_end (mirror->db, NULL);
    }
  request->undo_label = g_strdup (peek_label (mirror->undo));
  request->redo_label = g_strdup (peek_label (mirror->redo));
}

static gboolean request_done_cb (gpointer data);

static void
send_back (Request *request)
{
  g_autoptr (GSource) source = NULL;

  /* Not g_main_context_invoke(), which may run things right here when the main loop is idle. */
  source = g_idle_source_new ();
  g_source_set_static_name (source, "rafilm-store-answer");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, request_done_cb, request, NULL);
  g_source_attach (source, NULL);
}

static void
fail_closed (Request *request)
{
  g_clear_error (&request->error);
  g_set_error_literal (&request->error, RAFILM_ERROR, RAFILM_ERROR_DATABASE,
                       _ ("The diary is closed."));
}

/* Indexing waits for a moment when nobody asks, and makes nobody wait for long. */
static gboolean
index_marked (RafilmMirror *mirror)
{
  g_autoptr (GError) error = NULL;

  rafilm_mirror_begin (mirror, TRUE);
  rafilm_mirror_index_marked (mirror, g_get_monotonic_time () + INDEX_TIME);
  if (rafilm_mirror_end (mirror, &error))
    return TRUE;
  g_debug ("Films could not be indexed: %s", error->message);
  return FALSE;
}

/* Between the parts of an answer, films are not indexed: the next part is about to come. */
static Request *
pop_request (GAsyncQueue *queue, RafilmMirror *mirror)
{
  guint64 patience = mirror != NULL && mirror->index_later ? INDEX_PATIENCE : 0;

  while (mirror != NULL && mirror->has_unindexed)
    {
      Request *request = g_async_queue_timeout_pop (queue, patience);

      if (request != NULL)
        return request;
      if (!index_marked (mirror))
        break; /* the marks stay, and it is tried again after the next request */
      patience = 0;
    }
  return g_async_queue_pop (queue);
}

/* A program that runs for one command leaves nothing to the next one, unless there is much. */
static void
finish_indexing (RafilmMirror *mirror)
{
  gint64 end = g_get_monotonic_time () + INDEX_FINISH;

  while (mirror != NULL && mirror->has_unindexed && g_get_monotonic_time () < end)
    if (!index_marked (mirror))
      return;
}

static gpointer
store_thread (gpointer data)
{
  ThreadData *thread = data;
  RafilmMirror *mirror = NULL;
  gboolean running = TRUE;

  while (running)
    {
      Request *request = pop_request (thread->queue, mirror);

      switch (request->kind)
        {
        case REQUEST_OPEN:
          mirror = rafilm_mirror_open (thread->path, thread->registry, &request->recovered_path,
                                       &request->error);
          break;
        case REQUEST_READ:
        case REQUEST_WRITE:
          if (mirror != NULL)
            run_transaction (mirror, request);
          else
            fail_closed (request);
          break;
        case REQUEST_CLOSE:
          finish_indexing (mirror);
          g_clear_pointer (&mirror, rafilm_mirror_close);
          running = FALSE;
          break;
        default:
          g_assert_not_reached ();
        }
      if (request->store != NULL)
        send_back (request);
      else
        request_free (request);
    }

  g_free (thread->path);
  g_async_queue_unref (thread->queue);
  rafilm_film_registry_unref (thread->registry);
  g_free (thread);
  return NULL;
}

/* The main thread's side */

static void
set_labels (RafilmStore *self, Request *request)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (g_set_str (&self->undo_label, request->undo_label))
    {
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNDO_LABEL]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_UNDO]);
    }
  if (g_set_str (&self->redo_label, request->redo_label))
    {
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REDO_LABEL]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_REDO]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
announce (RafilmStore *self, Request *request)
{
  g_autoptr (GPtrArray) kept = NULL;

  if (request->kind != REQUEST_WRITE || request->error != NULL)
    return;
  set_labels (self, request);
  if (request->change == NULL)
    return;
  kept = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < request->films->len; i++)
    g_ptr_array_add (
        kept, rafilm_film_registry_share (self->registry, g_ptr_array_index (request->films, i)));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, request->change);
}

static gboolean
request_done_cb (gpointer data)
{
  Request *request = data;
  RafilmStore *self = request->store;

  announce (self, request);
  if (request->error != NULL)
    dex_promise_reject (request->promise, g_steal_pointer (&request->error));
  else if (request->kind == REQUEST_OPEN)
    {
      self->recovered_path = g_steal_pointer (&request->recovered_path);
      dex_promise_resolve_object (request->promise, g_object_ref (self));
    }
  else if (request->kind == REQUEST_CLOSE)
    {
      g_clear_pointer (&self->thread, g_thread_join);
      dex_promise_resolve_boolean (request->promise, TRUE);
    }
  else
    request->reply (self, request->data, request->promise);

  request_free (request);
  return G_SOURCE_REMOVE;
}

static DexFuture *
push_request (RafilmStore *self, Request *request)
{
  DexFuture *future = NULL;

  request->store = g_object_ref (self);
  request->promise = dex_promise_new ();
  future = dex_ref (request->promise);
  if (self->closed)
    {
      fail_closed (request);
      dex_promise_reject (request->promise, g_steal_pointer (&request->error));
      request_free (request);
    }
  else
    g_async_queue_push (self->queue, request);
  return future;
}

static DexFuture *
push_work (RafilmStore *self, RequestKind kind, RafilmStoreWork work, RafilmStoreReply reply,
           gpointer data, GDestroyNotify destroy)
{
  Request *request = NULL;

  request = g_new0 (Request, 1);
  request->kind = kind;
  request->work = work;
  request->reply = reply;
  request->data = data;
  request->destroy = destroy;
  return push_request (self, request);
}

DexFuture *
rafilm_store_read (RafilmStore *self, RafilmStoreWork work, RafilmStoreReply reply, gpointer data,
                   GDestroyNotify destroy)
{
  return push_work (self, REQUEST_READ, work, reply, data, destroy);
}

DexFuture *
rafilm_store_write (RafilmStore *self, RafilmStoreWork work, RafilmStoreReply reply, gpointer data,
                    GDestroyNotify destroy)
{
  return push_work (self, REQUEST_WRITE, work, reply, data, destroy);
}

RafilmFilm *
rafilm_store_share_film (RafilmStore *self, RafilmFilm *film)
{
  return rafilm_film_registry_share (self->registry, film);
}

GListModel *
rafilm_store_share_films (RafilmStore *self, GPtrArray *films)
{
  g_autoptr (GPtrArray) shared = NULL;
  GListStore *model = NULL;

  shared = g_ptr_array_new_full (films->len, g_object_unref);
  for (guint i = 0; i < films->len; i++)
    g_ptr_array_add (shared, rafilm_store_share_film (self, g_ptr_array_index (films, i)));
  model = g_list_store_new (RAFILM_TYPE_FILM);
  g_list_store_splice (model, 0, 0, shared->pdata, shared->len);
  return G_LIST_MODEL (model);
}

/* GObject */

static void
rafilm_store_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmStore *self = RAFILM_STORE (object);

  switch ((StoreProperty) prop_id)
    {
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, rafilm_store_can_undo (self));
      break;
    case PROP_CAN_REDO:
      g_value_set_boolean (value, rafilm_store_can_redo (self));
      break;
    case PROP_UNDO_LABEL:
      g_value_set_string (value, self->undo_label);
      break;
    case PROP_REDO_LABEL:
      g_value_set_string (value, self->redo_label);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* Nobody waits for an answer any more, or a request would hold the store. */
static void
rafilm_store_dispose (GObject *object)
{
  RafilmStore *self = RAFILM_STORE (object);

  if (self->thread != NULL && !self->closed)
    {
      Request *request = g_new0 (Request, 1);

      request->kind = REQUEST_CLOSE;
      g_async_queue_push (self->queue, request);
    }
  self->closed = TRUE;
  g_clear_pointer (&self->thread, g_thread_join);

  G_OBJECT_CLASS (rafilm_store_parent_class)->dispose (object);
}

static void
rafilm_store_finalize (GObject *object)
{
  RafilmStore *self = RAFILM_STORE (object);

  g_free (self->path);
  g_free (self->recovered_path);
  g_free (self->undo_label);
  g_free (self->redo_label);
  rafilm_film_registry_unref (self->registry);
  g_async_queue_unref (self->queue);

  G_OBJECT_CLASS (rafilm_store_parent_class)->finalize (object);
}

static void
rafilm_store_class_init (RafilmStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = rafilm_store_get_property;
  object_class->dispose = rafilm_store_dispose;
  object_class->finalize = rafilm_store_finalize;

  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, flags);
  properties[PROP_UNDO_LABEL] = g_param_spec_string ("undo-label", NULL, NULL, NULL, flags);
  properties[PROP_REDO_LABEL] = g_param_spec_string ("redo-label", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_CHANGED] =
      g_signal_new ("changed", RAFILM_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, RAFILM_TYPE_STORE_CHANGE | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
rafilm_store_init (RafilmStore *self)
{
  self->registry = rafilm_film_registry_new ();
  self->queue = g_async_queue_new ();
}

DexFuture *
rafilm_store_open (const char *path)
{
  g_autoptr (RafilmStore) self = NULL;
  Request *request = NULL;
  ThreadData *thread = NULL;

  dex_return_error_if_fail (path != NULL);

  self = g_object_new (RAFILM_TYPE_STORE, NULL);
  self->path = g_strdup (path);
  thread = g_new0 (ThreadData, 1);
  thread->path = g_strdup (path);
  thread->queue = g_async_queue_ref (self->queue);
  thread->registry = rafilm_film_registry_ref (self->registry);
  self->thread = g_thread_new ("rafilm-store", store_thread, thread);

  request = g_new0 (Request, 1);
  request->kind = REQUEST_OPEN;
  return push_request (self, request);
}

DexFuture *
rafilm_store_close (RafilmStore *self)
{
  Request *request = NULL;
  DexFuture *future = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  if (self->closed)
    return dex_future_new_for_boolean (TRUE);
  request = g_new0 (Request, 1);
  request->kind = REQUEST_CLOSE;
  future = push_request (self, request);
  self->closed = TRUE;
  return future;
}

const char *
rafilm_store_get_path (RafilmStore *self)
{
  g_return_val_if_fail (RAFILM_IS_STORE (self), NULL);

  return self->path;
}

const char *
rafilm_store_get_recovered_path (RafilmStore *self)
{
  g_return_val_if_fail (RAFILM_IS_STORE (self), NULL);

  return self->recovered_path;
}

gboolean
rafilm_store_can_undo (RafilmStore *self)
{
  g_return_val_if_fail (RAFILM_IS_STORE (self), FALSE);

  return self->undo_label != NULL;
}

gboolean
rafilm_store_can_redo (RafilmStore *self)
{
  g_return_val_if_fail (RAFILM_IS_STORE (self), FALSE);

  return self->redo_label != NULL;
}

const char *
rafilm_store_get_undo_label (RafilmStore *self)
{
  g_return_val_if_fail (RAFILM_IS_STORE (self), NULL);

  return self->undo_label;
}

const char *
rafilm_store_get_redo_label (RafilmStore *self)
{
  g_return_val_if_fail (RAFILM_IS_STORE (self), NULL);

  return self->redo_label;
}
