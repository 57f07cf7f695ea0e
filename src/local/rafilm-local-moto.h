/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libdex.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* moto (moto_server, of Debian's python3-moto) as DynamoDB, S3 and Systems Manager, and a small
 * client of it. */

typedef struct _RafilmLocalMoto RafilmLocalMoto;

/**
 * rafilm_local_moto_start:
 * @session: for the client
 * @dynamodb: (nullable): address of another DynamoDB, used in place of its own
 *
 * In a fiber only, like all that follows.
 *
 * Returns: (transfer full) (nullable): the running server, or %NULL with an error
 */
RafilmLocalMoto *rafilm_local_moto_start (SoupSession *session, const char *dynamodb,
                                          GError **error);
void rafilm_local_moto_free (RafilmLocalMoto *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalMoto, rafilm_local_moto_free)

/**
 * rafilm_local_moto_get_address:
 *
 * Returns: e.g. "http://127.0.0.1:37835"
 */
const char *rafilm_local_moto_get_address (RafilmLocalMoto *self);

/** rafilm_local_moto_get_dynamodb: its address too, or the one that was given. */
const char *rafilm_local_moto_get_dynamodb (RafilmLocalMoto *self);

/**
 * rafilm_local_moto_call:
 * @target: e.g. "DynamoDB_20120810.Scan" or "AmazonSSM.PutParameter"
 * @input: (transfer full)
 *
 * Returns: (transfer full) (nullable): the output, or %NULL with #RAFILM_LOCAL_ERROR_FAILED
 */
JsonObject *rafilm_local_moto_call (RafilmLocalMoto *self, const char *target, JsonObject *input,
                                    GError **error);

/** Puts @items, in DynamoDB's JSON, into a table, in batches. */
gboolean rafilm_local_moto_put_items (RafilmLocalMoto *self, const char *table, JsonArray *items,
                                      GError **error);
gboolean rafilm_local_moto_put_bucket (RafilmLocalMoto *self, const char *name, GError **error);
gboolean rafilm_local_moto_put_secret (RafilmLocalMoto *self, const char *name, const char *value,
                                       GError **error);

/**
 * rafilm_local_moto_create_table:
 *
 * The table as the sync protocol has it: keys pk and sk, the local index bySeq on q with all
 * attributes, time to live by ttl, on demand.
 */
gboolean rafilm_local_moto_create_table (RafilmLocalMoto *self, const char *name, GError **error);

G_END_DECLS
