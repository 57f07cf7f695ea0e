/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Allocation that never fails, for the inside of src/wire. */

#pragma once

#include <stddef.h>

void *rafilm_wire_alloc (size_t size); /* zeroed; abort()s when out of memory */
void *rafilm_wire_realloc (void *block, size_t n_items, size_t item_size);
char *rafilm_wire_strdup (const char *text); /* NULL gives NULL */
