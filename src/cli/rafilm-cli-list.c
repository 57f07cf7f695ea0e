/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cli-list.h"

#include <glib/gi18n.h>

#include "rafilm-cli-output.h"
#include "rafilm-error.h"

static gboolean
is_meant (RafilmList *list, const char *text)
{
  g_autofree char *wanted = g_utf8_casefold (text, -1);
  g_autofree char *name = g_utf8_casefold (rafilm_list_get_name (list), -1);

  return g_str_equal (name, wanted)
         || (text[0] != '\0' && g_str_has_prefix (rafilm_list_get_id (list), text));
}

RafilmList *
rafilm_cli_choose_list (GListModel *lists, const char *text, GError **error)
{
  g_autoptr (RafilmList) found = NULL;
  guint n_found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (lists); i++)
    {
      g_autoptr (RafilmList) list = g_list_model_get_item (lists, i);

      if (g_str_equal (rafilm_list_get_id (list), text))
        return g_steal_pointer (&list);
      if (is_meant (list, text) && ++n_found == 1)
        found = g_steal_pointer (&list);
    }
  if (n_found == 1)
    return g_steal_pointer (&found);
  g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND,
               n_found == 0 ? _ ("There is no list “%s”")
                            : _ ("Several lists are called “%s”; give an id"),
               text);

  return NULL;
}

RafilmList *
rafilm_cli_find_list (RafilmCli *self, const char *text, GError **error)
{
  g_autoptr (GListModel) lists = dex_await_object (rafilm_store_list_lists (self->store), error);

  return lists != NULL ? rafilm_cli_choose_list (lists, text, error) : NULL;
}

static JsonArray *
entries_to_json (GListModel *films, GHashTable *notes)
{
  JsonArray *entries = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);
      gint64 id = rafilm_film_get_id (film);
      JsonObject *entry = json_object_new ();

      json_object_set_member (entry, "film", rafilm_cli_film_to_json (film));
      json_object_set_string_member (entry, "note", g_hash_table_lookup (notes, &id));
      json_array_add_object_element (entries, entry);
    }

  return entries;
}

JsonNode *
rafilm_cli_list_to_json (RafilmCli *self, RafilmList *list, GError **error)
{
  const char *id = rafilm_list_get_id (list);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GListModel) films = NULL;
  g_autoptr (GHashTable) notes = NULL;
  JsonNode *node;

  films = dex_await_object (rafilm_store_list_entries (self->store, id), error);
  if (films == NULL)
    return NULL;
  notes = dex_await_boxed (rafilm_store_list_entry_notes (self->store, id), error);
  if (notes == NULL)
    return NULL;

  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "name", rafilm_list_get_name (list));
  json_object_set_string_member (object, "description", rafilm_list_get_description (list));
  json_object_set_boolean_member (object, "ranked", rafilm_list_get_ranked (list));
  json_object_set_boolean_member (object, "public", rafilm_list_get_public (list));
  json_object_set_array_member (object, "films", entries_to_json (films, notes));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, object);

  return node;
}

gboolean
rafilm_cli_lists_to_json (RafilmCli *self, GListModel *lists, JsonArray *array, GError **error)
{
  for (guint i = 0; i < g_list_model_get_n_items (lists); i++)
    {
      g_autoptr (RafilmList) list = g_list_model_get_item (lists, i);
      JsonNode *node = rafilm_cli_list_to_json (self, list, error);

      if (node == NULL)
        return FALSE;
      json_array_add_element (array, node);
    }

  return TRUE;
}

void
rafilm_cli_say_list (RafilmCli *self, RafilmList *list)
{
  rafilm_cli_say (
      self, ngettext ("%s  %s · %u film", "%s  %s · %u films", rafilm_list_get_count (list)),
      rafilm_list_get_id (list), rafilm_list_get_name (list), rafilm_list_get_count (list));
}

void
rafilm_cli_say_lists (RafilmCli *self, GListModel *lists)
{
  for (guint i = 0; i < g_list_model_get_n_items (lists); i++)
    {
      g_autoptr (RafilmList) list = g_list_model_get_item (lists, i);

      rafilm_cli_say_list (self, list);
    }
}

/* ---- taking back -------------------------------------------------------------------------- */

static gint64
get_film (JsonArray *films, guint i)
{
  JsonObject *entry = json_array_get_object_element (films, i);

  return json_object_get_int_member_with_default (json_object_get_object_member (entry, "film"),
                                                  "id", 0);
}

static const char *
get_note (JsonArray *films, guint i)
{
  return json_object_get_string_member_with_default (json_array_get_object_element (films, i),
                                                     "note", NULL);
}

/* G_MAXUINT when it isn't there */
static guint
find_film (JsonArray *films, gint64 film)
{
  for (guint i = 0; i < json_array_get_length (films); i++)
    if (get_film (films, i) == film)
      return i;

  return G_MAXUINT;
}

static gboolean
is_in_order_of (JsonArray *films, JsonArray *other)
{
  if (json_array_get_length (films) != json_array_get_length (other))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (films); i++)
    if (get_film (films, i) != get_film (other, i))
      return FALSE;

  return TRUE;
}

/* The film that makes the one order of the other when it is moved to its place there. */
static gboolean
find_moved (JsonArray *before, JsonArray *after, gint64 *ret_film, guint *ret_place)
{
  guint n = json_array_get_length (before);
  guint first = 0;
  guint last = n;

  if (n != json_array_get_length (after))
    return FALSE;
  while (first < n && get_film (before, first) == get_film (after, first))
    first++;
  if (first == n)
    return FALSE;
  while (get_film (before, last - 1) == get_film (after, last - 1))
    last--;
  /* Either the first of the part that differs went to its end, or the last to its beginning. */
  *ret_place = get_film (before, first) == get_film (after, last - 1) ? first : last - 1;
  *ret_film = get_film (before, *ret_place);

  return TRUE;
}

static void
revert_films (RafilmEdit *edit, const char *list, JsonArray *before, JsonArray *after,
              JsonArray *now)
{
  gint64 film = 0;
  guint place = 0;

  for (guint i = 0; i < json_array_get_length (after); i++)
    if (find_film (before, get_film (after, i)) == G_MAXUINT)
      rafilm_edit_remove_from_list (edit, list, get_film (after, i));
  for (guint i = 0; i < json_array_get_length (before); i++)
    {
      guint there = find_film (after, get_film (before, i));

      film = get_film (before, i);
      if (there == G_MAXUINT && find_film (now, film) == G_MAXUINT)
        {
          rafilm_edit_add_to_list (edit, list, film, get_note (before, i));
          rafilm_edit_move_in_list (edit, list, film, i);
        }
      else if (there != G_MAXUINT && g_strcmp0 (get_note (before, i), get_note (after, there)) != 0)
        {
          rafilm_edit_set_list_note (edit, list, film, get_note (before, i));
        }
    }
  if (is_in_order_of (now, after) && find_moved (before, after, &film, &place))
    rafilm_edit_move_in_list (edit, list, film, place);
}

static const char *
text_to_revert (JsonObject *before, JsonObject *after, JsonObject *now, const char *name)
{
  const char *was = json_object_get_string_member_with_default (before, name, NULL);
  const char *became = json_object_get_string_member_with_default (after, name, NULL);
  const char *is = json_object_get_string_member_with_default (now, name, NULL);

  if (g_strcmp0 (was, became) == 0 || g_strcmp0 (became, is) != 0)
    return NULL;

  return was != NULL ? was : "";
}

static gboolean
flag_to_revert (JsonObject *before, JsonObject *after, JsonObject *now, const char *name)
{
  gboolean was = json_object_get_boolean_member_with_default (before, name, FALSE);
  gboolean became = json_object_get_boolean_member_with_default (after, name, FALSE);
  gboolean is = json_object_get_boolean_member_with_default (now, name, FALSE);

  return became == is ? was : is;
}

void
rafilm_cli_list_revert (RafilmEdit *edit, JsonObject *before, JsonObject *after, JsonObject *now)
{
  JsonObject *any = before != NULL ? before : after;
  const char *id = any != NULL ? json_object_get_string_member_with_default (any, "id", "") : "";

  if (before == NULL && now != NULL)
    rafilm_edit_delete_list (edit, id);
  else if (before != NULL && after == NULL && now == NULL)
    rafilm_edit_restore_list (edit, id);
  if (before == NULL || after == NULL || now == NULL)
    return;

  rafilm_edit_update_list (edit, id, text_to_revert (before, after, now, "name"),
                           text_to_revert (before, after, now, "description"),
                           flag_to_revert (before, after, now, "ranked"),
                           flag_to_revert (before, after, now, "public"));
  revert_films (edit, id, json_object_get_array_member (before, "films"),
                json_object_get_array_member (after, "films"),
                json_object_get_array_member (now, "films"));
}
