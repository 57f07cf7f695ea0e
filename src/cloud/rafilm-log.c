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

/* {"Name":…,"Unit":…} */
static json_t *
make_metric (const char *name, const char *unit)
{
  return json_pack ("{s:s, s:s}", "Name", name, "Unit", unit);
}

/* Takes both references; `dimensions` are names of other members of the line. */
static json_t *
make_metrics_line (json_t *metrics, json_t *dimensions)
{
  return json_pack ("{s:{s:I, s:[{s:s, s:[o], s:o}]}}", "_aws", "Timestamp",
                    (json_int_t) rafilm_time_now_ms (), "CloudWatchMetrics", "Namespace", "Rafilm",
                    "Dimensions", dimensions, "Metrics", metrics);
}

void
rafilm_log_request (const char *route, int status, int64_t duration_ms)
{
  json_t *metrics = json_pack ("[o]", make_metric ("Duration", "Milliseconds"));
  json_t *line;

  /* A metric costs money in every hour in which it is sent. */
  if (status >= 500)
    json_array_append_new (metrics, make_metric ("ServerErrors", "Count"));
  line = make_metrics_line (metrics, json_pack ("[s, s]", "Function", "Route"));
  /* Lambda itself counts what is the same for a whole function, and what no handler took. */
  if (*route == '\0' || strcmp (route, function_name) == 0)
    json_object_del (line, "_aws");
  json_object_set_new (line, "Function", json_string (function_name));
  json_object_set_new (line, "Route", json_string (route));
  json_object_set_new (line, "requestId", json_string (request_id));
  json_object_set_new (line, "status", json_integer (status));
  json_object_set_new (line, "ServerErrors", json_integer (status >= 500));
  json_object_set_new (line, "Duration", json_integer (duration_ms));
  write_line (line);
}

void
rafilm_log_count (const char *metric, int64_t count)
{
  json_t *line = make_metrics_line (json_pack ("[o]", make_metric (metric, "Count")),
                                    json_pack ("[s]", "Function"));

  json_object_set_new (line, "Function", json_string (function_name));
  json_object_set_new (line, metric, json_integer (count));
  write_line (line);
}

void
rafilm_log_share (const char *asked, int64_t n_asked, const char *had, int64_t n_had)
{
  json_t *metrics = json_pack ("[o, o]", make_metric (asked, "Count"), make_metric (had, "Count"));
  json_t *line = make_metrics_line (metrics, json_array ());

  json_object_set_new (line, asked, json_integer (n_asked));
  json_object_set_new (line, had, json_integer (n_had));
  write_line (line);
}
