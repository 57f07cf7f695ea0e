/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loads rankings into the table: {"run", "now", "load": {key, offset, loaded, skipped}} gives the
 * same on, with "done" or where to go on. Read again from an earlier place, the same items are
 * written once more. Lines that are broken or say of an error are counted and passed over. */
#include "rafilm-training.h"

#include "rafilm-log.h"
#include "rafilm-rankings.h"
#include "rafilm-s3-read.h"

#include <string.h>

#define BATCH 50
#define MIN_TIME 60 /* seconds that a batch may take at worst */

typedef struct
{
  RafilmContext *context;
  int64_t now;
  char *prefix;
  char *key; /* the object that is read */
  int64_t offset;
  int64_t loaded;
  int64_t skipped;
  bool done;
} Load;

static bool
is_output (const char *key)
{
  size_t length = strlen (key);

  return length > 4 && strcmp (key + length - 4, ".out") == 0;
}

static bool
has_item (const json_t *items, const json_t *item)
{
  json_t *other;
  size_t i;

  json_array_foreach (items, i, other)
  {
    if (json_equal (json_object_get (other, "pk"), json_object_get (item, "pk")))
      return true;
  }
  return false;
}

/* DynamoDB takes no item twice in one batch. */
static void
take_line (Load *self, RafilmS3LineStatus status, const char *line, size_t length, json_t *items)
{
  json_t *item =
      status == RAFILM_S3_LINE ? rafilm_rankings_parse_line (line, length, self->now) : NULL;

  if (item != NULL && !has_item (items, item))
    json_array_append_new (items, item);
  else
    {
      self->skipped += length > 0 || status == RAFILM_S3_TOO_LONG;
      json_decref (item);
    }
}

/* Up to BATCH accounts; `*ret_end` at the end of the object. */
static bool
load_batch (Load *self, RafilmS3Lines *lines, bool *ret_end)
{
  json_auto_t *items = json_array ();
  size_t kept = 0;

  while (json_array_size (items) < BATCH)
    {
      const char *line;
      size_t length;
      RafilmS3LineStatus status = rafilm_s3_lines_next (lines, &line, &length);

      if (status == RAFILM_S3_FAILED)
        return false;
      *ret_end = status == RAFILM_S3_END;
      if (*ret_end)
        break;
      take_line (self, status, line, length, items);
    }
  if (json_array_size (items) > 0
      && rafilm_rankings_write (self->context->dynamodb, items, &kept) != RAFILM_DYNAMODB_OK)
    return false;
  self->loaded += (int64_t) kept;
  self->offset = rafilm_s3_lines_get_offset (lines);
  return true;
}

/* `*ret_end` unless the time ran out before. */
static bool
load_object (Load *self, int64_t size, bool *ret_end)
{
  RafilmS3Lines *lines = rafilm_s3_lines_new (
      self->context->aws, self->context->settings->training_bucket, self->key, self->offset, size);
  bool ok = true;

  *ret_end = false;
  while (ok && !*ret_end)
    {
      ok = load_batch (self, lines, ret_end);
      if (rafilm_training_is_late (self->context, MIN_TIME))
        break;
    }
  rafilm_s3_lines_free (lines);
  return ok;
}

static void
begin_object (Load *self, const char *key)
{
  if (strcmp (self->key, key) == 0)
    return;
  free (self->key);
  self->key = rafilm_strdup (key);
  self->offset = 0;
}

/* A page of the list; the keys before the one that was begun are done. */
static bool
load_page (Load *self, const json_t *objects)
{
  json_t *object;
  size_t i;

  json_array_foreach (objects, i, object)
  {
    const char *key = json_string_value (json_object_get (object, "key"));
    bool at_end;

    if (!is_output (key) || strcmp (key, self->key) < 0)
      continue;
    begin_object (self, key);
    if (!load_object (self, json_integer_value (json_object_get (object, "size")), &at_end))
      return false;
    if (!at_end)
      return true;
  }
  self->done = true;
  return true;
}

static bool
load_all (Load *self)
{
  rafilm_autofree char *after = rafilm_strdup ("");
  bool ok = true, last = false;

  while (ok && !last)
    {
      json_auto_t *objects = rafilm_s3_list (
          self->context->aws, self->context->settings->training_bucket, self->prefix, after);
      size_t length = json_array_size (objects);

      self->done = false;
      ok = objects != NULL && load_page (self, objects);
      last = length == 0 || !self->done;
      if (length > 0)
        {
          free (after);
          after = rafilm_strdup (
              json_string_value (json_object_get (json_array_get (objects, length - 1), "key")));
        }
    }
  return ok;
}

json_t *
rafilm_training_load_handler (RafilmContext *context, json_t *event)
{
  const json_t *before = json_object_get (event, "load");
  const char *key = json_string_value (json_object_get (before, "key"));
  Load self = { .context = context, .now = rafilm_training_get_now (event) };
  json_t *answer = NULL;

  context->route = "training-load";
  self.prefix = rafilm_training_make_key (context, event, "rankings/");
  self.key = rafilm_strdup (key != NULL ? key : "");
  self.offset = json_integer_value (json_object_get (before, "offset"));
  self.loaded = json_integer_value (json_object_get (before, "loaded"));
  self.skipped = json_integer_value (json_object_get (before, "skipped"));
  if (self.prefix != NULL && self.offset >= 0 && load_all (&self))
    answer = json_pack ("{s:b, s:s, s:I, s:I, s:I}", "done", self.done, "key", self.key, "offset",
                        (json_int_t) self.offset, "loaded", (json_int_t) self.loaded, "skipped",
                        (json_int_t) self.skipped);
  if (self.skipped > 0 && self.done)
    rafilm_log_count ("RankingsSkipped", self.skipped);
  free (self.prefix);
  free (self.key);
  return answer;
}
