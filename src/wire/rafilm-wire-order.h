/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Positions in a list as texts between which there is always room: fractions
 * in base 62 (digits in ASCII order), compared by strcmp().  Two computers that
 * insert at the same place choose different positions but for one chance in
 * thousands, and then the film's number breaks the tie.  The idea is public:
 * David Greenspan, "Implementing Fractional Indexing" (Observable, 2020). */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RAFILM_WIRE_ORDER_MAX 250      /* bytes that the wire takes */
#define RAFILM_WIRE_ORDER_REBALANCE 64 /* longer ones call for a spread */

/* Base62 digits, not empty, not ending in '0'. */
bool rafilm_wire_order_is_valid (const char *position);

/* A position strictly between @low and @high, either NULL for an end; its
 * last digits come from @entropy.  NULL when there is none (@low >= @high, or
 * one of them invalid): then the neighbours need rafilm_wire_order_spread().
 * Free it with free(). */
char *rafilm_wire_order_between (const char *low, const char *high, uint64_t entropy);

/* The position of the @index-th of @count items spread evenly; ascending in
 * @index.  Free it with free(). */
char *rafilm_wire_order_spread (size_t index, size_t count, uint64_t entropy);
