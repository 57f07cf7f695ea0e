/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-log.h"

#include "rafilm-time.h"
#include "rafilm-memory.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static char function_name[65];
static char request_id[65];

void
rafilm_log_set_function (const char *function)
{
  snprintf (function_name, sizeof function_name, "%s", function);
}

void
rafilm_log_set_request (const char *id)
{
  snprintf (request_id, sizeof request_id, "%s", id);
}

/* One write () a line, so that lines of a parent and a child never mix. Takes the reference. */
static void
write_line (json_t *line)
{
  rafilm_auto_buffer text = RAFILM_BUFFER_INIT (0);
  char *dumped = json_dumps (line, JSON_COMPACT);

  if (dumped != NULL)
    {
      rafilm_buffer_printf (&text, "%s\n", dumped);
      fwrite (text.data, 1, text.length, stderr);
      fflush (stderr);
    }
  free (dumped);
  json_decref (line);
}

static void
write_event (const char *level, const char *event, va_list pairs)
{
  json_t *line = json_pack ("{s:I, s:s, s:s, s:s}", "time", (json_int_t) rafilm_time_now_ms (),
                            "level", level, "function", function_name, "event", event);
  const char *name;

  if (*request_id != '\0')
    json_object_set_new (line, "requestId", json_string (request_id));
  while ((name = va_arg (pairs, const char *)) != NULL)
    {
      const char *value = va_arg (pairs, const char *);

      json_object_set_new (line, name, value != NULL ? json_string (value) : json_null ());
    }
  write_line (line);
}

void
rafilm_log_info (const char *event, ...)
{
  va_list pairs;

  va_start (pairs, event);
  write_event ("info", event, pairs);
  va_end (pairs);
}

void
rafilm_log_warning (const char *event, ...)
{
  va_list pairs;

  va_start (pairs, event);
  write_event ("warning", event, pairs);
  va_end (pairs);
}

void
rafilm_log_error (const char *event, ...)
{
  va_list pairs;

  va_start (pairs, event);
  write_event ("error", event, pairs);
  va_end (pairs);
}

void
rafilm_log_request (const char *route, int status, int64_t duration_ms)
{
  json_t *line =
      json_pack ("{s:{s:I, s:[{s:s, s:[[s,s]], s:[{s:s,s:s},{s:s,s:s},{s:s,s:s},{s:s,s:s}]}]}}",
                 "_aws", "Timestamp", (json_int_t) rafilm_time_now_ms (), "CloudWatchMetrics",
                 "Namespace", "Rafilm", "Dimensions", "Function", "Route", "Metrics", "Name",
                 "Requests", "Unit", "Count", "Name", "ClientErrors", "Unit", "Count", "Name",
                 "ServerErrors", "Unit", "Count", "Name", "Duration", "Unit", "Milliseconds");

  json_object_set_new (line, "Function", json_string (function_name));
  json_object_set_new (line, "Route", json_string (route));
  json_object_set_new (line, "requestId", json_string (request_id));
  json_object_set_new (line, "status", json_integer (status));
  json_object_set_new (line, "Requests", json_integer (1));
  json_object_set_new (line, "ClientErrors", json_integer (status >= 400 && status < 500));
  json_object_set_new (line, "ServerErrors", json_integer (status >= 500));
  json_object_set_new (line, "Duration", json_integer (duration_ms));
  write_line (line);
}

void
rafilm_log_count (const char *metric, int64_t count)
{
  json_t *line =
      json_pack ("{s:{s:I, s:[{s:s, s:[[s]], s:[{s:s,s:s}]}]}, s:s, s:I}", "_aws", "Timestamp",
                 (json_int_t) rafilm_time_now_ms (), "CloudWatchMetrics", "Namespace", "Rafilm",
                 "Dimensions", "Function", "Metrics", "Name", metric, "Unit", "Count", "Function",
                 function_name, metric, (json_int_t) count);

  write_line (line);
}
