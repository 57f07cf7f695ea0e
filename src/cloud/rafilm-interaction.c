/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-interaction.h"

#include "rafilm-tmdb-map.h"
#include "rafilm-wire-hlc.h"
#include "rafilm-wire-record.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define LIKED 9
#define UNRATED 6
#define NOON (12 * 3600)

json_t *
rafilm_interaction_get_names (void)
{
  return json_pack ("{s:s, s:s, s:s, s:s, s:s}", "#f", "f", "#s", "s", "#on", "on", "#like", "like",
                    "#all", "*");
}

/* Noon of a day "2026-01-31", or 0. */
static int64_t
parse_day (const char *text)
{
  struct tm day = { 0 };
  int length = 0;

  if (text == NULL
      || sscanf (text, "%4d-%2d-%2d%n", &day.tm_year, &day.tm_mon, &day.tm_mday, &length) != 3
      || text[length] != '\0' || day.tm_mon < 1 || day.tm_mon > 12 || day.tm_mday < 1
      || day.tm_mday > 31)
    return 0;
  day.tm_year -= 1900;
  day.tm_mon -= 1;
  return (int64_t) timegm (&day) + NOON;
}

int64_t
rafilm_interaction_get_written (const json_t *item)
{
  RafilmWireStamp stamp = { 0 };
  json_auto_t *stamps = rafilm_item_get_json (item, "s");
  const char *text = json_string_value (json_object_get (stamps, "*"));

  if (text == NULL || !rafilm_wire_stamp_parse (text, &stamp))
    return 0;
  return rafilm_wire_hlc_to_ms (stamp.h) / 1000;
}

static double
get_value (const json_t *fields, const char *like)
{
  json_int_t rating = json_integer_value (json_object_get (fields, "rating"));

  if (rating >= 1 && rating <= 10)
    return (double) rating;
  return json_is_true (json_object_get (fields, like)) ? LIKED : UNRATED;
}

static bool
read_viewing (const json_t *fields, RafilmInteraction *self)
{
  self->film = json_integer_value (json_object_get (fields, "film"));
  self->time = parse_day (json_string_value (json_object_get (fields, "on")));
  self->value = get_value (fields, "liked");
  return true;
}

static bool
read_film (const json_t *fields, const char *id, RafilmInteraction *self)
{
  char *end = NULL;

  self->film = strtoll (id, &end, 10);
  self->time = 0;
  self->value = get_value (fields, "like");
  return *end == '\0'
         && (json_is_true (json_object_get (fields, "seen"))
             || json_is_true (json_object_get (fields, "like"))
             || json_is_integer (json_object_get (fields, "rating")));
}

bool
rafilm_interaction_from_item (const json_t *item, int64_t now, RafilmInteraction *ret_self)
{
  const char *sk = rafilm_item_get_text (item, "sk");
  json_auto_t *fields = rafilm_item_get_json (item, "f");
  bool found = false;

  if (sk == NULL || !json_is_object (fields) || rafilm_item_get_bool (item, "x", false))
    return false;
  if (strncmp (sk, "d#", 2) == 0)
    found = read_viewing (fields, ret_self);
  else if (strncmp (sk, "f#", 2) == 0)
    found = read_film (fields, sk + 2, ret_self);
  if (!found || ret_self->film < 1 || ret_self->film > RAFILM_FILM_MAX_ID)
    return false;
  if (ret_self->time == 0)
    ret_self->time = rafilm_interaction_get_written (item);
  if (ret_self->time < 0)
    ret_self->time = 0;
  if (ret_self->time > now)
    ret_self->time = now;
  return true;
}

bool
rafilm_interaction_uid_is_plain (const char *uid)
{
  size_t length = strlen (uid);

  return length > 0 && length <= 128
         && uid[strspn (uid, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")]
                == '\0';
}
