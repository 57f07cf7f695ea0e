/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "rafilm-film.h"

G_BEGIN_DECLS

/* Puts a streamed answer together. The service numbers the messages of an answer (`seq`, from 1;
 * 0 is taken too), and they may come in any order, twice, or never:
 *
 *   {"t": "chat.film", "id": "m_…", "seq": 1, "film": {"id": 949, "title": "Heat", …}}
 *   {"t": "chat.delta", "id": "m_…", "seq": 2, "text": "Try [[tmdb:949]]."}
 *   {"t": "chat.done", "id": "m_…", "seq": 3, "stop": "end_turn" | "stopped" | "max_tokens"}
 *   {"t": "chat.error", "id": "m_…", "seq": 3, "code": "…", "message": "…"}
 *
 * An error may come without a number; it ends the answer at once.
 *
 * What comes out is in order, valid UTF-8 without control characters, and names a film only after
 * that film has come out. Handles never come out in parts; those without their film are dropped. */

/** A missing message is given up after so many milliseconds, if later ones are there. */
#define RAFILM_STREAM_GAP_MSEC 5000

/** Bounds: what is beyond them is not looked at, and the text of an answer ends there. */
#define RAFILM_STREAM_MAX_SEQ 100000
#define RAFILM_STREAM_MAX_WAITING 512
#define RAFILM_STREAM_MAX_PART (32 * 1024)
#define RAFILM_STREAM_MAX_TEXT (64 * 1024)
#define RAFILM_STREAM_MAX_FILMS 100

/**
 * RafilmStreamEventKind:
 * @RAFILM_STREAM_TEXT: more text
 * @RAFILM_STREAM_FILM: a film that the text will name
 * @RAFILM_STREAM_DONE: the end
 * @RAFILM_STREAM_STOPPED: the end, before all was said
 * @RAFILM_STREAM_ERROR: the end: the service failed
 */
typedef enum
{
  RAFILM_STREAM_TEXT,
  RAFILM_STREAM_FILM,
  RAFILM_STREAM_DONE,
  RAFILM_STREAM_STOPPED,
  RAFILM_STREAM_ERROR,
} RafilmStreamEventKind;

/**
 * RafilmStreamEvent:
 * @text: (nullable): of TEXT; of ERROR, its code; of DONE and STOPPED, the reason as it came
 * @film: (nullable): of FILM: facts without state
 */
typedef struct
{
  RafilmStreamEventKind kind;
  char *text;
  RafilmFilm *film;
} RafilmStreamEvent;

void rafilm_stream_event_free (RafilmStreamEvent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmStreamEvent, rafilm_stream_event_free)

typedef struct _RafilmStreamAssembler RafilmStreamAssembler;

RafilmStreamAssembler *rafilm_stream_assembler_new (void);
void rafilm_stream_assembler_free (RafilmStreamAssembler *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmStreamAssembler, rafilm_stream_assembler_free)

/**
 * rafilm_stream_assembler_take:
 * @now: milliseconds of a clock that never goes back
 *
 * Returns: whether @message was new and made sense
 */
gboolean rafilm_stream_assembler_take (RafilmStreamAssembler *self, JsonObject *message,
                                       gint64 now);

/**
 * rafilm_stream_assembler_pop:
 *
 * Returns: (transfer full) (nullable): what comes next, if it is there; nothing after the end
 */
RafilmStreamEvent *rafilm_stream_assembler_pop (RafilmStreamAssembler *self, gint64 now);

/**
 * rafilm_stream_assembler_get_deadline:
 *
 * Returns: when to call rafilm_stream_assembler_pop() again though nothing has come, since a
 *   missing message is given up then; %G_MAXINT64 for never
 */
gint64 rafilm_stream_assembler_get_deadline (RafilmStreamAssembler *self);

/* Handles that were dropped since their film had not come. */
guint rafilm_stream_assembler_get_dropped (RafilmStreamAssembler *self);

/* How often messages were given up. */
guint rafilm_stream_assembler_get_gaps (RafilmStreamAssembler *self);

G_END_DECLS
