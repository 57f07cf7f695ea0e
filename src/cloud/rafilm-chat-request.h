/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a client sends to the chat, checked; and where a chat leaves its traces in the table:
 * pk H#uid, sk Q#day {n} (messages of a day), R#id (an answer was begun), S#id (it is to stop). */
#pragma once

#include "rafilm-account.h"

#define RAFILM_CHAT_MAX_BODY (32 * 1024)
#define RAFILM_CHAT_MAX_TURNS 20
#define RAFILM_CHAT_MAX_TEXT 4000 /* bytes of one text */
#define RAFILM_CHAT_MAX_TOTAL 24000

/* {"action","id":"m_…","conversation":"c_…","text","turns":[{"role","text"}…]}. */
bool rafilm_chat_request_is_valid (const json_t *request);

/* "m_" and 1 to 40 of A-Z a-z 0-9 - _ (with `prefix` for "m_"). */
bool rafilm_chat_id_is_valid (const char *id, const char *prefix);

/* The turns and the text as Converse's "messages": they begin with the user and alternate; turns of
 * one role in a row are joined. New reference. */
json_t *rafilm_chat_request_to_messages (const json_t *request);

/* Ids of the films that earlier answers name, each once; returns how many (at most `max`). */
size_t rafilm_chat_request_find_films (const json_t *request, int64_t *ids, size_t max);

/* Counts one message of today. REFUSED: the quota is used up. */
RafilmAccountStatus rafilm_chat_count_message (RafilmDynamodb *dynamodb, const char *uid,
                                               int64_t quota, int64_t now);
/* Takes it back, when there will be no answer. */
void rafilm_chat_uncount_message (RafilmDynamodb *dynamodb, const char *uid, int64_t now);

/* Claims the answering of a message. REFUSED: somebody has it already. */
RafilmAccountStatus rafilm_chat_begin_answer (RafilmDynamodb *dynamodb, const char *uid,
                                              const char *id, int64_t now);

RafilmAccountStatus rafilm_chat_stop_answer (RafilmDynamodb *dynamodb, const char *uid,
                                             const char *id, int64_t now);
bool rafilm_chat_answer_is_stopped (RafilmDynamodb *dynamodb, const char *uid, const char *id);
