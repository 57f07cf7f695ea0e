/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "rafilm-film.h"

G_BEGIN_DECLS

typedef enum
{
  RAFILM_MESSAGE_USER,
  RAFILM_MESSAGE_ASSISTANT,
} RafilmMessageRole;

/**
 * RafilmMessageState:
 * @RAFILM_MESSAGE_STREAMING: the text still grows
 * @RAFILM_MESSAGE_DONE: it is whole
 * @RAFILM_MESSAGE_STOPPED: the person stopped it, or it was cut off; what came is kept
 * @RAFILM_MESSAGE_FAILED: there is no answer; `error` says why
 */
typedef enum
{
  RAFILM_MESSAGE_STREAMING,
  RAFILM_MESSAGE_DONE,
  RAFILM_MESSAGE_STOPPED,
  RAFILM_MESSAGE_FAILED,
} RafilmMessageState;

/**
 * RafilmMessageSource:
 * @RAFILM_MESSAGE_CLOUD: answered by the service
 * @RAFILM_MESSAGE_DEVICE: answered on this computer
 */
typedef enum
{
  RAFILM_MESSAGE_CLOUD,
  RAFILM_MESSAGE_DEVICE,
} RafilmMessageSource;

#define RAFILM_TYPE_MESSAGE_ROLE (rafilm_message_role_get_type ())
GType rafilm_message_role_get_type (void);
#define RAFILM_TYPE_MESSAGE_STATE (rafilm_message_state_get_type ())
GType rafilm_message_state_get_type (void);
#define RAFILM_TYPE_MESSAGE_SOURCE (rafilm_message_source_get_type ())
GType rafilm_message_source_get_type (void);

/**
 * RafilmMessageSegment:
 * @text: (nullable): a run of plain text; %NULL for a film
 * @film: (nullable): a film, to be shown as a link or a card; %NULL for text
 */
typedef struct
{
  char *text;
  RafilmFilm *film;
} RafilmMessageSegment;

void rafilm_message_segment_free (RafilmMessageSegment *self);

/**
 * RafilmMessage:
 *
 * One message of the chat. A film stands in the text as the handle `[[tmdb:949]]`; only films of
 * the list `films` are ever shown, any other handle is nothing.
 *
 * Properties, all read-only: id (string), role, text (string, never %NULL; grows while streaming),
 * plain-text (the text with "Title (year)" for the handles), state, source, error (string or
 * %NULL), films (GListModel of RafilmFilm: those named, each once, in order) and at (int64,
 * milliseconds since 1970).
 */
#define RAFILM_TYPE_MESSAGE (rafilm_message_get_type ())
G_DECLARE_FINAL_TYPE (RafilmMessage, rafilm_message, RAFILM, MESSAGE, GObject)

/**
 * rafilm_message_new:
 * @id: (nullable): %NULL for a new one
 *
 * Returns: a message without text; STREAMING when it is the assistant's, else DONE
 */
RafilmMessage *rafilm_message_new (const char *id, RafilmMessageRole role, gint64 at);

const char *rafilm_message_get_id (RafilmMessage *self);
RafilmMessageRole rafilm_message_get_role (RafilmMessage *self);
const char *rafilm_message_get_text (RafilmMessage *self);
RafilmMessageState rafilm_message_get_state (RafilmMessage *self);
RafilmMessageSource rafilm_message_get_source (RafilmMessage *self);
const char *rafilm_message_get_error (RafilmMessage *self);
GListModel *rafilm_message_get_films (RafilmMessage *self);
gint64 rafilm_message_get_at (RafilmMessage *self);

void rafilm_message_append_text (RafilmMessage *self, const char *text);
/* Adds @film unless it is there. Call it before the text that names the film. */
void rafilm_message_add_film (RafilmMessage *self, RafilmFilm *film);
/* Empties text, films and error, to be written anew. */
void rafilm_message_reset (RafilmMessage *self, RafilmMessageSource source);
/* @error: (nullable): a sentence for the person */
void rafilm_message_finish (RafilmMessage *self, RafilmMessageState state, const char *error);
void rafilm_message_set_source (RafilmMessage *self, RafilmMessageSource source);

/**
 * rafilm_message_dup_segments:
 *
 * Returns: (transfer full) (element-type RafilmMessageSegment): the text in order, as runs of plain
 *   text and films
 */
GPtrArray *rafilm_message_dup_segments (RafilmMessage *self);

/**
 * rafilm_message_dup_plain_text:
 *
 * Returns: (transfer full): the text to be read aloud or copied: "Title (year)" for each film
 */
char *rafilm_message_dup_plain_text (RafilmMessage *self);

/**
 * rafilm_message_dup_film_name:
 *
 * Returns: (transfer full): "Heat (1995)", or only the title while the year is not known
 */
char *rafilm_message_dup_film_name (RafilmFilm *film);

G_END_DECLS
