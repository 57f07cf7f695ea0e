/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-capacity.h"

G_BEGIN_DECLS

/* A server on loopback that stands between whoever calls DynamoDB and an emulator of it, and counts
 * calls, bytes, capacity units and the time that the emulator took.
 *
 *   RafilmMeter *meter = rafilm_meter_new ("http://127.0.0.1:5000");
 *   … run functions with AWS_ENDPOINT_URL_DYNAMODB=rafilm_meter_get_url (meter) …
 *   rafilm_meter_take (meter, &figures);   // since the last time
 *   rafilm_meter_free (meter);
 *
 * It runs in a thread of its own, one call after the other, and may be asked from any thread. */
typedef struct _RafilmMeter RafilmMeter;

typedef struct
{
  guint calls;
  guint items_read;
  guint items_written;
  gsize bytes;             /* of bodies, both ways */
  double emulator_ms;      /* how long the emulator took for all calls together */
  RafilmCapacity capacity; /* only while counting */
} RafilmMeterFigures;

/**
 * rafilm_meter_new:
 * @emulator: address of DynamoDB's emulator, without a path
 */
RafilmMeter *rafilm_meter_new (const char *emulator);
void rafilm_meter_free (RafilmMeter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmMeter, rafilm_meter_free)

const char *rafilm_meter_get_url (RafilmMeter *self);

/**
 * rafilm_meter_set_counting:
 *
 * Whether to count capacity units and items written; not, to begin with. For that it asks the
 * emulator for every item before and after it is written, so do not take the time meanwhile.
 */
void rafilm_meter_set_counting (RafilmMeter *self, gboolean counting);

/** rafilm_meter_take: the figures since the last call, or since the start. */
void rafilm_meter_take (RafilmMeter *self, RafilmMeterFigures *ret_figures);

G_END_DECLS
