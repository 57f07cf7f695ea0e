/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-journal.h"

#include "rafilm-local-error.h"

#include <string.h>

#define CHECKSUM_DIGITS 16
#define MAX_HEADER_BYTES 128
#define MAX_NAME_BYTES 64

struct _RafilmLocalJournal
{
  GOutputStream *stream;
  guint count;
  gsize size;
};

RafilmLocalJournal *
rafilm_local_journal_new (const char *path, GError **error)
{
  g_autoptr (GFile) file = NULL;
  GFileOutputStream *stream;
  RafilmLocalJournal *self;

  g_return_val_if_fail (path != NULL, NULL);

  file = g_file_new_for_path (path);
  if (!g_file_delete (file, NULL, error)
      && !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return NULL;
  g_clear_error (error);
  stream = g_file_append_to (file, G_FILE_CREATE_PRIVATE, NULL, error);
  if (stream == NULL)
    return NULL;
  self = g_new0 (RafilmLocalJournal, 1);
  self->stream = G_OUTPUT_STREAM (stream);

  return self;
}

void
rafilm_local_journal_free (RafilmLocalJournal *self)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->stream);
  g_free (self);
}

static char *
dup_checksum (GBytes *body)
{
  g_autofree char *checksum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);

  return g_strndup (checksum, CHECKSUM_DIGITS);
}

gboolean
rafilm_local_journal_add (RafilmLocalJournal *self, const char *name, GBytes *body, GError **error)
{
  g_autofree char *checksum = NULL;
  g_autoptr (GString) record = NULL;
  gsize size = 0;
  const char *data;

  g_return_val_if_fail (self != NULL && name != NULL && body != NULL, FALSE);
  g_return_val_if_fail (strlen (name) <= MAX_NAME_BYTES && strpbrk (name, " \n") == NULL, FALSE);

  data = g_bytes_get_data (body, &size);
  checksum = dup_checksum (body);
  record = g_string_sized_new (size + MAX_HEADER_BYTES);
  g_string_append_printf (record, "%s %" G_GSIZE_FORMAT " %s\n", name, size, checksum);
  g_string_append_len (record, data, (gssize) size);
  g_string_append_c (record, '\n');
  /* In one call, so that only the end of the file can be half a record. */
  if (!g_output_stream_write_all (self->stream, record->str, record->len, NULL, NULL, error))
    return FALSE;
  self->count++;
  self->size += record->len;

  return TRUE;
}

guint
rafilm_local_journal_get_count (RafilmLocalJournal *self)
{
  return self->count;
}

gsize
rafilm_local_journal_get_size (RafilmLocalJournal *self)
{
  return self->size;
}

void
rafilm_local_record_free (RafilmLocalRecord *self)
{
  g_free (self->name);
  g_bytes_unref (self->body);
  g_free (self);
}

typedef enum
{
  PARSED,
  HALF, /* the file ends in it */
  WRONG,
} Parsed;

/* Reads the record at @text; @ret_length is that of the record as a whole. */
static Parsed
parse_record (const char *text, gsize left, RafilmLocalRecord **ret_record, gsize *ret_length)
{
  const char *end = memchr (text, '\n', MIN (left, MAX_HEADER_BYTES));
  g_autofree char *header = NULL;
  g_autofree char *checksum = NULL;
  g_auto (GStrv) words = NULL;
  g_autoptr (GBytes) body = NULL;
  guint64 length = 0;
  gsize begin;

  if (end == NULL)
    return left < MAX_HEADER_BYTES ? HALF : WRONG;
  begin = (gsize) (end - text) + 1;
  header = g_strndup (text, begin - 1);
  words = g_strsplit (header, " ", -1);
  if (g_strv_length (words) != 3
      || !g_ascii_string_to_unsigned (words[1], 10, 0, G_MAXUINT32, &length, NULL))
    return WRONG;
  if (left - begin < length + 1)
    return HALF;

  body = g_bytes_new (text + begin, length);
  checksum = dup_checksum (body);
  if (text[begin + length] != '\n' || !g_str_equal (checksum, words[2]))
    return WRONG;
  *ret_record = g_new0 (RafilmLocalRecord, 1);
  (*ret_record)->name = g_strdup (words[0]);
  (*ret_record)->body = g_steal_pointer (&body);
  *ret_length = begin + length + 1;

  return PARSED;
}

GPtrArray *
rafilm_local_journal_load (const char *path, gboolean *ret_damaged, GError **error)
{
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) failure = NULL;
  g_autofree char *text = NULL;
  gsize size = 0;
  gsize length = 0;
  Parsed parsed = PARSED;

  g_return_val_if_fail (path != NULL && ret_damaged != NULL, NULL);

  *ret_damaged = FALSE;
  records = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_local_record_free);
  if (!g_file_get_contents (path, &text, &size, &failure))
    {
      if (g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer (&records);
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  for (gsize at = 0; at < size && parsed == PARSED; at += length)
    {
      RafilmLocalRecord *record = NULL;

      parsed = parse_record (text + at, size - at, &record, &length);
      if (parsed == PARSED)
        g_ptr_array_add (records, record);
    }
  *ret_damaged = parsed == WRONG;

  return g_steal_pointer (&records);
}
