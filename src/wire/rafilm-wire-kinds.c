/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-wire-kinds.h"

#include "rafilm-wire-mutant.h"
#include "rafilm-wire-order.h"

#include <string.h>

#define NULLABLE RAFILM_WIRE_FIELD_NULLABLE
#define PROSE RAFILM_WIRE_FIELD_KEEP_BOTH
#define SERVER RAFILM_WIRE_FIELD_SERVER
#define MAX_TEXT RAFILM_WIRE_MAX_TEXT
#define MAX_LANG 35 /* bytes, RFC 5646 section 4.4.1 */

#define BOOL(name) { name, RAFILM_WIRE_FIELD_BOOL, 0, 0, 1 }
#define INT(name, flags, min, max) { name, RAFILM_WIRE_FIELD_INT, flags, min, max }
#define TEXT(name, flags, min, max) { name, RAFILM_WIRE_FIELD_TEXT, flags, min, max }
#define N_ELEMENTS(array) (sizeof (array) / sizeof ((array)[0]))

static const RafilmWireFieldSpec viewing_fields[] = {
  INT ("film", 0, 1, INT32_MAX),
  { "on", RAFILM_WIRE_FIELD_DATE, NULLABLE, 10, 10 },
  INT ("rating", NULLABLE, 1, 10),
  BOOL ("liked"),
  BOOL ("rewatch"),
  BOOL ("finished"),
  BOOL ("public"),
  { "rv", RAFILM_WIRE_FIELD_REVIEW, NULLABLE | PROSE, 0, MAX_TEXT },
  { "tag:", RAFILM_WIRE_FIELD_BOOL, RAFILM_WIRE_FIELD_PREFIX, 0, 1 },
};

static const RafilmWireFieldSpec film_fields[] = {
  INT ("rating", NULLABLE, 1, 10),
  BOOL ("like"),
  BOOL ("seen"),
  BOOL ("hide"),
};

static const RafilmWireFieldSpec watchlist_fields[] = {
  BOOL ("on"),
  TEXT ("note", NULLABLE | PROSE, 0, MAX_TEXT),
};

static const RafilmWireFieldSpec list_fields[] = {
  TEXT ("name", 0, 0, 512),
  TEXT ("desc", NULLABLE | PROSE, 0, MAX_TEXT),
  BOOL ("ranked"),
  BOOL ("public"),
};

static const RafilmWireFieldSpec item_fields[] = {
  BOOL ("on"),
  { "pos", RAFILM_WIRE_FIELD_ORDER, 0, 1, RAFILM_WIRE_ORDER_MAX },
  TEXT ("note", NULLABLE | PROSE, 0, MAX_TEXT),
};

static const RafilmWireFieldSpec profile_fields[] = {
  TEXT ("name", NULLABLE, 0, 256),
  TEXT ("bio", NULLABLE | PROSE, 0, 8192),
};

/* A version keeps the losing text whole, hence a review's spoiler mark too. */
static const RafilmWireFieldSpec version_fields[] = {
  TEXT ("of", SERVER, 1, RAFILM_WIRE_MAX_ID + 2),
  TEXT ("field", SERVER, 1, RAFILM_WIRE_MAX_NAME),
  { "text", RAFILM_WIRE_FIELD_REVIEW, SERVER, 0, MAX_TEXT },
  TEXT ("by", SERVER, 0, 64),
  INT ("at", SERVER, 0, INT64_MAX >> 16),
};

#define KIND(name, meaning, id_form, upsert, fields)                                               \
  { name, meaning, id_form, upsert, fields, N_ELEMENTS (fields) }

static const RafilmWireKind kinds[] = {
  KIND ("d", "viewing", RAFILM_WIRE_ID_RANDOM, false, viewing_fields),
  KIND ("f", "film", RAFILM_WIRE_ID_FILM, true, film_fields),
  KIND ("w", "watchlist", RAFILM_WIRE_ID_FILM, true, watchlist_fields),
  KIND ("l", "list", RAFILM_WIRE_ID_RANDOM, false, list_fields),
  KIND ("i", "list item", RAFILM_WIRE_ID_ITEM, true, item_fields),
  KIND ("p", "profile", RAFILM_WIRE_ID_ME, true, profile_fields),
  KIND ("x", "version", RAFILM_WIRE_ID_RANDOM, false, version_fields),
};

static const RafilmWireFieldSpec deleted_field = BOOL (RAFILM_WIRE_DELETED);

const RafilmWireKind *
rafilm_wire_kinds (size_t *ret_n_kinds)
{
  *ret_n_kinds = N_ELEMENTS (kinds);
  return kinds;
}

int
rafilm_wire_schema (void)
{
  return rafilm_sim_knows (NULL, NULL) ? RAFILM_WIRE_SCHEMA : RAFILM_WIRE_SCHEMA - 1;
}

const RafilmWireKind *
rafilm_wire_kind_find (const char *name)
{
  for (size_t i = 0; i < N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].name, name) == 0)
      return rafilm_sim_knows (name, NULL) ? &kinds[i] : NULL;
  return NULL;
}

static bool
field_matches (const RafilmWireFieldSpec *spec, const char *name)
{
  size_t length = strlen (spec->name);

  if ((spec->flags & RAFILM_WIRE_FIELD_PREFIX) == 0)
    return strcmp (spec->name, name) == 0;
  return strncmp (spec->name, name, length) == 0 && name[length] != '\0'
         && strlen (name + length) <= RAFILM_WIRE_MAX_TAG;
}

const RafilmWireFieldSpec *
rafilm_wire_field_find (const RafilmWireKind *kind, const char *name)
{
  if (strcmp (name, RAFILM_WIRE_DELETED) == 0)
    return &deleted_field;
  for (size_t i = 0; kind != NULL && i < kind->n_fields; i++)
    if (field_matches (&kind->fields[i], name))
      return rafilm_sim_knows (kind->name, name) ? &kind->fields[i] : NULL;
  return NULL;
}

/* The length of a decimal film number at @id, or 0. */
static size_t
scan_film (const char *id)
{
  int64_t film = 0;
  size_t length = 0;

  if (id[0] < '1' || id[0] > '9')
    return 0;
  for (; id[length] >= '0' && id[length] <= '9'; length++)
    {
      film = film * 10 + (id[length] - '0');
      if (film > INT32_MAX)
        return 0;
    }
  return length;
}

/* The length of a random id at @id, or 0. */
static size_t
scan_random (const char *id)
{
  size_t length = strspn (id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz_-");

  return length <= 64 ? length : 0;
}

static bool
is_printable_ascii (const char *id)
{
  for (; *id != '\0'; id++)
    if (*id <= ' ' || *id > '~')
      return false;
  return true;
}

bool
rafilm_wire_id_is_valid (const RafilmWireKind *kind, const char *id)
{
  size_t length = strlen (id);

  if (length == 0 || length > RAFILM_WIRE_MAX_ID)
    return false;
  if (kind == NULL)
    return is_printable_ascii (id);

  switch (kind->id_form)
    {
    case RAFILM_WIRE_ID_RANDOM:
      return scan_random (id) == length;
    case RAFILM_WIRE_ID_FILM:
      return scan_film (id) == length;
    case RAFILM_WIRE_ID_ITEM:
      {
        size_t list = scan_random (id);

        return list > 0 && id[list] == ':' && scan_film (id + list + 1) == length - list - 1
               && length > list + 1;
      }
    case RAFILM_WIRE_ID_ME:
      return strcmp (id, "me") == 0;
    }
  return false;
}

bool
rafilm_wire_date_is_valid (const char *text)
{
  static const uint8_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  int part[3] = { 0 };

  if (strlen (text) != 10 || text[4] != '-' || text[7] != '-')
    return false;
  for (size_t i = 0; i < 10; i++)
    {
      if (i == 4 || i == 7)
        continue;
      if (text[i] < '0' || text[i] > '9')
        return false;
      part[i < 4 ? 0 : i < 7 ? 1 : 2] *= 10;
      part[i < 4 ? 0 : i < 7 ? 1 : 2] += text[i] - '0';
    }
  if (part[0] < 1 || part[1] < 1 || part[1] > 12 || part[2] < 1)
    return false;
  if (part[1] == 2 && part[2] == 29)
    return part[0] % 4 == 0 && (part[0] % 100 != 0 || part[0] % 400 == 0);
  return part[2] <= lengths[part[1] - 1];
}

/* The bytes of the UTF-8 character at @text, or 0 when it is malformed
 * (RFC 3629, section 4). */
static size_t
scan_character (const uint8_t *text, size_t left)
{
  static const struct
  {
    uint8_t first, last, second_min, second_max, size;
  } forms[] = {
    { 0x01, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
    { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
    { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
  };

  for (size_t i = 0; i < N_ELEMENTS (forms); i++)
    {
      if (text[0] < forms[i].first || text[0] > forms[i].last)
        continue;
      if (forms[i].size > left)
        return 0;
      if (forms[i].size > 1 && (text[1] < forms[i].second_min || text[1] > forms[i].second_max))
        return 0;
      for (size_t k = 2; k < forms[i].size; k++)
        if ((text[k] & 0xc0) != 0x80)
          return 0;
      return forms[i].size;
    }
  return 0;
}

bool
rafilm_wire_utf8_is_valid (const char *text, size_t length)
{
  const uint8_t *bytes = (const uint8_t *) text;

  for (size_t at = 0; at < length;)
    {
      size_t size = scan_character (bytes + at, length - at);

      if (size == 0)
        return false;
      at += size;
    }
  return true;
}

static bool
text_fits (const char *text, const RafilmWireFieldSpec *spec)
{
  size_t length = strlen (text);

  return length >= (size_t) spec->min && length <= (size_t) spec->max
         && rafilm_wire_utf8_is_valid (text, length);
}

static bool
lang_is_valid (const char *lang)
{
  size_t length = strspn (lang, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz-");

  return length >= 2 && length <= MAX_LANG && lang[length] == '\0';
}

bool
rafilm_wire_field_allows (const RafilmWireFieldSpec *spec, const RafilmWireValue *value)
{
  if (value->type == RAFILM_WIRE_NULL)
    return (spec->flags & RAFILM_WIRE_FIELD_NULLABLE) != 0;

  switch (spec->type)
    {
    case RAFILM_WIRE_FIELD_BOOL:
      return value->type == RAFILM_WIRE_BOOL;
    case RAFILM_WIRE_FIELD_INT:
      return value->type == RAFILM_WIRE_INT && value->integer >= spec->min
             && value->integer <= spec->max;
    case RAFILM_WIRE_FIELD_DATE:
      return value->type == RAFILM_WIRE_TEXT && rafilm_wire_date_is_valid (value->text);
    case RAFILM_WIRE_FIELD_TEXT:
      return value->type == RAFILM_WIRE_TEXT && text_fits (value->text, spec);
    case RAFILM_WIRE_FIELD_ORDER:
      return value->type == RAFILM_WIRE_TEXT && rafilm_wire_order_is_valid (value->text);
    case RAFILM_WIRE_FIELD_REVIEW:
      return value->type == RAFILM_WIRE_REVIEW && text_fits (value->review.text, spec)
             && (value->review.lang == NULL || lang_is_valid (value->review.lang));
    }
  return false;
}

bool
rafilm_wire_dev_is_valid (const char *dev)
{
  size_t length = strspn (dev, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz");

  return length == RAFILM_WIRE_DEV_LENGTH && dev[length] == '\0';
}
