/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-present-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "rafilm-spawn.h"

G_DEFINE_BOXED_TYPE (RafilmPresentText, rafilm_present_text, rafilm_present_text_copy,
                     rafilm_present_text_free)

RafilmPresentText *
rafilm_present_text_copy (const RafilmPresentText *self)
{
  RafilmPresentText *copy = g_new0 (RafilmPresentText, 1);

  copy->title = g_strdup (self->title);
  copy->text = g_strdup (self->text);
  copy->spoiler = self->spoiler;

  return copy;
}

void
rafilm_present_text_free (RafilmPresentText *self)
{
  g_free (self->title);
  g_free (self->text);
  g_free (self);
}

static gboolean
load_review (RafilmStore *store, const char *id, RafilmPresentText *present, GError **error)
{
  g_autoptr (RafilmViewing) viewing =
      dex_await_object (rafilm_store_get_viewing (store, id), error);

  if (viewing == NULL)
    return FALSE;
  present->title = g_strdup (rafilm_film_get_title (rafilm_viewing_get_film (viewing)));
  present->text = g_strdup (rafilm_viewing_get_review (viewing));
  present->spoiler = rafilm_viewing_get_spoiler (viewing);

  return TRUE;
}

static gboolean
load_list (RafilmStore *store, const char *id, const char *field, RafilmPresentText *present,
           GError **error)
{
  g_autoptr (RafilmList) list = dex_await_object (rafilm_store_get_list (store, id), error);

  if (list == NULL)
    return FALSE;
  present->title = g_strdup (rafilm_list_get_name (list));
  present->text = g_strdup (g_str_equal (field, "name") ? rafilm_list_get_name (list)
                                                        : rafilm_list_get_description (list));

  return TRUE;
}

static gboolean
load_watchlist_note (RafilmStore *store, const char *id, RafilmPresentText *present, GError **error)
{
  gint64 number = g_ascii_strtoll (id, NULL, 10);
  g_autoptr (RafilmFilm) film = dex_await_object (rafilm_store_get_film (store, number), error);

  if (film == NULL)
    return FALSE;
  present->title = g_strdup (rafilm_film_get_title (film));
  present->text = g_strdup (rafilm_film_get_state (film)->note);

  return TRUE;
}

/* The id of an entry is "list:film". */
static gboolean
load_entry_note (RafilmStore *store, const char *id, RafilmPresentText *present, GError **error)
{
  const char *colon = strrchr (id, ':');
  g_autofree char *list = colon != NULL ? g_strndup (id, (gsize) (colon - id)) : g_strdup (id);
  gint64 number = colon != NULL ? g_ascii_strtoll (colon + 1, NULL, 10) : 0;
  g_autoptr (GHashTable) notes =
      dex_await_boxed (rafilm_store_list_entry_notes (store, list), error);
  g_autoptr (RafilmFilm) film = NULL;

  if (notes == NULL)
    return FALSE;
  film = dex_await_object (rafilm_store_get_film (store, number), error);
  if (film == NULL)
    return FALSE;
  present->title = g_strdup (rafilm_film_get_title (film));
  present->text = g_strdup (g_hash_table_lookup (notes, &number));

  return TRUE;
}

static gboolean
load_profile (RafilmStore *store, const char *field, RafilmPresentText *present, GError **error)
{
  g_autoptr (RafilmStoreProfile) profile =
      dex_await_boxed (rafilm_store_get_profile (store), error);

  if (profile == NULL)
    return FALSE;
  present->title = g_strdup (_ ("Your Profile"));
  present->text = g_strdup (g_str_equal (field, "name") ? profile->name : profile->bio);

  return TRUE;
}

typedef struct
{
  RafilmStore *store;
  RafilmVersion *version;
} LoadData;

static void
load_data_free (LoadData *data)
{
  g_object_unref (data->store);
  g_object_unref (data->version);
  g_free (data);
}

static DexFuture *
load_fiber (gpointer user_data)
{
  LoadData *data = user_data;
  const char *kind = rafilm_version_get_kind (data->version);
  const char *field = rafilm_version_get_field (data->version);
  const char *id = rafilm_version_get_viewing (data->version);
  g_autoptr (RafilmPresentText) present = g_new0 (RafilmPresentText, 1);
  GError *error = NULL;
  gboolean found = TRUE;

  switch (*kind)
    {
    case 'd':
      found = load_review (data->store, id, present, &error);
      break;
    case 'l':
      found = load_list (data->store, id, field, present, &error);
      break;
    case 'w':
      found = load_watchlist_note (data->store, id, present, &error);
      break;
    case 'i':
      found = load_entry_note (data->store, id, present, &error);
      break;
    case 'p':
      found = load_profile (data->store, field, present, &error);
      break;
    default:
      present->title = g_strdup (_ ("A Text of a Newer Rafilm"));
    }
  if (!found)
    return dex_future_new_for_error (error);
  if (present->text == NULL)
    present->text = g_strdup ("");

  return dex_future_new_take_boxed (RAFILM_TYPE_PRESENT_TEXT, g_steal_pointer (&present));
}

DexFuture *
rafilm_present_text_load (RafilmStore *store, RafilmVersion *version)
{
  LoadData *data = g_new0 (LoadData, 1);

  data->store = g_object_ref (store);
  data->version = g_object_ref (version);

  return rafilm_spawn (load_fiber, data, (GDestroyNotify) load_data_free);
}
