/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-takeout-archive.h"

#include "rafilm-publication.h"
#include "rafilm-takeout-sheets.h"

#include "handlers/sync-codec.h"

#include <string.h>

static const char readme[] =
    "This is everything that Rafilm's service knew of your account when you asked for it.\r\n"
    "\r\n"
    "rafilm.json    every record: viewings (d), films (f), watchlist (w), lists (l) and\r\n"
    "               what is in them (i), profile (p), other versions of texts (x); also what\r\n"
    "               is in the trash (\"x\": true). Then your computers, the reviews that you\r\n"
    "               published, those that you reported, and recommendations.\r\n"
    "               A record that changed meanwhile may stand twice; the later one counts.\r\n"
    "letterboxd/    what can be said in CSV, as Letterboxd's importer reads it, in parts\r\n"
    "               of its size: diary, watchlist, rated and liked films without a date.\r\n"
    "lists/         each list by itself, likewise.\r\n"
    "\r\n"
    "Numbers of films are those of TMDb (themoviedb.org). Ratings are half stars in "
    "rafilm.json,\r\n"
    "1 to 10, and stars in CSV. A title that is missing was not known to the service that day.\r\n"
    "Chats are kept on your computers only.\r\n";

/* Takes the reference. */
static bool
add_json (RafilmTakeout *self, json_t *json)
{
  json_auto_t *owned = json;
  rafilm_autofree char *text = json_dumps (owned, JSON_COMPACT | JSON_ENCODE_ANY);
  bool good = rafilm_zip_add_text (self->zip, self->is_first ? "\n" : ",\n")
              && rafilm_zip_add_text (self->zip, text != NULL ? text : "null");

  self->is_first = false;
  return good;
}

static bool
add_records (RafilmTakeout *self, const json_t *items, void *data)
{
  json_t *item;
  size_t i;

  json_array_foreach (items, i, item)
  {
    RafilmWireRow *row = rafilm_sync_codec_row_from_item (item);
    bool good = row == NULL || add_json (self, rafilm_sync_codec_row_to_json (row));

    rafilm_wire_row_free (row);
    if (!good)
      return false;
  }
  return true;
}

static bool
add_published (RafilmTakeout *self, const json_t *items, void *data)
{
  json_t *item;
  size_t i;

  json_array_foreach (items, i, item)
  {
    if (!add_json (self, rafilm_publication_to_json (item)))
      return false;
  }
  return true;
}

static bool
add_reports (RafilmTakeout *self, const json_t *items, void *data)
{
  json_t *item;
  size_t i;

  json_array_foreach (items, i, item)
  {
    const char *review = rafilm_item_get_text (item, "sk") + strlen ("P#");
    int64_t at = rafilm_item_get_int (item, "at", 0);

    if (!add_json (self, json_pack ("{s:s, s:I}", "review", review, "at", (json_int_t) at)))
      return false;
  }
  return true;
}

static bool
begin_array (RafilmTakeout *self, const char *name)
{
  rafilm_autofree char *text = rafilm_printf (",\n\"%s\": [", name);

  self->is_first = true;
  return rafilm_zip_add_text (self->zip, text);
}

static bool
add_array (RafilmTakeout *self, const char *name, json_t *query, RafilmTakeoutPageFunc func)
{
  return begin_array (self, name) && rafilm_takeout_walk (self, query, func, NULL)
         && rafilm_zip_add_text (self->zip, "\n]");
}

static bool
add_computers (RafilmTakeout *self, const json_t *meta)
{
  json_auto_t *devices = rafilm_item_get_json (meta, "dv");
  const char *id;
  json_t *device;

  if (!begin_array (self, "computers"))
    return false;
  json_object_foreach (devices, id, device)
  {
    if (!add_json (self,
                   json_pack ("{s:s, s:O?, s:O?}", "id", id, "name", json_object_get (device, "nm"),
                              "seen_at", json_object_get (device, "at"))))
      return false;
  }
  return rafilm_zip_add_text (self->zip, "\n]");
}

static bool
add_head (RafilmTakeout *self, const json_t *profile)
{
  json_auto_t *head = json_pack (
      "{s:s, s:i, s:s, s:s?, s:I}", "format", "rafilm-takeout", "version", 1, "account", self->uid,
      "handle", rafilm_item_get_text (profile, "handle"), "made_at", (json_int_t) self->now * 1000);
  rafilm_autofree char *text = json_dumps (head, JSON_COMPACT);

  /* What follows are more members of the same object. */
  text[strlen (text) - 1] = '\0';
  return rafilm_zip_begin (self->zip, "rafilm.json") && rafilm_zip_add_text (self->zip, text);
}

static bool
add_recommendations (RafilmTakeout *self, const json_t *ranking)
{
  json_auto_t *items = rafilm_item_get_json (ranking, "items");
  json_t *item;
  size_t i;

  if (!begin_array (self, "recommendations"))
    return false;
  json_array_foreach (items, i, item)
  {
    if (!add_json (self, json_incref (item)))
      return false;
  }
  return rafilm_zip_add_text (self->zip, "\n]");
}

static bool
add_document (RafilmTakeout *self)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", self->uid);
  rafilm_autofree char *author = rafilm_printf ("A#%s", self->uid);
  json_auto_t *meta = NULL, *profile = NULL, *ranking = NULL;

  if (rafilm_dynamodb_get_item (self->dynamodb, pk, "M", true, &meta) != RAFILM_DYNAMODB_OK
      || rafilm_dynamodb_get_item (self->dynamodb, pk, "N", true, &profile) != RAFILM_DYNAMODB_OK
      || rafilm_dynamodb_get_item (self->dynamodb, pk, "R", true, &ranking) != RAFILM_DYNAMODB_OK)
    return false;
  return add_head (self, profile) && add_computers (self, meta)
         && add_array (self, "records", rafilm_takeout_query ("bySeq", pk, NULL, 0), add_records)
         && add_array (self, "published", rafilm_takeout_query (NULL, author, NULL, 0),
                       add_published)
         && add_array (self, "reported", rafilm_takeout_query (NULL, pk, "P#", 0), add_reports)
         && add_recommendations (self, ranking) && rafilm_zip_add_text (self->zip, "\n}\n");
}

bool
rafilm_takeout_archive_write (RafilmDynamodb *dynamodb, const char *uid, int64_t now,
                              int64_t deadline, RafilmZip *zip)
{
  RafilmTakeout self = { dynamodb, zip, uid, now, deadline, false };

  return rafilm_zip_begin (zip, "README.txt") && rafilm_zip_add_text (zip, readme)
         && add_document (&self) && rafilm_takeout_sheets_write (&self);
}
