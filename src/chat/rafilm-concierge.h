/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-message.h"
#include "rafilm-recommender.h"
#include "rafilm-store.h"

G_BEGIN_DECLS

/**
 * RafilmConcierge:
 *
 * Answers on this computer, without a network and without a language model: it recognises what is
 * asked (rafilm-concierge-parse.h), looks it up in the mirror and asks the recommender, and says
 * what it found in fixed sentences. It names only films that the mirror has, and says so when it
 * doesn't understand. Films that were seen are not suggested unless they are asked for.
 */
#define RAFILM_TYPE_CONCIERGE (rafilm_concierge_get_type ())
G_DECLARE_FINAL_TYPE (RafilmConcierge, rafilm_concierge, RAFILM, CONCIERGE, GObject)

RafilmConcierge *rafilm_concierge_new (RafilmStore *store, RafilmRecommender *recommender);

/* For tests: makes "surprise me" the same each time. */
void rafilm_concierge_set_seed (RafilmConcierge *self, guint32 seed);

/* Forgets what was asked before, to which "another one" and "but shorter" refer. */
void rafilm_concierge_forget (RafilmConcierge *self);

/**
 * rafilm_concierge_answer:
 * @text: what the person asks
 * @message: gets the films and the text of the answer; its state stays as it is
 *
 * Returns: (transfer full): resolves to a boolean when the answer is in @message; rejects as the
 *   functions of RafilmStore
 */
DexFuture *rafilm_concierge_answer (RafilmConcierge *self, const char *text,
                                    RafilmMessage *message) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
