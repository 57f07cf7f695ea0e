/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-id.h"

#include <gio/gio.h>
#include <sys/random.h>

#define MAX_LENGTH 128

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static RafilmIdRandomFunc random_source;

static void
fill_random (guint8 *bytes, gsize size)
{
  if (random_source != NULL)
    random_source (bytes, size);
  else if (getrandom (bytes, size, 0) != (gssize) size)
    g_error ("The system gives no random numbers");
}

/* Bytes from 248 (four times 62) up are thrown away, so that each digit is equally likely. */
static char *
random_base62 (guint length)
{
  char *text = g_malloc (length + 1);
  guint filled = 0;

  while (filled < length)
    {
      guint8 bytes[32];

      fill_random (bytes, sizeof bytes);
      for (guint i = 0; i < sizeof bytes && filled < length; i++)
        if (bytes[i] < 248)
          text[filled++] = digits[bytes[i] % 62];
    }

  text[length] = '\0';

  return text;
}

char *
rafilm_id_new (void)
{
  return random_base62 (RAFILM_ID_LENGTH);
}

char *
rafilm_id_new_device (void)
{
  return random_base62 (RAFILM_DEVICE_ID_LENGTH);
}

void
rafilm_id_set_random (RafilmIdRandomFunc source)
{
  random_source = source;
}

gboolean
rafilm_id_is_valid (const char *id)
{
  gsize length = 0;

  if (id == NULL)
    return FALSE;

  for (; id[length] != '\0'; length++)
    {
      char c = id[length];

      if (length == MAX_LENGTH || !(g_ascii_isalnum (c) || c == '-' || c == '_' || c == ':'))
        return FALSE;
    }

  return length > 0;
}
