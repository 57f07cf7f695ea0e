/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-store-arrival.h"
#include "rafilm-store-sync-private.h"

G_BEGIN_DECLS

/**
 * RafilmArrival:
 * @number: in the table; 0 in a plan
 * @row: the record that arrives
 * @partner: (nullable): the account's record of the same, as the server has it
 *
 * One record of a diary that arrives, and whom it met.
 */
typedef struct
{
  gint64 number;
  RafilmWireRow *row;
  RafilmWireRow *partner;
} RafilmArrival;

RafilmArrival *rafilm_arrival_new (gint64 number, RafilmWireRow *row);
void rafilm_arrival_free (RafilmArrival *self);

/**
 * rafilm_mirror_match_arrivals:
 * @arrivals: (element-type RafilmArrival): get their partners
 * @claimed: (nullable): ids of the account's viewings that others stand for already
 *
 * Returns: how many viewings the account has
 */
guint rafilm_mirror_match_arrivals (RafilmMirror *self, GPtrArray *arrivals, GHashTable *claimed);

/** What the account lacks of a record, with its clocks. @ret_texts: reviews that differ. */
void rafilm_arrival_compare (const RafilmArrival *self, RafilmWireFields *ret_lacking,
                             RafilmWireFields *ret_texts);

/** Takes the waiting operations of what has arrived out of the outbox, and makes them anew. */
void rafilm_mirror_rematch (RafilmMirror *self);

G_END_DECLS
