/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-converse.h"
#include "rafilm-local-http.h"
#include "rafilm-local-wish.h"

#include "rafilm-test.h"

#include <zlib.h>

/* An independent decoder of the event stream: zlib's CRC, and the format as Smithy has it. */

typedef struct
{
  char *event_type;
  JsonObject *payload;
} Event;

static void
event_free (gpointer data)
{
  Event *event = data;

  g_free (event->event_type);
  g_clear_pointer (&event->payload, json_object_unref);
  g_free (event);
}

static guint32
read_u32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | (guint32) data[1] << 16 | (guint32) data[2] << 8 | data[3];
}

static Event *
decode_frame (GBytes *frame)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (frame, &size);
  guint32 headers_size;
  gsize at = 12;
  Event *event = g_new0 (Event, 1);
  g_autoptr (GBytes) payload = NULL;

  g_assert_cmpuint (read_u32 (data), ==, size);
  headers_size = read_u32 (data + 4);
  g_assert_cmpuint (read_u32 (data + 8), ==, crc32 (0, data, 8));
  g_assert_cmpuint (read_u32 (data + size - 4), ==, crc32 (0, data, (uInt) size - 4));
  while (at < 12 + headers_size)
    {
      guint name_size = data[at];
      g_autofree char *name = g_strndup ((const char *) data + at + 1, name_size);
      guint value_size;
      g_autofree char *value = NULL;

      at += 1 + name_size;
      g_assert_cmpuint (data[at], ==, 7);
      value_size = (guint) data[at + 1] << 8 | data[at + 2];
      value = g_strndup ((const char *) data + at + 3, value_size);
      at += 3 + value_size;
      if (g_str_has_suffix (name, "-type") && g_str_has_prefix (name, ":e"))
        event->event_type = g_steal_pointer (&value);
    }
  g_assert_cmpuint (at, ==, 12 + headers_size);
  payload = g_bytes_new (data + at, size - at - 4);
  event->payload = rafilm_local_json_parse (payload);
  g_assert_nonnull (event->payload);
  g_assert_nonnull (rafilm_local_json_get_text (event->payload, "p"));

  return event;
}

/* Puts a streamed answer together as a client must: tool input is parsed when its block ends. */
static char *
assemble (GPtrArray *frames, JsonArray *ret_uses)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) input = g_string_new (NULL);
  g_autoptr (JsonObject) use = NULL;
  const char *last = NULL;

  for (guint i = 0; i < frames->len; i++)
    {
      Event *event = decode_frame (frames->pdata[i]);
      JsonObject *delta = rafilm_local_json_get_object (event->payload, "delta");

      if (i == 0)
        g_assert_cmpstr (event->event_type, ==, "messageStart");
      if (strcmp (event->event_type, "contentBlockStart") == 0)
        {
          use = json_object_ref (rafilm_local_json_get_object (
              rafilm_local_json_get_object (event->payload, "start"), "toolUse"));
          g_string_truncate (input, 0);
        }
      if (delta != NULL && rafilm_local_json_get_text (delta, "text") != NULL)
        {
          g_assert_null (use);
          g_string_append (text, rafilm_local_json_get_text (delta, "text"));
        }
      else if (delta != NULL)
        {
          g_assert_nonnull (use);
          g_string_append (input, rafilm_local_json_get_text (
                                      rafilm_local_json_get_object (delta, "toolUse"), "input"));
        }
      if (strcmp (event->event_type, "contentBlockStop") == 0 && use != NULL)
        {
          g_autoptr (GBytes) bytes = g_bytes_new (input->str, input->len);
          JsonObject *parsed = rafilm_local_json_parse (bytes);

          g_assert_nonnull (parsed);
          json_object_set_object_member (use, "input", parsed);
          json_array_add_object_element (ret_uses, g_steal_pointer (&use));
        }
      if (i + 2 == frames->len)
        g_assert_cmpstr (event->event_type, ==, "messageStop");
      if (i + 1 == frames->len)
        g_assert_cmpstr (event->event_type, ==, "metadata");
      last =
          i + 2 == frames->len ? rafilm_local_json_get_text (event->payload, "stopReason") : last;
      if (i + 2 == frames->len)
        g_assert_cmpstr (last, ==, json_array_get_length (ret_uses) > 0 ? "tool_use" : "end_turn");
      event_free (event);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static JsonObject *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  JsonObject *object = rafilm_local_json_parse (bytes);

  g_assert_nonnull (object);

  return object;
}

static const char tools_json[] =
    "{\"tools\":["
    "{\"toolSpec\":{\"name\":\"search_films\",\"inputSchema\":{\"json\":{\"type\":\"object\","
    "\"properties\":{\"title\":{\"type\":\"string\"},\"year\":{\"type\":\"integer\"}}}}}},"
    "{\"toolSpec\":{\"name\":\"recommend\",\"inputSchema\":{\"json\":{\"type\":\"object\","
    "\"properties\":{\"genre\":{},\"year_from\":{},\"year_to\":{},\"limit\":{}}}}}},"
    "{\"toolSpec\":{\"name\":\"film\",\"inputSchema\":{\"json\":{\"type\":\"object\","
    "\"properties\":{\"id\":{\"type\":\"integer\"}}}}}}]}";

static JsonObject *
ask (const char *question)
{
  JsonObject *request = json_object_new ();
  g_autofree char *text =
      g_strdup_printf ("{\"role\":\"user\",\"content\":[{\"text\":\"%s\"}]}", question);
  JsonArray *messages = json_array_new ();

  json_array_add_object_element (messages, parse (text));
  json_object_set_array_member (request, "messages", messages);
  json_object_set_object_member (request, "toolConfig", parse (tools_json));

  return request;
}

/* The catalogue of this test: Heat, a shorter and a longer crime film. */
static JsonObject *
run_tool (JsonObject *use)
{
  const char *name = rafilm_local_json_get_text (use, "name");
  JsonObject *input = rafilm_local_json_get_object (use, "input");
  static const char *const films[] = {
    "{\"film\":{\"id\":949,\"title\":\"Heat\",\"year\":1995,\"runtime\":170,\"genres\":[\"Crime\"],"
    "\"directors\":[\"Michael Mann\"],\"overview\":\"A thief and a policeman.\"}}",
    "{\"film\":{\"id\":11,\"title\":\"Short\",\"year\":1967,\"runtime\":101,\"genres\":[\"Crime\"],"
    "\"directors\":[\"Jean-Pierre Melville\"],\"overview\":\"A killer keeps a bird.\"}}",
    "{\"film\":{\"id\":12,\"title\":\"Long\",\"year\":1972,\"runtime\":175,\"genres\":[\"Crime\"],"
    "\"directors\":[\"Somebody\"],\"overview\":\"A family.\"}}",
  };

  if (strcmp (name, "search_films") == 0)
    {
      g_assert_cmpstr (rafilm_local_json_get_text (input, "title"), ==, "Heat");
      return parse ("{\"films\":[{\"id\":1,\"title\":\"White Heat\",\"year\":1949},"
                    "{\"id\":949,\"title\":\"Heat\",\"year\":1995,\"genres\":[\"Crime\"]}]}");
    }
  if (strcmp (name, "recommend") == 0)
    {
      g_assert_cmpstr (rafilm_local_json_get_text (input, "genre"), ==, "Crime");
      return parse ("{\"films\":[{\"id\":12,\"title\":\"Long\",\"year\":1972},"
                    "{\"id\":949,\"title\":\"Heat\",\"year\":1995},"
                    "{\"id\":11,\"title\":\"Short\",\"year\":1967,\"overview\":\"A killer keeps a "
                    "bird.\"}]}");
    }
  g_assert_cmpstr (name, ==, "film");
  switch (rafilm_local_json_get_int (input, "id", 0))
    {
    case 949:
      return parse (films[0]);
    case 11:
      return parse (films[1]);
    default:
      return parse (films[2]);
    }
}

/* Adds the assistant's turn and the results, as the chat worker does. */
static void
answer_calls (JsonObject *request, JsonArray *uses)
{
  JsonArray *messages = json_object_get_array_member (request, "messages");
  JsonObject *assistant = parse ("{\"role\":\"assistant\",\"content\":[]}");
  JsonObject *user = parse ("{\"role\":\"user\",\"content\":[]}");

  for (guint i = 0; i < json_array_get_length (uses); i++)
    {
      JsonObject *use = json_array_get_object_element (uses, i);
      JsonObject *block = json_object_new ();
      JsonObject *result_block = json_object_new ();
      JsonObject *result = json_object_new ();
      JsonArray *content = json_array_new ();
      JsonObject *part = json_object_new ();

      json_object_set_object_member (block, "toolUse", json_object_ref (use));
      json_array_add_object_element (json_object_get_array_member (assistant, "content"), block);
      json_object_set_object_member (part, "json", run_tool (use));
      json_array_add_object_element (content, part);
      json_object_set_string_member (result, "toolUseId",
                                     rafilm_local_json_get_text (use, "toolUseId"));
      json_object_set_array_member (result, "content", content);
      json_object_set_object_member (result_block, "toolResult", result);
      json_array_add_object_element (json_object_get_array_member (user, "content"), result_block);
    }
  json_array_add_object_element (messages, assistant);
  json_array_add_object_element (messages, user);
}

static char *
converse (const char *question, guint *ret_rounds)
{
  g_autoptr (JsonObject) request = ask (question);

  for (*ret_rounds = 1; *ret_rounds < 8; (*ret_rounds)++)
    {
      g_autoptr (RafilmLocalReply) reply = rafilm_local_concierge_reply (request);
      g_autoptr (GPtrArray) frames = rafilm_local_converse_make_frames (reply, 0);
      g_autoptr (JsonArray) uses = json_array_new ();
      g_autofree char *text = assemble (frames, uses);

      if (json_array_get_length (uses) == 0)
        {
          g_assert_cmpstr (text, ==, reply->text);
          return g_steal_pointer (&text);
        }
      answer_calls (request, uses);
    }
  g_assert_not_reached ();
}

static void
test_shorter (void)
{
  guint rounds = 0;
  g_autofree char *text = converse ("Something like Heat, but shorter", &rounds);
  g_autofree char *again = converse ("Something like Heat, but shorter", &rounds);

  g_assert_cmpuint (rounds, <=, 5);
  g_assert_cmpstr (text, ==, again);
  g_assert_nonnull (strstr (text, "[[tmdb:11]]"));
  g_assert_null (strstr (text, "[[tmdb:12]]"));
  g_assert_nonnull (strstr (text, "101 minutes"));
  g_assert_nonnull (strstr (text, "Jean-Pierre Melville"));
}

static void
test_named_film (void)
{
  guint rounds = 0;
  g_autofree char *text = converse ("What do you think about Heat?", &rounds);

  g_assert_nonnull (strstr (text, "[[tmdb:949]]"));
  g_assert_nonnull (strstr (text, "Michael Mann"));
  g_assert_null (strstr (text, "[[tmdb:11]]"));
}

static void
test_small_talk (void)
{
  guint rounds = 0;
  g_autofree char *text = converse ("Hello there", &rounds);

  g_assert_cmpuint (rounds, ==, 1);
  g_assert_null (strstr (text, "[["));
}

static void
test_max_tokens (void)
{
  g_autoptr (JsonObject) request = ask ("Hello there");
  g_autoptr (RafilmLocalReply) reply = rafilm_local_concierge_reply (request);
  g_autoptr (GPtrArray) frames = rafilm_local_converse_make_frames (reply, 4);
  Event *stop = decode_frame (frames->pdata[frames->len - 2]);

  g_assert_cmpuint (frames->len, ==, 1 + 4 + 1 + 2);
  g_assert_cmpstr (rafilm_local_json_get_text (stop->payload, "stopReason"), ==, "max_tokens");
  event_free (stop);
}

static void
test_wishes (void)
{
  g_autoptr (RafilmLocalWish) noir = rafilm_local_wish_new ("a French crime film from the 1960s");
  g_autoptr (RafilmLocalWish) brief = rafilm_local_wish_new ("a comedy under 100 minutes, please");
  g_autoptr (RafilmLocalWish) hours = rafilm_local_wish_new ("any thriller, less than two hours");
  g_autoptr (RafilmLocalWish) like =
      rafilm_local_wish_new ("I loved \"In the Mood for Love\" - something similar?");
  g_autoptr (RafilmLocalWish) mine = rafilm_local_wish_new ("What did I watch last?");

  g_assert_cmpstr (noir->genre, ==, "Crime");
  g_assert_cmpstr (noir->language, ==, "fr");
  g_assert_cmpint (noir->min_year, ==, 1960);
  g_assert_cmpint (noir->max_year, ==, 1969);
  g_assert_null (noir->title);
  g_assert_cmpint (brief->max_runtime, ==, 100);
  g_assert_cmpstr (brief->genre, ==, "Comedy");
  g_assert_cmpint (hours->max_runtime, ==, 120);
  g_assert_cmpstr (like->title, ==, "In the Mood for Love");
  g_assert_true (like->like);
  g_assert_true (mine->diary);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/local/bedrock/shorter", test_shorter);
  g_test_add_func ("/local/bedrock/named-film", test_named_film);
  g_test_add_func ("/local/bedrock/small-talk", test_small_talk);
  g_test_add_func ("/local/bedrock/max-tokens", test_max_tokens);
  g_test_add_func ("/local/bedrock/wishes", test_wishes);

  return g_test_run ();
}
