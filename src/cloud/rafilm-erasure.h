/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deleting an account. Its META item becomes the mark of it ({gone, ttl}), which every writer
 * respects; then all else goes, page by page, and Cognito's user last. The mark itself stays until
 * no token of the account can be valid. Every step looks at what is still there, so that an
 * interrupted one is simply begun again; rafilm-jobs.h tells by whom. */
#pragma once

#include "rafilm-connections.h"

typedef enum
{
  RAFILM_ERASURE_DONE,
  RAFILM_ERASURE_UNFINISHED, /* there was no time for all: begin again */
  RAFILM_ERASURE_FAILED,     /* something did not answer: begin again, later */
} RafilmErasureStatus;

/* Sets the mark and enters the job; from then on nothing of the account can be written. */
RafilmDynamodbStatus rafilm_erasure_mark (RafilmDynamodb *dynamodb, const char *uid);

/* Goes on until all is gone, Cognito's user last, or until `deadline` (ms of 1970). Nothing is done
 * to an account without the mark: that counts as FAILED. */
RafilmErasureStatus rafilm_erasure_run (RafilmAws *aws, RafilmDynamodb *dynamodb, const char *uid,
                                        int64_t deadline);
