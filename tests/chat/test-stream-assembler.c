/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-handle.h"
#include "rafilm-stream-assembler.h"
#include "rafilm-test.h"

/* A message of the service. */
static JsonObject *
make_message (const char *type, gint64 seq, const char *name, const char *text)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "t", type);
  json_object_set_string_member (object, "id", "m_1");
  json_object_set_int_member (object, "seq", seq);
  if (name != NULL)
    json_object_set_string_member (object, name, text);

  return object;
}

static JsonObject *
make_film (gint64 seq, gint64 id)
{
  JsonObject *object = make_message ("chat.film", seq, NULL, NULL);
  JsonObject *film = json_object_new ();

  json_object_set_int_member (film, "id", id);
  json_object_set_string_member (film, "title", "Film");
  json_object_set_object_member (object, "film", film);

  return object;
}

/* What came out: text, and films as "<id>", the end as "!". Checks what always holds. */
typedef struct
{
  GString *all;
  GString *text;
  GHashTable *films;
  gboolean ended;
} Sink;

static void
sink_init (Sink *sink)
{
  *sink = (Sink) { .all = g_string_new (NULL),
                   .text = g_string_new (NULL),
                   .films = g_hash_table_new (NULL, NULL) };
}

static void
sink_clear (Sink *sink)
{
  g_string_free (sink->all, TRUE);
  g_string_free (sink->text, TRUE);
  g_hash_table_unref (sink->films);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sink, sink_clear)

/* Read by a regular expression, so by other code than what is tested. */
static void
assert_named_films_came (Sink *sink, const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new ("\\[\\[tmdb:([0-9]+)\\]\\]", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_regex_match (regex, text, 0, &match);
  while (g_match_info_matches (match))
    {
      g_autofree char *id = g_match_info_fetch (match, 1);

      g_assert_true (
          g_hash_table_contains (sink->films, GINT_TO_POINTER (g_ascii_strtoll (id, NULL, 10))));
      g_match_info_next (match, NULL);
    }
}

static void
drain (RafilmStreamAssembler *assembler, Sink *sink, gint64 now)
{
  while (TRUE)
    {
      g_autoptr (RafilmStreamEvent) event = rafilm_stream_assembler_pop (assembler, now);

      if (event == NULL)
        return;
      g_assert_false (sink->ended);
      if (event->kind == RAFILM_STREAM_TEXT)
        {
          g_assert_true (g_utf8_validate (event->text, -1, NULL));
          g_string_append (sink->all, event->text);
          g_string_append (sink->text, event->text);
          assert_named_films_came (sink, sink->text->str);
        }
      else if (event->kind == RAFILM_STREAM_FILM)
        {
          gint64 id = rafilm_film_get_id (event->film);

          g_assert_true (g_hash_table_add (sink->films, GINT_TO_POINTER (id)));
          g_string_append_printf (sink->all, "<%d>", (int) id);
        }
      else
        {
          g_string_append (sink->all, event->kind == RAFILM_STREAM_DONE      ? "!"
                                      : event->kind == RAFILM_STREAM_STOPPED ? "#"
                                                                             : "?");
          if (event->kind == RAFILM_STREAM_ERROR)
            g_string_append (sink->all, event->text);
          sink->ended = TRUE;
        }
    }
}

static gboolean
take (RafilmStreamAssembler *assembler, JsonObject *message, gint64 now)
{
  gboolean taken = rafilm_stream_assembler_take (assembler, message, now);

  json_object_unref (message);

  return taken;
}

static void
test_in_order (void)
{
  g_autoptr (RafilmStreamAssembler) assembler = rafilm_stream_assembler_new ();
  g_auto (Sink) sink = { 0 };

  sink_init (&sink);
  g_assert_true (take (assembler, make_film (1, 949), 0));
  g_assert_true (take (assembler, make_message ("chat.delta", 2, "text", "Try [[tm"), 0));
  drain (assembler, &sink, 0);
  g_assert_cmpstr (sink.all->str, ==, "<949>Try ");
  g_assert_true (take (assembler, make_message ("chat.delta", 3, "text", "db:949]"), 0));
  drain (assembler, &sink, 0);
  g_assert_cmpstr (sink.all->str, ==, "<949>Try ");
  g_assert_true (take (assembler, make_message ("chat.delta", 4, "text", "] or [this]."), 0));
  g_assert_true (take (assembler, make_message ("chat.done", 5, "stop", "end_turn"), 0));
  g_assert_false (take (assembler, make_message ("chat.delta", 6, "text", "late"), 0));
  drain (assembler, &sink, 0);
  g_assert_cmpstr (sink.all->str, ==, "<949>Try [[tmdb:949]] or [this].!");
  g_assert_cmpint (rafilm_stream_assembler_get_deadline (assembler), ==, G_MAXINT64);
}

static void
test_unknown_handles (void)
{
  g_autoptr (RafilmStreamAssembler) assembler = rafilm_stream_assembler_new ();
  g_auto (Sink) sink = { 0 };

  sink_init (&sink);
  take (assembler, make_film (1, 949), 0);
  take (
      assembler,
      make_message ("chat.delta", 2, "text", "See [[tmdb:1]] and [[Heat]] or [[tmdb:949]][[tmdb:"),
      0);
  take (assembler, make_message ("chat.done", 3, "stop", "end_turn"), 0);
  drain (assembler, &sink, 0);
  g_assert_cmpstr (sink.all->str, ==, "<949>See and or [[tmdb:949]]!");
  g_assert_cmpuint (rafilm_stream_assembler_get_dropped (assembler), ==, 3);
}

/* A handle inside of what is too long for one: what is left must not become a handle itself. */
static void
test_made_of_halves (void)
{
  g_autoptr (RafilmStreamAssembler) assembler = rafilm_stream_assembler_new ();
  g_autofree char *inside = g_strnfill (56, 'x');
  g_autofree char *text = g_strconcat ("[[tmdb:44[[", inside, "]]]] [[a\nb [[[tmdb:949]]", NULL);
  g_auto (Sink) sink = { 0 };

  sink_init (&sink);
  take (assembler, make_film (1, 949), 0);
  take (assembler, make_message ("chat.delta", 2, "text", text), 0);
  take (assembler, make_message ("chat.delta", 3, "text", " [[[tmdb:949]] [[[tmdb:949"), 0);
  take (assembler, make_message ("chat.done", 4, "stop", "end_turn"), 0);
  drain (assembler, &sink, 0);
  g_assert_true (g_str_has_prefix (sink.all->str, "<949>[ [tmdb:44]]"));
}

static void
test_gap (void)
{
  g_autoptr (RafilmStreamAssembler) assembler = rafilm_stream_assembler_new ();
  g_auto (Sink) sink = { 0 };

  sink_init (&sink);
  take (assembler, make_message ("chat.delta", 1, "text", "One [[tmdb:9"), 100);
  take (assembler, make_message ("chat.delta", 3, "text", "three"), 100);
  take (assembler, make_message ("chat.done", 4, "stop", "max_tokens"), 200);
  g_assert_cmpint (rafilm_stream_assembler_get_deadline (assembler), ==,
                   100 + RAFILM_STREAM_GAP_MSEC);
  drain (assembler, &sink, 99 + RAFILM_STREAM_GAP_MSEC);
  g_assert_cmpstr (sink.all->str, ==, "One ");
  drain (assembler, &sink, 100 + RAFILM_STREAM_GAP_MSEC);
  g_assert_cmpstr (sink.all->str, ==, "One  … three#");
  g_assert_cmpuint (rafilm_stream_assembler_get_gaps (assembler), ==, 1);
  g_assert_cmpuint (rafilm_stream_assembler_get_dropped (assembler), ==, 1);
}

static void
test_error (void)
{
  g_autoptr (RafilmStreamAssembler) first = rafilm_stream_assembler_new ();
  g_autoptr (RafilmStreamAssembler) second = rafilm_stream_assembler_new ();
  g_auto (Sink) numbered = { 0 };
  g_auto (Sink) bare = { 0 };
  JsonObject *message = make_message ("chat.error", 1, "code", "quota");

  sink_init (&numbered);
  sink_init (&bare);
  take (first, make_message ("chat.error", 2, "code", "busy"), 0);
  drain (first, &numbered, 0);
  g_assert_cmpstr (numbered.all->str, ==, "");
  take (first, make_message ("chat.delta", 1, "text", "Well"), 0);
  drain (first, &numbered, 0);
  g_assert_cmpstr (numbered.all->str, ==, "Well?busy");

  json_object_remove_member (message, "seq");
  g_assert_true (take (second, message, 0));
  drain (second, &bare, 0);
  g_assert_cmpstr (bare.all->str, ==, "?quota");
}

/* Numbers that begin with 0, messages of wrong types, and what is too much. */
static void
test_odd_messages (void)
{
  g_autoptr (RafilmStreamAssembler) assembler = rafilm_stream_assembler_new ();
  g_auto (Sink) sink = { 0 };
  g_autofree char *huge = g_strnfill (RAFILM_STREAM_MAX_PART + 1, 'x');
  g_autofree char *large = g_strnfill (RAFILM_STREAM_MAX_PART, 'y');
  JsonObject *no_text = make_message ("chat.delta", 3, NULL, NULL);

  sink_init (&sink);
  g_assert_true (take (assembler, make_message ("chat.delta", 0, "text", "a\tb\a\r\n"), 0));
  g_assert_false (take (assembler, make_message ("chat.delta", 0, "text", "again"), 0));
  g_assert_false (take (assembler, make_message ("sync.changed", 1, NULL, NULL), 0));
  g_assert_false (take (assembler, make_message ("chat.delta", -1, "text", "minus"), 0));
  g_assert_false (take (assembler, make_message ("chat.delta", G_MAXINT64, "text", "far"), 0));
  g_assert_true (take (assembler, make_message ("chat.film", 1, "film", "no object"), 0));
  g_assert_true (take (assembler, make_message ("chat.delta", 2, "text", huge), 0));
  json_object_set_int_member (no_text, "text", 4);
  g_assert_true (take (assembler, no_text, 0));
  drain (assembler, &sink, 0);
  g_assert_cmpstr (sink.all->str, ==, "a b\n");

  for (int i = 4; i < 8; i++)
    take (assembler, make_message ("chat.delta", i, "text", large), 0);
  drain (assembler, &sink, 0);
  g_assert_true (sink.ended);
  g_assert_cmpuint (sink.text->len, <=, RAFILM_STREAM_MAX_TEXT);
}

/* Numbers far ahead wait, but not without bound. */
static void
test_waiting_is_bounded (void)
{
  g_autoptr (RafilmStreamAssembler) assembler = rafilm_stream_assembler_new ();
  guint taken = 0;

  for (int i = 2; i < 5000; i++)
    taken += take (assembler, make_message ("chat.delta", i, "text", "x"), 0) ? 1 : 0;
  g_assert_cmpuint (taken, ==, RAFILM_STREAM_MAX_WAITING);
}

/* ---- Random streams ---- */

/* Cuts @text anywhere between characters into numbered messages, after those of its films. */
static GPtrArray *
make_stream (GRand *rand, const char *text, guint n_films)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  gint64 seq = 1;

  for (guint i = 1; i <= n_films; i++)
    g_ptr_array_add (messages, make_film (seq++, i));
  while (*text != '\0')
    {
      glong length = g_rand_int_range (rand, 1, 12);
      const char *until = text;
      g_autofree char *piece = NULL;

      while (length-- > 0 && *until != '\0')
        until = g_utf8_next_char (until);
      piece = g_strndup (text, (gsize) (until - text));
      g_ptr_array_add (messages, make_message ("chat.delta", seq++, "text", piece));
      text = until;
    }
  g_ptr_array_add (messages, make_message ("chat.done", seq, "stop", "end_turn"));

  return messages;
}

/* Plays messages in a random order, some twice, each lost with a chance of @loss per cent. */
static void
play (GRand *rand, RafilmStreamAssembler *assembler, GPtrArray *messages, int loss, Sink *sink)
{
  guint n = messages->len * 2;
  g_autofree guint *order = g_new (guint, n);
  gint64 now = 0;

  for (guint i = 0; i < n; i++)
    order[i] = i % messages->len;
  for (guint i = n - 1; i > 0; i--)
    {
      guint j = (guint) g_rand_int_range (rand, 0, (gint32) i + 1);
      guint swap = order[i];

      order[i] = order[j];
      order[j] = swap;
    }
  for (guint i = 0; i < n; i++)
    {
      if (g_rand_int_range (rand, 0, 100) < loss)
        continue;
      now += g_rand_int_range (rand, 0, loss > 0 ? 4000 : 10);
      rafilm_stream_assembler_take (assembler, g_ptr_array_index (messages, order[i]), now);
      if (g_rand_boolean (rand))
        drain (assembler, sink, now);
    }
  drain (assembler, sink, now);
  drain (assembler, sink, now + RAFILM_STREAM_GAP_MSEC * 1000);
}

/* Whatever the order, the text comes out as it was, less the handles of unknown films. */
static void
test_random_order (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());

  for (int round = 0; round < 300; round++)
    {
      g_autoptr (RafilmStreamAssembler) assembler = rafilm_stream_assembler_new ();
      g_autoptr (GString) sent = g_string_new (NULL);
      g_autoptr (GString) expected = g_string_new (NULL);
      g_autoptr (GPtrArray) messages = NULL;
      g_auto (Sink) sink = { 0 };
      guint n_films = (guint) g_rand_int_range (rand, 0, 6);
      guint dropped = 0;

      sink_init (&sink);
      for (int i = 0; i < 30; i++)
        {
          guint film = (guint) g_rand_int_range (rand, 1, 9);

          switch (g_rand_int_range (rand, 0, 4))
            {
            case 0:
              g_string_append (sent, "Müllers Büro, ");
              g_string_append (expected, "Müllers Büro, ");
              break;
            case 1:
              g_string_append (sent, "a[i] 映画");
              g_string_append (expected, "a[i] 映画");
              break;
            case 2:
              g_string_append_printf (sent, "[[tmdb:%u]]x", film);
              if (film <= n_films)
                g_string_append_printf (expected, "[[tmdb:%u]]x", film);
              else
                g_string_append_c (expected, 'x');
              dropped += film > n_films ? 1 : 0;
              break;
            default:
              g_string_append (sent, "[[imdb:tt0113277]]y\n");
              g_string_append (expected, "y\n");
              dropped++;
              break;
            }
        }

      messages = make_stream (rand, sent->str, n_films);
      play (rand, assembler, messages, 0, &sink);
      g_assert_true (sink.ended);
      g_assert_cmpstr (sink.text->str, ==, expected->str);
      g_assert_cmpuint (rafilm_stream_assembler_get_dropped (assembler), ==, dropped);
      g_assert_cmpuint (rafilm_stream_assembler_get_gaps (assembler), ==, 0);
      g_assert_cmpuint (g_hash_table_size (sink.films), ==, n_films);
    }
}

/* Noise made of what handles are made of, with losses: no film is named that did not come. */
static void
test_random_noise (void)
{
  static const char *const pieces[] = { "[",          "[[",          "]",        "]]",
                                        "tmdb:",      "[[tmdb:",     "1",        "2",
                                        "33",         " ",           "\n",       "é",
                                        "0",          "x",           "[ [",      ":",
                                        "[[tmdb:1]]", "[[tmdb:44]]", "\xe2\x80", "longer words " };
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());

  for (int round = 0; round < 1000; round++)
    {
      g_autoptr (RafilmStreamAssembler) assembler = rafilm_stream_assembler_new ();
      g_autoptr (GPtrArray) messages =
          g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
      g_auto (Sink) sink = { 0 };
      gint64 seq = 1;

      sink_init (&sink);
      for (int i = 0; i < 40; i++)
        {
          g_autoptr (GString) text = g_string_new (NULL);

          for (int j = g_rand_int_range (rand, 0, 8); j > 0; j--)
            g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
          if (g_rand_int_range (rand, 0, 10) == 0)
            g_ptr_array_add (messages, make_film (seq++, g_rand_int_range (rand, 1, 50)));
          else
            g_ptr_array_add (messages, make_message ("chat.delta", seq++, "text", text->str));
        }
      play (rand, assembler, messages, g_rand_int_range (rand, 0, 60), &sink);
    }
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/chat/stream-assembler/in-order", test_in_order);
  g_test_add_func ("/chat/stream-assembler/unknown-handles", test_unknown_handles);
  g_test_add_func ("/chat/stream-assembler/made-of-halves", test_made_of_halves);
  g_test_add_func ("/chat/stream-assembler/gap", test_gap);
  g_test_add_func ("/chat/stream-assembler/error", test_error);
  g_test_add_func ("/chat/stream-assembler/odd-messages", test_odd_messages);
  g_test_add_func ("/chat/stream-assembler/waiting-is-bounded", test_waiting_is_bounded);
  g_test_add_func ("/chat/stream-assembler/random-order", test_random_order);
  g_test_add_func ("/chat/stream-assembler/random-noise", test_random_noise);

  return g_test_run ();
}
