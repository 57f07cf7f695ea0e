/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-date.h"

#include <string.h>

static gboolean
parse (const char *text, GDate *date)
{
  if (text == NULL || strlen (text) != 10 || text[4] != '-' || text[7] != '-')
    return FALSE;

  for (guint i = 0; i < 10; i++)
    if (i != 4 && i != 7 && !g_ascii_isdigit (text[i]))
      return FALSE;

  if (!g_date_valid_dmy ((GDateDay) atoi (text + 8), (GDateMonth) atoi (text + 5),
                         (GDateYear) atoi (text)))
    return FALSE;

  g_date_clear (date, 1);
  g_date_set_dmy (date, (GDateDay) atoi (text + 8), (GDateMonth) atoi (text + 5),
                  (GDateYear) atoi (text));

  return TRUE;
}

static char *
format (const char *text, const char *pattern)
{
  g_autoptr (GDateTime) time = NULL;
  GDate date;

  g_return_val_if_fail (parse (text, &date), NULL);

  time = g_date_time_new_utc (g_date_get_year (&date), g_date_get_month (&date),
                              g_date_get_day (&date), 0, 0, 0);

  return g_date_time_format (time, pattern);
}

gboolean
rafilm_date_is_valid (const char *text)
{
  GDate date;

  return parse (text, &date);
}

char *
rafilm_date_format (const char *text)
{
  return format (text, "%-d %B %Y");
}

char *
rafilm_date_format_month (const char *text)
{
  return format (text, "%OB %Y");
}

int
rafilm_date_get_year (const char *text)
{
  if (text == NULL)
    return 0;

  for (guint i = 0; i < 4; i++)
    if (!g_ascii_isdigit (text[i]))
      return 0;

  return (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
}
