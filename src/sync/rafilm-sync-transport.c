/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-sync-transport.h"

G_DEFINE_BOXED_TYPE (RafilmSyncResponse, rafilm_sync_response, rafilm_sync_response_copy,
                     rafilm_sync_response_free)

G_DEFINE_INTERFACE (RafilmSyncTransport, rafilm_sync_transport, G_TYPE_OBJECT)

static void
rafilm_sync_transport_default_init (RafilmSyncTransportInterface *iface)
{
}

RafilmSyncResponse *
rafilm_sync_response_new (guint status, JsonNode *body, const char *code, guint retry_after)
{
  RafilmSyncResponse *self = g_new0 (RafilmSyncResponse, 1);

  self->status = status;
  self->body = body != NULL ? json_node_ref (body) : NULL;
  self->code = g_strdup (code);
  self->retry_after = retry_after;
  return self;
}

RafilmSyncResponse *
rafilm_sync_response_copy (const RafilmSyncResponse *self)
{
  return rafilm_sync_response_new (self->status, self->body, self->code, self->retry_after);
}

void
rafilm_sync_response_free (RafilmSyncResponse *self)
{
  g_clear_pointer (&self->body, json_node_unref);
  g_clear_pointer (&self->code, g_free);
  g_free (self);
}

DexFuture *
rafilm_sync_transport_send (RafilmSyncTransport *self, JsonNode *request)
{
  dex_return_error_if_fail (RAFILM_IS_SYNC_TRANSPORT (self));
  dex_return_error_if_fail (request != NULL);

  return RAFILM_SYNC_TRANSPORT_GET_IFACE (self)->send (self, request);
}
