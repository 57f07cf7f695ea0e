/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-state.h"

#include "rafilm-local-error.h"
#include "rafilm-local-http.h"

#include <glib/gstdio.h>

#define EPOCH_JUMP 1000000
#define TABLE_FILE "table.json"
#define MARK_FILE "running"
#define BOOT_ID "/proc/sys/kernel/random/boot_id"

struct _RafilmLocalState
{
  char *folder;
  guint journal; /* number */
  gboolean machine_went_down;
};

static char *
make_path (RafilmLocalState *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

/* Another one after each start of the machine. */
static char *
dup_boot_id (void)
{
  char *text = NULL;

  if (!g_file_get_contents (BOOT_ID, &text, NULL, NULL))
    return g_strdup ("unknown");

  return g_strstrip (text);
}

/* Whether the last run neither stopped in good order nor was only killed. */
static gboolean
read_mark (const char *mark, const char *boot)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (mark, &text, NULL, NULL) && !g_str_equal (text, boot);
}

RafilmLocalState *
rafilm_local_state_new (const char *folder, GError **error)
{
  g_autoptr (RafilmLocalState) self = g_new0 (RafilmLocalState, 1);
  g_autofree char *mark = NULL;
  g_autofree char *boot = dup_boot_id ();

  g_return_val_if_fail (folder != NULL, NULL);

  self->folder = g_strdup (folder);
  mark = make_path (self, MARK_FILE);
  self->machine_went_down = read_mark (mark, boot);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FAILED, "%s cannot be made",
                   folder);
      return NULL;
    }
  if (!g_file_set_contents (mark, boot, -1, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
rafilm_local_state_free (RafilmLocalState *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->folder, g_free);
  g_free (self);
}

void
rafilm_local_state_finish (RafilmLocalState *self)
{
  g_autofree char *mark = make_path (self, MARK_FILE);

  g_unlink (mark);
}

static JsonObject *
load_file (RafilmLocalState *self, const char *name, GError **error)
{
  g_autofree char *path = make_path (self, name);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  JsonObject *object;
  gsize size = 0;

  if (!g_file_get_contents (path, &text, &size, error))
    return NULL;
  bytes = g_bytes_new_take (g_steal_pointer (&text), size);
  object = rafilm_local_json_parse (bytes);
  if (object == NULL)
    g_set_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FAILED, "%s cannot be read", path);

  return object;
}

static gboolean
save_file (RafilmLocalState *self, const char *name, JsonObject *object, GError **error)
{
  g_autofree char *path = make_path (self, name);
  g_autofree char *text = rafilm_local_json_to_text (object);

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

JsonObject *
rafilm_local_state_load_users (RafilmLocalState *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return load_file (self, "users.json", NULL);
}

gboolean
rafilm_local_state_save_users (RafilmLocalState *self, JsonObject *users, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return save_file (self, "users.json", users, error);
}

static char *
make_journal_path (RafilmLocalState *self, guint number)
{
  g_autofree char *name = g_strdup_printf ("journal-%u", number);

  return make_path (self, name);
}

/* The new journal is there before the table that it follows, and the old one until then: whenever
 * this is cut short, the table that is there has its journal. */
RafilmLocalJournal *
rafilm_local_state_save_table (RafilmLocalState *self, JsonArray *items, GError **error)
{
  g_autoptr (RafilmLocalJournal) journal = NULL;
  g_autoptr (JsonObject) file = json_object_new ();
  g_autofree char *old = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (self != NULL && items != NULL, NULL);

  old = make_journal_path (self, self->journal);
  path = make_journal_path (self, self->journal + 1);
  journal = rafilm_local_journal_new (path, error);
  if (journal == NULL)
    return NULL;
  json_object_set_int_member (file, "journal", (gint64) self->journal + 1);
  json_object_set_array_member (file, "items", json_array_ref (items));
  if (!save_file (self, TABLE_FILE, file, error))
    return NULL;
  self->journal++;
  g_unlink (old);

  return g_steal_pointer (&journal);
}

gboolean
rafilm_local_state_load_table (RafilmLocalState *self, JsonArray **ret_items,
                               GPtrArray **ret_records, gboolean *ret_lost, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *journal = NULL;
  g_autoptr (JsonObject) file = NULL;
  gboolean damaged = FALSE;
  JsonArray *items;

  g_return_val_if_fail (self != NULL, FALSE);

  path = make_path (self, TABLE_FILE);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      file = load_file (self, TABLE_FILE, error);
      if (file == NULL)
        return FALSE;
    }
  self->journal = (guint) rafilm_local_json_get_int (file, "journal", 0);
  journal = make_journal_path (self, self->journal);
  *ret_records = rafilm_local_journal_load (journal, &damaged, error);
  if (*ret_records == NULL)
    return FALSE;
  items = rafilm_local_json_get_array (file, "items");
  *ret_items = items != NULL ? json_array_ref (items) : json_array_new ();
  *ret_lost = damaged || self->machine_went_down;

  return TRUE;
}

static const char *
get_value (JsonObject *item, const char *name, const char *type)
{
  return rafilm_local_json_get_text (rafilm_local_json_get_object (item, name), type);
}

static void
set_value (JsonObject *item, const char *name, const char *type, const char *value)
{
  JsonObject *wrapped = json_object_new ();

  json_object_set_string_member (wrapped, type, value);
  json_object_set_object_member (item, name, wrapped);
}

static void
add_number (JsonObject *item, const char *name, gint64 difference)
{
  const char *old = get_value (item, name, "N");
  g_autofree char *text = NULL;

  text = g_strdup_printf ("%" G_GINT64_FORMAT,
                          (old != NULL ? g_ascii_strtoll (old, NULL, 10) : 0) + difference);
  set_value (item, name, "N", text);
}

gboolean
rafilm_local_state_begin_epoch (JsonObject *item, const char *epoch, gint64 now)
{
  const char *pk = get_value (item, "pk", "S");
  const char *old = get_value (item, "e", "S");
  JsonArray *before =
      rafilm_local_json_get_array (rafilm_local_json_get_object (item, "hist"), "L");
  JsonArray *history;
  JsonObject *entry;
  JsonObject *wrapped;
  JsonObject *list;
  g_autofree char *now_text = NULL;

  if (pk == NULL || !g_str_has_prefix (pk, "U#")
      || g_strcmp0 (get_value (item, "sk", "S"), "M") != 0 || old == NULL)
    return FALSE;

  history = json_array_new ();
  for (guint i = 0; before != NULL && i < json_array_get_length (before); i++)
    json_array_add_element (history, json_array_dup_element (before, i));
  now_text = g_strdup_printf ("%" G_GINT64_FORMAT, now);
  entry = json_object_new ();
  set_value (entry, "e", "S", old);
  set_value (entry, "low", "N", "0");
  set_value (entry, "at", "N", now_text);
  wrapped = json_object_new ();
  json_object_set_object_member (wrapped, "M", entry);
  json_array_add_object_element (history, wrapped);
  list = json_object_new ();
  json_object_set_array_member (list, "L", history);

  json_object_set_object_member (item, "hist", list);
  set_value (item, "e", "S", epoch);
  add_number (item, "h", EPOCH_JUMP);
  /* No row has the new head yet: a feed is complete without any. */
  set_value (item, "hc", "N", "0");
  add_number (item, "v", 1);

  return TRUE;
}
