/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-takeout-sheets.h"

#include "rafilm-takeout-csv.h"
#include "rafilm-tmdb-cache.h"

#include <inttypes.h>
#include <string.h>

/* What Letterboxd's importer takes at once. */
#define MAX_ROWS 1000
#define MAX_BYTES 900000

#define PAGE 100            /* rows, and films to look up, at a time */
#define MAX_LIST (16 << 20) /* bytes of a list that are sorted together */
#define MAX_SLUG 40

/* Films by their number, as the catalogue's cache has them; NULL for what it has not. */
typedef struct
{
  RafilmTmdbEntry entries[PAGE];
  int64_t ids[PAGE];
  size_t length;
} Films;

static void
films_clear (Films *self)
{
  for (size_t i = 0; i < self->length; i++)
    rafilm_tmdb_entry_clear (&self->entries[i]);
  self->length = 0;
}

#define auto_films __attribute__ ((cleanup (films_clear))) Films

static const json_t *
films_find (const Films *self, int64_t id)
{
  for (size_t i = 0; i < self->length; i++)
    if (self->ids[i] == id)
      return self->entries[i].body;
  return NULL;
}

static void
films_want (Films *self, int64_t id)
{
  for (size_t i = 0; i < self->length; i++)
    if (self->ids[i] == id)
      return;
  if (id <= 0 || self->length == PAGE)
    return;
  self->ids[self->length] = id;
  self->entries[self->length++] = (RafilmTmdbEntry) {
    .kind = RAFILM_TMDB_KIND_FILM,
    .key = rafilm_printf ("film/%" PRId64, id),
  };
}

static void
films_read (Films *self, const RafilmTakeout *archive)
{
  if (self->length > 0)
    rafilm_tmdb_cache_read (archive->dynamodb, self->entries, self->length, archive->now);
}

/* A table that goes on in another file when it is full. */
typedef struct
{
  const char *name; /* "letterboxd/diary" */
  const char *header;
  unsigned n_files;
  unsigned n_rows; /* of this file */
  size_t n_bytes;
} Sheet;

static bool
sheet_add (Sheet *self, const RafilmTakeout *archive, const RafilmBuffer *line)
{
  if (self->n_files == 0 || self->n_rows == MAX_ROWS || self->n_bytes + line->length > MAX_BYTES)
    {
      rafilm_autofree char *name = rafilm_printf ("%s-%u.csv", self->name, ++self->n_files);

      self->n_rows = 0;
      self->n_bytes = strlen (self->header);
      if (!rafilm_zip_begin (archive->zip, name)
          || !rafilm_zip_add_text (archive->zip, self->header))
        return false;
    }
  self->n_rows++;
  self->n_bytes += line->length;
  return rafilm_zip_add (archive->zip, line->data, line->length);
}

/* The fields of a row that is not in the trash; NULL for others. A new reference. */
static json_t *
get_fields (const json_t *item)
{
  json_t *fields;

  if (rafilm_item_get_bool (item, "x", false) || rafilm_item_get_bool (item, "c", false))
    return NULL;
  fields = rafilm_item_get_json (item, "f");
  if (json_is_object (fields))
    return fields;
  json_decref (fields);
  return NULL;
}

static int64_t
get_film (const json_t *item, const json_t *fields)
{
  const char *sk = rafilm_item_get_text (item, "sk");

  if (sk[0] == 'd')
    return json_integer_value (json_object_get (fields, "film"));
  return strtoll (sk + 2, NULL, 10);
}

static void
make_line (RafilmBuffer *line, char kind, int64_t id, const json_t *fields, const json_t *film)
{
  bool is_rated = json_is_integer (json_object_get (fields, "rating"))
                  || json_is_true (json_object_get (fields, "like"))
                  || json_is_true (json_object_get (fields, "seen"));

  if (kind == 'd')
    rafilm_takeout_csv_add_viewing (line, fields, film);
  else if (kind == 'f' && is_rated)
    rafilm_takeout_csv_add_rated (line, id, fields, film);
  else if (kind == 'w' && json_is_true (json_object_get (fields, "on")))
    rafilm_takeout_csv_add_wanted (line, id, fields, film);
}

static bool
add_rows (RafilmTakeout *self, const json_t *items, void *data)
{
  auto_films films = { .length = 0 };
  json_t *item;
  size_t i;

  json_array_foreach (items, i, item)
  {
    json_auto_t *fields = get_fields (item);

    if (fields != NULL)
      films_want (&films, get_film (item, fields));
  }
  films_read (&films, self);
  json_array_foreach (items, i, item)
  {
    json_auto_t *fields = get_fields (item);
    rafilm_auto_buffer line = RAFILM_BUFFER_INIT (0);
    int64_t id = fields != NULL ? get_film (item, fields) : 0;

    if (fields == NULL)
      continue;
    make_line (&line, *rafilm_item_get_text (item, "sk"), id, fields, films_find (&films, id));
    if (line.length > 0 && !sheet_add (data, self, &line))
      return false;
  }
  return true;
}

static bool
add_sheet (RafilmTakeout *self, const char *pk, const char *prefix, const char *name,
           const char *header)
{
  Sheet sheet = { .name = name, .header = header };

  return rafilm_takeout_walk (self, rafilm_takeout_query (NULL, pk, prefix, PAGE), add_rows,
                              &sheet);
}

/* One list: its films are sorted by their place before they are written. */
typedef struct
{
  char *place;
  char *note;
  int64_t film;
} Entry;

typedef struct
{
  Sheet sheet;
  Entry *entries;
  size_t length;
  size_t bytes;
  unsigned position;
} List;

static void
list_forget (List *self)
{
  for (size_t i = 0; i < self->length; i++)
    {
      free (self->entries[i].place);
      free (self->entries[i].note);
    }
  self->length = 0;
  self->bytes = 0;
}

static int
compare_entries (const void *a, const void *b)
{
  const Entry *x = a, *y = b;
  int order = strcmp (x->place, y->place);

  return order != 0 ? order : (x->film > y->film) - (x->film < y->film);
}

static bool
write_entries (RafilmTakeout *self, List *list, size_t begin, size_t end)
{
  auto_films films = { .length = 0 };

  for (size_t i = begin; i < end; i++)
    films_want (&films, list->entries[i].film);
  films_read (&films, self);
  for (size_t i = begin; i < end; i++)
    {
      const Entry *entry = &list->entries[i];
      rafilm_autofree char *position = rafilm_printf ("%u", ++list->position);
      rafilm_auto_buffer line = RAFILM_BUFFER_INIT (0);

      rafilm_takeout_csv_add (&line, position);
      rafilm_takeout_csv_add_film (&line, entry->film, films_find (&films, entry->film));
      rafilm_takeout_csv_add (&line, entry->note);
      rafilm_takeout_csv_end (&line);
      if (!sheet_add (&list->sheet, self, &line))
        return false;
    }
  return true;
}

static bool
list_flush (RafilmTakeout *self, List *list)
{
  bool good = true;

  if (list->length > 0)
    qsort (list->entries, list->length, sizeof list->entries[0], compare_entries);
  for (size_t at = 0; good && at < list->length; at += PAGE)
    good = write_entries (self, list, at, at + PAGE < list->length ? at + PAGE : list->length);
  list_forget (list);
  return good;
}

static bool
collect_entries (RafilmTakeout *self, const json_t *items, void *data)
{
  List *list = data;
  json_t *item;
  size_t i;

  json_array_foreach (items, i, item)
  {
    json_auto_t *fields = get_fields (item);
    const char *colon = strrchr (rafilm_item_get_text (item, "sk"), ':');
    const char *place = json_string_value (json_object_get (fields, "pos"));
    const char *note = json_string_value (json_object_get (fields, "note"));

    if (colon == NULL || !json_is_true (json_object_get (fields, "on")))
      continue;
    list->entries = rafilm_realloc (list->entries, (list->length + 1) * sizeof list->entries[0]);
    list->entries[list->length++] = (Entry) {
      .place = rafilm_strdup (place != NULL ? place : ""),
      .note = rafilm_strdup (note != NULL ? note : ""),
      .film = strtoll (colon + 1, NULL, 10),
    };
    list->bytes +=
        sizeof (Entry) + (place != NULL ? strlen (place) : 0) + (note != NULL ? strlen (note) : 0);
  }
  return list->bytes < MAX_LIST || list_flush (self, list);
}

/* Letters and digits of the name, so that the file can be called so everywhere. */
static char *
make_file_name (const char *name, unsigned number)
{
  char slug[MAX_SLUG + 1];
  size_t n = 0;

  for (; *name != '\0' && n < MAX_SLUG; name++)
    {
      char c = *name >= 'A' && *name <= 'Z' ? (char) (*name - 'A' + 'a') : *name;

      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        slug[n++] = c;
      else if (n > 0 && slug[n - 1] != '-')
        slug[n++] = '-';
    }
  while (n > 0 && slug[n - 1] == '-')
    n--;
  slug[n] = '\0';
  return rafilm_printf ("lists/%03u-%s", number, n > 0 ? slug : "list");
}

static bool
add_lists (RafilmTakeout *self, const json_t *items, void *data)
{
  unsigned *number = data;
  rafilm_autofree char *pk = rafilm_printf ("U#%s", self->uid);
  json_t *item;
  size_t i;

  json_array_foreach (items, i, item)
  {
    json_auto_t *fields = get_fields (item);
    const char *name = json_string_value (json_object_get (fields, "name"));
    rafilm_autofree char *prefix =
        rafilm_printf ("i#%s:", rafilm_item_get_text (item, "sk") + strlen ("l#"));
    rafilm_autofree char *file = NULL;
    List list = { .sheet = { .header = RAFILM_TAKEOUT_LIST_HEADER } };
    bool good;

    if (fields == NULL)
      continue;
    file = make_file_name (name != NULL ? name : "", ++*number);
    list.sheet.name = file;
    good = rafilm_takeout_walk (self, rafilm_takeout_query (NULL, pk, prefix, PAGE),
                                collect_entries, &list)
           && list_flush (self, &list);
    list_forget (&list);
    free (list.entries);
    if (!good)
      return false;
  }
  return true;
}

bool
rafilm_takeout_sheets_write (RafilmTakeout *self)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", self->uid);
  unsigned n_lists = 0;

  return add_sheet (self, pk, "d#", "letterboxd/diary", RAFILM_TAKEOUT_VIEWING_HEADER)
         && add_sheet (self, pk, "f#", "letterboxd/films", RAFILM_TAKEOUT_FILM_HEADER)
         && add_sheet (self, pk, "w#", "letterboxd/watchlist", RAFILM_TAKEOUT_WATCHLIST_HEADER)
         && rafilm_takeout_walk (self, rafilm_takeout_query (NULL, pk, "l#", PAGE), add_lists,
                                 &n_lists);
}
