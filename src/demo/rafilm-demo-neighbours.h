/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RAFILM_DEMO_NEIGHBOURS 200

/**
 * rafilm_demo_neighbours_write:
 * @films: (element-type RafilmFilm): the sample catalogue
 *
 * Invents the ratings of people, to train the sample's item-item model on. Each person has one of
 * the tastes and a bit of another, knows the popular films better than the others, and rates 25 to
 * 120 films by how well they suit. They are synthetic: no person's data is in them.
 *
 * Returns: (transfer full): CSV "user,film,rating" with a header line and half stars, a user's
 *   lines together
 */
char *rafilm_demo_neighbours_write (GPtrArray *films, guint32 seed);

G_END_DECLS
