/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-takeout-csv.h"

#include <inttypes.h>
#include <string.h>

void
rafilm_takeout_csv_add (RafilmBuffer *line, const char *value)
{
  if (line->length > 0 && line->data[line->length - 1] != '\n')
    rafilm_buffer_add (line, ",");
  if (strpbrk (value, ",\"\r\n") == NULL)
    {
      rafilm_buffer_add (line, value);
      return;
    }
  rafilm_buffer_add (line, "\"");
  for (const char *quote; (quote = strchr (value, '"')) != NULL; value = quote + 1)
    {
      rafilm_buffer_append (line, value, (size_t) (quote - value) + 1);
      rafilm_buffer_add (line, "\"");
    }
  rafilm_buffer_add (line, value);
  rafilm_buffer_add (line, "\"");
}

void
rafilm_takeout_csv_end (RafilmBuffer *line)
{
  rafilm_buffer_add (line, "\r\n");
}

void
rafilm_takeout_csv_add_rating (RafilmBuffer *line, const json_t *rating)
{
  json_int_t halves = json_integer_value (rating);
  rafilm_autofree char *text = NULL;

  if (halves < 1 || halves > 10)
    {
      rafilm_takeout_csv_add (line, "");
      return;
    }
  text = rafilm_printf ("%d%s", (int) halves / 2, halves % 2 != 0 ? ".5" : "");
  rafilm_takeout_csv_add (line, text);
}

void
rafilm_takeout_csv_add_film (RafilmBuffer *line, int64_t id, const json_t *film)
{
  rafilm_autofree char *number = rafilm_printf ("%" PRId64, id);
  const char *title = json_string_value (json_object_get (film, "title"));
  const char *date = json_string_value (json_object_get (film, "release_date"));
  rafilm_autofree char *year = date != NULL ? rafilm_strndup (date, strnlen (date, 4)) : NULL;

  rafilm_takeout_csv_add (line, number);
  rafilm_takeout_csv_add (line, title != NULL ? title : "");
  rafilm_takeout_csv_add (line, year != NULL ? year : "");
}

static void
add_text (RafilmBuffer *line, const json_t *text)
{
  rafilm_takeout_csv_add (line, json_is_string (text) ? json_string_value (text) : "");
}

static void
add_tags (RafilmBuffer *line, const json_t *fields)
{
  rafilm_auto_buffer tags = RAFILM_BUFFER_INIT (0);
  const char *name;
  json_t *value;

  json_object_foreach ((json_t *) fields, name, value)
  {
    if (strncmp (name, "tag:", 4) == 0 && json_is_true (value))
      rafilm_buffer_printf (&tags, "%s%s", tags.length > 0 ? ", " : "", name + 4);
  }
  rafilm_takeout_csv_add (line, tags.data != NULL ? tags.data : "");
}

void
rafilm_takeout_csv_add_viewing (RafilmBuffer *line, const json_t *fields, const json_t *film)
{
  const json_t *review = json_object_get (fields, "rv");

  rafilm_takeout_csv_add_film (line, json_integer_value (json_object_get (fields, "film")), film);
  rafilm_takeout_csv_add_rating (line, json_object_get (fields, "rating"));
  add_text (line, json_object_get (fields, "on"));
  rafilm_takeout_csv_add (line, json_is_true (json_object_get (fields, "rewatch")) ? "true" : "");
  add_tags (line, fields);
  add_text (line, json_is_object (review) ? json_object_get (review, "text") : review);
  rafilm_takeout_csv_end (line);
}

void
rafilm_takeout_csv_add_rated (RafilmBuffer *line, int64_t id, const json_t *fields,
                              const json_t *film)
{
  rafilm_takeout_csv_add_film (line, id, film);
  rafilm_takeout_csv_add_rating (line, json_object_get (fields, "rating"));
  rafilm_takeout_csv_add (line, json_is_true (json_object_get (fields, "like")) ? "true" : "");
  rafilm_takeout_csv_end (line);
}

void
rafilm_takeout_csv_add_wanted (RafilmBuffer *line, int64_t id, const json_t *fields,
                               const json_t *film)
{
  rafilm_takeout_csv_add_film (line, id, film);
  add_text (line, json_object_get (fields, "note"));
  rafilm_takeout_csv_end (line);
}
