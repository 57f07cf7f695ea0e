/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-shots-scene.h"

#include "rafilm-clock.h"
#include "rafilm-store-sync.h"

#define ACCOUNT "scene"
#define EPOCH "scene"

static void
set_field (RafilmWireRow *row, const char *name, RafilmWireValue value)
{
  RafilmWireStamp stamp = { .fseq = row->q, .h = 1, .dev = "laptop00", .n = 1 };

  rafilm_wire_fields_take (&row->fields, name, value, &stamp);
}

static RafilmWireRow *
add_row (RafilmSyncAnswer *answer, const char *kind, const char *id)
{
  RafilmWireRow *row = rafilm_wire_row_new (kind, id);

  row->q = ++answer->head;
  answer->cursor = answer->head;
  g_ptr_array_add (answer->rows, row);

  return row;
}

static RafilmSyncAnswer *
make_answer (gint64 cursor)
{
  RafilmSyncAnswer *answer = rafilm_sync_answer_new ();

  answer->acct = g_strdup (ACCOUNT);
  answer->epoch = g_strdup (EPOCH);
  answer->server_now = rafilm_clock_now ();
  answer->head = answer->cursor = cursor;

  return answer;
}

static void
add_viewing (RafilmSyncAnswer *answer, const char *id, RafilmFilm *film, const char *review)
{
  RafilmWireRow *row = add_row (answer, "d", id);

  set_field (row, "film", rafilm_wire_int (rafilm_film_get_id (film)));
  set_field (row, "on", rafilm_wire_text ("2026-03-03"));
  set_field (row, "rating", rafilm_wire_int (9));
  set_field (row, "liked", rafilm_wire_bool (true));
  set_field (row, "tag:cinema", rafilm_wire_bool (true));
  set_field (row, "rv", rafilm_wire_review (review, true, "en"));
}

static gboolean
pull (RafilmStore *store, GListModel *films)
{
  g_autoptr (RafilmFilm) first = g_list_model_get_item (films, 0);
  g_autoptr (RafilmFilm) second = g_list_model_get_item (films, 1);
  g_autoptr (RafilmSyncState) bound = NULL;
  g_autoptr (RafilmSyncState) state = NULL;
  RafilmSyncAnswer *answer = make_answer (0);
  RafilmWireRow *row;

  add_viewing (answer, RAFILM_SHOTS_SCENE_VIEWING, first,
               "Seen in the old cinema by the station, in the second row. The last ten minutes are "
               "the best that I have seen this year, and nobody spoke on the way out.");
  add_viewing (answer, "trash", second, "Slept through half of it.");
  row = add_row (answer, "x", "scene-version");
  set_field (row, "of", rafilm_wire_text ("d#" RAFILM_SHOTS_SCENE_VIEWING));
  set_field (row, "field", rafilm_wire_text ("rv"));
  set_field (row, "text",
             rafilm_wire_review ("Seen in the old cinema by the station, in the last row. The last "
                                 "twenty minutes are the best that I have seen this year.",
                                 false, "en"));
  set_field (row, "by", rafilm_wire_text ("Laptop"));
  set_field (row, "at", rafilm_wire_int (rafilm_clock_now ()));
  bound = dex_await_boxed (rafilm_store_bind_account (store, ACCOUNT), NULL);
  state = dex_await_boxed (rafilm_store_apply_answer (store, answer), NULL);

  return state != NULL;
}

/* One edit of a text that the server does not take, and two that it has not
 * answered. */
static gboolean
edit (RafilmStore *store, GListModel *films)
{
  g_autoptr (RafilmFilm) first = g_list_model_get_item (films, 0);
  g_autoptr (RafilmFilm) second = g_list_model_get_item (films, 1);
  g_autoptr (RafilmEdit) note = rafilm_edit_new ("");
  g_autoptr (RafilmEdit) others = rafilm_edit_new ("");
  g_autoptr (RafilmSyncBatch) batch = NULL;
  g_autoptr (RafilmSyncState) state = NULL;
  RafilmSyncAnswer *answer;

  rafilm_edit_set_watchlist (note, rafilm_film_get_id (second), TRUE,
                             "Only with the long version of the ending");
  dex_await (rafilm_store_apply (store, note), NULL);
  batch = dex_await_boxed (rafilm_store_take_batch (store, 1, 100000), NULL);
  if (batch == NULL)
    return FALSE;
  answer = make_answer (3);
  answer->batch = g_strdup (batch->id);
  rafilm_sync_answer_add_verdict (answer, 1, "bad:size");
  state = dex_await_boxed (rafilm_store_apply_answer (store, answer), NULL);

  rafilm_edit_delete_viewing (others, "trash");
  rafilm_edit_rate_film (others, rafilm_film_get_id (first), 10);

  return dex_await (rafilm_store_apply (store, others), NULL) && state != NULL;
}

static gboolean
put_films (RafilmStore *store, GListModel *films)
{
  g_autoptr (GPtrArray) array = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 2; i++)
    g_ptr_array_add (array, g_list_model_get_item (films, i));

  return dex_await (rafilm_store_put_films (store, array), NULL);
}

RafilmAppContext *
rafilm_shots_scene_new (const char *folder, GListModel *films)
{
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);
  g_autoptr (RafilmStore) store = NULL;

  if (g_list_model_get_n_items (films) < 2)
    return NULL;
  store = dex_await_object (rafilm_store_open (path), NULL);
  if (store == NULL || !put_films (store, films) || !pull (store, films) || !edit (store, films))
    return NULL;

  return rafilm_app_context_new (store);
}
