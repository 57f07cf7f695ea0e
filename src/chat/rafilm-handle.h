/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A handle is how a film stands in the text of the chat: [[tmdb:949]]. */

/** No handle is longer than this many bytes. */
#define RAFILM_HANDLE_MAX 64

/**
 * rafilm_handle_dup:
 *
 * Returns: (transfer full): the handle of a film
 */
char *rafilm_handle_dup (gint64 film);

/**
 * rafilm_handle_read:
 * @text: text that begins with "[["
 * @ret_film: (out): the film's id; 0 when what stands between the brackets names none
 *
 * Returns: how many bytes the handle has; 0 when no "]]" ends it within %RAFILM_HANDLE_MAX bytes
 *   of the same line
 */
gsize rafilm_handle_read (const char *text, gint64 *ret_film);

/**
 * rafilm_handle_may_grow:
 * @text: text that begins with "["
 *
 * Returns: whether @text may be the beginning of a handle of which the end is still missing
 */
gboolean rafilm_handle_may_grow (const char *text);

G_END_DECLS
