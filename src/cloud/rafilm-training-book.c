/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-training-book.h"

#include "rafilm-memory.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PK "L#training"
#define MAX_TRIES 5
#define MIN_MINUTES 60
#define FIRST_MINUTES 180
#define KEEP_SECONDS (400LL * 24 * 3600)
#define MONTH_SIZE 16

void
rafilm_training_book_name_run (const char *execution, int64_t now,
                               char name[RAFILM_TRAINING_RUN_SIZE])
{
  unsigned char hash[EVP_MAX_MD_SIZE];
  time_t seconds = (time_t) now;
  struct tm day;

  if (EVP_Digest (execution, strlen (execution), hash, NULL, EVP_sha256 (), NULL) != 1)
    abort ();
  gmtime_r (&seconds, &day);
  strftime (name, RAFILM_TRAINING_RUN_SIZE, "%Y%m%d-", &day);
  for (unsigned i = 0; i < 4; i++)
    snprintf (name + 9 + 2 * i, 3, "%02x", hash[i]);
}

RafilmDynamodbStatus
rafilm_training_book_begin (RafilmDynamodb *dynamodb, const char *execution, const char *run,
                            const char *takes_over, int64_t now, char **ret_holder)
{
  json_auto_t *values = json_object (), *item = rafilm_item_key (PK, "run"), *held = NULL;
  RafilmDynamodbStatus status;

  rafilm_item_set_text (item, "execution", execution);
  rafilm_item_set_text (item, "run", run);
  rafilm_item_set_int (item, "at", now);
  rafilm_item_set_text (values, ":own", execution);
  rafilm_item_set_text (values, ":other", takes_over != NULL ? takes_over : execution);
  *ret_holder = NULL;
  status = rafilm_dynamodb_put_item (
      dynamodb, item, "attribute_not_exists(execution) OR execution = :own OR execution = :other",
      NULL, values);
  if (status == RAFILM_DYNAMODB_OK)
    *ret_holder = rafilm_strdup (execution);
  if (status != RAFILM_DYNAMODB_CONDITION_FAILED)
    return status;
  status = rafilm_dynamodb_get_item (dynamodb, PK, "run", true, &held);
  *ret_holder = rafilm_strdup (rafilm_item_get_text (held, "execution"));
  /* Given back between the two: to be tried again. */
  return status == RAFILM_DYNAMODB_OK && *ret_holder == NULL ? RAFILM_DYNAMODB_THROTTLED : status;
}

RafilmDynamodbStatus
rafilm_training_book_end (RafilmDynamodb *dynamodb, const char *execution)
{
  json_auto_t *request =
      json_pack ("{s:o, s:s, s:{s:{s:s}}}", "Key", rafilm_item_key (PK, "run"),
                 "ConditionExpression", "attribute_not_exists(execution) OR execution = :own",
                 "ExpressionAttributeValues", ":own", "S", execution);
  RafilmDynamodbStatus status = rafilm_dynamodb_call (dynamodb, "DeleteItem", request, NULL);

  return status == RAFILM_DYNAMODB_CONDITION_FAILED ? RAFILM_DYNAMODB_OK : status;
}

/* "hours#2026-11", `back` months earlier. */
static void
name_month (int64_t now, int back, char name[MONTH_SIZE])
{
  time_t seconds = (time_t) now;
  struct tm day;

  gmtime_r (&seconds, &day);
  day.tm_mday = 1;
  day.tm_mon -= back;
  day.tm_hour = 12;
  seconds = timegm (&day);
  gmtime_r (&seconds, &day);
  strftime (name, MONTH_SIZE, "hours#%Y-%m", &day);
}

/* The month's item; a new one when there is none. */
static RafilmDynamodbStatus
read_month (RafilmDynamodb *dynamodb, const char *month, int64_t now, json_t **ret_item)
{
  RafilmDynamodbStatus status = rafilm_dynamodb_get_item (dynamodb, PK, month, true, ret_item);

  if (status == RAFILM_DYNAMODB_OK && *ret_item == NULL)
    {
      json_auto_t *none = json_object ();

      *ret_item = rafilm_item_key (PK, month);
      rafilm_item_set_int (*ret_item, "v", 0);
      rafilm_item_set_int (*ret_item, "minutes", 0);
      rafilm_item_set_json (*ret_item, "runs", none);
      rafilm_item_set_int (*ret_item, "ttl", now + KEEP_SECONDS);
    }
  return status;
}

/* Writes it if nobody else has meanwhile. */
static RafilmDynamodbStatus
write_month (RafilmDynamodb *dynamodb, json_t *item)
{
  json_auto_t *values = json_object ();
  int64_t version = rafilm_item_get_int (item, "v", 0);

  rafilm_item_set_int (values, ":v", version);
  rafilm_item_set_int (item, "v", version + 1);
  return rafilm_dynamodb_put_item (dynamodb, item, "attribute_not_exists(v) OR v = :v", NULL,
                                   values);
}

/* Gives a run so many minutes, and the month what that changes. */
static void
set_run (json_t *item, const char *run, int64_t minutes, int64_t at, bool settled)
{
  json_auto_t *runs = rafilm_item_get_json (item, "runs");
  int64_t before = json_integer_value (json_object_get (json_object_get (runs, run), "minutes"));

  json_object_set_new (runs, run,
                       json_pack ("{s:I, s:I, s:b}", "minutes", (json_int_t) minutes, "at",
                                  (json_int_t) at, "settled", settled));
  rafilm_item_set_json (item, "runs", runs);
  rafilm_item_set_int (item, "minutes",
                       rafilm_item_get_int (item, "minutes", 0) + minutes - before);
}

/* Minutes that the next training is expected to take. */
static RafilmDynamodbStatus
expect (RafilmDynamodb *dynamodb, int64_t *ret_minutes)
{
  json_auto_t *last = NULL;
  RafilmDynamodbStatus status = rafilm_dynamodb_get_item (dynamodb, PK, "last", true, &last);
  int64_t minutes = rafilm_item_get_int (last, "minutes", 0);

  *ret_minutes = minutes > 0 ? minutes + minutes / 2 : FIRST_MINUTES;
  if (*ret_minutes < MIN_MINUTES)
    *ret_minutes = MIN_MINUTES;
  return status;
}

static RafilmDynamodbStatus
reserve_once (RafilmDynamodb *dynamodb, const char *run, int64_t limit, int64_t now,
              RafilmTrainingHours *hours)
{
  char month[MONTH_SIZE];
  json_auto_t *item = NULL, *runs = NULL;
  const json_t *own;
  RafilmDynamodbStatus status;

  name_month (now, 0, month);
  status = read_month (dynamodb, month, now, &item);
  if (status != RAFILM_DYNAMODB_OK)
    return status;
  runs = rafilm_item_get_json (item, "runs");
  own = json_object_get (runs, run);
  hours->booked = rafilm_item_get_int (item, "minutes", 0);
  hours->allowed = own != NULL || hours->booked + hours->minutes <= limit;
  if (own != NULL)
    hours->minutes = json_integer_value (json_object_get (own, "minutes"));
  if (own != NULL || !hours->allowed)
    return status;
  set_run (item, run, hours->minutes, now, false);
  hours->booked = rafilm_item_get_int (item, "minutes", 0);
  return write_month (dynamodb, item);
}

RafilmDynamodbStatus
rafilm_training_book_reserve (RafilmDynamodb *dynamodb, const char *run, int64_t limit, int64_t now,
                              RafilmTrainingHours *ret_hours)
{
  RafilmDynamodbStatus status;
  int64_t minutes;

  *ret_hours = (RafilmTrainingHours) { 0 };
  status = expect (dynamodb, &minutes);
  for (unsigned i = 0; i < MAX_TRIES && status != RAFILM_DYNAMODB_FAILED; i++)
    {
      ret_hours->minutes = minutes;
      status = reserve_once (dynamodb, run, limit, now, ret_hours);
      if (status != RAFILM_DYNAMODB_CONDITION_FAILED)
        break;
    }
  return status;
}

/* In one month; `*ret_found` whether the run is there. */
static RafilmDynamodbStatus
settle_once (RafilmDynamodb *dynamodb, const char *month, const char *run, int64_t minutes,
             int64_t now, bool *ret_found, int64_t *ret_booked)
{
  json_auto_t *item = NULL, *runs = NULL;
  RafilmDynamodbStatus status = read_month (dynamodb, month, now, &item);
  const json_t *own;
  int64_t at;

  runs = rafilm_item_get_json (item, "runs");
  own = json_object_get (runs, run);
  *ret_found = own != NULL;
  *ret_booked = rafilm_item_get_int (item, "minutes", 0);
  if (status != RAFILM_DYNAMODB_OK || own == NULL
      || json_is_true (json_object_get (own, "settled")))
    return status;
  at = json_integer_value (json_object_get (own, "at"));
  if (minutes < 0)
    {
      int64_t reserved = json_integer_value (json_object_get (own, "minutes"));

      minutes = (now - at + 59) / 60 > reserved ? (now - at + 59) / 60 : reserved;
    }
  set_run (item, run, minutes, at, true);
  *ret_booked = rafilm_item_get_int (item, "minutes", 0);
  return write_month (dynamodb, item);
}

/* A training that began on the last day of a month belongs to that one. */
RafilmDynamodbStatus
rafilm_training_book_settle (RafilmDynamodb *dynamodb, const char *run, int64_t minutes,
                             int64_t now, int64_t *ret_booked)
{
  RafilmDynamodbStatus status = RAFILM_DYNAMODB_OK;
  bool found = false;

  if (minutes > 0)
    {
      json_auto_t *last = rafilm_item_key (PK, "last");

      rafilm_item_set_int (last, "minutes", minutes);
      status = rafilm_dynamodb_put_item (dynamodb, last, NULL, NULL, NULL);
    }
  for (int back = 1; back >= 0 && !found && status == RAFILM_DYNAMODB_OK; back--)
    {
      char month[MONTH_SIZE];

      name_month (now, back, month);
      for (unsigned i = 0; i < MAX_TRIES; i++)
        {
          status = settle_once (dynamodb, month, run, minutes, now, &found, ret_booked);
          if (status != RAFILM_DYNAMODB_CONDITION_FAILED)
            break;
        }
    }
  return status;
}
