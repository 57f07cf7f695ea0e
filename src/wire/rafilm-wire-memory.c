/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-wire-memory.h"

#include <stdlib.h>
#include <string.h>

void *
rafilm_wire_alloc (size_t size)
{
  void *block = calloc (1, size);

  if (block == NULL)
    abort ();
  return block;
}

void *
rafilm_wire_realloc (void *block, size_t n_items, size_t item_size)
{
  void *larger = reallocarray (block, n_items, item_size);

  if (larger == NULL)
    abort ();
  return larger;
}

char *
rafilm_wire_strdup (const char *text)
{
  char *copy;
  size_t size;

  if (text == NULL)
    return NULL;
  size = strlen (text) + 1;
  copy = rafilm_wire_alloc (size);
  memcpy (copy, text, size);
  return copy;
}
