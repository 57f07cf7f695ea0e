/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Chance that a seed replays. */

/** Whether something of the probability @p happens. */
gboolean rafilm_demo_dice_chance (GRand *rand, double p);

/** Normally distributed: mean 0, standard deviation 1. */
double rafilm_demo_dice_normal (GRand *rand);

/**
 * rafilm_demo_dice_draw:
 * @logits: for each of @n things the logarithm of how likely it is beside the others; -INFINITY for
 *   things that must not be drawn
 * @count: how many to draw
 *
 * Draws different things, the likelier ones first and more often (by adding Gumbel noise to the
 * logits, which is the same as drawing one after the other without putting back).
 *
 * Returns: (transfer full) (element-type guint): indices, at most @count
 */
GArray *rafilm_demo_dice_draw (GRand *rand, const double *logits, guint n, guint count);

/** The index of one thing, drawn by its weight; weights are not below 0 and not all 0. */
guint rafilm_demo_dice_pick (GRand *rand, const double *weights, guint n);

G_END_DECLS
