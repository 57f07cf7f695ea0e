/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RafilmMatchEntry:
 * @id: the viewing's id
 * @film: the film's id
 * @on: (nullable): the day, "2026-03-01"; %NULL without one
 *
 * What of a viewing decides whether two diaries mean the same one. Borrows its texts.
 */
typedef struct
{
  const char *id;
  gint64 film;
  const char *on;
} RafilmMatchEntry;

/** The viewing is in the other diary not at all. */
#define RAFILM_MATCH_NONE G_MAXUINT

/**
 * rafilm_arrival_match:
 * @mine: viewings of the diary that arrives
 * @theirs: those of the account that no other viewing of this computer stands for already
 * @ret_matches: for each of @mine the index of its partner in @theirs, or %RAFILM_MATCH_NONE
 *
 * Brings two diaries together, one to one: first the same id, then the same film on the same day,
 * both in the order of their ids. So of each film and day there are afterwards as many viewings as
 * the diary with more of them has, and not the sum. Pure.
 */
void rafilm_arrival_match (const RafilmMatchEntry *mine, guint n_mine,
                           const RafilmMatchEntry *theirs, guint n_theirs, guint *ret_matches);

G_END_DECLS
