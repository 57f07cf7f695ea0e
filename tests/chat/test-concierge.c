/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "rafilm-chat-test.h"

typedef struct
{
  RafilmStore *store;
  RafilmConcierge *concierge;
  RafilmMessage *message; /* the newest answer */
} World;

static void
world_init (World *world)
{
  g_autoptr (RafilmRecommender) recommender = NULL;

  world->store = rafilm_chat_test_open_sample ();
  recommender = rafilm_recommender_new (world->store, NULL);
  world->concierge = rafilm_concierge_new (world->store, recommender);
  rafilm_concierge_set_seed (world->concierge, 1);
}

static void
world_clear (World *world)
{
  g_clear_object (&world->message);
  g_assert_finalize_object (g_steal_pointer (&world->concierge));
  g_clear_object (&world->store);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (World, world_clear)

/* Asks, checks what always holds, and returns the text of the answer. */
static const char *
ask (World *world, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&world->message);
  world->message = rafilm_message_new (NULL, RAFILM_MESSAGE_ASSISTANT, 1);
  dex_await (rafilm_concierge_answer (world->concierge, text, world->message), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rafilm_message_get_text (world->message), !=, "");
  rafilm_chat_test_check_films (world->store, world->message);

  return rafilm_message_get_text (world->message);
}

#define assert_answer(world, question, answer)                                                     \
  g_assert_cmpstr (ask ((world), (question)), ==, (answer))

#define assert_has(world, question, part)                                                          \
  G_STMT_START                                                                                     \
  {                                                                                                \
    const char *_text = ask ((world), (question));                                                 \
    if (strstr (_text, (part)) == NULL)                                                            \
      g_error ("“%s” is not in the answer to “%s”: %s", (part), (question), _text);                \
  }                                                                                                \
  G_STMT_END

typedef gboolean (*FilmCheck) (RafilmFilm *film);

/* Every film of the answer but @except passes; there is at least one such. */
static void
assert_films (World *world, FilmCheck check, gint64 except)
{
  GListModel *films = rafilm_message_get_films (world->message);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);

      if (rafilm_film_get_id (film) == except)
        continue;
      n++;
      if (!check (film))
        g_error ("%s does not fit", rafilm_film_get_title (film));
    }
  g_assert_cmpuint (n, >, 0);
}

static gboolean
has_genre (RafilmFilm *film, const char *genre)
{
  return g_strv_contains ((const char *const *) rafilm_film_get_facts (film)->genres, genre);
}

static gboolean
is_unseen (RafilmFilm *film)
{
  return !rafilm_film_get_state (film)->seen;
}

static gboolean
is_shorter_than_heat (RafilmFilm *film)
{
  return is_unseen (film) && rafilm_film_get_facts (film)->runtime < 170;
}

static gboolean
is_short_comedy_of_the_nineties (RafilmFilm *film)
{
  int year = rafilm_film_get_year (film);

  return is_unseen (film) && has_genre (film, "Comedy") && year >= 1990 && year <= 1999
         && rafilm_film_get_facts (film)->runtime < 100;
}

static gboolean
is_french (RafilmFilm *film)
{
  return g_strcmp0 (rafilm_film_get_facts (film)->language, "fr") == 0;
}

static void
log_some (World *world)
{
  rafilm_chat_test_log (world->store, HEAT, "2026-03-03", 9, "The diner!");
  rafilm_chat_test_log (world->store, INSIDER, "2025-05-05", 8, NULL);
  rafilm_chat_test_log (world->store, MANHUNTER, "2025-07-07", 5, NULL);
  rafilm_chat_test_log (world->store, HEAT, "2025-12-31", 10, NULL);
  rafilm_chat_test_log (world->store, CLUELESS, "2026-03-20", 7, NULL);
}

static void
test_recommend (void)
{
  g_auto (World) world = { 0 };

  world_init (&world);
  log_some (&world);
  assert_has (&world, "something like Heat, but shorter", "In the vein of [[tmdb:949]]:");
  assert_films (&world, is_shorter_than_heat, HEAT);
  assert_has (&world, "a comedy under 100 minutes from the 90s", "You might like these:");
  assert_films (&world, is_short_comedy_of_the_nineties, 0);
  g_assert_false (rafilm_chat_test_names (world.message, CLUELESS));
  assert_has (&world, "surprise me", "How about this one:");
  g_assert_cmpuint (g_list_model_get_n_items (rafilm_message_get_films (world.message)), ==, 1);
  assert_films (&world, is_unseen, 0);
  ask (&world, "a French film");
  assert_films (&world, is_french, 0);
  ask (&world, "three films");
  g_assert_cmpuint (g_list_model_get_n_items (rafilm_message_get_films (world.message)), ==, 3);
  ask (&world, "a film about a heist");
  assert_films (&world, is_unseen, 0);
  assert_has (&world, "a western from 2031", "no film on this computer");
  g_assert_cmpuint (g_list_model_get_n_items (rafilm_message_get_films (world.message)), ==, 0);
  assert_has (&world, "a comedy for zombies", "I did not understand “zombies”");
  /* Seen films only when they are asked for. */
  ask (&world, "a crime film I've already seen");
  g_assert_true (rafilm_chat_test_names (world.message, HEAT));
  g_assert_false (rafilm_chat_test_names (world.message, COLLATERAL));
}

/* The same question again brings other films, as long as there are any. */
static void
test_more (void)
{
  g_auto (World) world = { 0 };
  g_autoptr (GHashTable) shown = g_hash_table_new (NULL, NULL);

  world_init (&world);
  for (int i = 0; i < 4; i++)
    {
      GListModel *films;

      ask (&world, i == 0 ? "a comedy" : "another one");
      films = rafilm_message_get_films (world.message);
      g_assert_cmpuint (g_list_model_get_n_items (films), ==, 5);
      for (guint j = 0; j < 5; j++)
        {
          g_autoptr (RafilmFilm) film = g_list_model_get_item (films, j);

          g_assert_true (has_genre (film, "Comedy"));
          g_assert_true (g_hash_table_add (shown, GINT_TO_POINTER (rafilm_film_get_id (film))));
        }
    }
  ask (&world, "like Heat");
  ask (&world, "but shorter");
  g_assert_cmpuint (g_list_model_get_n_items (rafilm_message_get_films (world.message)), >, 0);

  rafilm_concierge_forget (world.concierge);
  assert_has (&world, "another one", "I did not understand that.");
}

static void
test_diary (void)
{
  g_auto (World) world = { 0 };
  const char *text;

  world_init (&world);
  log_some (&world);
  text = ask (&world, "what did I rate best last year");
  g_assert_true (
      g_str_has_prefix (text, "You rated these best (2025):\n• [[tmdb:949]] · ★★★★★ · "));
  g_assert_true (strstr (text, "[[tmdb:9008]]") < strstr (text, "[[tmdb:11454]]"));
  g_assert_false (rafilm_chat_test_names (world.message, CLUELESS));

  assert_answer (&world, "how many films did I watch in March",
                 "You have seen 2 films (March 2026).");
  assert_answer (&world, "how many films have I seen?", "You have seen 4 films, in 5 viewings.");
  assert_answer (&world, "how many films by Michael Mann have I seen in 2025",
                 "You have seen 3 films (2025).");
  assert_answer (&world, "how many comedies did I watch last year",
                 "You have seen 0 films (2025).");
  assert_answer (&world, "how many hours did I watch in March 2026",
                 "4 h 27 min with 2 viewings (March 2026).");
  assert_answer (&world, "my average rating in 2025",
                 "3.8 of 5 stars on average, from 3 rated films (2025).");
  assert_has (&world, "who is my favourite director", "\n• Michael Mann (3)");
  assert_has (&world, "what did I watch in March", "[[tmdb:9603]]");
  g_assert_true (rafilm_chat_test_names (world.message, HEAT));
  assert_has (&world, "films I rated 4 stars or more", "[[tmdb:9008]]");
  g_assert_false (rafilm_chat_test_names (world.message, MANHUNTER));
  assert_answer (&world, "what did I watch yesterday", "There is no such film.");
}

static void
test_watchlist_and_people (void)
{
  g_auto (World) world = { 0 };

  world_init (&world);
  log_some (&world);
  assert_answer (&world, "what's on my watchlist under two hours", "There is no such film.");
  rafilm_chat_test_add_to_watchlist (world.store, COLLATERAL);
  rafilm_chat_test_add_to_watchlist (world.store, VAGABOND);
  assert_has (&world, "what's on my watchlist", "On your watchlist:");
  g_assert_true (rafilm_chat_test_names (world.message, COLLATERAL));
  g_assert_true (rafilm_chat_test_names (world.message, VAGABOND));
  /* Collateral runs for 120 minutes, which is not under two hours. */
  ask (&world, "what's on my watchlist under two hours");
  g_assert_false (rafilm_chat_test_names (world.message, COLLATERAL));
  g_assert_true (rafilm_chat_test_names (world.message, VAGABOND));
  assert_answer (&world, "how many films are on my watchlist",
                 "2 such films are on your watchlist.");

  assert_has (&world, "films by Agnes Varda I haven't seen", "[[tmdb:44018]]");
  rafilm_chat_test_log (world.store, VAGABOND, "2026-11-01", 8, NULL);
  ask (&world, "films by Agnès Varda I haven't seen");
  g_assert_false (rafilm_chat_test_names (world.message, VAGABOND));
  ask (&world, "films by Varda I've seen");
  g_assert_true (rafilm_chat_test_names (world.message, VAGABOND));
  ask (&world, "films with Al Pacino I have seen");
  g_assert_true (rafilm_chat_test_names (world.message, HEAT));
  assert_has (&world, "films by Nobody Inparticular",
              "I know no such film with Nobody Inparticular");
}

static void
test_facts (void)
{
  g_auto (World) world = { 0 };

  world_init (&world);
  assert_answer (&world, "who directed Heat?", "[[tmdb:949]] was directed by Michael Mann.");
  assert_answer (&world, "how long is Heat", "[[tmdb:949]] runs for 170 minutes.");
  assert_answer (&world, "have I seen Heat?", "[[tmdb:949]] is not in your diary.");
  assert_answer (&world, "what did I rate Heat", "You have not rated [[tmdb:949]].");
  assert_answer (&world, "what did I think of Heat", "You have not written about [[tmdb:949]].");
  log_some (&world);
  assert_answer (&world, "when did I last watch Heat?",
                 "You have watched [[tmdb:949]] 2 times, last on 3 March 2026.");
  assert_answer (&world, "what did I think of heat (1995)",
                 "On 3 March 2026 you wrote about [[tmdb:949]]: “The diner!”");
  assert_has (&world, "who is in Heat", "Al Pacino (");
  assert_has (&world, "Heat", "was directed by Michael Mann. 170 min, Crime, Drama, Action.");
  /* Two films have this title. */
  assert_has (&world, "who directed Nosferatu", "say the year");
  g_assert_cmpuint (g_list_model_get_n_items (rafilm_message_get_films (world.message)), ==, 2);
}

static void
test_unknown (void)
{
  g_auto (World) world = { 0 };

  world_init (&world);
  assert_answer (&world, "something like Zyzzyx Road, but shorter",
                 "I don’t know a film called “Zyzzyx Road” on this computer.");
  /* A film of that title from another year is not it. */
  assert_has (&world, "something like Heat 1911",
              "I don’t know a film called “Heat 1911” on this computer.");
  assert_has (&world, "write a poem about rain", "For example:");
  assert_has (&world, "help", "something like Heat, but shorter");
  assert_has (&world, "hello", "Hello!");
  assert_has (&world, "thanks", "welcome");
  /* Handles that somebody types, or has in a review, name no other film. */
  assert_has (&world, "something like [[tmdb:5]]", "");
  rafilm_chat_test_log (world.store, HEAT, "2026-03-03", 9, "As in [[tmdb:77777]].");
  g_clear_object (&world.message);
  world.message = rafilm_message_new (NULL, RAFILM_MESSAGE_ASSISTANT, 1);
  dex_await (rafilm_concierge_answer (world.concierge, "what did I think of Heat", world.message),
             NULL);
  g_assert_cmpuint (g_list_model_get_n_items (rafilm_message_get_films (world.message)), ==, 1);
}

/* An empty mirror: no film, no diary. */
static void
test_empty (void)
{
  static const char *const questions[] = { "surprise me",
                                           "a comedy",
                                           "what did I rate best last year",
                                           "my average rating",
                                           "who is my favourite director",
                                           "Heat",
                                           "what's on my watchlist",
                                           "how many hours",
                                           "films by Agnès Varda" };
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);
  g_auto (World) world = { 0 };
  g_autoptr (RafilmRecommender) recommender = NULL;

  world.store = rafilm_chat_test_open (path);
  recommender = rafilm_recommender_new (world.store, NULL);
  world.concierge = rafilm_concierge_new (world.store, recommender);
  g_clear_object (&recommender);
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      ask (&world, questions[i]);
      g_assert_cmpuint (g_list_model_get_n_items (rafilm_message_get_films (world.message)), ==, 0);
    }
}

/* Questions put together at random, about films that are there and that are not: no answer names a
 * film that the mirror doesn't have (ask() checks), and none suggests a film that was seen. */
static void
test_nothing_invented (void)
{
  static const char *const beginnings[] = { "something like ", "a film like ", "films by ",
                                            "a film with ",    "a comedy ",    "surprise me ",
                                            "what about ",     "recommend ",   "a French film " };
  static const char *const objects[] = {
    "Heat",         "Collateral", "Zyzzyx Road",   "Agnès Varda",      "Al Pacino",
    "12 Angry Men", "the 90s",    "Vagabond 1985", "Toy Story (1990)", "",
    "it",           "[[tmdb:4]]"
  };
  static const char *const ends[] = { "",
                                      " but shorter",
                                      " under 100 minutes",
                                      " from the 80s",
                                      ", older",
                                      " and newer",
                                      " since 2000",
                                      " I haven't seen",
                                      " but not a thriller",
                                      " about love",
                                      " in 2025",
                                      " 5 stars more",
                                      " three" };
  g_auto (World) world = { 0 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());

  world_init (&world);
  log_some (&world);
  for (int i = 0; i < 150; i++)
    {
      g_autofree char *question =
          g_strconcat (beginnings[g_rand_int_range (rand, 0, G_N_ELEMENTS (beginnings))],
                       objects[g_rand_int_range (rand, 0, G_N_ELEMENTS (objects))],
                       ends[g_rand_int_range (rand, 0, G_N_ELEMENTS (ends))], NULL);
      g_auto (GStrv) lines = g_strsplit (ask (&world, question), "\n", -1);
      gboolean suggests = g_str_has_prefix (lines[0], "You might like")
                          || g_str_has_prefix (lines[0], "How about")
                          || g_str_has_prefix (lines[0], "In the vein of")
                          || g_str_has_prefix (lines[0], "Not in your diary");

      for (guint line = 1; suggests && lines[line] != NULL; line++)
        {
          g_autoptr (RafilmFilm) film = NULL;
          gint64 id = 0;

          if (sscanf (lines[line], "• [[tmdb:%" G_GINT64_FORMAT, &id) != 1)
            continue;
          film = dex_await_object (rafilm_store_get_film (world.store, id), NULL);
          if (!is_unseen (film))
            g_error ("“%s” got %s", question, rafilm_film_get_title (film));
        }
    }
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_chat_test_set_today ();
  rafilm_test_add_fiber ("/chat/concierge/recommend", test_recommend);
  rafilm_test_add_fiber ("/chat/concierge/more", test_more);
  rafilm_test_add_fiber ("/chat/concierge/diary", test_diary);
  rafilm_test_add_fiber ("/chat/concierge/watchlist-and-people", test_watchlist_and_people);
  rafilm_test_add_fiber ("/chat/concierge/facts", test_facts);
  rafilm_test_add_fiber ("/chat/concierge/unknown", test_unknown);
  rafilm_test_add_fiber ("/chat/concierge/empty", test_empty);
  rafilm_test_add_fiber ("/chat/concierge/nothing-invented", test_nothing_invented);

  return g_test_run ();
}
