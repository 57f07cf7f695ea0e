/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's takeout: an archive of all that the service has of them, made by account-worker as the
 * object takeout/<uid>.zip, one at a time. Its state is pk U#<uid> sk T {st, at, done, size, ttl}.
 * Whatever is interrupted is made again from the beginning: the object appears whole or not at all,
 * and the one before stays until then. */
#pragma once

#include "rafilm-dynamodb.h"

#define RAFILM_TAKEOUT_PAUSE (24 * 3600)      /* s between an archive and the next */
#define RAFILM_TAKEOUT_KEPT (6 * 24 * 3600)   /* s; the bucket's lifecycle removes it after that */
#define RAFILM_TAKEOUT_LINK_SECONDS (15 * 60) /* how long a link is good */

typedef enum
{
  RAFILM_TAKEOUT_NONE, /* never asked for, or expired */
  RAFILM_TAKEOUT_MAKING,
  RAFILM_TAKEOUT_READY,
  RAFILM_TAKEOUT_FAILED,
} RafilmTakeoutState;

typedef struct
{
  RafilmTakeoutState state;
  int64_t asked_at; /* s of 1970 */
  int64_t made_at;  /* s of 1970, when READY */
  int64_t size;     /* bytes, when READY */
} RafilmTakeoutInfo;

typedef enum
{
  RAFILM_TAKEOUT_BEGUN,    /* a new one */
  RAFILM_TAKEOUT_RUNNING,  /* one is being made already */
  RAFILM_TAKEOUT_TOO_SOON, /* the last one is younger than RAFILM_TAKEOUT_PAUSE */
  RAFILM_TAKEOUT_NO_ACCOUNT,
  RAFILM_TAKEOUT_BUSY, /* the table does not answer */
} RafilmTakeoutAnswer;

RafilmDynamodbStatus rafilm_takeout_read (RafilmDynamodb *dynamodb, const char *uid, int64_t now,
                                          RafilmTakeoutInfo *ret_info);

/* `ret_info` is filled unless NO_ACCOUNT or BUSY. */
RafilmTakeoutAnswer rafilm_takeout_ask (RafilmDynamodb *dynamodb, const char *uid, int64_t now,
                                        RafilmTakeoutInfo *ret_info);

/* malloc'd. */
char *rafilm_takeout_sign_link (RafilmAws *aws, const char *uid);

/* Does what was asked for; true also when there is nothing to do. False: do it again. */
bool rafilm_takeout_make (RafilmAws *aws, RafilmDynamodb *dynamodb, const char *uid,
                          int64_t deadline);

/* Ends a job that comes to nothing. */
void rafilm_takeout_give_up (RafilmAws *aws, RafilmDynamodb *dynamodb, const char *uid);

/* Deletes the archive of an account that is deleted; one that is still being made is deleted by
 * who makes it. */
bool rafilm_takeout_erase (RafilmAws *aws, const char *uid);
