/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-handle.h"
#include "rafilm-message.h"

static RafilmFilm *
make_film (gint64 id, const char *title, const char *release_date)
{
  RafilmFilm *film = rafilm_film_new (id);
  g_auto (RafilmFilmFacts) facts = { 0 };

  facts.title = g_strdup (title);
  facts.release_date = g_strdup (release_date);
  facts.fetched_at = 1;
  rafilm_film_take_facts (film, &facts);

  return film;
}

static void
test_handle (void)
{
  g_autofree char *handle = rafilm_handle_dup (949);
  gint64 film;

  g_assert_cmpstr (handle, ==, "[[tmdb:949]]");
  g_assert_cmpuint (rafilm_handle_read (handle, &film), ==, 12);
  g_assert_cmpint (film, ==, 949);
  g_assert_cmpuint (rafilm_handle_read ("[[tmdb:949]] and more", &film), ==, 12);
  g_assert_cmpint (film, ==, 949);

  g_assert_cmpuint (rafilm_handle_read ("[[tmdb:949", &film), ==, 0);
  g_assert_cmpuint (rafilm_handle_read ("[[tmdb:949\n]]", &film), ==, 0);
  g_assert_cmpuint (rafilm_handle_read ("[[Heat]]", &film), ==, 8);
  g_assert_cmpint (film, ==, 0);
  for (const char *const *bad =
           (const char *const[]) { "[[tmdb:]]", "[[tmdb:0]]", "[[tmdb:007]]", "[[tmdb:-1]]",
                                   "[[tmdb:99999999999]]", "[[TMDB:1]]", "[[tmdb:1 ]]", NULL };
       *bad != NULL; bad++)
    {
      g_assert_cmpuint (rafilm_handle_read (*bad, &film), ==, strlen (*bad));
      g_assert_cmpint (film, ==, 0);
    }
}

static void
test_may_grow (void)
{
  g_autofree char *filling = g_strnfill (100, 'x');
  g_autofree char *endless = g_strconcat ("[[", filling, NULL);

  g_assert_true (rafilm_handle_may_grow ("["));
  g_assert_true (rafilm_handle_may_grow ("[["));
  g_assert_true (rafilm_handle_may_grow ("[[tmdb:94"));
  g_assert_true (rafilm_handle_may_grow ("[[tmdb:949]"));
  g_assert_false (rafilm_handle_may_grow ("[x"));
  g_assert_false (rafilm_handle_may_grow ("[[a\nb"));
  g_assert_false (rafilm_handle_may_grow ("[[tmdb:949]]"));
  g_assert_false (rafilm_handle_may_grow (endless));
}

static void
assert_segment (GPtrArray *segments, guint i, const char *text, gint64 film)
{
  const RafilmMessageSegment *segment;

  g_assert_cmpuint (i, <, segments->len);
  segment = g_ptr_array_index (segments, i);
  g_assert_cmpstr (segment->text, ==, text);
  g_assert_cmpint (segment->film != NULL ? rafilm_film_get_id (segment->film) : 0, ==, film);
}

static void
test_segments (void)
{
  g_autoptr (RafilmMessage) message = rafilm_message_new (NULL, RAFILM_MESSAGE_ASSISTANT, 1);
  g_autoptr (RafilmFilm) heat = make_film (949, "Heat", "1995-12-15");
  g_autoptr (RafilmFilm) thief = make_film (11524, "Thief", NULL);
  g_autoptr (GPtrArray) segments = NULL;
  g_autofree char *plain = NULL;

  rafilm_message_add_film (message, heat);
  rafilm_message_add_film (message, heat);
  rafilm_message_add_film (message, thief);
  g_assert_cmpuint (g_list_model_get_n_items (rafilm_message_get_films (message)), ==, 2);

  rafilm_message_append_text (message, "[[tmdb:949]], then ");
  rafilm_message_append_text (message, "[[tmdb:11524]]; not [[tmdb:5]]. [[");
  segments = rafilm_message_dup_segments (message);
  g_assert_cmpuint (segments->len, ==, 5);
  assert_segment (segments, 0, NULL, 949);
  assert_segment (segments, 1, ", then ", 0);
  assert_segment (segments, 2, NULL, 11524);
  assert_segment (segments, 3, "; not ", 0);
  assert_segment (segments, 4, ". [[", 0);

  plain = rafilm_message_dup_plain_text (message);
  g_assert_cmpstr (plain, ==, "Heat (1995), then Thief; not . [[");
}

/* A person who types a handle sees what was typed. */
static void
test_user_text (void)
{
  g_autoptr (RafilmMessage) message = rafilm_message_new ("m", RAFILM_MESSAGE_USER, 1);
  g_autoptr (GPtrArray) segments = NULL;

  rafilm_message_append_text (message, "what is [[tmdb:949]]?");
  segments = rafilm_message_dup_segments (message);
  g_assert_cmpuint (segments->len, ==, 1);
  assert_segment (segments, 0, "what is [[tmdb:949]]?", 0);
  g_assert_cmpint (rafilm_message_get_state (message), ==, RAFILM_MESSAGE_DONE);
  g_assert_cmpstr (rafilm_message_get_id (message), ==, "m");
}

static void
count_cb (GObject *object, GParamSpec *pspec, guint *count)
{
  (*count)++;
}

static void
test_notify (void)
{
  g_autoptr (RafilmMessage) message = rafilm_message_new (NULL, RAFILM_MESSAGE_ASSISTANT, 1);
  guint texts = 0;
  guint states = 0;

  g_signal_connect (message, "notify::text", G_CALLBACK (count_cb), &texts);
  g_signal_connect (message, "notify::state", G_CALLBACK (count_cb), &states);
  g_assert_cmpint (rafilm_message_get_state (message), ==, RAFILM_MESSAGE_STREAMING);

  rafilm_message_append_text (message, "a");
  rafilm_message_append_text (message, "");
  rafilm_message_append_text (message, "b");
  g_assert_cmpuint (texts, ==, 2);
  g_assert_cmpstr (rafilm_message_get_text (message), ==, "ab");

  rafilm_message_finish (message, RAFILM_MESSAGE_FAILED, "Sorry");
  rafilm_message_finish (message, RAFILM_MESSAGE_FAILED, "Sorry");
  g_assert_cmpuint (states, ==, 1);
  g_assert_cmpstr (rafilm_message_get_error (message), ==, "Sorry");

  rafilm_message_reset (message, RAFILM_MESSAGE_DEVICE);
  g_assert_cmpstr (rafilm_message_get_text (message), ==, "");
  g_assert_null (rafilm_message_get_error (message));
  g_assert_cmpint (rafilm_message_get_state (message), ==, RAFILM_MESSAGE_STREAMING);
  g_assert_cmpint (rafilm_message_get_source (message), ==, RAFILM_MESSAGE_DEVICE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chat/message/handle", test_handle);
  g_test_add_func ("/chat/message/may-grow", test_may_grow);
  g_test_add_func ("/chat/message/segments", test_segments);
  g_test_add_func ("/chat/message/user-text", test_user_text);
  g_test_add_func ("/chat/message/notify", test_notify);

  return g_test_run ();
}
