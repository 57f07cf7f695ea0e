/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the functions of the training pipeline (infra/training.asl.json) have in common. A run's
 * files are runs/<run>/interactions/, users/, left/ and rankings/ in settings.training_bucket. The
 * clock is the state machine's: its times come with every event. */
#pragma once

#include "rafilm-handler.h"

#define RAFILM_TRAINING_FILES "runs/"

/* "runs/<run>/<name>"; malloc'd. NULL, and logged, when the event names no run (A-Z a-z 0-9 -) or
 * the function knows no bucket. */
char *rafilm_training_make_key (RafilmContext *context, const json_t *event, const char *name);

/* "2026-11-22T19:05:51.123Z" as seconds of 1970; 0 when it is no such time. */
int64_t rafilm_training_parse_time (const char *text);

/* Without milliseconds; malloc'd. */
char *rafilm_training_format_time (int64_t time);

/* The event's "now", or the wall clock where there is none. */
int64_t rafilm_training_get_now (const json_t *event);

/* Whether there is little time left (seconds) of this invocation. */
bool rafilm_training_is_late (const RafilmContext *context, int seconds);
