/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-api-transport.h"

struct _RafilmApiTransport
{
  GObject parent_instance;

  RafilmApi *api;
};

static void transport_iface_init (RafilmSyncTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RafilmApiTransport, rafilm_api_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RAFILM_TYPE_SYNC_TRANSPORT,
                                                      transport_iface_init))

static DexFuture *
answered_cb (DexFuture *future, gpointer data)
{
  const GValue *value = dex_future_get_value (future, NULL);
  const RafilmApiAnswer *answer = g_value_get_boxed (value);

  return dex_future_new_take_boxed (
      RAFILM_TYPE_SYNC_RESPONSE,
      rafilm_sync_response_new (answer->status, answer->body, answer->code, answer->retry_after));
}

static DexFuture *
rafilm_api_transport_send (RafilmSyncTransport *transport, JsonNode *request)
{
  RafilmApiTransport *self = RAFILM_API_TRANSPORT (transport);

  return dex_future_then (rafilm_api_call_full (self->api, "POST", "v1/sync", NULL, request, TRUE),
                          answered_cb, NULL, NULL);
}

static void
rafilm_api_transport_finalize (GObject *object)
{
  RafilmApiTransport *self = RAFILM_API_TRANSPORT (object);

  g_clear_object (&self->api);
  G_OBJECT_CLASS (rafilm_api_transport_parent_class)->finalize (object);
}

static void
rafilm_api_transport_class_init (RafilmApiTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rafilm_api_transport_finalize;
}

static void
rafilm_api_transport_init (RafilmApiTransport *self)
{
}

static void
transport_iface_init (RafilmSyncTransportInterface *iface)
{
  iface->send = rafilm_api_transport_send;
}

RafilmApiTransport *
rafilm_api_transport_new (RafilmApi *api)
{
  RafilmApiTransport *self;

  g_return_val_if_fail (RAFILM_IS_API (api), NULL);

  self = g_object_new (RAFILM_TYPE_API_TRANSPORT, NULL);
  self->api = g_object_ref (api);
  return self;
}
