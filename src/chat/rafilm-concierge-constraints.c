/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-concierge-constraints.h"

#include <string.h>

#define BELOW "under|below|less than|shorter than|fewer than|not over"
#define AT_MOST                                                                                    \
  "at most|up to|within|no more than|no longer than|not longer than|not more than|maximum|max|in"
#define ABOVE "over|above|more than|longer than"
#define AT_LEAST "at least|minimum|min|no less than|no shorter than"
#define ABOUT "about|around|roughly|circa|approximately|some"

#define SHORT_FILM 95
#define LONG_FILM 150
#define RECENT_YEARS 3
#define CLASSIC_YEAR 1975

/* ---- Running time ---- */

/* "90min", "2h", "1h30", "1h30m". */
static int
read_compact_duration (const char *norm)
{
  char *end = NULL;
  gint64 first = g_ascii_strtoll (norm, &end, 10);
  gint64 second = 0;

  if (end == norm || first < 0 || first > 1000)
    return 0;
  if (g_str_equal (end, "min") || g_str_equal (end, "mins") || g_str_equal (end, "m"))
    return (int) first;
  if (*end != 'h' || first > 20)
    return 0;

  end++;
  if (g_str_equal (end, "") || g_str_equal (end, "rs") || g_str_equal (end, "r"))
    return (int) first * 60;
  second = g_ascii_strtoll (end, &end, 10);
  if (second < 0 || second > 59
      || !(g_str_equal (end, "") || g_str_equal (end, "m") || g_str_equal (end, "min")))
    return 0;

  return (int) (first * 60 + second);
}

/* "two hours and 10 minutes": what follows @hours hours at @i. Returns how many words. */
static guint
read_rest (RafilmWords *words, guint i, int *minutes)
{
  guint n = rafilm_words_match (words, i, "and a half");
  guint and = rafilm_words_match (words, i, "and");
  int number;

  if (n > 0)
    {
      *minutes += 30;
      return n;
    }

  number = rafilm_words_read_number (words, i + and);
  if (number > 0 && number < 60
      && rafilm_words_match (words, i + and+1, "minutes|minute|mins|min|m") > 0)
    {
      *minutes += number;
      return and + 2;
    }

  return 0;
}

static guint
read_duration (RafilmWords *words, guint i, int *ret_minutes)
{
  const RafilmWord *word = rafilm_words_get (words, i);
  int number = rafilm_words_read_number (words, i);
  int tenths;
  guint n;

  if (word == NULL || word->used)
    return 0;
  n = rafilm_words_match (words, i, "half an hour");
  if (n > 0)
    {
      *ret_minutes = 30;
      return n;
    }
  *ret_minutes = read_compact_duration (word->norm);
  if (*ret_minutes > 0)
    return 1;
  if (number <= 0)
    return 0;

  if (rafilm_words_match (words, i + 1, "minutes|minute|mins|min|m") > 0)
    {
      *ret_minutes = number;
      return 2;
    }
  *ret_minutes = number * 60;
  if (rafilm_words_match (words, i + 1, "hours|hour|hrs|hr|h") > 0)
    return 2 + read_rest (words, i + 2, ret_minutes);
  if (rafilm_words_match (words, i + 1, "and a half hours") > 0)
    {
      *ret_minutes += 30;
      return 5;
    }
  tenths = rafilm_words_read_number (words, i + 1);
  if (tenths >= 0 && tenths < 10 && rafilm_words_match (words, i + 2, "hours|hour|hrs|h") > 0)
    {
      *ret_minutes += tenths * 6;
      return 3;
    }

  return 0;
}

static void
read_runtime (RafilmWords *words, RafilmRequest *request)
{
  guint before = 0;
  int minutes = 0;

  for (guint i = 0; i < rafilm_words_get_length (words); i++)
    {
      guint n = read_duration (words, i, &minutes);

      if (n == 0)
        continue;
      if ((before = rafilm_words_match_before (words, i, BELOW)) > 0)
        request->max_runtime = minutes - 1;
      else if ((before = rafilm_words_match_before (words, i, ABOVE)) > 0)
        request->min_runtime = minutes + 1;
      else if ((before = rafilm_words_match_before (words, i, AT_LEAST)) > 0)
        request->min_runtime = minutes;
      else if ((before = rafilm_words_match_before (words, i, ABOUT)) > 0)
        {
          request->min_runtime = MAX (minutes - 10, 1);
          request->max_runtime = minutes + 10;
        }
      else
        {
          before = rafilm_words_match_before (words, i, AT_MOST);
          request->max_runtime = minutes;
        }
      rafilm_words_use (words, i - before, before + n);
    }

  if (request->max_runtime == 0
      && rafilm_words_take (words,
                            "short films|short film|short movie|short movies|something short|"
                            "a short|nothing long|not too long|not long"))
    request->max_runtime = SHORT_FILM;
  if (request->min_runtime == 0
      && rafilm_words_take (words,
                            "long films|long film|long movie|long movies|something long|epic"))
    request->min_runtime = LONG_FILM;
}

/* ---- Years of release ---- */

static int
read_decade (const char *norm)
{
  static const char *const names[] = { "twenties", "thirties",  "forties",  "fifties",
                                       "sixties",  "seventies", "eighties", "nineties" };
  char *end = NULL;
  gint64 number = g_ascii_strtoll (norm, &end, 10);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (norm, names[i]))
      return i == 0 ? 2020 : 1920 + (int) i * 10;
  if (g_str_equal (norm, "noughties"))
    return 2000;
  if (!g_ascii_isdigit (norm[0]) || !g_str_equal (end, "s") || number % 10 != 0)
    return 0;
  if (strlen (norm) == 5 && number >= 1870 && number <= 2100)
    return (int) number;
  if (strlen (norm) == 3)
    return (int) (number <= 20 ? 2000 + number : 1900 + number);

  return 0;
}

static void
read_decades (RafilmWords *words, RafilmRequest *request)
{
  for (guint i = 0; i < rafilm_words_get_length (words); i++)
    {
      RafilmWord *word = rafilm_words_get (words, i);
      int decade = word->used ? 0 : read_decade (word->norm);

      if (decade == 0)
        continue;
      word->used = TRUE;
      request->min_year = decade;
      request->max_year = decade + 9;
      if (rafilm_words_match_before (words, i, "early") > 0)
        request->max_year = decade + 3;
      else if (rafilm_words_match_before (words, i, "late") > 0)
        request->min_year = decade + 6;
      else if (rafilm_words_match_before (words, i, "before the|before|older than the") > 0)
        {
          request->min_year = 0;
          request->max_year = decade - 1;
        }
      else if (rafilm_words_match_before (words, i, "since the|after the|since") > 0)
        request->max_year = 0;
      if (i > 0)
        rafilm_words_use (words, i - 1,
                          rafilm_words_match_before (words, i, "early|mid|late|before|since"));
    }
}

static void
set_days (RafilmRequest *request, const GDate *from, const GDate *to)
{
  g_snprintf (request->from, sizeof request->from, "%04d-%02d-%02d", g_date_get_year (from),
              g_date_get_month (from), g_date_get_day (from));
  g_snprintf (request->to, sizeof request->to, "%04d-%02d-%02d", g_date_get_year (to),
              g_date_get_month (to), g_date_get_day (to));
}

static void
set_year (RafilmRequest *request, gboolean diary, int min_year, int max_year)
{
  GDate from;
  GDate to;

  if (!diary)
    {
      request->min_year = min_year;
      request->max_year = max_year;
      return;
    }

  g_date_clear (&from, 1);
  g_date_clear (&to, 1);
  g_date_set_dmy (&from, 1, G_DATE_JANUARY, (GDateYear) (min_year != 0 ? min_year : 1));
  g_date_set_dmy (&to, 31, G_DATE_DECEMBER, (GDateYear) (max_year != 0 ? max_year : 9999));
  set_days (request, &from, &to);
}

/* The words that belong to the year at @i. */
static guint
read_year (RafilmWords *words, guint i, gboolean diary, RafilmRequest *request)
{
  int year = rafilm_words_read_year (words, i);
  guint joint = rafilm_words_match (words, i + 1, "to|and|until|till|through");
  int last = rafilm_words_read_year (words, i + 1 + joint);
  guint before = 0;

  /* When a film came out is said by these words, in the diary too. */
  if (rafilm_words_match_before (words, i,
                                 "released in|made in|came out in|from|released before|"
                                 "made before|released after|made after")
      > 0)
    diary = FALSE;

  if (last >= year)
    {
      before = rafilm_words_match_before (words, i, "between|from");
      set_year (request, diary, year, last);
      rafilm_words_use (words, i - before, before + 2 + joint);
      return joint + 2;
    }

  if ((before = rafilm_words_match_before (words, i, "before|until|prior to|older than|pre")) > 0)
    set_year (request, diary, 0, year - 1);
  else if ((before = rafilm_words_match_before (words, i, "after|newer than|later than|post")) > 0)
    set_year (request, diary, year + 1, 0);
  else if ((before = rafilm_words_match_before (words, i, "since")) > 0)
    set_year (request, diary, year, 0);
  else if (rafilm_words_match (words, i + 1, "on|onwards|onward|or later|and later|or newer") > 0)
    set_year (request, diary, year, 0);
  else
    set_year (request, diary, year, year);
  rafilm_words_use (words, i - before, before + 1);

  return 1;
}

static void
read_years (RafilmWords *words, const char *today, gboolean diary, RafilmRequest *request)
{
  int this_year = (int) g_ascii_strtoll (today, NULL, 10);

  read_decades (words, request);
  for (guint i = 0; i < rafilm_words_get_length (words);)
    i += rafilm_words_read_year (words, i) != 0 ? read_year (words, i, diary, request) : 1;

  if (diary || request->min_year != 0 || request->max_year != 0)
    return;
  if (rafilm_words_take (words, "recent|new|modern|latest|newest"))
    request->min_year = this_year - RECENT_YEARS;
  else if (rafilm_words_take (words, "classic|classics|old|vintage"))
    request->max_year = CLASSIC_YEAR;
}

/* ---- Times of the diary ---- */

static gboolean
read_ago (RafilmWords *words, const GDate *now, GDate *from)
{
  for (guint i = 0; i < rafilm_words_get_length (words); i++)
    {
      int number = rafilm_words_read_number (words, i);
      guint before =
          rafilm_words_match_before (words, i, "in the last|in the past|the last|last|past");
      guint amount = number > 0 && number < 1000 ? (guint) number : 0;

      if (amount == 0 || before == 0)
        continue;
      *from = *now;
      if (rafilm_words_match (words, i + 1, "days|day") > 0)
        g_date_subtract_days (from, amount);
      else if (rafilm_words_match (words, i + 1, "weeks|week") > 0)
        g_date_subtract_days (from, amount * 7);
      else if (rafilm_words_match (words, i + 1, "months|month") > 0)
        g_date_subtract_months (from, amount);
      else if (rafilm_words_match (words, i + 1, "years|year") > 0)
        g_date_subtract_years (from, amount);
      else
        continue;
      rafilm_words_use (words, i - before, before + 2);
      return TRUE;
    }

  return FALSE;
}

static gboolean
read_months (RafilmWords *words, const GDate *now, GDate *from, GDate *to)
{
  for (guint i = 0; i < rafilm_words_get_length (words); i++)
    {
      int month = rafilm_words_read_month (words, i);
      guint before = rafilm_words_match_before (words, i, "in|during|of|last|this|since|for");
      gboolean since = rafilm_words_match_before (words, i, "since") > 0;
      int year = month != 0 ? rafilm_words_read_year (words, i + 1) : 0;
      guint n = year != 0 ? 2 : 1;

      if (month == 0 || (before == 0 && year == 0))
        continue;
      if (year == 0)
        year = g_date_get_year (now) - (month > (int) g_date_get_month (now) ? 1 : 0);
      g_date_set_dmy (from, 1, (GDateMonth) month, (GDateYear) year);
      *to = *from;
      g_date_add_months (to, 1);
      g_date_subtract_days (to, 1);
      if (since)
        *to = *now;
      rafilm_words_use (words, i - before, before + n);
      return TRUE;
    }

  return FALSE;
}

static gboolean
read_named_days (RafilmWords *words, const GDate *now, GDate *from, GDate *to)
{
  guint weekday = (guint) g_date_get_weekday (now) - 1;

  *from = *to = *now;
  if (rafilm_words_take (words, "yesterday"))
    {
      g_date_subtract_days (from, 1);
      *to = *from;
    }
  else if (rafilm_words_take (words, "this week"))
    g_date_subtract_days (from, weekday);
  else if (rafilm_words_take (words, "last week"))
    {
      g_date_subtract_days (from, weekday + 7);
      *to = *from;
      g_date_add_days (to, 6);
    }
  else if (rafilm_words_take (words, "this month"))
    g_date_set_day (from, 1);
  else if (rafilm_words_take (words, "last month"))
    {
      g_date_set_day (from, 1);
      *to = *from;
      g_date_subtract_months (from, 1);
      g_date_subtract_days (to, 1);
    }
  else
    return rafilm_words_take (words, "today");

  return TRUE;
}

static void
read_times (RafilmWords *words, const char *today, gboolean diary, RafilmRequest *request)
{
  int year = (int) g_ascii_strtoll (today, NULL, 10);
  GDate now;
  GDate from;
  GDate to;

  g_date_clear (&now, 1);
  g_date_set_parse (&now, today);
  if (!g_date_valid (&now))
    return;

  if (rafilm_words_take (words, "last year"))
    set_year (request, diary, year - 1, year - 1);
  else if (rafilm_words_take (words, "so far this year|this year"))
    set_year (request, diary, year, year);
  if (!diary)
    return;

  from = to = now;
  if (read_ago (words, &now, &from) || read_months (words, &now, &from, &to)
      || read_named_days (words, &now, &from, &to))
    set_days (request, &from, &to);
}

/* ---- Kind, rating, order, number ---- */

static void
read_genres (RafilmWords *words, RafilmRequest *request)
{
  for (guint i = 0; i < rafilm_words_get_length (words); i++)
    {
      guint n = rafilm_words_match (words, i,
                                    "romcom|romcoms|rom com|rom coms|romantic comedy|"
                                    "romantic comedies");
      const char *genre;
      const char *language;

      if (n > 0)
        {
          request->genres[0] = "Comedy";
          request->genres[1] = "Romance";
          request->n_genres = 2;
          rafilm_words_use (words, i, n);
          continue;
        }
      genre = rafilm_words_read_genre (words, i, &n);
      if (genre != NULL)
        {
          guint no = rafilm_words_match_before (words, i, "no|not a|not an|not|without|nothing");

          if (no > 0)
            request->without = genre;
          else if (request->n_genres < RAFILM_REQUEST_MAX_GENRES)
            request->genres[request->n_genres++] = genre;
          rafilm_words_use (words, i - no, no + n);
          continue;
        }
      language = rafilm_words_read_language (words, i);
      if (language != NULL)
        {
          request->language = language;
          rafilm_words_use (words, i, 1);
        }
    }
}

/* "4", "4.5" or "4½" of five stars at @i, as half stars. Returns how many words. */
static guint
read_stars (RafilmWords *words, guint i, int *ret_rating)
{
  const RafilmWord *word = rafilm_words_get (words, i);
  int number = rafilm_words_read_number (words, i);
  guint n = 1;

  if (word->used)
    return 0;
  /* "½" is normalised to "1 2". */
  if (strlen (word->norm) == 4 && g_str_has_suffix (word->norm, "1 2"))
    *ret_rating = (word->norm[0] - '0') * 2 + 1;
  else if (number < 0 || number > 5)
    return 0;
  else
    {
      *ret_rating = number * 2;
      if (rafilm_words_match (words, i + 1, "5") > 0)
        {
          *ret_rating += 1;
          n = 2;
        }
    }

  return *ret_rating >= 1 && *ret_rating <= 10 ? n : 0;
}

static void
read_rating (RafilmWords *words, RafilmRequest *request)
{
  for (guint i = 0; i < rafilm_words_get_length (words); i++)
    {
      int rating = 0;
      guint n = read_stars (words, i, &rating);
      guint stars = n > 0 ? rafilm_words_match (words, i + n, "stars|star") : 0;
      guint low = n > 0
                      ? rafilm_words_match (words, i + n + stars,
                                            "or more|or higher|or better|or above|and up|and above|"
                                            "and more|plus")
                      : 0;
      guint high = n > 0 ? rafilm_words_match (words, i + n + stars,
                                               "or less|or lower|or worse|or below|and below")
                         : 0;
      guint rated = rafilm_words_match_before (words, i, "rated|gave");
      guint before = rafilm_words_match_before (words, i, AT_LEAST "|" ABOVE "|at most|" BELOW);

      if (n == 0 || (stars == 0 && rated == 0))
        continue;
      if (low > 0 || rafilm_words_match_before (words, i, AT_LEAST) > 0)
        request->min_rating = rating;
      else if (high > 0 || rafilm_words_match_before (words, i, "at most") > 0)
        request->max_rating = rating;
      else if (rafilm_words_match_before (words, i, ABOVE) > 0)
        request->min_rating = MIN (rating + 1, 10);
      else if (rafilm_words_match_before (words, i, BELOW) > 0)
        request->max_rating = MAX (rating - 1, 1);
      else
        request->min_rating = request->max_rating = rating;
      rafilm_words_use (words, i - before, before + n + stars + low + high);
      return;
    }
}

static void
read_order (RafilmWords *words, RafilmRequest *request)
{
  if (rafilm_words_take (words, "least favourite|least favorite|worst rated|rated worst|rate worst|"
                                "lowest rated|rate lowest|rated lowest|worst|lowest|hated|dislike"))
    request->order = RAFILM_ORDER_WORST;
  else if (rafilm_words_take (words, "best rated|rated best|rate best|highest rated|rated highest|"
                                     "rate highest|rate the highest|rate the best|top rated|best|"
                                     "highest|favourite|favorite|favourites|favorites|top"))
    request->order = RAFILM_ORDER_BEST;
  else if (rafilm_words_take (words, "longest"))
    request->order = RAFILM_ORDER_LONGEST;
  else if (rafilm_words_take (words, "shortest"))
    request->order = RAFILM_ORDER_SHORTEST;
  else if (rafilm_words_take (words, "most recently|most recent|recently|lately|latest|last"))
    request->order = RAFILM_ORDER_RECENT;
  else if (rafilm_words_take (words, "first|oldest"))
    request->order = RAFILM_ORDER_OLDEST;
}

static void
read_relations (RafilmWords *words, RafilmRequest *request)
{
  if (rafilm_words_take (words, "not so long|not as long|less long|shorter"))
    request->relations |= RAFILM_RELATION_SHORTER;
  if (rafilm_words_take (words, "longer"))
    request->relations |= RAFILM_RELATION_LONGER;
  if (rafilm_words_take (words, "older|earlier"))
    request->relations |= RAFILM_RELATION_OLDER;
  if (rafilm_words_take (words, "newer|more recent|more modern|later"))
    request->relations |= RAFILM_RELATION_NEWER;
}

static void
read_limit (RafilmWords *words, RafilmRequest *request)
{
  if (rafilm_words_take (words, "just one|only one|one film|one movie"))
    request->limit = 1;

  for (guint i = 0; request->limit == 0 && i < rafilm_words_get_length (words); i++)
    {
      int number = rafilm_words_read_number (words, i);

      if (number < 2 || number > RAFILM_REQUEST_MAX_LIMIT)
        continue;
      request->limit = (guint) number;
      rafilm_words_use (words, i, 1);
    }
}

void
rafilm_constraints_read (RafilmWords *words, const char *today, gboolean diary,
                         RafilmRequest *request)
{
  read_runtime (words, request);
  read_rating (words, request);
  read_times (words, today, diary, request);
  read_years (words, today, diary, request);
  read_genres (words, request);
  read_order (words, request);
  read_relations (words, request);
  read_limit (words, request);
}

void
rafilm_constraints_read_scope (RafilmWords *words, RafilmRequest *request)
{
  if (rafilm_words_take (words,
                         "i havent seen|havent seen|i have not seen|have not seen|ive not seen|"
                         "ive never seen|i have never seen|never seen|not seen|i havent watched|"
                         "havent watched|i have not watched|have not watched|never watched|"
                         "not watched|i didnt see|unseen|unwatched|new to me"))
    request->scope = RAFILM_SCOPE_UNSEEN;

  if (rafilm_words_take (words, "on my watchlist|in my watchlist|from my watchlist|my watchlist|"
                                "the watchlist|watchlist|watch list|films i want to see|"
                                "films i want to watch|movies i want to see|"
                                "movies i want to watch"))
    request->scope = RAFILM_SCOPE_WATCHLIST;
  else if (rafilm_words_take (words, "unfinished|didnt finish|did not finish|havent finished|"
                                     "never finished|gave up on|abandoned"))
    request->scope = RAFILM_SCOPE_UNFINISHED;
  else if (request->scope == RAFILM_SCOPE_ANY
           && rafilm_words_take (words, "films i liked|films i loved|films i like|films i love|"
                                        "movies i liked|movies i loved|movies i like|"
                                        "movies i love|my likes|my liked films|did i like|"
                                        "did i love|i liked|i loved"))
    request->scope = RAFILM_SCOPE_LIKED;
  else if (request->scope == RAFILM_SCOPE_ANY
           && rafilm_words_take (words, "ive already seen|i have already seen|i already saw|"
                                        "already seen|ive seen|i have seen|seen before|i saw|"
                                        "i watched|ive watched|i have watched|to rewatch|rewatch|"
                                        "watch again|see again"))
    request->scope = RAFILM_SCOPE_SEEN;

  rafilm_words_take (words, "yet");
}
