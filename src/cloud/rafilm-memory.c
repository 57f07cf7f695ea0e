/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-memory.h"

#include <stdio.h>
#include <string.h>

void
rafilm_free_cb (void *pointer_to_pointer)
{
  free (*(void **) pointer_to_pointer);
}

void *
rafilm_alloc0 (size_t size)
{
  void *memory = calloc (1, size > 0 ? size : 1);

  if (memory == NULL)
    abort ();
  return memory;
}

void *
rafilm_realloc (void *memory, size_t size)
{
  void *grown = realloc (memory, size > 0 ? size : 1);

  if (grown == NULL)
    abort ();
  return grown;
}

char *
rafilm_strdup (const char *text)
{
  return text != NULL ? rafilm_strndup (text, strlen (text)) : NULL;
}

char *
rafilm_strndup (const char *text, size_t length)
{
  char *copy = rafilm_alloc0 (length + 1);

  memcpy (copy, text, length);
  return copy;
}

static char *format_text (const char *format, va_list arguments)
    __attribute__ ((format (printf, 1, 0)));

static char *
format_text (const char *format, va_list arguments)
{
  char *text = NULL;

  if (vasprintf (&text, format, arguments) < 0)
    abort ();
  return text;
}

char *
rafilm_printf (const char *format, ...)
{
  va_list arguments;
  char *text;

  va_start (arguments, format);
  text = format_text (format, arguments);
  va_end (arguments);
  return text;
}

bool
rafilm_buffer_append (RafilmBuffer *self, const void *data, size_t length)
{
  size_t wanted = self->length + length + 1;

  if (self->overflowed || wanted < length
      || (self->limit > 0 && self->length + length > self->limit))
    {
      self->overflowed = true;
      return false;
    }
  if (wanted > self->allocated)
    {
      self->allocated = wanted > self->allocated * 2 ? wanted + 64 : self->allocated * 2;
      self->data = rafilm_realloc (self->data, self->allocated);
    }
  if (length > 0)
    memcpy (self->data + self->length, data, length);
  self->length += length;
  self->data[self->length] = '\0';
  return true;
}

bool
rafilm_buffer_add (RafilmBuffer *self, const char *text)
{
  return rafilm_buffer_append (self, text, strlen (text));
}

bool
rafilm_buffer_printf (RafilmBuffer *self, const char *format, ...)
{
  rafilm_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = format_text (format, arguments);
  va_end (arguments);
  return rafilm_buffer_add (self, text);
}

void
rafilm_buffer_remove (RafilmBuffer *self, size_t length)
{
  if (length > self->length)
    length = self->length;
  if (length == 0)
    return;
  memmove (self->data, self->data + length, self->length - length);
  self->length -= length;
  self->data[self->length] = '\0';
}

char *
rafilm_buffer_steal (RafilmBuffer *self)
{
  char *data = self->data != NULL ? self->data : rafilm_strdup ("");

  *self = RAFILM_BUFFER_INIT (self->limit);
  return data;
}

void
rafilm_buffer_clear (RafilmBuffer *self)
{
  free (self->data);
  *self = RAFILM_BUFFER_INIT (self->limit);
}
