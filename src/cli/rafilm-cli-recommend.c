/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>

#include "rafilm-cli-output.h"
#include "rafilm-cli-recommend.h"

#define DEFAULT_RECOMMENDATIONS 10
#define MAX_RECOMMENDATIONS 100

RafilmRecommender *
rafilm_cli_make_recommender (RafilmCli *self)
{
  const char *const *folders = g_get_system_data_dirs ();
  const char *named = g_getenv ("RAFILM_MODEL");

  for (guint i = 0; named == NULL && folders[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (folders[i], "rafilm", "films.model", NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return rafilm_recommender_new (self->store, path);
    }

  return rafilm_recommender_new (self->store, named);
}

static JsonNode *
recommendation_to_json (gpointer item)
{
  RafilmRecommendation *recommendation = item;
  g_autoptr (JsonObject) object = json_object_new ();
  RafilmFilm *because = rafilm_recommendation_get_because (recommendation);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_member (
      object, "film", rafilm_cli_film_to_json (rafilm_recommendation_get_film (recommendation)));
  json_object_set_string_member (object, "reason",
                                 rafilm_recommendation_get_reason (recommendation));
  json_object_set_string_member (object, "row", rafilm_recommendation_get_row (recommendation));
  if (because != NULL)
    json_object_set_int_member (object, "because", rafilm_film_get_id (because));
  else
    json_object_set_null_member (object, "because");
  json_node_set_object (node, object);

  return node;
}

gboolean
rafilm_cli_run_recommend (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmRecommender) recommender = NULL;
  g_autoptr (GListModel) all = NULL;
  g_autoptr (GListStore) shown = g_list_store_new (RAFILM_TYPE_RECOMMENDATION);
  guint limit = CLAMP (self->options.limit, 1, MAX_RECOMMENDATIONS);
  const char *row = NULL;

  if (!rafilm_cli_open_store (self, error))
    return FALSE;
  if (self->options.limit < 0)
    limit = DEFAULT_RECOMMENDATIONS;
  recommender = rafilm_cli_make_recommender (self);
  all = dex_await_object (rafilm_recommender_recommend (recommender, limit), error);
  if (all == NULL)
    return FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (all) && i < limit; i++)
    {
      g_autoptr (RafilmRecommendation) recommendation = g_list_model_get_item (all, i);
      g_autofree char *line =
          rafilm_cli_dup_film_line (rafilm_recommendation_get_film (recommendation));

      g_list_store_append (shown, recommendation);
      if (g_strcmp0 (row, rafilm_recommendation_get_row (recommendation)) != 0)
        rafilm_cli_say (self, "%s%s", row != NULL ? "\n" : "",
                        rafilm_recommendation_get_row (recommendation));
      row = rafilm_recommendation_get_row (recommendation);
      rafilm_cli_say (self, "%s", line);
      rafilm_cli_say (self, "         %s", rafilm_recommendation_get_reason (recommendation));
    }
  if (g_list_model_get_n_items (all) == 0)
    rafilm_cli_say (self, _ ("This computer knows too few films yet: log some, and “sync”"));
  rafilm_cli_show (self, rafilm_cli_model_to_json (G_LIST_MODEL (shown), recommendation_to_json));

  return TRUE;
}
