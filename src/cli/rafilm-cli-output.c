/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cli-output.h"

#include <glib/gi18n.h>

#include "rafilm-rating.h"

void
rafilm_cli_say (RafilmCli *self, const char *format, ...)
{
  g_autofree char *line = NULL;
  va_list arguments;

  if (self->options.json)
    return;
  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_print ("%s\n", line);
}

void
rafilm_cli_show (RafilmCli *self, JsonNode *node)
{
  g_autoptr (JsonNode) owned = node;
  g_autofree char *text = NULL;

  if (!self->options.json)
    return;
  text = json_to_string (owned, TRUE);
  g_print ("%s\n", text);
}

void
rafilm_cli_show_string (RafilmCli *self, const char *name, const char *value)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, name, value);
  json_node_set_object (node, object);
  rafilm_cli_show (self, node);
}

/* ---- JSON --------------------------------------------------------------------------------- */

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 number, gboolean known)
{
  json_builder_set_member_name (builder, name);
  if (known)
    json_builder_add_int_value (builder, number);
  else
    json_builder_add_null_value (builder);
}

static void
add_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_names (JsonBuilder *builder, const char *name, const char *const *names)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    json_builder_add_string_value (builder, names[i]);
  json_builder_end_array (builder);
}

JsonNode *
rafilm_cli_film_to_json (RafilmFilm *film)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const RafilmFilmFacts *facts = rafilm_film_get_facts (film);
  const RafilmFilmState *state = rafilm_film_get_state (film);
  int year = rafilm_film_get_year (film);

  json_builder_begin_object (builder);
  add_int (builder, "id", rafilm_film_get_id (film), TRUE);
  add_text (builder, "title", rafilm_film_is_known (film) ? rafilm_film_get_title (film) : NULL);
  add_int (builder, "year", year, year > 0);
  add_int (builder, "runtime", facts->runtime, facts->runtime > 0);
  add_names (builder, "genres", (const char *const *) facts->genres);
  add_names (builder, "directors", (const char *const *) facts->directors);
  add_int (builder, "rating", state->rating, state->rating > 0);
  add_boolean (builder, "like", state->like);
  add_boolean (builder, "seen", state->seen);
  add_boolean (builder, "hidden", state->hidden);
  add_boolean (builder, "watchlist", state->watchlist);
  add_text (builder, "note", state->note);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

JsonNode *
rafilm_cli_viewing_to_json (RafilmViewing *viewing)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  int rating = rafilm_viewing_get_rating (viewing);

  json_builder_begin_object (builder);
  add_text (builder, "id", rafilm_viewing_get_id (viewing));
  json_builder_set_member_name (builder, "film");
  json_builder_add_value (builder, rafilm_cli_film_to_json (rafilm_viewing_get_film (viewing)));
  add_text (builder, "date", rafilm_viewing_get_date (viewing));
  add_int (builder, "rating", rating, rating > 0);
  add_boolean (builder, "liked", rafilm_viewing_get_liked (viewing));
  add_boolean (builder, "rewatch", rafilm_viewing_get_rewatch (viewing));
  add_boolean (builder, "finished", rafilm_viewing_get_finished (viewing));
  add_text (builder, "review", rafilm_viewing_get_review (viewing));
  add_boolean (builder, "spoiler", rafilm_viewing_get_spoiler (viewing));
  add_names (builder, "tags", rafilm_viewing_get_tags (viewing));
  add_int (builder, "versions", rafilm_viewing_get_versions (viewing), TRUE);
  add_boolean (builder, "pending", rafilm_viewing_get_pending (viewing));
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

JsonNode *
rafilm_cli_model_to_json (GListModel *model, JsonNode *(*to_json) (gpointer item))
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);

      json_array_add_element (array, to_json (item));
    }
  json_node_take_array (node, array);

  return node;
}

/* ---- lines -------------------------------------------------------------------------------- */

char *
rafilm_cli_dup_film_name (RafilmFilm *film)
{
  int year = rafilm_film_get_year (film);

  if (year == 0)
    return g_strdup (rafilm_film_get_title (film));

  return g_strdup_printf ("%s (%d)", rafilm_film_get_title (film), year);
}

char *
rafilm_cli_dup_film_line (RafilmFilm *film)
{
  const RafilmFilmFacts *facts = rafilm_film_get_facts (film);
  const RafilmFilmState *state = rafilm_film_get_state (film);
  g_autofree char *name = rafilm_cli_dup_film_name (film);
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%7" G_GINT64_FORMAT "  %s", rafilm_film_get_id (film), name);
  if (facts->directors != NULL && facts->directors[0] != NULL)
    g_string_append_printf (line, " · %s", facts->directors[0]);
  if (facts->runtime > 0)
    /* TRANSLATORS: a running time */
    g_string_append_printf (line, _ (" · %d min"), facts->runtime);
  if (state->rating > 0)
    {
      g_autofree char *stars = rafilm_rating_dup_stars (state->rating);

      g_string_append_printf (line, " · %s", stars);
    }
  if (state->watchlist)
    g_string_append (line, _ (" · on the watchlist"));

  return g_string_free_and_steal (line);
}

static void
append_mark (GString *text, gboolean wanted, const char *mark)
{
  if (wanted)
    g_string_append_printf (text, " · %s", mark);
}

char *
rafilm_cli_dup_viewing_text (RafilmViewing *viewing)
{
  g_autofree char *name = rafilm_cli_dup_film_name (rafilm_viewing_get_film (viewing));
  g_autofree char *stars = rafilm_rating_dup_stars (rafilm_viewing_get_rating (viewing));
  const char *const *tags = rafilm_viewing_get_tags (viewing);
  const char *review = rafilm_viewing_get_review (viewing);
  const char *date = rafilm_viewing_get_date (viewing);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%-10s  %s", date != NULL ? date : "–", name);
  append_mark (text, stars[0] != '\0', stars);
  append_mark (text, rafilm_viewing_get_liked (viewing), "♥");
  append_mark (text, rafilm_viewing_get_rewatch (viewing), _ ("again"));
  append_mark (text, !rafilm_viewing_get_finished (viewing), _ ("not finished"));
  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    g_string_append_printf (text, " #%s", tags[i]);
  append_mark (text, rafilm_viewing_get_versions (viewing) > 0, _ ("has another version"));
  append_mark (text, rafilm_viewing_get_pending (viewing), _ ("not sent yet"));
  g_string_append_printf (text, "\n            %s", rafilm_viewing_get_id (viewing));
  if (review != NULL)
    {
      g_auto (GStrv) lines = g_strsplit (review, "\n", -1);

      if (rafilm_viewing_get_spoiler (viewing))
        g_string_append_printf (text, "\n            %s", _ ("(spoiler)"));
      for (guint i = 0; lines[i] != NULL; i++)
        g_string_append_printf (text, "\n            %s", lines[i]);
    }

  return g_string_free_and_steal (text);
}
