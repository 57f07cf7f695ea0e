/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-rating.h"

#include <string.h>

#define STAR "★"
#define HALF "½"

char *
rafilm_rating_dup_stars (int rating)
{
  GString *stars = g_string_new (NULL);

  g_return_val_if_fail (rating >= 0 && rating <= RAFILM_RATING_MAX, NULL);

  for (int i = 0; i < rating / 2; i++)
    g_string_append (stars, STAR);
  if (rating % 2 == 1)
    g_string_append (stars, HALF);

  return g_string_free (stars, FALSE);
}

char *
rafilm_rating_dup_number (int rating)
{
  g_return_val_if_fail (rating >= 0 && rating <= RAFILM_RATING_MAX, NULL);

  if (rating == RAFILM_RATING_NONE)
    return g_strdup ("");
  if (rating == 1)
    return g_strdup (HALF);

  return g_strdup_printf ("%d%s", rating / 2, rating % 2 == 1 ? HALF : "");
}

/* Whole stars are digits or star signs; what remains is the half, in one of its spellings. */
static gboolean
parse_stars (const char *text, int *ret_rating)
{
  int whole = 0;
  int half = 0;

  if (g_ascii_isdigit (*text))
    whole = *text++ - '0';
  else
    for (; g_str_has_prefix (text, STAR); text += strlen (STAR))
      if (++whole > 5)
        return FALSE;

  if (g_str_equal (text, HALF) || g_str_equal (text, ".5") || g_str_equal (text, ",5"))
    half = 1;
  else if (*text != '\0' && !g_str_equal (text, ".0"))
    return FALSE;

  *ret_rating = whole * 2 + half;

  return *ret_rating >= 1 && *ret_rating <= RAFILM_RATING_MAX;
}

gboolean
rafilm_rating_parse (const char *text, int *ret_rating)
{
  int rating = RAFILM_RATING_NONE;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (ret_rating != NULL, FALSE);

  if (g_str_has_suffix (text, "/10"))
    {
      char *end = NULL;
      guint64 tenths = g_ascii_isdigit (*text) ? g_ascii_strtoull (text, &end, 10) : 0;

      if (tenths < 1 || tenths > RAFILM_RATING_MAX || !g_str_equal (end, "/10"))
        return FALSE;
      rating = (int) tenths;
    }
  else if (!g_str_equal (text, "none") && !g_str_equal (text, "-") && !parse_stars (text, &rating))
    return FALSE;

  *ret_rating = rating;

  return TRUE;
}
