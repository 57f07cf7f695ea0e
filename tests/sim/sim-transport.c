/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-transport.h"

#include "sim-report.h"

struct _SimTransport
{
  GObject parent_instance;

  SimDevice *device;
};

static void iface_init (RafilmSyncTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SimTransport, sim_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RAFILM_TYPE_SYNC_TRANSPORT, iface_init))

/* The request waits at the computer until the network takes it. */
static DexFuture *
transport_send (RafilmSyncTransport *transport, JsonNode *request)
{
  static guint64 requests;
  SimDevice *device = SIM_TRANSPORT (transport)->device;

  g_assert (device->request == 0 && device->answer == NULL);
  json_object_set_int_member (json_node_get_object (request), "max", device->page);
  device->request = ++requests;
  device->request_text = json_to_string (request, FALSE);
  device->answer = dex_promise_new ();
  sim_tally.requests++;
  if (device->settling != NULL)
    dex_promise_resolve_boolean (device->settling, TRUE);
  return DEX_FUTURE (dex_ref (device->answer));
}

static void
sim_transport_class_init (SimTransportClass *klass)
{
}

static void
sim_transport_init (SimTransport *self)
{
}

static void
iface_init (RafilmSyncTransportInterface *iface)
{
  iface->send = transport_send;
}

RafilmSyncTransport *
sim_transport_new (SimDevice *device)
{
  SimTransport *self = g_object_new (SIM_TYPE_TRANSPORT, NULL);

  self->device = device;
  return RAFILM_SYNC_TRANSPORT (self);
}
