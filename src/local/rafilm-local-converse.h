/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-concierge.h"

G_BEGIN_DECLS

/**
 * rafilm_local_converse_make_frames:
 * @reply: what the assistant says
 * @max_tokens: of text; 0 for no limit
 *
 * The frames of a ConverseStream answer, as Claude's models send them: text in pieces of a word or
 * so and without a contentBlockStart, a tool's input in fragments of 2 to 12 characters after an
 * empty one, a padding member "p" in every event.
 *
 * Returns: (transfer full) (element-type GBytes): the frames in order
 */
GPtrArray *rafilm_local_converse_make_frames (RafilmLocalReply *reply, guint max_tokens);

G_END_DECLS
