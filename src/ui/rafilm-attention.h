/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/*
 * RafilmAttention: whether somebody may be looking.
 *
 * Property "away" (boolean, read-only): nothing has been shown for as long as
 * was said.  What is shown again is attended to at once.
 */
#define RAFILM_TYPE_ATTENTION (rafilm_attention_get_type ())
G_DECLARE_FINAL_TYPE (RafilmAttention, rafilm_attention, RAFILM, ATTENTION, GObject)

/* PATIENCE is in milliseconds. To begin with, something is shown. */
RafilmAttention *rafilm_attention_new (guint patience);

void rafilm_attention_set_shown (RafilmAttention *self, gboolean shown);
gboolean rafilm_attention_get_away (RafilmAttention *self);

G_END_DECLS
