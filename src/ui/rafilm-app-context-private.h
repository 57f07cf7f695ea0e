/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-app-context.h"
#include "rafilm-attention.h"
#include "rafilm-images.h"

G_BEGIN_DECLS

/* What rafilm-app-context.c (the parts) and rafilm-app-context-account.c
 * (whose diary is open) share. */

struct _RafilmAppContext
{
  GObject parent_instance;

  char *folder;
  DexFuture *following; /* of the account, to the diary that belongs to it */
  gboolean follow_again;
  gboolean undecided;
  char *deleted_uid; /* the account that was deleted, until its diary is nobody's */
  GSettings *settings;
  RafilmStore *store;
  RafilmRecommender *recommender;
  RafilmConversation *conversation;
  RafilmAttention *attention;

  RafilmEndpoints *endpoints;
  RafilmHttp *http;
  RafilmAccount *account;
  RafilmApi *api;
  RafilmSocket *socket;
  RafilmImages *images;
  RafilmSyncEngine *engine;
  RafilmCatalogue *catalogue;
};

/* Makes what stands on the mirror, which must be open; and lets it go. */
void rafilm_app_context_start_parts (RafilmAppContext *self);
void rafilm_app_context_stop_parts (RafilmAppContext *self);

/* Whether there is a connection depends on who is signed in and who looks. */
void rafilm_app_context_update_socket (RafilmAppContext *self);

void rafilm_app_context_set_undecided (RafilmAppContext *self, gboolean undecided);

/* In a fiber: whether something was kept without an account in the profile. */
gboolean rafilm_app_context_has_local (RafilmAppContext *self);

/* The account has changed: opens the diary that goes with it. */
void rafilm_app_context_follow_account (RafilmAppContext *self);

G_END_DECLS
