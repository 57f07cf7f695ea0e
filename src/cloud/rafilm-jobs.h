/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that the function account-worker has begun for an account and not finished: pk J# sk
 * <job>#<uid> {at, n}. A job is entered in the transaction that makes it necessary and removed in
 * the one that completes it, so that none is forgotten, whatever is interrupted; Lambda tries a
 * failed one twice more, and the sweeper begins it anew every hour. */
#pragma once

#include "rafilm-dynamodb.h"

#define RAFILM_JOB_ERASE "erase"
#define RAFILM_JOB_TAKEOUT "takeout"

/* Actions of a transaction; new references. `now` in s of 1970. */
json_t *rafilm_job_enter (const char *job, const char *uid, int64_t now);
json_t *rafilm_job_remove (const char *job, const char *uid);

/* Invokes the worker; the job is in the list, so that a failure only means that it begins later. */
void rafilm_job_start (RafilmAws *aws, const char *job, const char *uid);

/* Begins every job anew that was begun more than an hour ago, until `deadline` (ms of 1970). A
 * takeout that was in vain for half a day is given up. False when the list could not be read. */
bool rafilm_jobs_sweep (RafilmAws *aws, RafilmDynamodb *dynamodb, int64_t now, int64_t deadline);
