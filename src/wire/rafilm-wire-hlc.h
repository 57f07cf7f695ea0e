/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Hybrid logical clock: 48 bits of milliseconds since 1970, then 16 bits that
 * count edits of one millisecond.  Clocks never decide whether two edits are
 * concurrent (sequence numbers do); they only choose between two that are.
 * So a wrong clock can make a choice unfair but loses nothing. */

#pragma once

#include <stdbool.h>
#include <stdint.h>

#define RAFILM_WIRE_HLC_SIZE 17 /* 16 hex digits and the end */

uint64_t rafilm_wire_hlc_from_ms (int64_t ms);
int64_t rafilm_wire_hlc_to_ms (uint64_t h);

/* The clock of the next local edit, after @last, at the wall clock @wall_ms. */
uint64_t rafilm_wire_hlc_next (uint64_t last, int64_t wall_ms);

/* Places an edit of the sender's clock on the server's by its age: @h less
 * (@sender_ms - @server_ms), at least 1, never in the server's future. */
uint64_t rafilm_wire_hlc_correct (uint64_t h, int64_t sender_ms, int64_t server_ms);

/* The client's clock after an answer that was made at @server_ms and came at
 * @wall_ms, and whose rows hold stamps up to @seen (the server's time).  With
 * nothing pending the client forgets its own @last, and with it a clock that
 * once ran ahead. */
uint64_t rafilm_wire_hlc_rebase (uint64_t last, bool pending, uint64_t seen, int64_t server_ms,
                                 int64_t wall_ms);

/* 16 lower-case hex digits, and nothing else. */
void rafilm_wire_hlc_format (uint64_t h, char buffer[RAFILM_WIRE_HLC_SIZE]);
bool rafilm_wire_hlc_parse (const char *text, uint64_t *ret_h);
