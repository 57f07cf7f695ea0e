/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-training.h"

#include "rafilm-log.h"
#include "rafilm-time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MAX_RUN 64

char *
rafilm_training_make_key (RafilmContext *context, const json_t *event, const char *name)
{
  const char *run = json_string_value (json_object_get (event, "run"));

  if (context->settings->training_bucket == NULL || run == NULL || *run == '\0'
      || strlen (run) > MAX_RUN
      || run[strspn (run, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-")]
             != '\0')
    {
      rafilm_log_error ("training.no-run", NULL);
      return NULL;
    }
  return rafilm_printf (RAFILM_TRAINING_FILES "%s/%s", run, name);
}

int64_t
rafilm_training_parse_time (const char *text)
{
  struct tm time = { 0 };
  int length = 0;

  if (text == NULL
      || sscanf (text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &time.tm_year, &time.tm_mon, &time.tm_mday,
                 &time.tm_hour, &time.tm_min, &time.tm_sec, &length)
             != 6
      || (text[length] != 'Z' && text[length] != '.' && text[length] != '+'))
    return 0;
  time.tm_year -= 1900;
  time.tm_mon -= 1;
  return (int64_t) timegm (&time);
}

char *
rafilm_training_format_time (int64_t time)
{
  time_t seconds = (time_t) time;
  struct tm parts;
  char text[32];

  gmtime_r (&seconds, &parts);
  strftime (text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return rafilm_strdup (text);
}

int64_t
rafilm_training_get_now (const json_t *event)
{
  int64_t now = rafilm_training_parse_time (json_string_value (json_object_get (event, "now")));

  return now > 0 ? now : rafilm_time_now ();
}

bool
rafilm_training_is_late (const RafilmContext *context, int seconds)
{
  return context->deadline > 0 && rafilm_time_now_ms () + seconds * 1000LL > context->deadline;
}
