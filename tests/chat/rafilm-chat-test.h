/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-chat-link.h"
#include "rafilm-concierge.h"
#include "rafilm-test.h"

G_BEGIN_DECLS

/* What the tests of the chat share: the sample catalogue in a new mirror with a small diary, and a
 * service that does what a test tells it. Today is 22 November 2026. */

#define HEAT 949
#define COLLATERAL 1538
#define MANHUNTER 11454
#define INSIDER 9008
#define VAGABOND 44018
#define CLUELESS 9603

void rafilm_chat_test_set_today (void);

/* Fibers only. */
RafilmStore *rafilm_chat_test_open (const char *path);
RafilmStore *rafilm_chat_test_open_sample (void);
void rafilm_chat_test_log (RafilmStore *store, gint64 film, const char *date, int rating,
                           const char *review);
void rafilm_chat_test_add_to_watchlist (RafilmStore *store, gint64 film);

/* Every handle of the text names a film of the message, and each of these is in the mirror. */
void rafilm_chat_test_check_films (RafilmStore *store, RafilmMessage *message);

/* Whether the message names the film. */
gboolean rafilm_chat_test_names (RafilmMessage *message, gint64 film);

/**
 * RafilmScriptedLink:
 *
 * Keeps what is sent, and lets the test speak for the service.
 */
#define RAFILM_TYPE_SCRIPTED_LINK (rafilm_scripted_link_get_type ())
G_DECLARE_FINAL_TYPE (RafilmScriptedLink, rafilm_scripted_link, RAFILM, SCRIPTED_LINK, GObject)

RafilmScriptedLink *rafilm_scripted_link_new (void);
/* Not connected, sending fails. */
void rafilm_scripted_link_set_connected (RafilmScriptedLink *self, gboolean connected);
/* Sending never ends. */
void rafilm_scripted_link_set_stuck (RafilmScriptedLink *self, gboolean stuck);
/* Fibers only. Waits for the message of that number (from 0) and returns it. */
JsonObject *rafilm_scripted_link_await (RafilmScriptedLink *self, guint index);
guint rafilm_scripted_link_get_sent (RafilmScriptedLink *self);
/* The service says @json, with the member "id" of the newest question. */
void rafilm_scripted_link_say (RafilmScriptedLink *self, const char *json);

G_END_DECLS
