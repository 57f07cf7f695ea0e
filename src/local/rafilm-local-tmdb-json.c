/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-tmdb-json.h"

#define PAGE_FILMS 20

static const struct
{
  int id;
  const char *name;
} genres[] = {
  { 28, "Action" },      { 12, "Adventure" },  { 16, "Animation" },
  { 35, "Comedy" },      { 80, "Crime" },      { 99, "Documentary" },
  { 18, "Drama" },       { 10751, "Family" },  { 14, "Fantasy" },
  { 36, "History" },     { 27, "Horror" },     { 10402, "Music" },
  { 9648, "Mystery" },   { 10749, "Romance" }, { 878, "Science Fiction" },
  { 10770, "TV Movie" }, { 53, "Thriller" },   { 10752, "War" },
  { 37, "Western" },
};

int
rafilm_local_tmdb_genre_id (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (genres); i++)
    if (g_ascii_strcasecmp (genres[i].name, name) == 0)
      return genres[i].id;

  return 0;
}

const char *
rafilm_local_tmdb_genre_name (int id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (genres); i++)
    if (genres[i].id == id)
      return genres[i].name;

  return NULL;
}

static JsonObject *
make_named (gint64 id, const char *name)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "id", id);
  json_object_set_string_member (object, "name", name);

  return object;
}

JsonObject *
rafilm_local_tmdb_genres_to_json (void)
{
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (genres); i++)
    json_array_add_object_element (array, make_named (genres[i].id, genres[i].name));
  json_object_set_array_member (object, "genres", array);

  return object;
}

static void
set_texts (JsonObject *object, const char *member, const char *const *texts)
{
  JsonArray *array = json_array_new ();

  for (gsize i = 0; texts[i] != NULL; i++)
    json_array_add_string_element (array, texts[i]);
  json_object_set_array_member (object, member, array);
}

JsonObject *
rafilm_local_tmdb_configuration_to_json (const char *address)
{
  static const char *const backdrops[] = { "w300", "w780", "w1280", "original", NULL };
  static const char *const logos[] = { "w45",  "w92",  "w154",     "w185",
                                       "w300", "w500", "original", NULL };
  static const char *const posters[] = { "w92",  "w154", "w185",     "w342",
                                         "w500", "w780", "original", NULL };
  static const char *const profiles[] = { "w45", "w185", "h632", "original", NULL };
  static const char *const stills[] = { "w92", "w185", "w300", "original", NULL };
  JsonObject *object = json_object_new ();
  JsonObject *images = json_object_new ();
  g_autofree char *base = g_strconcat (address, "/t/p/", NULL);

  json_object_set_string_member (images, "base_url", base);
  json_object_set_string_member (images, "secure_base_url", base);
  set_texts (images, "backdrop_sizes", backdrops);
  set_texts (images, "logo_sizes", logos);
  set_texts (images, "poster_sizes", posters);
  set_texts (images, "profile_sizes", profiles);
  set_texts (images, "still_sizes", stills);
  json_object_set_object_member (object, "images", images);
  json_object_set_array_member (object, "change_keys", json_array_new ());

  return object;
}

/* The members that lists and details have in common. */
static JsonObject *
make_film (const RafilmLocalFilm *film)
{
  JsonObject *object = json_object_new ();
  g_autofree char *poster = g_strdup_printf ("/%" G_GINT64_FORMAT ".jpg", film->id);
  g_autofree char *backdrop = g_strdup_printf ("/%" G_GINT64_FORMAT "-wide.jpg", film->id);

  json_object_set_boolean_member (object, "adult", FALSE);
  json_object_set_string_member (object, "backdrop_path", backdrop);
  json_object_set_int_member (object, "id", film->id);
  set_texts (object, "origin_country", (const char *const *) film->countries);
  json_object_set_string_member (object, "original_language", film->language);
  json_object_set_string_member (object, "original_title", film->original_title);
  json_object_set_string_member (object, "overview", film->synopsis);
  json_object_set_double_member (object, "popularity", film->popularity);
  json_object_set_string_member (object, "poster_path", poster);
  json_object_set_string_member (object, "release_date", film->release_date);
  json_object_set_string_member (object, "title", film->title);
  json_object_set_boolean_member (object, "video", FALSE);
  json_object_set_double_member (object, "vote_average", 0);
  json_object_set_int_member (object, "vote_count", 0);

  return object;
}

JsonObject *
rafilm_local_tmdb_film_to_item (const RafilmLocalFilm *film)
{
  JsonObject *object = make_film (film);
  JsonArray *ids = json_array_new ();

  for (gsize i = 0; film->genres[i] != NULL; i++)
    if (rafilm_local_tmdb_genre_id (film->genres[i]) != 0)
      json_array_add_int_element (ids, rafilm_local_tmdb_genre_id (film->genres[i]));
  json_object_set_array_member (object, "genre_ids", ids);

  return object;
}

JsonObject *
rafilm_local_tmdb_film_to_details (const RafilmLocalFilm *film)
{
  JsonObject *object = make_film (film);
  JsonArray *named = json_array_new ();
  JsonArray *countries = json_array_new ();
  JsonArray *languages = json_array_new ();
  JsonObject *language = json_object_new ();

  for (gsize i = 0; film->genres[i] != NULL; i++)
    if (rafilm_local_tmdb_genre_id (film->genres[i]) != 0)
      json_array_add_object_element (
          named, make_named (rafilm_local_tmdb_genre_id (film->genres[i]), film->genres[i]));
  for (gsize i = 0; film->countries[i] != NULL; i++)
    {
      JsonObject *country = json_object_new ();

      json_object_set_string_member (country, "iso_3166_1", film->countries[i]);
      json_object_set_string_member (country, "name", film->countries[i]);
      json_array_add_object_element (countries, country);
    }
  json_object_set_string_member (language, "iso_639_1", film->language);
  json_object_set_string_member (language, "name", "");
  json_array_add_object_element (languages, language);

  json_object_set_null_member (object, "belongs_to_collection");
  json_object_set_int_member (object, "budget", 0);
  json_object_set_array_member (object, "genres", named);
  json_object_set_string_member (object, "homepage", "");
  json_object_set_null_member (object, "imdb_id");
  json_object_set_array_member (object, "production_companies", json_array_new ());
  json_object_set_array_member (object, "production_countries", countries);
  json_object_set_int_member (object, "revenue", 0);
  json_object_set_int_member (object, "runtime", film->runtime);
  json_object_set_array_member (object, "spoken_languages", languages);
  json_object_set_string_member (object, "status", "Released");
  json_object_set_string_member (object, "tagline", "");

  return object;
}

static JsonObject *
make_person (const char *name, const char *department, const char *credit)
{
  JsonObject *object = json_object_new ();
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_MD5, credit, -1);

  hash[24] = '\0';
  json_object_set_boolean_member (object, "adult", FALSE);
  json_object_set_int_member (object, "gender", 0);
  json_object_set_int_member (object, "id", g_str_hash (name) & 0x7fffff);
  json_object_set_string_member (object, "known_for_department", department);
  json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "original_name", name);
  json_object_set_double_member (object, "popularity", 0);
  json_object_set_null_member (object, "profile_path");
  json_object_set_string_member (object, "credit_id", hash);

  return object;
}

static JsonObject *
make_credits (const RafilmLocalFilm *film)
{
  JsonObject *object = json_object_new ();
  JsonArray *cast = json_array_new ();
  JsonArray *crew = json_array_new ();

  for (gsize i = 0; film->cast[i] != NULL; i++)
    {
      g_autofree char *credit = g_strdup_printf ("%" G_GINT64_FORMAT "/cast/%zu", film->id, i);
      JsonObject *person = make_person (film->cast[i], "Acting", credit);

      json_object_set_int_member (person, "cast_id", (gint64) i + 1);
      json_object_set_string_member (person, "character", film->characters[i]);
      json_object_set_int_member (person, "order", (gint64) i);
      json_array_add_object_element (cast, person);
    }
  for (gsize i = 0; film->directors[i] != NULL; i++)
    {
      g_autofree char *credit = g_strdup_printf ("%" G_GINT64_FORMAT "/crew/%zu", film->id, i);
      JsonObject *person = make_person (film->directors[i], "Directing", credit);

      json_object_set_string_member (person, "department", "Directing");
      json_object_set_string_member (person, "job", "Director");
      json_array_add_object_element (crew, person);
    }
  json_object_set_array_member (object, "cast", cast);
  json_object_set_array_member (object, "crew", crew);

  return object;
}

static JsonObject *
make_keywords (const RafilmLocalFilm *film)
{
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (gsize i = 0; film->keywords[i] != NULL; i++)
    json_array_add_object_element (
        array, make_named (g_str_hash (film->keywords[i]) & 0x7ffff, film->keywords[i]));
  json_object_set_array_member (object, "keywords", array);

  return object;
}

static JsonObject *
make_release_dates (const RafilmLocalFilm *film)
{
  JsonObject *object = json_object_new ();
  JsonArray *results = json_array_new ();

  if (film->countries[0] != NULL && film->release_date[0] != '\0')
    {
      JsonObject *country = json_object_new ();
      JsonObject *release = json_object_new ();
      JsonArray *releases = json_array_new ();
      g_autofree char *date = g_strconcat (film->release_date, "T00:00:00.000Z", NULL);

      json_object_set_string_member (release, "certification", "");
      json_object_set_array_member (release, "descriptors", json_array_new ());
      json_object_set_string_member (release, "iso_639_1", "");
      json_object_set_string_member (release, "note", "");
      json_object_set_string_member (release, "release_date", date);
      json_object_set_int_member (release, "type", 3);
      json_array_add_object_element (releases, release);
      json_object_set_string_member (country, "iso_3166_1", film->countries[0]);
      json_object_set_array_member (country, "release_dates", releases);
      json_array_add_object_element (results, country);
    }
  json_object_set_array_member (object, "results", results);

  return object;
}

void
rafilm_local_tmdb_film_append (JsonObject *details, const char *part, RafilmLocalFilm *film,
                               RafilmLocalCatalogue *catalogue)
{
  JsonObject *object = NULL;

  if (strcmp (part, "credits") == 0)
    object = make_credits (film);
  else if (strcmp (part, "keywords") == 0)
    object = make_keywords (film);
  else if (strcmp (part, "release_dates") == 0)
    object = make_release_dates (film);
  else if (strcmp (part, "similar") == 0 || strcmp (part, "recommendations") == 0)
    {
      g_autoptr (GPtrArray) similar =
          rafilm_local_catalogue_list_similar (catalogue, film, PAGE_FILMS);

      object = rafilm_local_tmdb_page_to_json (similar, 1, NULL);
    }
  if (object != NULL)
    json_object_set_object_member (details, part, object);
}

JsonObject *
rafilm_local_tmdb_page_to_json (GPtrArray *films, gint64 page, const char *media_type)
{
  JsonObject *object = json_object_new ();
  JsonArray *results = json_array_new ();
  guint first = (guint) (page - 1) * PAGE_FILMS;

  for (guint i = first; i < films->len && i < first + PAGE_FILMS; i++)
    {
      JsonObject *item = rafilm_local_tmdb_film_to_item (films->pdata[i]);

      if (media_type != NULL)
        json_object_set_string_member (item, "media_type", media_type);
      json_array_add_object_element (results, item);
    }
  json_object_set_int_member (object, "page", page);
  json_object_set_array_member (object, "results", results);
  json_object_set_int_member (object, "total_pages", (films->len + PAGE_FILMS - 1) / PAGE_FILMS);
  json_object_set_int_member (object, "total_results", films->len);

  return object;
}
