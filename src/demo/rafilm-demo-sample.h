/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-film.h"

G_BEGIN_DECLS

/**
 * rafilm_demo_sample_read:
 * @folder: the sample catalogue, with films/NAME.json in it
 *
 * Reads the sample films: arrays of the films API's objects, but for the names "original_language"
 * and "synopsis". Each film gets the picture paths "/ID.jpg" and "/ID-backdrop.jpg".
 *
 * Returns: (transfer full) (element-type RafilmFilm): all films by ascending id, or %NULL with
 *   %RAFILM_ERROR_MALFORMED or an error of reading
 */
GPtrArray *rafilm_demo_sample_read (const char *folder, GError **error);

G_END_DECLS
