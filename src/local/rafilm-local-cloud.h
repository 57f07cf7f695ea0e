/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The whole local cloud: the functions that AWS runs, behind gateways that speak as AWS's do,
 * over moto and the stand-ins. Everything but moto and the functions' own Runtime API is on one
 * port of the loopback address, told apart by the paths that the real services have. */

typedef struct _RafilmLocalCloud RafilmLocalCloud;

/**
 * RafilmLocalOptions:
 * @port: of the gateway, 0 for a free one
 * @functions: path of the bootstrap binary
 * @sample: folder of the sample films
 * @state: (nullable): folder where users and table are kept
 * @dynamodb: (nullable): address of a DynamoDB to use in place of moto's
 */
typedef struct
{
  guint port;
  const char *functions;
  const char *sample;
  const char *state;
  const char *dynamodb;
} RafilmLocalOptions;

/**
 * rafilm_local_cloud_start:
 *
 * Starts everything. In a fiber only.
 */
RafilmLocalCloud *rafilm_local_cloud_start (const RafilmLocalOptions *options, GError **error);

/**
 * rafilm_local_cloud_stop:
 *
 * Stops the functions, then saves what is to be kept. In a fiber only.
 */
void rafilm_local_cloud_stop (RafilmLocalCloud *self);
void rafilm_local_cloud_free (RafilmLocalCloud *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalCloud, rafilm_local_cloud_free)

/**
 * rafilm_local_cloud_describe:
 *
 * Returns: (transfer full): "NAME=value" lines for the app and the tests
 */
char *rafilm_local_cloud_describe (RafilmLocalCloud *self);

G_END_DECLS
