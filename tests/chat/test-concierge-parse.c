/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-concierge-parse.h"
#include "rafilm-test.h"

/* A Sunday. */
#define TODAY "2026-11-22"

typedef struct
{
  gint64 id;
  const char *title;
  const char *original_title;
  const char *date;
  double popularity;
} Sample;

static const Sample samples[] = {
  { 949, "Heat", NULL, "1995-12-15", 60 },
  { 11442, "Heat", NULL, "1986-11-13", 5 },
  { 389, "12 Angry Men", NULL, "1957-04-10", 50 },
  { 62, "2001: A Space Odyssey", NULL, "1968-04-02", 60 },
  { 335984, "Blade Runner 2049", NULL, "2017-10-04", 70 },
  { 78, "Blade Runner", NULL, "1982-06-25", 65 },
  { 194, "Amélie", "Le Fabuleux Destin d'Amélie Poulain", "2001-04-25", 40 },
  { 238, "The Godfather", NULL, "1972-03-14", 90 },
  { 11, "Star Wars: Episode IV – A New Hope", "Star Wars", "1977-05-25", 80 },
  { 429, "The Good, the Bad and the Ugly", "Il buono, il brutto, il cattivo", "1966-12-23", 60 },
  { 161, "Ocean's Eleven", NULL, "2001-12-07", 55 },
  { 500, "Reservoir Dogs", NULL, "1992-09-02", 55 },
  { 7, "Surf & Turf", NULL, "2003-01-01", 1 },
  { 422, "8½", "8½", "1963-02-14", 20 },
  { 900, "It", NULL, "2017-09-06", 60 },
};

static RafilmTitleIndex *
make_index (void)
{
  RafilmTitleIndex *index = rafilm_title_index_new ();

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autoptr (RafilmFilm) film = rafilm_film_new (samples[i].id);
      g_auto (RafilmFilmFacts) facts = { 0 };

      facts.title = g_strdup (samples[i].title);
      facts.original_title = g_strdup (samples[i].original_title);
      facts.release_date = g_strdup (samples[i].date);
      facts.popularity = samples[i].popularity;
      facts.fetched_at = 1;
      rafilm_film_take_facts (film, &facts);
      rafilm_title_index_add (index, film);
    }

  return index;
}

static const char *const kinds[] = {
  "none",  "help", "greeting", "thanks",    "recommend", "list",
  "count", "time", "average",  "favourite", "fact",      "more"
};
static const char *const scopes[] = { "any", "unseen", "seen", "watchlist", "liked", "unfinished" };
static const char *const orders[] = { "none",   "best",    "worst",   "recent",
                                      "oldest", "longest", "shortest" };
static const char *const facts[] = { "all",  "director", "cast",   "runtime", "year",
                                     "seen", "rating",   "review", "times" };
static const char *const favourites[] = { "director", "genre", "decade" };
static const char *const relations[] = { "like", "shorter", "longer", "older", "newer" };
static const char *const roles[] = { "any", "director", "actor" };

static void
add (GString *out, const char *name, const char *value)
{
  if (value != NULL && *value != '\0')
    g_string_append_printf (out, " %s=%s", name, value);
}

static void
add_number (GString *out, const char *name, gint64 value)
{
  if (value != 0)
    g_string_append_printf (out, " %s=%" G_GINT64_FORMAT, name, value);
}

/* All that a request says, in one line. */
static char *
describe (const RafilmRequest *request)
{
  GString *out = g_string_new (kinds[request->kind]);

  add_number (out, "film", request->film);
  add (out, "unknown", request->unknown_title);
  if (request->kind == RAFILM_REQUEST_FACT)
    add (out, "fact", facts[request->fact]);
  if (request->kind == RAFILM_REQUEST_FAVOURITE)
    add (out, "of", favourites[request->favourite]);
  for (guint i = 0; i < G_N_ELEMENTS (relations); i++)
    if ((request->relations & (1u << i)) != 0)
      g_string_append_printf (out, " %s", relations[i]);
  if (request->scope != RAFILM_SCOPE_ANY)
    add (out, "scope", scopes[request->scope]);
  if (request->order != RAFILM_ORDER_NONE)
    add (out, "order", orders[request->order]);
  if (request->person != NULL)
    add (out, roles[request->role], request->person);
  add (out, "topic", request->topic);
  add (out, "tag", request->tag);
  for (guint i = 0; i < request->n_genres; i++)
    add (out, "genre", request->genres[i]);
  add (out, "without", request->without);
  add (out, "language", request->language);
  if (request->min_year != 0 || request->max_year != 0)
    g_string_append_printf (out, " years=%d..%d", request->min_year, request->max_year);
  if (request->min_runtime != 0 || request->max_runtime != 0)
    g_string_append_printf (out, " minutes=%d..%d", request->min_runtime, request->max_runtime);
  if (request->min_rating != 0 || request->max_rating != 0)
    g_string_append_printf (out, " rating=%d..%d", request->min_rating, request->max_rating);
  if (request->from[0] != '\0')
    g_string_append_printf (out, " days=%s..%s", request->from, request->to);
  add_number (out, "limit", request->limit);
  if (request->surprise)
    g_string_append (out, " surprise");
  add (out, "ignored", request->ignored);

  return g_string_free_and_steal (out);
}

typedef struct
{
  const char *text;
  const char *expected;
} Case;

static void
run_cases (const Case *cases, guint n)
{
  g_autoptr (RafilmTitleIndex) index = make_index ();
  guint wrong = 0;

  for (guint i = 0; i < n; i++)
    {
      g_auto (RafilmRequest) request = { 0 };
      g_autofree char *got = NULL;

      rafilm_concierge_parse (cases[i].text, TODAY, index, &request);
      got = describe (&request);
      if (g_str_equal (got, cases[i].expected))
        continue;
      g_printerr ("“%s”\n  wanted %s\n  got    %s\n", cases[i].text, cases[i].expected, got);
      wrong++;
    }
  g_assert_cmpuint (wrong, ==, 0);
}

static void
test_recommend (void)
{
  static const Case cases[] = {
    { "something like Heat, but shorter", "recommend film=949 like shorter" },
    { "Something like heat but shorter", "recommend film=949 like shorter" },
    { "a film similar to “Heat” (1986)", "recommend film=11442 like" },
    { "more like Heat 1986 please", "recommend film=11442 like" },
    { "something like 12 Angry Men", "recommend film=389 like" },
    { "films like 2001: A Space Odyssey, longer", "recommend film=62 like longer" },
    { "films like Blade Runner 2049", "recommend film=335984 like" },
    { "films like Blade Runner from the 80s", "recommend film=78 like years=1980..1989" },
    { "something like amelie", "recommend film=194 like" },
    { "something like Le fabuleux destin d’Amélie Poulain", "recommend film=194 like" },
    { "something in the vein of godfather", "recommend film=238 like" },
    { "something like star wars but older", "recommend film=11 like older" },
    { "a western like the good the bad & the ugly", "recommend film=429 like genre=Western" },
    { "anything like oceans eleven, newer?", "recommend film=161 like newer" },
    { "I would like something like Surf and Turf", "recommend film=7 like" },
    { "something like *8½*", "recommend film=422 like" },
    { "I liked Heat, what should I watch next?", "recommend film=949 like" },
    { "because I loved Heat", "recommend film=949 like" },
    { "What's a good film for a rainy Sunday?", "recommend" },
    { "What should I watch tonight if I have two hours?", "recommend minutes=0..120" },
    { "something scary but not too long", "recommend genre=Horror minutes=0..95" },
    { "something shorter than Heat", "recommend film=949 shorter" },
    { "something like Zyzzyx Road, but shorter", "recommend unknown=Zyzzyx Road like shorter" },
    { "something like Heat 1990", "recommend unknown=Heat 1990 like" },
    { "something like \"Zyzzyx Road\"", "recommend unknown=Zyzzyx Road like" },
    { "a comedy under 100 minutes from the 90s",
      "recommend genre=Comedy years=1990..1999 minutes=0..99" },
    { "A funny movie, at most 90 min", "recommend genre=Comedy minutes=0..90" },
    { "I'd like a French thriller from before 1970",
      "recommend genre=Thriller language=fr years=0..1969" },
    { "recommend a sci-fi film between 1970 and 1985", "recommend genre=Science Fiction "
                                                       "years=1970..1985" },
    { "horror 1980-1989", "recommend genre=Horror years=1980..1989" },
    { "an animated film under two and a half hours", "recommend genre=Animation minutes=0..149" },
    { "a drama over 2 hours 30 minutes", "recommend genre=Drama minutes=151..0" },
    { "a rom-com of about an hour and a half", "recommend genre=Comedy genre=Romance "
                                               "minutes=80..100" },
    { "a western within 1h45", "recommend genre=Western minutes=0..105" },
    { "a war film of 1.5 hours", "recommend genre=War minutes=0..90" },
    { "a 90-minute thriller", "recommend genre=Thriller minutes=0..90" },
    { "early nineties action", "recommend genre=Action years=1990..1993" },
    { "late 60s japanese", "recommend language=ja years=1966..1969" },
    { "a mystery since 2010", "recommend genre=Mystery years=2010..0" },
    { "a thriller from 1995", "recommend genre=Thriller years=1995..1995" },
    { "a film from last year", "recommend years=2025..2025" },
    { "a recent documentary", "recommend genre=Documentary years=2023..0" },
    { "three comedies", "recommend genre=Comedy limit=3" },
    { "a comedy but not romantic", "recommend genre=Comedy without=Romance" },
    { "something without horror", "recommend without=Horror" },
    { "a short film tonight", "recommend minutes=0..95" },
    { "a film about a bank robbery", "recommend topic=bank robbery" },
    { "surprise me", "recommend surprise" },
    { "Surprise me with a comedy", "recommend genre=Comedy surprise" },
    { "what should I watch tonight?", "recommend" },
    { "Recommend me something", "recommend" },
    { "a comedy I've already seen", "recommend scope=seen genre=Comedy" },
    { "a comedy for zombies", "recommend genre=Comedy ignored=zombies" },
  };

  run_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_diary (void)
{
  static const Case cases[] = {
    { "what did I rate best last year", "list scope=seen order=best days=2025-01-01..2025-12-31" },
    { "What did I rate highest in 2024?",
      "list scope=seen order=best days=2024-01-01..2024-12-31" },
    { "my worst rated comedies this year",
      "list scope=seen order=worst genre=Comedy days=2026-01-01..2026-12-31" },
    { "my top 10 films", "list scope=seen order=best limit=10" },
    { "what did I watch in March", "list scope=seen order=recent days=2026-03-01..2026-03-31" },
    { "what did I watch in December", "list scope=seen order=recent days=2025-12-01..2025-12-31" },
    { "what did I watch yesterday?", "list scope=seen order=recent days=2026-11-21..2026-11-21" },
    { "what did I see last week", "list scope=seen order=recent days=2026-11-09..2026-11-15" },
    { "what did I watch this month", "list scope=seen order=recent days=2026-11-01..2026-11-22" },
    { "what did I watch last month", "list scope=seen order=recent days=2026-10-01..2026-10-31" },
    { "what did I watch in the last 30 days",
      "list scope=seen order=recent days=2026-10-23..2026-11-22" },
    { "films from the 90s I rated 4 stars or more",
      "list scope=seen years=1990..1999 rating=8..0" },
    { "which films did I rate five stars", "list scope=seen rating=10..10" },
    { "what was my last film", "list scope=seen order=recent" },
    { "my longest film in 2025", "list scope=seen order=longest days=2025-01-01..2025-12-31" },
    { "films I didn't finish", "list scope=unfinished" },
    { "films I loved", "list scope=liked" },
    { "films tagged cinema", "list scope=seen tag=cinema" },
    { "how many films did I watch in March", "count scope=seen days=2026-03-01..2026-03-31" },
    { "How many films have I seen?", "count scope=seen" },
    { "how many horror films did I watch in March 2024",
      "count scope=seen genre=Horror days=2024-03-01..2024-03-31" },
    { "how many films from the 80s did I see last year",
      "count scope=seen years=1980..1989 days=2025-01-01..2025-12-31" },
    { "how many films are on my watchlist", "count scope=watchlist" },
    { "how many films by Agnès Varda have I seen", "count scope=seen director=Agnès Varda" },
    { "how many hours did I watch in 2025", "time scope=seen days=2025-01-01..2025-12-31" },
    { "what is my average rating this year", "average scope=seen days=2026-01-01..2026-12-31" },
    { "who is my favourite director", "favourite of=director scope=seen" },
    { "which genre do I watch most", "favourite of=genre scope=seen" },
    { "my most watched decade in 2025",
      "favourite of=decade scope=seen days=2025-01-01..2025-12-31" },
  };

  run_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_watchlist_and_people (void)
{
  static const Case cases[] = {
    { "what's on my watchlist under two hours", "list scope=watchlist minutes=0..119" },
    { "Something from my watchlist, a comedy", "list scope=watchlist genre=Comedy" },
    { "the shortest film on my watchlist", "list scope=watchlist order=shortest" },
    { "surprise me from my watchlist", "list scope=watchlist surprise" },
    { "films by Agnès Varda I haven't seen", "list scope=unseen director=Agnès Varda" },
    { "films directed by michael mann", "list director=michael mann" },
    { "something with Al Pacino from the 70s", "list actor=Al Pacino years=1970..1979" },
    { "Hitchcock films I have not seen", "list scope=unseen any=Hitchcock" },
    { "Agnès Varda movies", "list any=Agnès Varda" },
    { "a French comedy starring Catherine Deneuve under 100 minutes",
      "list actor=Catherine Deneuve genre=Comedy language=fr minutes=0..99" },
    { "films by Kurosawa that I've seen", "list scope=seen order=recent director=Kurosawa" },
  };

  run_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_facts (void)
{
  static const Case cases[] = {
    { "Heat", "fact film=949 fact=all" },
    { "heat (1986)?", "fact film=11442 fact=all" },
    { "who directed Heat?", "fact film=949 fact=director" },
    { "who is in the film Heat", "fact film=949 fact=cast" },
    { "how long is the godfather", "fact film=238 fact=runtime" },
    { "when did Blade Runner come out", "fact film=78 fact=year" },
    { "have I seen Heat (1986)?", "fact film=11442 fact=seen" },
    { "when did I last watch 12 angry men", "fact film=389 fact=seen" },
    { "what did I rate Amélie?", "fact film=194 fact=rating" },
    { "what did I think of reservoir dogs", "fact film=500 fact=review" },
    { "how many times have I seen Star Wars", "fact film=11 fact=times" },
    { "is Heat on my watchlist?", "fact film=949 fact=seen" },
    { "tell me about Zyzzyx Road", "fact unknown=Zyzzyx Road fact=all" },
    { "who directed Zyzzyx Road?", "fact unknown=Zyzzyx Road fact=director" },
    { "what is It", "fact film=900 fact=all" },
  };

  run_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_small_talk (void)
{
  static const Case cases[] = {
    { "Help!", "help" },
    { "What can you do?", "help" },
    { "hello", "greeting" },
    { "Thank you", "thanks" },
    { "another one", "more" },
    { "", "none" },
    { "?!", "none" },
    { "qwertz uiop", "none ignored=qwertz uiop" },
    { "what is the weather in Paris", "none ignored=weather Paris" },
    { "write a poem", "none ignored=write poem" },
    { "write a poem about rain", "none topic=rain ignored=write poem" },
    { "[[tmdb:949]]", "none ignored=tmdb 949" },
  };

  run_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_several_of_a_title (void)
{
  g_autoptr (RafilmTitleIndex) index = make_index ();
  g_auto (RafilmRequest) bare = { 0 };
  g_auto (RafilmRequest) dated = { 0 };

  rafilm_concierge_parse ("who directed Heat", TODAY, index, &bare);
  g_assert_cmpint (bare.film, ==, 949);
  g_assert_nonnull (bare.others);
  g_assert_cmpuint (bare.others->len, ==, 1);
  g_assert_cmpint (g_array_index (bare.others, gint64, 0), ==, 11442);

  rafilm_concierge_parse ("who directed Heat (1995)", TODAY, index, &dated);
  g_assert_cmpint (dated.film, ==, 949);
  g_assert_null (dated.others);
}

static void
test_index (void)
{
  g_autoptr (RafilmTitleIndex) index = make_index ();
  g_autofree char *odd = rafilm_title_normalise ("  L’Été —  Ocean's & \xff Co. ");

  g_assert_cmpstr (odd, ==, "lete oceans and co");
  g_assert_cmpint (rafilm_title_index_find (index, "heat", 1996, NULL), ==, 949);
  g_assert_cmpint (rafilm_title_index_find (index, "heat", 1987, NULL), ==, 11442);
  g_assert_cmpint (rafilm_title_index_find (index, "heat", 2010, NULL), ==, 0);
  g_assert_cmpint (rafilm_title_index_find (index, "", 0, NULL), ==, 0);
  g_assert_cmpint (rafilm_title_index_find (index, "star wars", 0, NULL), ==, 11);
}

/* Noise of the parser's own words: it ends, within bounds, and finds only films that are there. */
static void
test_noise (void)
{
  static const char *const words[] = {
    "like",  "Heat",   "under",   "two",  "hours", "and",   "a",   "half",   "from",    "the",
    "90s",   "1995",   "between", "by",   "Agnès", "films", "i",   "havent", "seen",    "last",
    "year",  "march",  "stars",   "4",    "5",     "½",     "or",  "more",   "than",    ",",
    "(",     ")",      "\"",      "*",    "“",     "”",     "not", "no",     "comedy",  "about",
    "with",  "tagged", "how",     "many", "did",   "what",  "0",   "9999",   "\xff",    "best",
    "since", "before", "days",    "1h",   "映画",  "is",    "of",  "31",     "february"
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());
  g_autoptr (RafilmTitleIndex) index = make_index ();

  for (int round = 0; round < 3000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_auto (RafilmRequest) request = { 0 };
      gboolean known;

      for (int i = g_rand_int_range (rand, 0, round % 100 == 0 ? 400 : 14); i > 0; i--)
        g_string_append_printf (text, "%s%s",
                                words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))],
                                g_rand_int_range (rand, 0, 8) == 0 ? "" : " ");
      rafilm_concierge_parse (text->str, TODAY, index, &request);

      known = request.film == 0;
      for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
        known = known || samples[i].id == request.film;
      g_assert_true (known);
      g_assert_cmpint (request.min_rating, <=, 10);
      g_assert_cmpuint (request.limit, <=, RAFILM_REQUEST_MAX_LIMIT);
      g_assert_cmpuint (request.n_genres, <=, RAFILM_REQUEST_MAX_GENRES);
      g_assert_true (request.person == NULL || g_utf8_validate (request.person, -1, NULL));
    }
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/chat/concierge-parse/recommend", test_recommend);
  g_test_add_func ("/chat/concierge-parse/diary", test_diary);
  g_test_add_func ("/chat/concierge-parse/watchlist-and-people", test_watchlist_and_people);
  g_test_add_func ("/chat/concierge-parse/facts", test_facts);
  g_test_add_func ("/chat/concierge-parse/small-talk", test_small_talk);
  g_test_add_func ("/chat/concierge-parse/several-of-a-title", test_several_of_a_title);
  g_test_add_func ("/chat/concierge-parse/index", test_index);
  g_test_add_func ("/chat/concierge-parse/noise", test_noise);

  return g_test_run ();
}
