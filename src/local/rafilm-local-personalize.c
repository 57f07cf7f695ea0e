/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-personalize.h"

#include "rafilm-local-http.h"

#include <math.h>

#define ROOT "/recommendations"
#define DEFAULT_RESULTS 25
#define MAX_RESULTS 500

struct _RafilmLocalPersonalize
{
  SoupServer *server;
  RafilmLocalCatalogue *catalogue;
};

typedef struct
{
  RafilmLocalFilm *film;
  double score;
} Item;

static void
refuse (SoupServerMessage *message, guint status, const char *type, const char *text)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "message", text);
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "x-amzn-ErrorType", type);
  rafilm_local_http_reply (message, status, object);
}

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const Item *first = a;
  const Item *second = b;

  return first->score < second->score ? 1 : first->score > second->score ? -1 : 0;
}

static GArray *
list_for_user (RafilmLocalPersonalize *self, const char *user)
{
  GPtrArray *films = rafilm_local_catalogue_get_films (self->catalogue);
  GArray *items = g_array_new (FALSE, FALSE, sizeof (Item));

  for (guint i = 0; i < films->len; i++)
    {
      RafilmLocalFilm *film = films->pdata[i];
      const char *genre = film->genres[0] != NULL ? film->genres[0] : "";
      g_autofree char *seed = g_strconcat (user, "/", genre, NULL);
      double leaning = (g_str_hash (seed) * 2654435761u % 1000) / 1000.0;
      Item item = { film, log1p (film->popularity) * (0.5 + leaning) };

      g_array_append_val (items, item);
    }
  g_array_sort (items, compare_items);

  return items;
}

static GArray *
list_for_film (RafilmLocalPersonalize *self, RafilmLocalFilm *film)
{
  g_autoptr (GPtrArray) films =
      rafilm_local_catalogue_list_similar (self->catalogue, film, MAX_RESULTS);
  GArray *items = g_array_new (FALSE, FALSE, sizeof (Item));

  for (guint i = 0; i < films->len; i++)
    {
      Item item = { films->pdata[i], 1.0 / (i + 1) };

      g_array_append_val (items, item);
    }

  return items;
}

/* Scores of an answer add up to 1 at most, as Personalize's do. */
static void
reply_items (SoupServerMessage *message, GArray *items, guint count)
{
  JsonObject *object = json_object_new ();
  JsonArray *list = json_array_new ();
  g_autofree char *id = g_uuid_string_random ();
  double sum = 0;

  for (guint i = 0; i < items->len; i++)
    sum += g_array_index (items, Item, i).score;
  for (guint i = 0; i < items->len && i < count; i++)
    {
      Item *item = &g_array_index (items, Item, i);
      JsonObject *entry = json_object_new ();
      g_autofree char *item_id = g_strdup_printf ("%" G_GINT64_FORMAT, item->film->id);

      json_object_set_string_member (entry, "itemId", item_id);
      json_object_set_double_member (entry, "score", item->score / sum);
      json_array_add_object_element (list, entry);
    }
  json_object_set_array_member (object, "itemList", list);
  json_object_set_string_member (object, "recommendationId", id);
  rafilm_local_http_reply (message, SOUP_STATUS_OK, object);
}

static void
recommendations_cb (SoupServer *server, SoupServerMessage *message, const char *path,
                    GHashTable *query, gpointer data)
{
  RafilmLocalPersonalize *self = data;
  g_autoptr (JsonObject) request = rafilm_local_http_parse_body (message);
  g_autoptr (GArray) items = NULL;
  const char *user = rafilm_local_json_get_text (request, "userId");
  const char *item_id = rafilm_local_json_get_text (request, "itemId");
  gint64 count = rafilm_local_json_get_int (request, "numResults", DEFAULT_RESULTS);
  RafilmLocalFilm *film = NULL;

  if (item_id != NULL)
    film = rafilm_local_catalogue_find (self->catalogue, g_ascii_strtoll (item_id, NULL, 10));
  if (rafilm_local_json_get_text (request, "campaignArn") == NULL
      && rafilm_local_json_get_text (request, "recommenderArn") == NULL)
    {
      refuse (message, SOUP_STATUS_BAD_REQUEST, "InvalidInputException",
              "A campaignArn or a recommenderArn is required");
      return;
    }
  if ((user == NULL && film == NULL) || count < 1 || count > MAX_RESULTS)
    {
      refuse (message, SOUP_STATUS_BAD_REQUEST, "InvalidInputException", "Invalid input");
      return;
    }
  items = film != NULL ? list_for_film (self, film) : list_for_user (self, user);
  reply_items (message, items, (guint) count);
}

RafilmLocalPersonalize *
rafilm_local_personalize_new (SoupServer *server, RafilmLocalCatalogue *catalogue)
{
  RafilmLocalPersonalize *self;

  g_return_val_if_fail (SOUP_IS_SERVER (server), NULL);
  g_return_val_if_fail (catalogue != NULL, NULL);

  self = g_new0 (RafilmLocalPersonalize, 1);
  self->server = g_object_ref (server);
  self->catalogue = catalogue;
  soup_server_add_handler (server, ROOT, recommendations_cb, self, NULL);

  return self;
}

void
rafilm_local_personalize_free (RafilmLocalPersonalize *self)
{
  g_return_if_fail (self != NULL);

  soup_server_remove_handler (self->server, ROOT);
  g_clear_object (&self->server);
  g_free (self);
}
