/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-concierge-parse.h"
#include "rafilm-concierge-words.h"

G_BEGIN_DECLS

/**
 * rafilm_constraints_read:
 * @diary: times are of the diary ("in 2025" is when it was watched), not of the films' release
 *
 * Finds what narrows films down (years, running time, genre, language, rating, time, order, number)
 * among the words that are not used yet, and marks those as used.
 */
void rafilm_constraints_read (RafilmWords *words, const char *today, gboolean diary,
                              RafilmRequest *request);

/* Likewise for which films are meant: seen, unseen, liked, on the watchlist, unfinished. */
void rafilm_constraints_read_scope (RafilmWords *words, RafilmRequest *request);

G_END_DECLS
