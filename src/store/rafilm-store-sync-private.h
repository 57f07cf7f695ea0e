/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-store-private.h"

G_BEGIN_DECLS

/* Keys of the table meta that only synchronisation uses. */
#define META_ACCT "acct"
#define META_DEV "dev"
#define META_EPOCH "epoch"
#define META_CURSOR "cursor"
#define META_BATCH "batch"               /* the batch on its way */
#define META_IF_HEAD "if_head"           /* the head that it demands */
#define META_REMATCH "rematch"           /* 1: match what has arrived anew before it is sent */
#define META_STAGED "staged"             /* 1 while the stage is being filled */
#define META_STAGE_CURSOR "stage_cursor" /* the cursor of the stage */
#define META_ACCOUNT_DELETED "account_deleted" /* 1: the service said that it is no more */
#define META_SYNCED_AT "synced_at"             /* when an answer last left nothing to fetch */

gboolean rafilm_mirror_is_staged (RafilmMirror *self);

/** The state after what the transaction did. */
RafilmSyncState *rafilm_mirror_load_sync_state (RafilmMirror *self);

/** From now on it is another computer to the server; what waits is numbered from 1. */
void rafilm_mirror_take_new_device (RafilmMirror *self);
/** Begins an empty stage. */
void rafilm_mirror_begin_stage (RafilmMirror *self);

/** The rows of a page go into the stage; after the last page it takes the mirror's place. */
void rafilm_mirror_fill_stage (RafilmMirror *self, const RafilmSyncAnswer *answer);

/** Takes the batch apart again. */
void rafilm_mirror_release_batch (RafilmMirror *self);

/* A diary that arrives: rafilm-store-arrival-merge.c */

/** The server has the record's operations. */
void rafilm_mirror_settle_arrival (RafilmMirror *self, const char *kind, const char *target);
/** The person's own operation on a record was answered; what arrives there is compared anew. */
void rafilm_mirror_settle_edit (RafilmMirror *self, const char *kind, const char *id);
/** After each answer: matches anew when something else has come. */
void rafilm_mirror_follow_arrival (RafilmMirror *self, const RafilmSyncAnswer *answer);

/** Applies @answer. @ret_digest_differs: whether the mirror is not what the server has. */
void rafilm_mirror_apply_answer (RafilmMirror *self, const RafilmSyncAnswer *answer,
                                 gboolean *ret_digest_differs);

/** The server will never take the batch under way: its operations go to what was refused. */
void rafilm_mirror_refuse_batch (RafilmMirror *self, const char *code);

/** A request whose answer is the RafilmSyncState. */
typedef struct
{
  char *text;
  gint64 number;
  RafilmSyncState *state;
} RafilmSyncRequest;

void rafilm_sync_request_free (gpointer data);
void rafilm_sync_state_reply (RafilmStore *self, gpointer data, DexPromise *promise);

G_END_DECLS
