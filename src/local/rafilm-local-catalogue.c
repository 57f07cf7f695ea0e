/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-catalogue.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

struct _RafilmLocalCatalogue
{
  GPtrArray *films;
  GHashTable *by_id;    /* gint64* inside the film -> film */
  GHashTable *features; /* "d:Michael Mann" -> number of films that have it */
};

typedef struct
{
  RafilmLocalFilm *film;
  double score;
} Ranked;

static void
film_free (gpointer data)
{
  RafilmLocalFilm *film = data;

  g_free (film->title);
  g_free (film->original_title);
  g_free (film->language);
  g_free (film->release_date);
  g_free (film->synopsis);
  g_strfreev (film->countries);
  g_strfreev (film->genres);
  g_strfreev (film->directors);
  g_strfreev (film->cast);
  g_strfreev (film->characters);
  g_strfreev (film->keywords);
  g_strfreev (film->words);
  g_free (film);
}

GStrv
rafilm_local_catalogue_fold (const char *text)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_auto (GStrv) ascii = NULL;
  g_auto (GStrv) tokens = g_str_tokenize_and_fold (text, "en", &ascii);

  for (gsize i = 0; tokens[i] != NULL; i++)
    {
      g_autofree char *plain = g_str_to_ascii (tokens[i], "C");

      /* What has no Latin letters is kept as it is. */
      if (strchr (plain, '?') != NULL || plain[0] == '\0')
        g_ptr_array_add (words, g_strdup (tokens[i]));
      else
        g_ptr_array_add (words, g_ascii_strdown (plain, -1));
    }
  g_ptr_array_add (words, NULL);

  return (GStrv) g_ptr_array_steal (words, NULL);
}

static char *
read_text (JsonObject *object, const char *member)
{
  return g_strdup (json_object_get_string_member_with_default (object, member, ""));
}

static GStrv
read_texts (JsonObject *object, const char *member, const char *inner)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonNode *node = json_object_get_member (object, member);
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      const char *text = NULL;

      if (inner != NULL && JSON_NODE_HOLDS_OBJECT (element))
        text =
            json_object_get_string_member_with_default (json_node_get_object (element), inner, "");
      else if (inner == NULL && JSON_NODE_HOLDS_VALUE (element))
        text = json_node_get_string (element);
      if (text != NULL)
        g_strv_builder_add (builder, text);
    }

  return g_strv_builder_end (builder);
}

static RafilmLocalFilm *
read_film (JsonObject *object)
{
  RafilmLocalFilm *film;
  gint64 id = json_object_get_int_member_with_default (object, "id", 0);
  g_autofree char *both = NULL;

  if (id <= 0 || !json_object_has_member (object, "title"))
    return NULL;

  film = g_new0 (RafilmLocalFilm, 1);
  film->id = id;
  film->title = read_text (object, "title");
  film->original_title = read_text (object, "original_title");
  film->language = read_text (object, "original_language");
  film->countries = read_texts (object, "countries", NULL);
  film->release_date = read_text (object, "release_date");
  film->year = (int) g_ascii_strtoll (film->release_date, NULL, 10);
  film->runtime = (int) json_object_get_int_member_with_default (object, "runtime", 0);
  film->genres = read_texts (object, "genres", NULL);
  film->directors = read_texts (object, "directors", NULL);
  film->cast = read_texts (object, "cast", "name");
  film->characters = read_texts (object, "cast", "character");
  film->keywords = read_texts (object, "keywords", NULL);
  film->popularity = json_object_get_double_member_with_default (object, "popularity", 0);
  film->synopsis = read_text (object, "synopsis");
  both = g_strconcat (film->title, " ", film->original_title, NULL);
  film->words = rafilm_local_catalogue_fold (both);

  return film;
}

static gboolean
read_file (RafilmLocalCatalogue *self, const char *path, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;
  JsonArray *array;

  if (!json_parser_load_from_file (parser, path, error))
    return FALSE;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    {
      g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                   "%s holds no array of films", path);
      return FALSE;
    }

  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      RafilmLocalFilm *film = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        film = read_film (json_node_get_object (node));
      if (film == NULL || g_hash_table_contains (self->by_id, &film->id))
        {
          g_warning ("%s: entry %u is no film, or one already read", path, i);
          g_clear_pointer (&film, film_free);
          continue;
        }
      g_ptr_array_add (self->films, film);
      g_hash_table_add (self->by_id, &film->id);
    }

  return TRUE;
}

static int
compare_popularity (gconstpointer a, gconstpointer b)
{
  const RafilmLocalFilm *first = *(RafilmLocalFilm **) a;
  const RafilmLocalFilm *second = *(RafilmLocalFilm **) b;

  if (first->popularity != second->popularity)
    return first->popularity < second->popularity ? 1 : -1;

  return first->id < second->id ? -1 : first->id > second->id;
}

static void
add_features (GPtrArray *features, char kind, GStrv values, guint max)
{
  for (guint i = 0; values[i] != NULL && i < max; i++)
    g_ptr_array_add (features, g_strdup_printf ("%c:%s", kind, values[i]));
}

static GPtrArray *
list_features (const RafilmLocalFilm *film)
{
  GPtrArray *features = g_ptr_array_new_with_free_func (g_free);

  add_features (features, 'd', film->directors, 4);
  add_features (features, 'g', film->genres, 8);
  add_features (features, 'k', film->keywords, 24);
  add_features (features, 'c', film->cast, 6);
  g_ptr_array_add (features, g_strdup_printf ("y:%d", film->year / 10));

  return features;
}

static void
count_features (RafilmLocalCatalogue *self)
{
  for (guint i = 0; i < self->films->len; i++)
    {
      g_autoptr (GPtrArray) features = list_features (self->films->pdata[i]);

      for (guint j = 0; j < features->len; j++)
        {
          gpointer count = g_hash_table_lookup (self->features, features->pdata[j]);

          g_hash_table_replace (self->features, g_strdup (features->pdata[j]),
                                GUINT_TO_POINTER (GPOINTER_TO_UINT (count) + 1));
        }
    }
}

RafilmLocalCatalogue *
rafilm_local_catalogue_new (const char *folder, GError **error)
{
  g_autoptr (RafilmLocalCatalogue) self = g_new0 (RafilmLocalCatalogue, 1);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_return_val_if_fail (folder != NULL, NULL);

  self->films = g_ptr_array_new_with_free_func (film_free);
  self->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->features = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  dir = g_dir_open (folder, 0, error);
  if (dir == NULL)
    return NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_suffix (name, ".json") && !read_file (self, path, error))
        return NULL;
    }
  g_ptr_array_sort (self->films, compare_popularity);
  count_features (self);

  return g_steal_pointer (&self);
}

void
rafilm_local_catalogue_free (RafilmLocalCatalogue *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->features, g_hash_table_unref);
  g_clear_pointer (&self->films, g_ptr_array_unref);
  g_free (self);
}

GPtrArray *
rafilm_local_catalogue_get_films (RafilmLocalCatalogue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->films;
}

RafilmLocalFilm *
rafilm_local_catalogue_find (RafilmLocalCatalogue *self, gint64 id)
{
  gint64 *found;

  g_return_val_if_fail (self != NULL, NULL);

  found = g_hash_table_lookup (self->by_id, &id);

  return found != NULL ? (RafilmLocalFilm *) ((char *) found - offsetof (RafilmLocalFilm, id))
                       : NULL;
}

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const Ranked *first = a;
  const Ranked *second = b;

  if (first->score != second->score)
    return first->score < second->score ? 1 : -1;

  return first->film->id < second->film->id ? -1 : first->film->id > second->film->id;
}

static GPtrArray *
take_ranked (GArray *ranked, guint limit)
{
  GPtrArray *films = g_ptr_array_new ();

  g_array_sort (ranked, compare_ranked);
  for (guint i = 0; i < ranked->len && i < limit; i++)
    g_ptr_array_add (films, g_array_index (ranked, Ranked, i).film);

  return films;
}

static gboolean
has_word (const RafilmLocalFilm *film, const char *word, gboolean whole)
{
  for (gsize i = 0; film->words[i] != NULL; i++)
    if (whole ? strcmp (film->words[i], word) == 0 : g_str_has_prefix (film->words[i], word))
      return TRUE;

  return FALSE;
}

static gboolean
is_title (const char *title, const char *text)
{
  g_auto (GStrv) words = rafilm_local_catalogue_fold (title);
  g_autofree char *folded = g_strjoinv (" ", words);

  return strcmp (folded, text) == 0;
}

GPtrArray *
rafilm_local_catalogue_search (RafilmLocalCatalogue *self, const char *text, int year)
{
  g_autoptr (GArray) ranked = g_array_new (FALSE, FALSE, sizeof (Ranked));
  g_auto (GStrv) words = NULL;
  g_autofree char *whole = NULL;
  guint count;

  g_return_val_if_fail (self != NULL && text != NULL, NULL);

  words = rafilm_local_catalogue_fold (text);
  whole = g_strjoinv (" ", words);
  count = g_strv_length (words);
  for (guint i = 0; count > 0 && i < self->films->len; i++)
    {
      RafilmLocalFilm *film = self->films->pdata[i];
      Ranked found = { film, log1p (film->popularity) };
      guint matches = 0;

      if (year != 0 && film->year != year)
        continue;
      while (matches < count && has_word (film, words[matches], matches + 1 < count))
        matches++;
      if (matches < count)
        continue;
      if (is_title (film->title, whole) || is_title (film->original_title, whole))
        found.score += 100;
      else if (g_str_has_prefix (film->words[0], words[0]))
        found.score += 1;
      g_array_append_val (ranked, found);
    }

  return take_ranked (ranked, G_MAXUINT);
}

static double
weigh (RafilmLocalCatalogue *self, const char *feature)
{
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->features, feature));
  double weight = log ((double) self->films->len / MAX (count, 1));

  switch (feature[0])
    {
    case 'd':
      return weight * 1.5;
    case 'g':
      return weight * 1.2;
    case 'y':
      return weight * 0.4;
    case 'c':
      return weight * 0.6;
    default:
      return weight;
    }
}

GPtrArray *
rafilm_local_catalogue_list_similar (RafilmLocalCatalogue *self, RafilmLocalFilm *film, guint limit)
{
  g_autoptr (GArray) ranked = g_array_new (FALSE, FALSE, sizeof (Ranked));
  g_autoptr (GHashTable) weights = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (GPtrArray) own = NULL;

  g_return_val_if_fail (self != NULL && film != NULL, NULL);

  own = list_features (film);
  for (guint i = 0; i < own->len; i++)
    {
      double *weight = g_new (double, 1);

      *weight = weigh (self, own->pdata[i]);
      g_hash_table_replace (weights, own->pdata[i], weight);
    }

  for (guint i = 0; i < self->films->len; i++)
    {
      g_autoptr (GPtrArray) features = NULL;
      Ranked found = { self->films->pdata[i], 0 };

      if (found.film == film)
        continue;
      features = list_features (found.film);
      for (guint j = 0; j < features->len; j++)
        {
          double *weight = g_hash_table_lookup (weights, features->pdata[j]);

          found.score += weight != NULL ? *weight : 0;
        }
      if (found.score <= 0)
        continue;
      found.score = found.score / sqrt (features->len) + log1p (found.film->popularity) * 0.05;
      g_array_append_val (ranked, found);
    }

  return take_ranked (ranked, limit);
}
