/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-zip.h"

#include "rafilm-log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <zip.h>
#include <zlib.h>

struct _RafilmZip
{
  FILE *file;
  zipFile zip; /* NULL once it is complete */
  zip_fileinfo info;
  bool is_open; /* a file of the archive */
  bool failed;
};

static bool
fail (RafilmZip *self, const char *step)
{
  if (!self->failed)
    rafilm_log_error ("zip.failed", "step", step, NULL);
  self->failed = true;
  return false;
}

static void *
open_cb (void *data, const void *name, int mode)
{
  return ((RafilmZip *) data)->file;
}

/* The archive is read afterwards. */
static int
close_cb (void *data, void *stream)
{
  return 0;
}

static void
set_time (RafilmZip *self, int64_t now)
{
  time_t seconds = (time_t) now;
  struct tm parts = { 0 };

  gmtime_r (&seconds, &parts);
  self->info.tmz_date.tm_sec = parts.tm_sec;
  self->info.tmz_date.tm_min = parts.tm_min;
  self->info.tmz_date.tm_hour = parts.tm_hour;
  self->info.tmz_date.tm_mday = parts.tm_mday;
  self->info.tmz_date.tm_mon = parts.tm_mon;
  self->info.tmz_date.tm_year = parts.tm_year + 1900;
}

RafilmZip *
rafilm_zip_new (int64_t now)
{
  RafilmZip *self = rafilm_alloc0 (sizeof *self);
  zlib_filefunc64_def functions;

  set_time (self, now);
  fill_fopen64_filefunc (&functions);
  functions.opaque = self;
  functions.zopen64_file = open_cb;
  functions.zclose_file = close_cb;
  self->file = tmpfile ();
  if (self->file != NULL)
    self->zip = zipOpen2_64 ("", APPEND_STATUS_CREATE, NULL, &functions);
  if (self->zip != NULL)
    return self;
  rafilm_log_error ("zip.failed", "step", "open", NULL);
  rafilm_zip_free (self);
  return NULL;
}

void
rafilm_zip_free (RafilmZip *self)
{
  if (self == NULL)
    return;
  if (self->zip != NULL)
    zipClose (self->zip, NULL);
  if (self->file != NULL)
    fclose (self->file);
  free (self);
}

static bool
end_file (RafilmZip *self)
{
  if (self->is_open && zipCloseFileInZip (self->zip) != ZIP_OK)
    return fail (self, "close");
  self->is_open = false;
  return !self->failed;
}

bool
rafilm_zip_begin (RafilmZip *self, const char *name)
{
  if (!end_file (self))
    return false;
  if (zipOpenNewFileInZip64 (self->zip, name, &self->info, NULL, 0, NULL, 0, NULL, Z_DEFLATED,
                             Z_DEFAULT_COMPRESSION, 0)
      != ZIP_OK)
    return fail (self, "begin");
  self->is_open = true;
  return true;
}

bool
rafilm_zip_add (RafilmZip *self, const char *data, size_t length)
{
  if (self->failed || !self->is_open)
    return false;
  if (length > 0 && zipWriteInFileInZip (self->zip, data, (unsigned) length) != ZIP_OK)
    return fail (self, "write");
  return true;
}

bool
rafilm_zip_add_text (RafilmZip *self, const char *text)
{
  return rafilm_zip_add (self, text, strlen (text));
}

bool
rafilm_zip_finish (RafilmZip *self)
{
  zipFile zip = self->zip;

  if (!end_file (self))
    return false;
  self->zip = NULL;
  if (zipClose (zip, NULL) != ZIP_OK || fflush (self->file) != 0 || ferror (self->file) != 0
      || fseek (self->file, 0, SEEK_SET) != 0)
    return fail (self, "finish");
  return true;
}

size_t
rafilm_zip_read (RafilmZip *self, void *block, size_t size)
{
  return fread (block, 1, size, self->file);
}
