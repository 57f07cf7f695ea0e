/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The way into the simulation's network. */

#pragma once

#include "rafilm-sync-transport.h"
#include "sim-device.h"

#define SIM_TYPE_TRANSPORT (sim_transport_get_type ())
G_DECLARE_FINAL_TYPE (SimTransport, sim_transport, SIM, TRANSPORT, GObject)

RafilmSyncTransport *sim_transport_new (SimDevice *device);
