/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-chat-scanner.h"

#include <ctype.h>
#include <string.h>

#define HANDLE_OPEN "[[tmdb:"
#define HANDLE_CLOSE "]]"
#define MAX_HANDLE 64 /* from "[[" to "]]"; a longer one is none */
#define THINKING_OPEN "<thinking>"
#define THINKING_CLOSE "</thinking>"

void
rafilm_chat_scanner_init (RafilmChatScanner *self, RafilmChatScannerFuncs funcs)
{
  *self = (RafilmChatScanner) { .funcs = funcs, .at_start = true };
}

void
rafilm_chat_scanner_clear (RafilmChatScanner *self)
{
  rafilm_buffer_clear (&self->pending);
}

static size_t
follow_open (size_t opened, char c)
{
  const size_t whole = strlen (HANDLE_OPEN);

  if (opened < whole && c == HANDLE_OPEN[opened])
    return opened + 1;
  if (opened == whole && isdigit ((unsigned char) c))
    return whole;
  if (c == '[')
    return opened == 2 ? 2 : 1;
  return 0;
}

static void
show (RafilmChatScanner *self, const char *text, size_t length)
{
  while (self->at_start && length > 0 && isspace ((unsigned char) *text))
    {
      text++;
      length--;
    }
  if (length == 0)
    return;
  self->at_start = false;
  for (size_t i = 0; i < length; i++)
    self->opened = follow_open (self->opened, text[i]);
  self->funcs.text (text, length, self->funcs.data);
}

/* Where something is taken out, what stood before and behind must not become a handle. */
static void
part (RafilmChatScanner *self)
{
  if (self->opened > 0)
    show (self, " ", 1);
}

/* Whether the bytes are the begin of `word`, or it is the begin of them. */
static bool
agrees (const char *bytes, size_t length, const char *word)
{
  size_t n = strlen (word);

  return memcmp (bytes, word, length < n ? length : n) == 0;
}

/* The id of "[[tmdb:ID]]"; 0 when it is no such number. */
static int64_t
handle_id (const char *handle, size_t length)
{
  const char *digits = handle + strlen (HANDLE_OPEN);
  size_t n = length - strlen (HANDLE_OPEN) - strlen (HANDLE_CLOSE);

  if (n == 0 || n > 10 || strspn (digits, "0123456789") != n || *digits == '0')
    return 0;
  return strtoll (digits, NULL, 10);
}

/* Each step looks at the front of what is pending and returns how many bytes it has dealt with;
 * 0 = more must come first. */
static size_t
step_thinking (RafilmChatScanner *self, const char *bytes, size_t length)
{
  const char *end = memmem (bytes, length, THINKING_CLOSE, strlen (THINKING_CLOSE));
  size_t keep = strlen (THINKING_CLOSE) - 1;

  if (end == NULL)
    return length > keep ? length - keep : 0;
  self->thinking = false;
  part (self);
  return (size_t) (end - bytes) + strlen (THINKING_CLOSE);
}

static size_t
step_tag (RafilmChatScanner *self, const char *bytes, size_t length)
{
  if (!agrees (bytes, length, THINKING_OPEN))
    {
      show (self, bytes, 1);
      return 1;
    }
  if (length < strlen (THINKING_OPEN))
    return 0;
  self->thinking = true;
  return strlen (THINKING_OPEN);
}

static size_t
step_handle (RafilmChatScanner *self, const char *bytes, size_t length)
{
  const char *end;
  size_t handle;
  int64_t id;

  if (!agrees (bytes, length, HANDLE_OPEN))
    {
      show (self, bytes, 1);
      return 1;
    }
  end = memmem (bytes, length < MAX_HANDLE ? length : MAX_HANDLE, HANDLE_CLOSE,
                strlen (HANDLE_CLOSE));
  if (end == NULL)
    {
      if (length < MAX_HANDLE)
        return 0;
      self->removed++;
      part (self);
      return strlen (HANDLE_OPEN);
    }
  handle = (size_t) (end - bytes) + strlen (HANDLE_CLOSE);
  id = handle_id (bytes, handle);
  if (id != 0 && self->funcs.film (id, self->funcs.data))
    show (self, bytes, handle);
  else
    {
      self->removed++;
      part (self);
    }
  return handle;
}

static size_t
step (RafilmChatScanner *self, const char *bytes, size_t length)
{
  size_t plain = 0;

  if (self->thinking)
    return step_thinking (self, bytes, length);
  while (plain < length && bytes[plain] != '<' && bytes[plain] != '[')
    plain++;
  if (plain > 0)
    {
      show (self, bytes, plain);
      return plain;
    }
  return *bytes == '<' ? step_tag (self, bytes, length) : step_handle (self, bytes, length);
}

void
rafilm_chat_scanner_push (RafilmChatScanner *self, const char *text, size_t length)
{
  size_t done = 0, taken;

  rafilm_buffer_append (&self->pending, text, length);
  while (done < self->pending.length
         && (taken = step (self, self->pending.data + done, self->pending.length - done)) > 0)
    done += taken;
  rafilm_buffer_remove (&self->pending, done);
}

void
rafilm_chat_scanner_finish (RafilmChatScanner *self)
{
  const RafilmBuffer *pending = &self->pending;

  if (!self->thinking && pending->length > 0)
    {
      if (pending->length >= strlen (HANDLE_OPEN)
          && agrees (pending->data, pending->length, HANDLE_OPEN))
        self->removed++;
      else
        show (self, pending->data, pending->length);
    }
  self->thinking = false;
  rafilm_buffer_clear (&self->pending);
}
