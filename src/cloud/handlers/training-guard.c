/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides whether a training may be: one at a time, and not more hours in a month than are wanted.
 * Each event is a step of infra/training.asl.json and has the state machine's time in "now":
 *
 *   {"step":"begin","execution","takes_over"}  -> state ("begun" or "held"), id, holder, until,
 *                                                 last
 *   {"step":"plan","versions"}                 -> adopt, version, until
 *   {"step":"reserve","run"}                   -> allowed, hours, booked, until
 *   {"step":"settle","run","version"}          -> booked
 *   {"step":"end","execution","run","outcome"} -> {} */
#include "rafilm-training.h"

#include "rafilm-log.h"
#include "rafilm-training-book.h"

#include <string.h>

#define RUN_SECONDS (20 * 3600)
/* Of a run that has also accounts to be forgotten, which takes up to a day. */
#define LAST_SECONDS (44 * 3600)
#define TRAINING_SECONDS (6 * 3600)
#define ADOPT_SECONDS (3 * 24 * 3600) /* a model that is older was made for another week */
#define MAX_HOURS 10000.0

static const char *
get_text (const json_t *event, const char *name)
{
  const char *text = json_string_value (json_object_get (event, name));

  return text != NULL ? text : "";
}

static json_t *
begin (RafilmContext *context, const json_t *event, int64_t now)
{
  const char *execution = get_text (event, "execution");
  const char *takes_over = get_text (event, "takes_over");
  rafilm_autofree char *holder = NULL;
  rafilm_autofree char *until = rafilm_training_format_time (now + RUN_SECONDS);
  rafilm_autofree char *last = rafilm_training_format_time (now + LAST_SECONDS);
  char run[RAFILM_TRAINING_RUN_SIZE];
  bool begun;

  if (*execution == '\0')
    return NULL;
  rafilm_training_book_name_run (execution, now, run);
  if (rafilm_training_book_begin (context->dynamodb, execution, run,
                                  *takes_over != '\0' ? takes_over : NULL, now, &holder)
      != RAFILM_DYNAMODB_OK)
    return NULL;
  begun = strcmp (holder, execution) == 0;
  return json_pack ("{s:s, s:s, s:s, s:s, s:s}", "state", begun ? "begun" : "held", "id", run,
                    "holder", holder, "until", until, "last", last);
}

/* AWS writes times as texts or as seconds. */
static int64_t
get_made (const json_t *version)
{
  const json_t *made = json_object_get (version, "CreationDateTime");

  return json_is_number (made) ? (int64_t) json_number_value (made)
                               : rafilm_training_parse_time (json_string_value (made));
}

static bool
is_usable (const json_t *version)
{
  const char *status = get_text (version, "Status");

  return strcmp (status, "ACTIVE") == 0 || strcmp (status, "CREATE PENDING") == 0
         || strcmp (status, "CREATE IN_PROGRESS") == 0;
}

/* The newest version that another run has begun and did not come to use. */
static json_t *
plan (const json_t *event, int64_t now)
{
  const char *version = "";
  int64_t newest = now - ADOPT_SECONDS;
  rafilm_autofree char *until = NULL;
  json_t *entry;
  size_t i;

  json_array_foreach (json_object_get (event, "versions"), i, entry)
  {
    int64_t made = get_made (entry);

    if (is_usable (entry) && made > newest)
      {
        newest = made;
        version = get_text (entry, "SolutionVersionArn");
      }
  }
  until = rafilm_training_format_time (newest + TRAINING_SECONDS);
  return json_pack ("{s:b, s:s, s:s}", "adopt", *version != '\0', "version", version, "until",
                    until);
}

static json_t *
reserve (RafilmContext *context, const json_t *event, int64_t now)
{
  int64_t limit = context->settings->training_hours * 60;
  RafilmTrainingHours hours;
  rafilm_autofree char *until = NULL;
  int64_t left;

  if (rafilm_training_book_reserve (context->dynamodb, get_text (event, "run"), limit, now, &hours)
      != RAFILM_DYNAMODB_OK)
    return NULL;
  if (!hours.allowed)
    rafilm_log_warning ("training.refused", NULL);
  /* Never longer than the month has hours. */
  left = (limit - hours.booked + hours.minutes) * 60;
  until = rafilm_training_format_time (now + (left < TRAINING_SECONDS ? left : TRAINING_SECONDS));
  return json_pack ("{s:b, s:f, s:f, s:s}", "allowed", hours.allowed, "hours",
                    (double) hours.minutes / 60, "booked", (double) hours.booked / 60, "until",
                    until);
}

static json_t *
settle (RafilmContext *context, const json_t *event, int64_t now)
{
  const json_t *hours = json_object_get (json_object_get (event, "version"), "TrainingHours");
  double value = json_is_number (hours) ? json_number_value (hours) : -1;
  int64_t minutes = value >= 0 && value < MAX_HOURS ? (int64_t) (value * 60 + 0.99) : -1;
  int64_t booked = 0;

  if (rafilm_training_book_settle (context->dynamodb, get_text (event, "run"), minutes, now,
                                   &booked)
      != RAFILM_DYNAMODB_OK)
    return NULL;
  if (minutes > 0)
    rafilm_log_count ("TrainingMinutes", minutes);
  return json_pack ("{s:f}", "booked", (double) booked / 60);
}

static json_t *
end (RafilmContext *context, const json_t *event)
{
  rafilm_log_info ("training.ended", "run", get_text (event, "run"), "outcome",
                   get_text (event, "outcome"), NULL);
  return rafilm_training_book_end (context->dynamodb, get_text (event, "execution"))
                 == RAFILM_DYNAMODB_OK
             ? json_object ()
             : NULL;
}

json_t *
rafilm_training_guard_handler (RafilmContext *context, json_t *event)
{
  const char *step = get_text (event, "step");
  int64_t now = rafilm_training_get_now (event);

  context->route = "training-guard";
  if (strcmp (step, "begin") == 0)
    return begin (context, event, now);
  if (strcmp (step, "plan") == 0)
    return plan (event, now);
  if (strcmp (step, "end") == 0)
    return end (context, event);
  if (*get_text (event, "run") == '\0')
    return NULL;
  if (strcmp (step, "reserve") == 0)
    return reserve (context, event, now);
  if (strcmp (step, "settle") == 0)
    return settle (context, event, now);
  return NULL;
}
