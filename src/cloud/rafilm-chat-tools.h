/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tools that the chat's model may call: search_films, recommend, diary, film. What they return
 * is the only source of films that an answer may name. */
#pragma once

#include "rafilm-handler.h"

typedef struct
{
  RafilmContext *context; /* borrowed */
  const char *uid;        /* borrowed */
  json_t *films;          /* id as text -> short FILM: everything that may be named */
} RafilmChatTools;

void rafilm_chat_tools_init (RafilmChatTools *self, RafilmContext *context, const char *uid);
void rafilm_chat_tools_clear (RafilmChatTools *self);

/* Converse's toolConfig. New reference. */
json_t *rafilm_chat_tools_dup_config (void);

/* Films that earlier answers of the conversation named: those that exist may be named again. */
void rafilm_chat_tools_allow (RafilmChatTools *self, const int64_t *ids, size_t length);

/* The film of a handle (short FILM, borrowed), or NULL. */
json_t *rafilm_chat_tools_find_film (const RafilmChatTools *self, int64_t id);

/* Calls the tool `name` with `input` (a JSON object, written by the model, so checked). Returns
 * what it says, a JSON object (new reference); `*ret_failed` when that is an error. */
json_t *rafilm_chat_tools_call (RafilmChatTools *self, const char *name, const json_t *input,
                                bool *ret_failed);
