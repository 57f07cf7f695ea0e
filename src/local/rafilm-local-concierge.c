/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-concierge.h"

#include "rafilm-local-http.h"
#include "rafilm-local-talk.h"

#define MAX_NAMED 3
#define MAX_LOOKED_UP 6
#define SUGGESTIONS 12
#define ENTRIES 8

static void
call_free (gpointer data)
{
  RafilmLocalToolCall *call = data;

  g_clear_pointer (&call->id, g_free);
  g_clear_pointer (&call->name, g_free);
  g_clear_pointer (&call->input, json_object_unref);
  g_free (call);
}

static RafilmLocalReply *
reply_new (void)
{
  RafilmLocalReply *self = g_new0 (RafilmLocalReply, 1);

  self->calls = g_ptr_array_new_with_free_func (call_free);

  return self;
}

void
rafilm_local_reply_free (RafilmLocalReply *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->calls, g_ptr_array_unref);
  g_free (self);
}

/* Ids are told apart by what is asked and where in the answer, and are the same every time. */
static JsonObject *
add_call (RafilmLocalReply *reply, RafilmLocalTalk *talk, const char *name)
{
  RafilmLocalToolCall *call = g_new0 (RafilmLocalToolCall, 1);
  g_autofree char *seed = g_strdup_printf ("%s/%s/%u/%u", talk->question, name,
                                           g_hash_table_size (talk->called), reply->calls->len);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);

  call->id = g_strdup_printf ("tooluse_%.22s", hash);
  call->name = g_strdup (name);
  call->input = json_object_new ();
  g_ptr_array_add (reply->calls, call);

  return call->input;
}

static gboolean
can_call (RafilmLocalTalk *talk, const char *name)
{
  return g_hash_table_contains (talk->tools, name);
}

static gboolean
should_call (RafilmLocalTalk *talk, const char *name)
{
  return can_call (talk, name) && !g_hash_table_contains (talk->called, name);
}

/* Only parameters that the tool has. */
static void
set_number (RafilmLocalTalk *talk, JsonObject *input, const char *tool, const char *name,
            gint64 value)
{
  JsonObject *properties = g_hash_table_lookup (talk->tools, tool);

  if (value > 0 && json_object_has_member (properties, name))
    json_object_set_int_member (input, name, value);
}

static const char *
get_first_genre (JsonObject *film)
{
  JsonArray *genres = rafilm_local_json_get_array (film, "genres");

  if (genres == NULL || json_array_get_length (genres) == 0)
    return NULL;

  return json_array_get_string_element (genres, 0);
}

static void
call_recommend (RafilmLocalReply *reply, RafilmLocalTalk *talk, JsonObject *seed)
{
  const RafilmLocalWish *wish = talk->wish;
  JsonObject *input = add_call (reply, talk, "recommend");
  const char *genre = wish->genre != NULL ? wish->genre : get_first_genre (seed);
  int year = (int) rafilm_local_json_get_int (seed, "year", 0);

  if (genre != NULL)
    json_object_set_string_member (input, "genre", genre);
  set_number (talk, input, "recommend", "year_from", wish->newer ? year + 1 : wish->min_year);
  set_number (talk, input, "recommend", "year_to", wish->older ? year - 1 : wish->max_year);
  set_number (talk, input, "recommend", "max_runtime", wish->max_runtime);
  set_number (talk, input, "recommend", "min_runtime", wish->min_runtime);
  set_number (talk, input, "recommend", "limit", SUGGESTIONS);
}

static void
call_film (RafilmLocalReply *reply, RafilmLocalTalk *talk, JsonObject *film)
{
  json_object_set_int_member (add_call (reply, talk, "film"), "id",
                              rafilm_local_json_get_int (film, "id", 0));
}

/* What must be known next; no calls when everything is. */
static void
plan_calls (RafilmLocalReply *reply, RafilmLocalTalk *talk)
{
  const RafilmLocalWish *wish = talk->wish;
  JsonObject *seed = rafilm_local_talk_get_seed (talk);
  gboolean compares = seed != NULL && (wish->shorter || wish->longer);

  if (wish->diary && should_call (talk, "diary"))
    {
      JsonObject *input = add_call (reply, talk, "diary");

      json_object_set_string_member (
          input, "what", strstr (talk->question, "watchlist") != NULL ? "watchlist" : "viewings");
      set_number (talk, input, "diary", "limit", ENTRIES);
    }
  else if (wish->title != NULL && should_call (talk, "search_films"))
    {
      json_object_set_string_member (add_call (reply, talk, "search_films"), "title", wish->title);
    }
  else if (seed != NULL && !wish->like && should_call (talk, "film"))
    {
      call_film (reply, talk, seed);
    }
  else if (!wish->diary && (wish->title == NULL || wish->like) && should_call (talk, "recommend")
           && (wish->about_film || talk->must_call))
    {
      if (compares && should_call (talk, "film"))
        call_film (reply, talk, seed);
      call_recommend (reply, talk, seed);
    }
}

/* Where length matters, the first candidates are looked up, once. */
static void
plan_runtimes (RafilmLocalReply *reply, RafilmLocalTalk *talk)
{
  g_autoptr (GPtrArray) candidates = rafilm_local_talk_list_candidates (talk);

  if (!rafilm_local_talk_needs_runtime (talk) || !can_call (talk, "film"))
    return;
  for (guint i = 0; i < candidates->len; i++)
    if (rafilm_local_talk_get_runtime (talk, candidates->pdata[i]) > 0)
      return;
  for (guint i = 0; i < candidates->len && i < MAX_LOOKED_UP; i++)
    call_film (reply, talk, candidates->pdata[i]);
}

static char *
join_texts (JsonArray *array, guint max, gboolean lower)
{
  GString *text = g_string_new (NULL);
  guint count = array != NULL ? MIN (json_array_get_length (array), max) : 0;

  for (guint i = 0; i < count; i++)
    {
      const char *part = json_array_get_string_element (array, i);
      g_autofree char *shown = lower ? g_utf8_strdown (part, -1) : g_strdup (part);

      if (i > 0)
        g_string_append (text, i + 1 == count ? " and " : ", ");
      g_string_append (text, shown);
    }

  return g_string_free (text, FALSE);
}

static char *
get_first_sentence (const char *text)
{
  const char *end = text;

  while ((end = strpbrk (end, ".!?")) != NULL)
    {
      if (end[1] == '\0' || (end[1] == ' ' && end - text > 30))
        return g_strndup (text, (gsize) (end - text) + 1);
      end++;
    }

  return g_strdup (text);
}

/* "1967, Jean-Pierre Melville, 101 minutes. A hired killer …" */
static void
append_reason (GString *text, RafilmLocalTalk *talk, JsonObject *film)
{
  JsonObject *details = g_hash_table_lookup (
      talk->details, GSIZE_TO_POINTER ((gsize) rafilm_local_json_get_int (film, "id", 0)));
  JsonObject *facts = details != NULL ? details : film;
  g_autofree char *directors =
      join_texts (rafilm_local_json_get_array (facts, "directors"), 2, FALSE);
  g_autofree char *genres = join_texts (rafilm_local_json_get_array (facts, "genres"), 2, TRUE);
  const char *overview = rafilm_local_json_get_text (film, "overview");
  g_autofree char *sentence = overview != NULL ? get_first_sentence (overview) : NULL;
  int runtime = rafilm_local_talk_get_runtime (talk, film);
  gint64 year = rafilm_local_json_get_int (facts, "year", 0);

  if (runtime > 0)
    g_string_append_printf (text, "%d minutes", runtime);
  if (genres[0] != '\0')
    g_string_append_printf (text, "%s%s", runtime > 0 ? " of " : "", genres);
  if (directors[0] != '\0')
    g_string_append_printf (text, " by %s", directors);
  if (year > 0)
    g_string_append_printf (text, ", %" G_GINT64_FORMAT, year);
  if (sentence != NULL && sentence[0] != '\0')
    g_string_append_printf (text, ". %s", sentence);
}

static void
append_handle (GString *text, JsonObject *film)
{
  g_string_append_printf (text, "[[tmdb:%" G_GINT64_FORMAT "]]",
                          rafilm_local_json_get_int (film, "id", 0));
}

static void
append_opening (GString *text, RafilmLocalTalk *talk, guint count)
{
  const RafilmLocalWish *wish = talk->wish;
  JsonObject *seed = rafilm_local_talk_get_seed (talk);
  const char *number = count == 1 ? "one film" : count == 2 ? "two films" : "three films";

  if (seed != NULL)
    {
      int runtime = rafilm_local_talk_get_runtime (talk, seed);

      g_string_append (text, "From ");
      append_handle (text, seed);
      if (wish->shorter && runtime > 0)
        g_string_append_printf (text, ", which takes %d minutes, to %s that ask for less:", runtime,
                                number);
      else
        g_string_append_printf (text, " I would go on to %s:", number);
    }
  else if (wish->max_runtime > 0)
    {
      g_string_append_printf (text, "Within %d minutes, I would pick %s:", wish->max_runtime,
                              number);
    }
  else
    {
      g_string_append_printf (text, "For tonight, %s I would put on:", number);
    }
}

static char *
write_suggestions (RafilmLocalTalk *talk)
{
  g_autoptr (GPtrArray) candidates = rafilm_local_talk_list_candidates (talk);
  GString *text = g_string_new (NULL);
  gboolean measured = rafilm_local_talk_needs_runtime (talk) && can_call (talk, "film");
  guint named = 0;

  /* Where length was asked for, a film of unknown length is not named. */
  for (guint i = candidates->len; measured && i > 0; i--)
    if (rafilm_local_talk_get_runtime (talk, candidates->pdata[i - 1]) == 0)
      g_ptr_array_remove_index (candidates, i - 1);
  if (candidates->len == 0)
    {
      g_string_append (text,
                       "Nothing that I can look up fits all of that. Shall I widen it: another "
                       "decade, a longer evening, a neighbouring genre?");
      return g_string_free (text, FALSE);
    }

  append_opening (text, talk, MIN (candidates->len, MAX_NAMED));
  for (; named < candidates->len && named < MAX_NAMED; named++)
    {
      g_string_append (text, "\n\n");
      append_handle (text, candidates->pdata[named]);
      g_string_append (text, " — ");
      append_reason (text, talk, candidates->pdata[named]);
    }

  return g_string_free (text, FALSE);
}

static char *
write_film (RafilmLocalTalk *talk, JsonObject *seed)
{
  GString *text = g_string_new (NULL);

  append_handle (text, seed);
  g_string_append (text, ": ");
  append_reason (text, talk, seed);
  g_string_append (text, "\n\nShall I look for something near it?");

  return g_string_free (text, FALSE);
}

static char *
write_diary (RafilmLocalTalk *talk)
{
  GString *text = g_string_new (NULL);

  if (talk->entries->len == 0)
    g_string_append (text, "Your diary shows nothing there yet.");
  else
    g_string_append (text, "The latest in your diary:");
  for (guint i = 0; i < talk->entries->len; i++)
    {
      JsonObject *entry = talk->entries->pdata[i];
      JsonObject *film = rafilm_local_json_get_object (entry, "film");
      const char *on = rafilm_local_json_get_text (entry, "on");
      gint64 rating = rafilm_local_json_get_int (entry, "rating", 0);

      if (film == NULL)
        continue;
      g_string_append (text, "\n\n");
      append_handle (text, film);
      if (on != NULL)
        g_string_append_printf (text, ", on %s", on);
      if (rating > 0)
        g_string_append_printf (text, ", %g of 5 stars", rating / 2.0);
    }

  return g_string_free (text, FALSE);
}

static char *
write_text (RafilmLocalTalk *talk)
{
  JsonObject *seed = rafilm_local_talk_get_seed (talk);
  gboolean recommended = g_hash_table_contains (talk->called, "recommend");

  if (g_hash_table_contains (talk->called, "diary"))
    return write_diary (talk);
  if (talk->wish->title != NULL && seed == NULL && !recommended)
    return g_strdup_printf (
        "I cannot find a film called “%s”. Do you know its year, or who made it?",
        talk->wish->title);
  if (recommended)
    return write_suggestions (talk);
  if (seed != NULL)
    return write_film (talk, seed);

  return g_strdup ("Tell me a film you loved, a mood, a decade, or how much time you have, and I "
                   "will look for something.");
}

RafilmLocalReply *
rafilm_local_concierge_reply (JsonObject *request)
{
  g_autoptr (RafilmLocalTalk) talk = rafilm_local_talk_new (request);
  RafilmLocalReply *reply;

  if (talk == NULL)
    return NULL;

  reply = reply_new ();
  plan_calls (reply, talk);
  if (reply->calls->len == 0 && g_hash_table_contains (talk->called, "recommend"))
    plan_runtimes (reply, talk);
  if (reply->calls->len == 0)
    reply->text = write_text (talk);

  return reply;
}
