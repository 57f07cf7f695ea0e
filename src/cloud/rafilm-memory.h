/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of the functions: plain malloc, which ends the process when there is none left, since a
 * sandbox that has no memory is best replaced. What an allocating function returns is freed with
 * free () or by rafilm_autofree. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define rafilm_autofree __attribute__ ((cleanup (rafilm_free_cb)))

void rafilm_free_cb (void *pointer_to_pointer);

void *rafilm_alloc0 (size_t size);
void *rafilm_realloc (void *memory, size_t size);
char *rafilm_strdup (const char *text); /* NULL gives NULL */
char *rafilm_strndup (const char *text, size_t length);
char *rafilm_printf (const char *format, ...) __attribute__ ((format (printf, 1, 2)));

/* Growing bytes with an upper bound. What would pass the bound is dropped whole and `overflowed` is
 * set; it stays set. `data` is always followed by a zero byte that `length` does not count, and is
 * NULL as long as nothing was added. */
typedef struct
{
  char *data;
  size_t length;
  size_t allocated;
  size_t limit; /* bytes; 0 = no bound */
  bool overflowed;
} RafilmBuffer;

#define RAFILM_BUFFER_INIT(bound) ((RafilmBuffer) { .limit = (bound) })
#define rafilm_auto_buffer __attribute__ ((cleanup (rafilm_buffer_clear))) RafilmBuffer

bool rafilm_buffer_append (RafilmBuffer *self, const void *data, size_t length);
bool rafilm_buffer_add (RafilmBuffer *self, const char *text);
bool rafilm_buffer_printf (RafilmBuffer *self, const char *format, ...)
    __attribute__ ((format (printf, 2, 3)));
void rafilm_buffer_remove (RafilmBuffer *self, size_t length); /* from the front */
char *rafilm_buffer_steal (RafilmBuffer *self);                /* never NULL */
void rafilm_buffer_clear (RafilmBuffer *self);
