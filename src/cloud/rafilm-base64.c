/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-base64.h"

#include "rafilm-memory.h"

#include <string.h>

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char *
rafilm_base64_encode (const void *data, size_t length)
{
  const unsigned char *bytes = data;
  char *text = rafilm_alloc0 ((length + 2) / 3 * 4 + 1);
  char *out = text;

  for (size_t i = 0; i < length; i += 3)
    {
      size_t left = length - i;
      unsigned group = (unsigned) bytes[i] << 16 | (left > 1 ? (unsigned) bytes[i + 1] << 8 : 0)
                       | (left > 2 ? bytes[i + 2] : 0);

      *out++ = standard[group >> 18];
      *out++ = standard[group >> 12 & 63];
      *out++ = left > 1 ? standard[group >> 6 & 63] : '=';
      *out++ = left > 2 ? standard[group & 63] : '=';
    }
  return text;
}

unsigned char *
rafilm_base64_decode (const char *text, size_t length, bool url, size_t *ret_length)
{
  const char *alphabet = url ? url_safe : standard;
  rafilm_autofree unsigned char *bytes = NULL;
  unsigned char *result;
  unsigned group = 0, bits = 0;
  size_t n = 0;

  if (!url)
    {
      if (length % 4 != 0)
        return NULL;
      for (int i = 0; i < 2 && length > 0 && text[length - 1] == '='; i++)
        length--;
    }
  if (length % 4 == 1)
    return NULL;

  bytes = rafilm_alloc0 (length / 4 * 3 + 3);
  for (size_t i = 0; i < length; i++)
    {
      const char *found = text[i] != '\0' ? strchr (alphabet, text[i]) : NULL;

      if (found == NULL)
        return NULL;
      group = group << 6 | (unsigned) (found - alphabet);
      bits += 6;
      if (bits >= 8)
        {
          bits -= 8;
          bytes[n++] = (unsigned char) (group >> bits);
          group &= (1u << bits) - 1;
        }
    }
  /* Bits that belong to no byte must be zero, else two texts would stand for the same bytes. */
  if (group != 0)
    return NULL;

  *ret_length = n;
  result = bytes;
  bytes = NULL;
  return result;
}
