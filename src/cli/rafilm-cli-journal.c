/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cli-journal.h"

#include <glib/gi18n.h>

#include "rafilm-cli-list.h"
#include "rafilm-cli-output.h"
#include "rafilm-error.h"

#define FILE_NAME "cli-undo.json"
#define MAX_BYTES (4 * 1024 * 1024)

/* ---- the file ----------------------------------------------------------------------------- */

static char *
dup_path (RafilmCli *self)
{
  g_autofree char *folder = g_path_get_dirname (rafilm_store_get_path (self->store));

  return g_build_filename (folder, FILE_NAME, NULL);
}

/* An unreadable journal is as an empty one: undo is a convenience. */
static JsonArray *
read_journal (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = NULL;
  gsize length = 0;

  if (g_file_get_contents (path, &text, &length, NULL) && length <= MAX_BYTES)
    root = json_from_string (text, NULL);
  if (root != NULL && JSON_NODE_HOLDS_ARRAY (root))
    return json_array_ref (json_node_get_array (root));

  return json_array_new ();
}

static gboolean
write_journal (const char *path, JsonArray *entries, GError **error)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *text = NULL;

  json_node_set_array (root, entries);
  text = json_to_string (root, FALSE);

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/* ---- snapshots ---------------------------------------------------------------------------- */

static gboolean
load_viewing (RafilmCli *self, const char *id, RafilmViewing **ret_viewing, GError **error)
{
  g_autoptr (GError) failure = NULL;

  *ret_viewing =
      id != NULL ? dex_await_object (rafilm_store_get_viewing (self->store, id), &failure) : NULL;
  if (failure == NULL || g_error_matches (failure, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

/* Whatever is no list is null. */
static JsonNode *
take_list (RafilmCli *self, const char *id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (RafilmList) list =
      dex_await_object (rafilm_store_get_list (self->store, id), &failure);

  if (list != NULL)
    return rafilm_cli_list_to_json (self, list, error);
  if (g_error_matches (failure, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND))
    return json_node_new (JSON_NODE_NULL);
  g_propagate_error (error, g_steal_pointer (&failure));

  return NULL;
}

/* Adds "film", "viewing" (or null) and "deleted". */
static gboolean
add_film (RafilmCli *self, JsonObject *object, gint64 film, const char *id, GError **error)
{
  g_autoptr (RafilmFilm) fresh =
      dex_await_object (rafilm_store_get_film (self->store, film), error);
  g_autoptr (RafilmViewing) viewing = NULL;

  if (fresh == NULL || !load_viewing (self, id, &viewing, error))
    return FALSE;
  json_object_set_member (object, "film", rafilm_cli_film_to_json (fresh));
  json_object_set_member (object, "viewing",
                          viewing != NULL ? rafilm_cli_viewing_to_json (viewing)
                                          : json_node_new (JSON_NODE_NULL));
  json_object_set_boolean_member (object, "deleted",
                                  viewing == NULL || rafilm_viewing_get_deleted (viewing));

  return TRUE;
}

/* {"film": …, "viewing": … or null, "deleted": …}, or {"list": … or null} */
static JsonNode *
take_snapshot (RafilmCli *self, gint64 film, const char *viewing, const char *list, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node;

  if (list != NULL)
    {
      node = take_list (self, list, error);
      if (node == NULL)
        return NULL;
      json_object_set_member (object, "list", node);
    }
  else if (!add_film (self, object, film, viewing, error))
    {
      return NULL;
    }
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, object);

  return node;
}

static JsonNode *
take_snapshot_of (RafilmCli *self, RafilmCliJournalEntry *entry, GError **error)
{
  return take_snapshot (self, entry->film != NULL ? rafilm_film_get_id (entry->film) : 0,
                        entry->viewing, entry->list, error);
}

gboolean
rafilm_cli_journal_begin (RafilmCli *self, RafilmCliJournalEntry *entry, RafilmFilm *film,
                          const char *viewing, GError **error)
{
  entry->film = g_object_ref (film);
  entry->viewing = g_strdup (viewing);
  entry->before = take_snapshot_of (self, entry, error);

  return entry->before != NULL;
}

gboolean
rafilm_cli_journal_begin_list (RafilmCli *self, RafilmCliJournalEntry *entry, const char *list,
                               GError **error)
{
  entry->list = g_strdup (list);
  entry->before = take_snapshot_of (self, entry, error);

  return entry->before != NULL;
}

void
rafilm_cli_journal_entry_clear (RafilmCliJournalEntry *entry)
{
  g_clear_object (&entry->film);
  g_clear_pointer (&entry->viewing, g_free);
  g_clear_pointer (&entry->list, g_free);
  g_clear_pointer (&entry->before, json_node_unref);
}

void
rafilm_cli_journal_end (RafilmCli *self, RafilmCliJournalEntry *entry, const char *label)
{
  g_autofree char *path = dup_path (self);
  g_autoptr (JsonArray) entries = read_journal (path);
  g_autoptr (GError) error = NULL;
  JsonNode *after = take_snapshot_of (self, entry, &error);
  JsonObject *object;

  if (after != NULL)
    {
      object = json_object_new ();
      json_object_set_string_member (object, "label", label);
      json_object_set_member (object, "before", g_steal_pointer (&entry->before));
      json_object_set_member (object, "after", after);
      json_array_add_object_element (entries, object);
      while (json_array_get_length (entries) > RAFILM_CLI_JOURNAL_MAX)
        json_array_remove_element (entries, 0);
      write_journal (path, entries, &error);
    }
  if (error != NULL)
    g_warning ("This cannot be undone, since its journal cannot be written: %s, ignoring",
               error->message);
}

/* ---- taking back -------------------------------------------------------------------------- */

static JsonNode *
get_member (JsonObject *object, const char *name)
{
  return object != NULL ? json_object_get_member (object, name) : NULL;
}

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
is_same (JsonNode *a, JsonNode *b)
{
  return a == b || (a != NULL && b != NULL && json_node_equal (a, b));
}

/* The edit changed the member, and nobody did since. */
static gboolean
is_to_revert (JsonObject *before, JsonObject *after, JsonObject *now, const char *name)
{
  return !is_same (get_member (before, name), get_member (after, name))
         && is_same (get_member (after, name), get_member (now, name));
}

static int
get_int (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? (int) json_node_get_int (node) : 0;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static gboolean
get_boolean (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_boolean (node);
}

static void
revert_film (RafilmEdit *edit, JsonObject *before, JsonObject *after, JsonObject *now)
{
  gint64 film = get_int (before, "id");

  if (is_to_revert (before, after, now, "rating"))
    rafilm_edit_rate_film (edit, film, get_int (before, "rating"));
  if (is_to_revert (before, after, now, "like"))
    rafilm_edit_like_film (edit, film, get_boolean (before, "like"));
  if (is_to_revert (before, after, now, "hidden"))
    rafilm_edit_hide_film (edit, film, get_boolean (before, "hidden"));
  if (is_to_revert (before, after, now, "seen"))
    rafilm_edit_mark_seen (edit, film, get_boolean (before, "seen"));
  if (is_to_revert (before, after, now, "watchlist") || is_to_revert (before, after, now, "note"))
    {
      const char *note = get_text (before, "note");

      rafilm_edit_set_watchlist (edit, film, get_boolean (before, "watchlist"),
                                 note != NULL ? note : "");
    }
}

static GStrv
get_names (JsonObject *object, const char *name)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonNode *node = get_member (object, name);
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_strv_builder_add (builder, json_array_get_string_element (array, i));

  return g_strv_builder_end (builder);
}

static void
revert_fields (RafilmEdit *edit, RafilmViewing *viewing, JsonObject *before, JsonObject *after,
               JsonObject *now)
{
  static const char *const flags[] = { "liked", "rewatch", "finished", "spoiler" };
  g_autoptr (RafilmViewing) reverted = rafilm_viewing_copy (viewing);

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (is_to_revert (before, after, now, flags[i]))
      g_object_set (reverted, flags[i], get_boolean (before, flags[i]), NULL);
  if (is_to_revert (before, after, now, "rating"))
    g_object_set (reverted, "rating", get_int (before, "rating"), NULL);
  if (is_to_revert (before, after, now, "date"))
    g_object_set (reverted, "date", get_text (before, "date"), NULL);
  if (is_to_revert (before, after, now, "review"))
    g_object_set (reverted, "review", get_text (before, "review"), NULL);
  if (is_to_revert (before, after, now, "tags"))
    {
      g_auto (GStrv) tags = get_names (before, "tags");

      g_object_set (reverted, "tags", tags, NULL);
    }
  rafilm_edit_update_viewing (edit, viewing, reverted);
}

static gboolean
revert_viewing (RafilmCli *self, RafilmEdit *edit, JsonObject *before, JsonObject *after,
                JsonObject *now, GError **error)
{
  JsonObject *was = get_object (before, "viewing");
  JsonObject *became = get_object (after, "viewing");
  g_autoptr (RafilmViewing) viewing = NULL;
  const char *id = get_text (became, "id");

  if (became == NULL || !load_viewing (self, id, &viewing, error) || viewing == NULL)
    return became == NULL || viewing != NULL;

  if (is_to_revert (before, after, now, "deleted") && get_boolean (before, "deleted"))
    rafilm_edit_delete_viewing (edit, id);
  else if (is_to_revert (before, after, now, "deleted"))
    rafilm_edit_restore_viewing (edit, id);
  else
    revert_fields (edit, viewing, was, became, get_object (now, "viewing"));

  return TRUE;
}

/* Fills @edit with what takes the entry back. */
static gboolean
revert_film_entry (RafilmCli *self, RafilmEdit *edit, JsonObject *before, JsonObject *after,
                   GError **error)
{
  JsonObject *film = get_object (before, "film");
  const char *viewing = get_text (get_object (after, "viewing"), "id");
  g_autoptr (JsonNode) now = NULL;

  now = take_snapshot (self, MAX (get_int (film, "id"), 1), viewing, NULL, error);
  if (now == NULL)
    return FALSE;
  revert_film (edit, film, get_object (after, "film"),
               get_object (json_node_get_object (now), "film"));

  return revert_viewing (self, edit, before, after, json_node_get_object (now), error);
}

static gboolean
revert_list_entry (RafilmCli *self, RafilmEdit *edit, JsonObject *before, JsonObject *after,
                   GError **error)
{
  JsonObject *was = get_object (before, "list");
  JsonObject *became = get_object (after, "list");
  const char *id = get_text (was != NULL ? was : became, "id");
  g_autoptr (JsonNode) now = id != NULL ? take_list (self, id, error) : NULL;

  if (now == NULL)
    return id == NULL;
  rafilm_cli_list_revert (edit, was, became,
                          JSON_NODE_HOLDS_OBJECT (now) ? json_node_get_object (now) : NULL);

  return TRUE;
}

static gboolean
revert (RafilmCli *self, JsonObject *entry, const char *label, GError **error)
{
  JsonObject *before = get_object (entry, "before");
  JsonObject *after = get_object (entry, "after");
  g_autoptr (RafilmEdit) edit = rafilm_edit_new (label);
  gboolean is_list = get_member (before, "list") != NULL;

  if (after == NULL || (get_object (before, "film") == NULL && !is_list))
    {
      g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                   _ ("The journal of edits is damaged"));
      return FALSE;
    }
  if (is_list ? !revert_list_entry (self, edit, before, after, error)
              : !revert_film_entry (self, edit, before, after, error))
    return FALSE;

  return rafilm_edit_is_empty (edit) || dex_await (rafilm_store_apply (self->store, edit), error);
}

char *
rafilm_cli_journal_undo (RafilmCli *self, GError **error)
{
  g_autofree char *path = dup_path (self);
  g_autoptr (JsonArray) entries = read_journal (path);
  guint n_entries = json_array_get_length (entries);
  g_autoptr (JsonNode) last = NULL;
  g_autofree char *label = NULL;
  g_autofree char *undo_label = NULL;

  if (n_entries > 0)
    last = json_node_copy (json_array_get_element (entries, n_entries - 1));
  if (last == NULL || !JSON_NODE_HOLDS_OBJECT (last))
    {
      g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND, _ ("There is nothing to undo"));
      return NULL;
    }

  label = g_strdup (get_text (json_node_get_object (last), "label"));
  if (label == NULL)
    label = g_strdup (_ ("an edit"));
  undo_label = g_strdup_printf (_ ("Undo: %s"), label);
  if (!revert (self, json_node_get_object (last), undo_label, error))
    return NULL;
  json_array_remove_element (entries, n_entries - 1);
  if (!write_journal (path, entries, error))
    return NULL;

  return g_steal_pointer (&label);
}
