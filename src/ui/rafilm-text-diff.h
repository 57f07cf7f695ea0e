/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A piece of a text, in bytes: START up to, and without, END. */
typedef struct
{
  guint start;
  guint end;
} RafilmTextRange;

/*
 * Finds the words in which two texts differ.  RET_A and RET_B become arrays of
 * RafilmTextRange, in order and apart from each other: what only A has, and
 * what only B has.  Two very long texts that have little in common are only
 * compared at both of their ends.
 */
void rafilm_text_diff (const char *a, const char *b, GArray **ret_a, GArray **ret_b);

G_END_DECLS
