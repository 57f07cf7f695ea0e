/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-api.h"
#include "rafilm-sync-transport.h"

G_BEGIN_DECLS

/**
 * RafilmApiTransport:
 *
 * The RafilmSyncTransport over Rafilm's REST API.
 */
#define RAFILM_TYPE_API_TRANSPORT (rafilm_api_transport_get_type ())
G_DECLARE_FINAL_TYPE (RafilmApiTransport, rafilm_api_transport, RAFILM, API_TRANSPORT, GObject)

RafilmApiTransport *rafilm_api_transport_new (RafilmApi *api);

G_END_DECLS
