/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-account.h"
#include "rafilm-attention.h"
#include "rafilm-catalogue.h"
#include "rafilm-conversation.h"
#include "rafilm-recommender.h"
#include "rafilm-store.h"
#include "rafilm-sync-engine.h"

G_BEGIN_DECLS

/*
 * RafilmAppContext: everything behind the windows, made and wired once.
 *
 * The mirror, the recommender and the conversation are always there.  The
 * account, the engine and the catalogue are NULL in a context without a cloud
 * (rafilm_app_context_new()); windows must do without them.
 *
 * Property "offline" (read-only): somebody is signed in or has a cloud to talk
 * to, and it cannot be reached.
 *
 * Each account has a diary of its own.  When another one is opened, since
 * somebody signed in or out, "switching" is emitted, upon which windows must let
 * the context's parts go, and then "switched", or "failed" (GError) when the
 * other diary cannot be opened.
 *
 * Property "undecided" (read-only): somebody is signed in, and what was kept
 * without an account is still here.  That is shown, and nothing is merged or
 * sent, until rafilm_app_context_settle_arrival() or until they sign out.
 */
#define RAFILM_TYPE_APP_CONTEXT (rafilm_app_context_get_type ())
G_DECLARE_FINAL_TYPE (RafilmAppContext, rafilm_app_context, RAFILM, APP_CONTEXT, GObject)

/* Opens the mirror of whoever was signed in last, or of nobody, in the data
 * folder FOLDER (made when it is missing), and what stands on it.  Resolves to
 * a RafilmAppContext; rejects as rafilm_store_open() does. */
DexFuture *rafilm_app_context_open (const char *folder) G_GNUC_WARN_UNUSED_RESULT;

/* A context around a store that is open already, without a cloud. */
RafilmAppContext *rafilm_app_context_new (RafilmStore *store);

/* All (transfer none). */
RafilmStore *rafilm_app_context_get_store (RafilmAppContext *self);
RafilmRecommender *rafilm_app_context_get_recommender (RafilmAppContext *self);
RafilmConversation *rafilm_app_context_get_conversation (RafilmAppContext *self);
GSettings *rafilm_app_context_get_settings (RafilmAppContext *self);
RafilmAccount *rafilm_app_context_get_account (RafilmAppContext *self);
RafilmApi *rafilm_app_context_get_api (RafilmAppContext *self);
RafilmSyncEngine *rafilm_app_context_get_engine (RafilmAppContext *self);
RafilmCatalogue *rafilm_app_context_get_catalogue (RafilmAppContext *self);

/* Tell it what is shown: after half an hour of nothing, the connection that
 * brings other computers' changes is given up until something is. */
RafilmAttention *rafilm_app_context_get_attention (RafilmAppContext *self);

gboolean rafilm_app_context_is_offline (RafilmAppContext *self);

/* Whether the endpoints of an account are known at all. */
gboolean rafilm_app_context_has_cloud (RafilmAppContext *self);

/* Begins to sync and to fetch what is missing; the result shows in the engine's
 * properties. */
void rafilm_app_context_sync_now (RafilmAppContext *self);

/* Deletes the account, signs out, and goes on with all that its diary held on
 * this computer as a diary without an account.  Resolves to TRUE; rejects as
 * rafilm_own_account_delete() does, and then nothing has changed. */
DexFuture *rafilm_app_context_delete_account (RafilmAppContext *self) G_GNUC_WARN_UNUSED_RESULT;
/* The same without deleting the account, when it was deleted elsewhere or its
 * password is lost.  Resolves to TRUE. */
DexFuture *rafilm_app_context_leave_account (RafilmAppContext *self) G_GNUC_WARN_UNUSED_RESULT;

/* Signs in, and opens the account's diary unless something was kept without an
 * account.  Resolves to a boolean: whether it is undecided what becomes of that;
 * rejects as rafilm_account_sign_in() does.  Needs an account. */
DexFuture *rafilm_app_context_sign_in (RafilmAppContext *self, const char *email,
                                       const char *password) G_GNUC_WARN_UNUSED_RESULT;

gboolean rafilm_app_context_is_undecided (RafilmAppContext *self);

/* While undecided: fetches the account's diary and compares, changing neither.
 * Resolves to a RafilmArrivalPlan; rejects as rafilm_sign_in_merge_plan() does. */
DexFuture *rafilm_app_context_plan_arrival (RafilmAppContext *self) G_GNUC_WARN_UNUSED_RESULT;

/* While undecided: opens the account's diary, with MERGE together with what was
 * kept here, else alone.  What was kept here is put aside in both cases.
 * Resolves to a boolean when the windows have been replaced. */
DexFuture *rafilm_app_context_settle_arrival (RafilmAppContext *self,
                                              gboolean merge) G_GNUC_WARN_UNUSED_RESULT;

/* The folder into which diaries are put aside (transfer full). */
char *rafilm_app_context_dup_aside (RafilmAppContext *self);

/* Ends what runs and closes the mirror. Resolves to a boolean. */
DexFuture *rafilm_app_context_close (RafilmAppContext *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
