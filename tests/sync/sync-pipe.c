/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-pipe.h"

#include "rafilm-error.h"

struct _SyncPipe
{
  GObject parent_instance;

  SyncServer *server;
  char *uid;
  GRand *rand;
  GPtrArray *old; /* requests that may come again */
  guint faults;
  gboolean gone;
  guint status;
  guint retry_after;
  guint max_ops;
  char *poison;
  gint64 page;
  guint allowance;
  guint sent;
  gboolean offline;
};

static void pipe_iface_init (RafilmSyncTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SyncPipe, sync_pipe, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RAFILM_TYPE_SYNC_TRANSPORT, pipe_iface_init))

static gboolean
strikes (SyncPipe *self)
{
  return (guint) g_rand_int_range (self->rand, 0, 100) < self->faults;
}

static guint
count_ops (JsonNode *request)
{
  JsonObject *object = json_node_get_object (request);

  if (!json_object_has_member (object, "batch"))
    return 0;
  object = json_object_get_object_member (object, "batch");
  return json_array_get_length (json_object_get_array_member (object, "ops"));
}

static DexFuture *
pipe_send (RafilmSyncTransport *transport, JsonNode *request)
{
  SyncPipe *self = SYNC_PIPE (transport);
  g_autofree char *text = NULL;
  g_autofree char *answer = NULL;
  g_autoptr (JsonNode) body = NULL;
  guint status;

  if (self->page > 0)
    json_object_set_int_member (json_node_get_object (request), "max", self->page);
  text = json_to_string (request, FALSE);
  self->sent++;
  if (self->allowance < G_MAXUINT && self->allowance-- == 0)
    self->offline = TRUE;
  if (self->offline)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_OFFLINE, "No network");
  if (self->gone)
    return dex_future_new_take_boxed (RAFILM_TYPE_SYNC_RESPONSE,
                                      rafilm_sync_response_new (410, NULL, "account_deleted", 0));
  if (self->status != 0)
    return dex_future_new_take_boxed (
        RAFILM_TYPE_SYNC_RESPONSE,
        rafilm_sync_response_new (self->status, NULL, "test", self->retry_after));
  if (self->max_ops > 0 && count_ops (request) > self->max_ops)
    return dex_future_new_take_boxed (RAFILM_TYPE_SYNC_RESPONSE,
                                      rafilm_sync_response_new (413, NULL, "batch_too_large", 0));
  if (self->poison != NULL && strstr (text, self->poison) != NULL)
    return dex_future_new_take_boxed (RAFILM_TYPE_SYNC_RESPONSE,
                                      rafilm_sync_response_new (400, NULL, "bad_request", 0));
  if (strikes (self) && self->old->len > 0)
    {
      g_autofree char *late = NULL;

      sync_server_serve (
          self->server, self->uid,
          self->old->pdata[g_rand_int_range (self->rand, 0, (gint32) self->old->len)], &late);
    }
  if (strikes (self))
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_TIMED_OUT, "The request was lost");
  if (self->faults > 0)
    g_ptr_array_add (self->old, g_strdup (text));
  status = sync_server_serve (self->server, self->uid, text, &answer);
  if (strikes (self))
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_TIMED_OUT, "The answer was lost");
  if (answer != NULL)
    body = json_from_string (answer, NULL);
  return dex_future_new_take_boxed (RAFILM_TYPE_SYNC_RESPONSE,
                                    rafilm_sync_response_new (status, body, NULL, 0));
}

static void
sync_pipe_finalize (GObject *object)
{
  SyncPipe *self = SYNC_PIPE (object);

  g_clear_pointer (&self->uid, g_free);
  g_clear_pointer (&self->poison, g_free);
  g_clear_pointer (&self->rand, g_rand_free);
  g_clear_pointer (&self->old, g_ptr_array_unref);
  G_OBJECT_CLASS (sync_pipe_parent_class)->finalize (object);
}

static void
sync_pipe_class_init (SyncPipeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sync_pipe_finalize;
}

static void
sync_pipe_init (SyncPipe *self)
{
  self->old = g_ptr_array_new_with_free_func (g_free);
  self->allowance = G_MAXUINT;
}

static void
pipe_iface_init (RafilmSyncTransportInterface *iface)
{
  iface->send = pipe_send;
}

SyncPipe *
sync_pipe_new (SyncServer *server, const char *uid, guint32 seed)
{
  SyncPipe *self = g_object_new (SYNC_TYPE_PIPE, NULL);

  self->server = server;
  self->uid = g_strdup (uid);
  self->rand = g_rand_new_with_seed (seed);
  return self;
}

void
sync_pipe_set_faults (SyncPipe *self, guint percent)
{
  self->faults = percent;
}

void
sync_pipe_set_gone (SyncPipe *self, gboolean gone)
{
  self->gone = gone;
}

void
sync_pipe_set_status (SyncPipe *self, guint status, guint retry_after)
{
  self->status = status;
  self->retry_after = retry_after;
}

void
sync_pipe_set_max_ops (SyncPipe *self, guint max_ops)
{
  self->max_ops = max_ops;
}

void
sync_pipe_set_poison (SyncPipe *self, const char *word)
{
  g_set_str (&self->poison, word);
}

void
sync_pipe_set_page (SyncPipe *self, gint64 bytes)
{
  self->page = bytes;
}

void
sync_pipe_set_allowance (SyncPipe *self, guint requests)
{
  self->allowance = requests;
  self->offline = FALSE;
}

void
sync_pipe_set_offline (SyncPipe *self, gboolean offline)
{
  self->offline = offline;
}

guint
sync_pipe_get_sent (SyncPipe *self)
{
  return self->sent;
}
