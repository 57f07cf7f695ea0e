/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "rafilm-store-sync.h"

G_BEGIN_DECLS

/* The body of POST /v1/sync and of its answers, as docs/sync.md has them. */

/** Bytes of a batch's operations: the service takes RAFILM_WIRE_MAX_BATCH with what is around. */
#define RAFILM_SYNC_MESSAGE_MAX_OPS_SIZE (RAFILM_WIRE_MAX_BATCH - 4096)

/**
 * rafilm_sync_message_new_request:
 * @state: where the mirror stands
 * @batch: (nullable): what is sent; %NULL to ask only
 * @name: (nullable): this computer's name, which other versions of texts are shown with
 *
 * Returns: (transfer full): the request, as of now
 */
JsonNode *rafilm_sync_message_new_request (const RafilmSyncState *state,
                                           const RafilmSyncBatch *batch, const char *name);

/**
 * rafilm_sync_message_parse_answer:
 * @body: (nullable): of an answer with status 200
 * @error: %RAFILM_ERROR_MALFORMED when it makes no sense
 *
 * Returns: (transfer full) (nullable): the answer
 */
RafilmSyncAnswer *rafilm_sync_message_parse_answer (JsonNode *body, GError **error);

/**
 * RafilmSyncConflict:
 * @code: "fork", "epoch", "stale" or "acct"
 * @epoch: (nullable): of "epoch": the new one
 * @low: of "epoch": up to where the server has everything; %G_MAXINT64 after a reset
 *
 * The body of an answer with status 409.
 */
typedef struct
{
  char *code;
  char *epoch;
  gint64 low;
} RafilmSyncConflict;

void rafilm_sync_conflict_clear (RafilmSyncConflict *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RafilmSyncConflict, rafilm_sync_conflict_clear)

/** @error: %RAFILM_ERROR_MALFORMED when it makes no sense */
gboolean rafilm_sync_message_parse_conflict (JsonNode *body, RafilmSyncConflict *conflict,
                                             GError **error);

G_END_DECLS
