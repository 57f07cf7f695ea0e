/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is remembered of trainings, in the table (pk "L#training"):
 *
 *   sk run            who trains now: execution (its ARN), run, at
 *   sk hours#<month>  v, minutes booked in all, runs: M run -> {minutes, at, settled}; ttl
 *   sk last           minutes of the last training
 *
 * Every step may come twice, since Step Functions tries again what it has lost the answer of. */
#pragma once

#include "rafilm-dynamodb.h"

#define RAFILM_TRAINING_RUN_SIZE 18 /* "20261122-3fa9c2d1" */

/* A run's name follows from its execution and the day. */
void rafilm_training_book_name_run (const char *execution, int64_t now,
                                    char name[RAFILM_TRAINING_RUN_SIZE]);

/* Takes the lock; where `takes_over` is not NULL, also from that execution. `*ret_holder` is who
 * has it then, malloc'd: `execution` itself when it was had. */
RafilmDynamodbStatus rafilm_training_book_begin (RafilmDynamodb *dynamodb, const char *execution,
                                                 const char *run, const char *takes_over,
                                                 int64_t now, char **ret_holder);
/* Gives it back, if it is still this execution's. */
RafilmDynamodbStatus rafilm_training_book_end (RafilmDynamodb *dynamodb, const char *execution);

typedef struct
{
  bool allowed;
  int64_t minutes; /* wanted: half as much again as the last training took */
  int64_t booked;  /* of the month, with them when they are allowed */
} RafilmTrainingHours;

/* Books the minutes of a training unless the month's would pass `limit`. */
RafilmDynamodbStatus rafilm_training_book_reserve (RafilmDynamodb *dynamodb, const char *run,
                                                   int64_t limit, int64_t now,
                                                   RafilmTrainingHours *ret_hours);

/* Puts what a training took in place of what was reserved for it; `minutes` < 0: what it took is
 * not known, which counts as the time since then, and no less than was reserved. A run without a
 * reservation changes nothing. `*ret_booked`: minutes of the month. */
RafilmDynamodbStatus rafilm_training_book_settle (RafilmDynamodb *dynamodb, const char *run,
                                                  int64_t minutes, int64_t now,
                                                  int64_t *ret_booked);
