/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-wire-order.h"

#include "rafilm-wire-memory.h"

#include <string.h>

#define BASE 62

static const char digits[] = "0123456789"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "abcdefghijklmnopqrstuvwxyz";

static unsigned
digit_value (char digit)
{
  return (unsigned) (strchr (digits, digit) - digits);
}

/* The next 64 bits of the generator splitmix64 (Steele, Lea, Flood: "Fast
 * splittable pseudorandom number generators", OOPSLA 2014). */
static uint64_t
next_random (uint64_t *state)
{
  uint64_t z = (*state += UINT64_C (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* A digit of first..last, both included. */
static char
random_digit (uint64_t *state, unsigned first, unsigned last)
{
  return digits[first + next_random (state) % (last - first + 1)];
}

bool
rafilm_wire_order_is_valid (const char *position)
{
  size_t length = strspn (position, digits);

  return length > 0 && length <= RAFILM_WIRE_ORDER_MAX && position[length] == '\0'
         && position[length - 1] != '0';
}

char *
rafilm_wire_order_between (const char *low, const char *high, uint64_t entropy)
{
  uint64_t state = entropy;
  size_t low_length = low != NULL ? strlen (low) : 0;
  size_t n = 0;
  char *out;

  if ((low != NULL && !rafilm_wire_order_is_valid (low))
      || (high != NULL && !rafilm_wire_order_is_valid (high))
      || (low != NULL && high != NULL && strcmp (low, high) >= 0))
    return NULL;

  /* One digit past the longer bound is the farthest that the walk gets. */
  out = rafilm_wire_alloc (low_length + (high != NULL ? strlen (high) : 0) + 4);
  for (size_t i = 0;; i++)
    {
      unsigned below = i < low_length ? digit_value (low[i]) : 0;
      unsigned above = high != NULL ? digit_value (high[i]) : BASE;

      if (above - below > 1)
        {
          out[n++] = random_digit (&state, below + 1, above - 1);
          break;
        }
      out[n++] = digits[below];
      if (above > below)
        high = NULL; /* already below @high, so the rest is free */
    }
  out[n++] = random_digit (&state, 1, BASE - 1);
  out[n++] = random_digit (&state, 1, BASE - 1);
  return out;
}

char *
rafilm_wire_order_spread (size_t index, size_t count, uint64_t entropy)
{
  uint64_t state = entropy + index;
  uint64_t room = BASE - 1;
  size_t width = 1;
  uint64_t place;
  char *out;

  while (room < (uint64_t) count + 1)
    {
      room *= BASE;
      width++;
    }
  place = (uint64_t) (((unsigned __int128) room * (index + 1)) / (count + 1));
  out = rafilm_wire_alloc (width + 3);
  for (size_t i = width; i > 0; i--)
    {
      out[i - 1] = digits[place % BASE];
      place /= BASE;
    }
  out[width] = random_digit (&state, 1, BASE - 1);
  out[width + 1] = random_digit (&state, 1, BASE - 1);
  return out;
}
