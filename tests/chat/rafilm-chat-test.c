/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-chat-test.h"

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-film-json.h"

void
rafilm_chat_test_set_today (void)
{
  g_autoptr (GDateTime) today = g_date_time_new_utc (2026, 11, 22, 20, 0, 0);

  rafilm_clock_set_offset (g_date_time_to_unix (today) * 1000 - g_get_real_time () / 1000);
}

RafilmStore *
rafilm_chat_test_open (const char *path)
{
  g_autoptr (GError) error = NULL;
  RafilmStore *store = dex_await_object (rafilm_store_open (path), &error);

  g_assert_no_error (error);

  return store;
}

static void
read_samples (const char *path, GPtrArray *films)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *array;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  array = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);
      const char *language = json_object_get_string_member (object, "original_language");

      json_object_set_string_member (object, "language", language);
      g_ptr_array_add (films, rafilm_film_from_json (object, &error));
      g_assert_no_error (error);
    }
}

RafilmStore *
rafilm_chat_test_open_sample (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);
  const char *samples = g_getenv ("RAFILM_SAMPLE_FILMS");
  g_autoptr (GPtrArray) films = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;
  RafilmStore *store = rafilm_chat_test_open (path);
  const char *name;

  dir = g_dir_open (samples, 0, &error);
  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (samples, name, NULL);

      read_samples (file, films);
    }
  g_assert_cmpuint (films->len, >, 500);
  dex_await (rafilm_store_put_films (store, films), &error);
  g_assert_no_error (error);

  return store;
}

static void
apply (RafilmStore *store, RafilmEdit *edit)
{
  g_autoptr (GError) error = NULL;

  dex_await_int64 (rafilm_store_apply (store, edit), &error);
  g_assert_no_error (error);
}

void
rafilm_chat_test_log (RafilmStore *store, gint64 id, const char *date, int rating,
                      const char *review)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Log");
  g_autoptr (RafilmFilm) film = dex_await_object (rafilm_store_get_film (store, id), NULL);
  g_autoptr (RafilmViewing) viewing = rafilm_viewing_new (NULL, film);

  g_assert_true (rafilm_film_is_known (film));
  g_object_set (viewing, "date", date, "rating", rating, "review", review, NULL);
  rafilm_edit_log_viewing (edit, viewing);
  apply (store, edit);
}

void
rafilm_chat_test_add_to_watchlist (RafilmStore *store, gint64 film)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Add");

  rafilm_edit_set_watchlist (edit, film, TRUE, NULL);
  apply (store, edit);
}

gboolean
rafilm_chat_test_names (RafilmMessage *message, gint64 film)
{
  g_autofree char *handle = g_strdup_printf ("[[tmdb:%" G_GINT64_FORMAT "]]", film);

  return strstr (rafilm_message_get_text (message), handle) != NULL;
}

void
rafilm_chat_test_check_films (RafilmStore *store, RafilmMessage *message)
{
  GListModel *films = rafilm_message_get_films (message);
  g_autoptr (GRegex) regex = g_regex_new ("\\[\\[(.*?)\\]\\]", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);
      g_autoptr (RafilmFilm) stored = NULL;

      stored = dex_await_object (rafilm_store_get_film (store, rafilm_film_get_id (film)), NULL);
      g_assert_true (stored == film);
      g_assert_true (rafilm_film_is_known (film));
      g_hash_table_add (ids, g_strdup_printf ("tmdb:%" G_GINT64_FORMAT, rafilm_film_get_id (film)));
    }

  g_regex_match (regex, rafilm_message_get_text (message), 0, &match);
  while (g_match_info_matches (match))
    {
      g_autofree char *inside = g_match_info_fetch (match, 1);

      g_assert_true (g_hash_table_contains (ids, inside));
      g_match_info_next (match, NULL);
    }
}

/* ---- The scripted service ---- */

struct _RafilmScriptedLink
{
  GObject parent_instance;

  GPtrArray *sent;
  char *question; /* the id of the newest one */
  gboolean connected;
  gboolean stuck;
};

static gboolean
is_connected (RafilmChatLink *link)
{
  return RAFILM_SCRIPTED_LINK (link)->connected;
}

static DexFuture *
send_message (RafilmChatLink *link, JsonNode *message)
{
  RafilmScriptedLink *self = RAFILM_SCRIPTED_LINK (link);
  JsonObject *object = json_node_get_object (message);

  if (self->stuck)
    return dex_future_new_infinite ();
  if (!self->connected)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_OFFLINE, "Offline");

  if (g_str_equal (json_object_get_string_member (object, "action"), "chat"))
    g_set_str (&self->question, json_object_get_string_member (object, "id"));
  g_ptr_array_add (self->sent, json_object_ref (object));

  return dex_future_new_true ();
}

static void
rafilm_scripted_link_init_iface (RafilmChatLinkInterface *iface)
{
  iface->is_connected = is_connected;
  iface->send = send_message;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (RafilmScriptedLink, rafilm_scripted_link, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RAFILM_TYPE_CHAT_LINK,
                                                      rafilm_scripted_link_init_iface))

static void
rafilm_scripted_link_finalize (GObject *object)
{
  RafilmScriptedLink *self = RAFILM_SCRIPTED_LINK (object);

  g_clear_pointer (&self->sent, g_ptr_array_unref);
  g_clear_pointer (&self->question, g_free);

  G_OBJECT_CLASS (rafilm_scripted_link_parent_class)->finalize (object);
}

static void
rafilm_scripted_link_class_init (RafilmScriptedLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rafilm_scripted_link_finalize;
}

static void
rafilm_scripted_link_init (RafilmScriptedLink *self)
{
  self->sent = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  self->connected = TRUE;
}

RafilmScriptedLink *
rafilm_scripted_link_new (void)
{
  return g_object_new (RAFILM_TYPE_SCRIPTED_LINK, NULL);
}

void
rafilm_scripted_link_set_connected (RafilmScriptedLink *self, gboolean connected)
{
  self->connected = connected;
}

void
rafilm_scripted_link_set_stuck (RafilmScriptedLink *self, gboolean stuck)
{
  self->stuck = stuck;
}

JsonObject *
rafilm_scripted_link_await (RafilmScriptedLink *self, guint index)
{
  for (int i = 0; self->sent->len <= index; i++)
    {
      g_assert_cmpint (i, <, 2000);
      rafilm_test_sleep (5);
    }

  return g_ptr_array_index (self->sent, index);
}

guint
rafilm_scripted_link_get_sent (RafilmScriptedLink *self)
{
  return self->sent->len;
}

void
rafilm_scripted_link_say (RafilmScriptedLink *self, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (json, &error);

  g_assert_no_error (error);
  json_object_set_string_member (json_node_get_object (node), "id", self->question);
  rafilm_chat_link_received (RAFILM_CHAT_LINK (self), json_node_get_object (node));
}
