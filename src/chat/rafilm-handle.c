/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-handle.h"

#include <string.h>

#define PREFIX "[[tmdb:"

char *
rafilm_handle_dup (gint64 film)
{
  return g_strdup_printf (PREFIX "%" G_GINT64_FORMAT "]]", film);
}

/* Digits only, within what an id can be. */
static gint64
read_id (const char *text, const char *end)
{
  gint64 id = 0;

  if (!g_str_has_prefix (text, PREFIX))
    return 0;
  text += strlen (PREFIX);
  if (*text == '0')
    return 0;

  for (; text < end; text++)
    {
      if (!g_ascii_isdigit (*text))
        return 0;
      id = id * 10 + (*text - '0');
      if (id > G_MAXINT32)
        return 0;
    }

  return id;
}

gsize
rafilm_handle_read (const char *text, gint64 *ret_film)
{
  gsize i;

  g_return_val_if_fail (text != NULL && text[0] == '[' && text[1] == '[', 0);

  *ret_film = 0;
  for (i = 2; text[i] != '\0' && text[i] != '\n' && i + 2 <= RAFILM_HANDLE_MAX; i++)
    if (text[i] == ']' && text[i + 1] == ']')
      {
        *ret_film = read_id (text, text + i);
        return i + 2;
      }

  return 0;
}

gboolean
rafilm_handle_may_grow (const char *text)
{
  gsize length;

  g_return_val_if_fail (text != NULL && text[0] == '[', FALSE);

  if (text[1] == '\0')
    return TRUE;
  if (text[1] != '[')
    return FALSE;
  length = strlen (text);

  return length < RAFILM_HANDLE_MAX && strchr (text, '\n') == NULL && strstr (text, "]]") == NULL;
}
