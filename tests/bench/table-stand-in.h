/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim-table.h"

/* A stand-in for DynamoDB that costs next to nothing, so that a benchmark measures what is around
 * it: the simulation's table, with the local index kept in order, and its stream. It knows the
 * calls, conditions and expressions that synchronisation and its hints use; at others it answers
 * an error or ends the program. It is a floor to measure on, and no emulator: tests use moto. */
typedef struct _TableStandIn TableStandIn;

TableStandIn *table_stand_in_new (void);
void table_stand_in_free (TableStandIn *self);

/* `target`: as in the header X-Amz-Target. Returns: (transfer full): the answer, in JSON. */
char *table_stand_in_call (TableStandIn *self, const char *target, const json_t *request,
                           unsigned *ret_status);
