/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-concierge-find.h"
#include "rafilm-message.h"

G_BEGIN_DECLS

/**
 * RafilmReply:
 * @text: the sentences, with handles for films
 * @films: (element-type RafilmFilm): the films that they name
 *
 * An answer of the concierge while it is written. A film can be named only by way of an object
 * that the mirror gave, so none is made up.
 */
typedef struct
{
  GString *text;
  GPtrArray *films;
} RafilmReply;

void rafilm_reply_init (RafilmReply *self);
void rafilm_reply_clear (RafilmReply *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RafilmReply, rafilm_reply_clear)

void rafilm_reply_say (RafilmReply *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Notes @film as named. Returns: (transfer full): its handle, for a sentence. */
char *rafilm_reply_name (RafilmReply *self, RafilmFilm *film);

/* A line with the film, its running time and genres, its rating and the reason for it. */
void rafilm_reply_add_pick (RafilmReply *self, const RafilmPick *pick);

/* Puts the films and the text into @message. */
void rafilm_reply_write (RafilmReply *self, RafilmMessage *message);

/* What the concierge can do, with examples. */
void rafilm_reply_say_help (RafilmReply *self);

/* Returns: (transfer full) (nullable): the time of a request as people write it: "March 2026" */
char *rafilm_reply_dup_time (const RafilmRequest *request);

/* @heading with the time of the request in parentheses, and what introduces a list. */
void rafilm_reply_say_heading (RafilmReply *self, const char *heading,
                               const RafilmRequest *request);

/* The one fact that was asked for, as far as the film itself tells it. */
void rafilm_reply_say_fact (RafilmReply *self, RafilmFilm *film, RafilmFact fact);

/* How many, how long, how good on average, and what most. */
void rafilm_reply_say_count (RafilmReply *self, const RafilmRequest *request, GArray *picks);
void rafilm_reply_say_minutes (RafilmReply *self, const RafilmRequest *request, GArray *picks);
void rafilm_reply_say_average (RafilmReply *self, const RafilmRequest *request, GArray *picks);
void rafilm_reply_say_favourite (RafilmReply *self, const RafilmRequest *request, GArray *picks);

G_END_DECLS
