/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * RafilmSyncResponse:
 * @status: the HTTP status
 * @body: (nullable): the body, where it is JSON
 * @code: (nullable): the member `code` of a problem
 * @retry_after: seconds to wait at least; 0 when the service names none
 *
 * What came back for a request of synchronisation; boxed.
 */
typedef struct
{
  guint status;
  JsonNode *body;
  char *code;
  guint retry_after;
} RafilmSyncResponse;

#define RAFILM_TYPE_SYNC_RESPONSE (rafilm_sync_response_get_type ())
GType rafilm_sync_response_get_type (void);

/** @body: (nullable) (transfer none) */
RafilmSyncResponse *rafilm_sync_response_new (guint status, JsonNode *body, const char *code,
                                              guint retry_after);
RafilmSyncResponse *rafilm_sync_response_copy (const RafilmSyncResponse *self);
void rafilm_sync_response_free (RafilmSyncResponse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmSyncResponse, rafilm_sync_response_free)

/**
 * RafilmSyncTransport:
 *
 * The way to the service and back, which the engine needs nothing else of. Tests bring their own.
 */
#define RAFILM_TYPE_SYNC_TRANSPORT (rafilm_sync_transport_get_type ())
G_DECLARE_INTERFACE (RafilmSyncTransport, rafilm_sync_transport, RAFILM, SYNC_TRANSPORT, GObject)

struct _RafilmSyncTransportInterface
{
  GTypeInterface parent;

  DexFuture *(*send) (RafilmSyncTransport *self, JsonNode *request);
};

/**
 * rafilm_sync_transport_send:
 * @request: the body of POST /v1/sync
 *
 * Returns: (transfer full): resolves to a RafilmSyncResponse of any status; rejects when nothing
 *   came back: %RAFILM_ERROR_OFFLINE, %RAFILM_ERROR_TIMED_OUT, %RAFILM_ERROR_SIGN_IN_EXPIRED …
 */
DexFuture *rafilm_sync_transport_send (RafilmSyncTransport *self,
                                       JsonNode *request) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
