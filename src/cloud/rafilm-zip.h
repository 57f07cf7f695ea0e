/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ZIP archive of deflated files, made by minizip in a nameless temporary file, which is gone when
 * the process is. Names are ASCII. */
#pragma once

#include "rafilm-memory.h"

typedef struct _RafilmZip RafilmZip;

/* `now` is the time of all files (s of 1970, told in UTC). NULL, and logged, when there is no room
 * for a temporary file. */
RafilmZip *rafilm_zip_new (int64_t now);
void rafilm_zip_free (RafilmZip *self);

/* Begins a file of the archive, and ends the one before. The first failure is logged, and all later
 * calls fail too. */
bool rafilm_zip_begin (RafilmZip *self, const char *name);
bool rafilm_zip_add (RafilmZip *self, const char *data, size_t length);
bool rafilm_zip_add_text (RafilmZip *self, const char *text);

/* Completes the archive, which can then be read from its beginning, block by block; 0 is the end.
 */
bool rafilm_zip_finish (RafilmZip *self);
size_t rafilm_zip_read (RafilmZip *self, void *block, size_t size);
