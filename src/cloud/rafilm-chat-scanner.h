/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a model writes, on its way to a person: `<thinking>…</thinking>` is taken out, and a film
 * may be named only by a handle [[tmdb:949]] whose film a tool has returned. Text arrives in pieces
 * of any size; what may still become a handle or a tag is held back. */
#pragma once

#include "rafilm-memory.h"

typedef struct
{
  /* May the film be named? Called once for each handle, before the text that holds it. */
  bool (*film) (int64_t id, void *data);
  /* Text to show. */
  void (*text) (const char *text, size_t length, void *data);
  void *data;
} RafilmChatScannerFuncs;

typedef struct
{
  RafilmChatScannerFuncs funcs;
  RafilmBuffer pending;
  bool thinking;
  bool at_start;    /* nothing shown yet: white space is dropped */
  size_t opened;    /* how much of the begin of a handle the shown text ends in */
  unsigned removed; /* handles that were taken out */
} RafilmChatScanner;

void rafilm_chat_scanner_init (RafilmChatScanner *self, RafilmChatScannerFuncs funcs);
void rafilm_chat_scanner_clear (RafilmChatScanner *self);

void rafilm_chat_scanner_push (RafilmChatScanner *self, const char *text, size_t length);

/* The end: what was held back is shown, but for the begin of a handle or of thoughts. */
void rafilm_chat_scanner_finish (RafilmChatScanner *self);
