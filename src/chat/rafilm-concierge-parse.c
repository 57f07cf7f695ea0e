/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-concierge-parse.h"

#include <string.h>

#include "rafilm-concierge-constraints.h"
#include "rafilm-concierge-words.h"

/* No title has more words than this. */
#define MAX_TITLE_WORDS 14
#define MAX_NAME_WORDS 4

/* Words that say nothing about which films are meant. */
#define FILLER                                                                                     \
  "a|an|the|some|any|me|my|i|id|im|ive|you|your|please|for|to|of|and|or|film|films|movie|movies|"  \
  "something|anything|recommend|recommendation|recommendations|suggest|suggestion|suggestions|"    \
  "show|find|give|get|want|wanna|watch|watching|see|seen|tonight|today|evening|weekend|good|"      \
  "great|nice|fun|can|could|would|should|will|shall|what|whats|which|is|are|was|were|there|that|"  \
  "this|these|those|with|on|in|at|it|one|ones|list|now|did|do|does|have|has|had|be|been|like|let|" \
  "lets|us|we|pick|choose|need|maybe|time|mood|more|most|really|very|just|about|but|only|idea|"    \
  "ideas|from|by|than|also|too|how|many|much|number|count|rated|rate|rating|ratings|watched|"      \
  "saw|logged|who|when|where|so|as|then|again|other|others|another|all|them|they|kind|sort|type|"  \
  "hello|hi|hey|thanks|ok|okay|well|not|no|up|out|got|around|am|feel|feeling|next|total|times|"    \
  "star|stars|ever|far|diary|log|history|year|years|long|spend|spent|average|mean|if|made|"        \
  "released|tell|surprise|random|my|before|after|since|know|say|think|night|because|monday|"       \
  "tuesday|wednesday|thursday|friday|saturday|sunday|"                                             \
  "afternoon|morning|rainy"

#define STOPS                                                                                      \
  "but|only|except|from|under|over|that|which|with|please|tonight|and|i|ive|in|on|between|before|" \
  "after|since|my|or|released|made|not|unseen|for|have|havent|ever|films|film|movies|movie|to|by|" \
  "shorter|longer|older|newer|did|last|this|rated|at|about|is|are|was|were|come"

typedef struct
{
  RafilmWords *words;
  RafilmTitleIndex *titles;
  RafilmRequest *request;
} Parser;

static gboolean
is_used (Parser *parser, guint i)
{
  const RafilmWord *word = rafilm_words_get (parser->words, i);

  return word == NULL || word->used;
}

/* ---- Titles ---- */

/* The title of @n words at @i, perhaps with a year behind. Returns how many words it took. */
static guint
match_title (Parser *parser, guint i, guint n)
{
  g_autofree char *title = rafilm_words_dup_norm (parser->words, i, n);
  RafilmRequest *request = parser->request;
  int year = rafilm_words_read_year (parser->words, i + n);
  guint from = rafilm_words_match (parser->words, i + n, "from|of");
  g_autoptr (GArray) others = NULL;
  gint64 film = 0;

  /* "like it" is not about the film It; "like It" is. */
  if (n == 1 && year == 0 && rafilm_words_match (parser->words, i, FILLER) > 0
      && (i == 0 || !rafilm_words_get (parser->words, i)->capital))
    return 0;

  if (year != 0)
    film = rafilm_title_index_find (parser->titles, title, year, NULL);
  else if (from > 0 && rafilm_words_read_year (parser->words, i + n + 1) != 0)
    {
      year = rafilm_words_read_year (parser->words, i + n + 1);
      film = rafilm_title_index_find (parser->titles, title, year, NULL);
      if (film == 0)
        year = 0;
      else
        n++;
    }
  if (year == 0)
    film = rafilm_title_index_find (parser->titles, title, 0, &others);
  if (film == 0)
    return 0;

  request->film = film;
  g_clear_pointer (&request->others, g_array_unref);
  request->others = g_steal_pointer (&others);

  return n + (year != 0 ? 1 : 0);
}

/* The longest title that begins at @i. Returns how many words it took. */
static guint
take_title (Parser *parser, guint i)
{
  guint n = 0;

  while (n < MAX_TITLE_WORDS && !is_used (parser, i + n))
    n++;
  for (; n > 0; n--)
    {
      guint taken = match_title (parser, i, n);

      if (taken > 0)
        {
          rafilm_words_use (parser->words, i, taken);
          return taken;
        }
    }

  return 0;
}

/* How many words at @i could be a name or a title that is not known. */
static guint
count_name (Parser *parser, guint i, guint max)
{
  guint n = 0;

  while (n < max && !is_used (parser, i + n))
    {
      if (n > 0
          && (rafilm_words_get (parser->words, i + n)->after_break
              || rafilm_words_match (parser->words, i + n, STOPS) > 0))
        break;
      n++;
    }

  return n;
}

static gboolean
mentions_kind (Parser *parser, guint i, guint n)
{
  for (guint j = i; j < i + n; j++)
    {
      guint length;

      if (rafilm_words_match (parser->words, j, "film|films|movie|movies|one|ones|it|that|this") > 0
          || rafilm_words_read_genre (parser->words, j, &length) != NULL
          || rafilm_words_read_language (parser->words, j) != NULL)
        return TRUE;
    }

  return FALSE;
}

/* Keeps the words at @i as a title that is not known, to be able to say so. */
static gboolean
take_unknown_title (Parser *parser, guint i)
{
  guint n = count_name (parser, i, MAX_TITLE_WORDS);

  if (n == 0 || mentions_kind (parser, i, n))
    return FALSE;

  /* A year behind is part of what was asked. */
  if (rafilm_words_read_year (parser->words, i + n) != 0)
    n++;
  parser->request->unknown_title = rafilm_words_dup_text (parser->words, i, n);
  rafilm_words_use (parser->words, i, n);

  return TRUE;
}

/* Titles between quotation marks or asterisks. */
static gboolean
take_quoted_title (Parser *parser)
{
  g_autoptr (GRegex) regex = NULL;
  g_autoptr (GMatchInfo) match = NULL;
  int start = 0;
  int end = 0;
  guint first = G_MAXUINT;
  guint n = 0;

  regex = g_regex_new ("[\"“„«*_]([^\"“”„«»*_]{1,200})[\"”“»*_]", 0, 0, NULL);
  if (!g_regex_match (regex, parser->words->text, 0, &match)
      || !g_match_info_fetch_pos (match, 1, &start, &end))
    return FALSE;

  for (guint i = 0; i < rafilm_words_get_length (parser->words); i++)
    {
      const RafilmWord *word = rafilm_words_get (parser->words, i);

      if (word->start < (gsize) start || word->end > (gsize) end)
        continue;
      first = MIN (first, i);
      n++;
    }
  if (n == 0)
    return FALSE;

  {
    guint taken = match_title (parser, first, n);

    if (taken == 0)
      parser->request->unknown_title = rafilm_words_dup_text (parser->words, first, n);
    rafilm_words_use (parser->words, first, MAX (taken, n));
  }

  return TRUE;
}

/* ---- One film ---- */

typedef struct
{
  const char *phrases;
  RafilmFact fact;
  gboolean only_known; /* without a known title these words mean something else */
} FactPhrases;

static const FactPhrases fact_phrases[] = {
  { "how many times have i seen|how many times did i see|how many times have i watched|"
    "how many times did i watch|how often have i seen|how often did i see|how often did i watch|"
    "how often have i watched",
    RAFILM_FACT_TIMES, FALSE },
  { "what did i think of|what did i think about|what did i write about|what did i say about|"
    "my review of|my reviews of|my notes on|did i review",
    RAFILM_FACT_REVIEW, FALSE },
  { "what rating did i give|how many stars did i give|what did i give|my rating of|my rating for|"
    "how did i rate|what did i rate|did i rate|did i like|do i like|did i love",
    RAFILM_FACT_RATING, FALSE },
  { "when did i last see|when did i last watch|when did i first see|when did i first watch|"
    "when did i see|when did i watch|have i ever seen|have i already seen|have i seen|"
    "have i watched|did i ever see|did i ever watch|did i already see|did i already watch|"
    "did i see|did i watch|did i finish",
    RAFILM_FACT_SEEN, FALSE },
  { "who is the director of|who was the director of|whos the director of|director of|who directed|"
    "who made",
    RAFILM_FACT_DIRECTOR, FALSE },
  { "who is in|whos in|who was in|who plays in|who played in|who stars in|who starred in|"
    "who acts in|the cast of|cast of|actors in",
    RAFILM_FACT_CAST, FALSE },
  { "how long is|how long was|how long does|the runtime of|runtime of|running time of|length of",
    RAFILM_FACT_RUNTIME, FALSE },
  { "when was|when did|when is|what year was|what year did|which year was|which year did|"
    "what year is|release date of|year of",
    RAFILM_FACT_YEAR, TRUE },
  { "tell me about|tell me more about|information on|information about", RAFILM_FACT_ALL, FALSE },
  { "what is|whats|what about|do you know|show me|find|show|add|put|open", RAFILM_FACT_ALL, TRUE },
  { "is", RAFILM_FACT_SEEN, TRUE },
};

/* "have i seen any …" asks for films, not for a film called "Any …". */
#define NO_TITLES                                                                                  \
  "any|anything|many|some|more|a|an|films|movies|something|that|last|in|this|on|yesterday|today|"  \
  "recently|much|best|highest|lowest|worst|the most|the best|the highest|the lowest|the worst|"    \
  "at|before|since|between|during|for|it|to|most|least|every|all|there|films|five|four|three|"     \
  "two|one"

static gboolean
read_fact_at (Parser *parser, guint i, const FactPhrases *phrases)
{
  guint n = rafilm_words_match (parser->words, i, phrases->phrases);
  guint at = i + n;
  guint skipped;

  if (n == 0)
    return FALSE;
  if (take_title (parser, at) == 0)
    {
      skipped = rafilm_words_match (parser->words, at, "the film|the movie|film|movie");
      if (skipped == 0 || take_title (parser, at + skipped) == 0)
        {
          if (phrases->only_known || phrases->fact == RAFILM_FACT_SEEN
              || rafilm_words_match (parser->words, at, NO_TITLES) > 0
              || !take_unknown_title (parser, at + skipped))
            return FALSE;
        }
    }

  rafilm_words_use (parser->words, i, n);
  parser->request->kind = RAFILM_REQUEST_FACT;
  parser->request->fact = phrases->fact;

  return TRUE;
}

static gboolean
read_fact (Parser *parser)
{
  for (guint f = 0; f < G_N_ELEMENTS (fact_phrases); f++)
    for (guint i = 0; i < rafilm_words_get_length (parser->words); i++)
      if (read_fact_at (parser, i, &fact_phrases[f]))
        return TRUE;

  return FALSE;
}

/* "Heat" and "heat 1995" alone, with or without a question mark. */
static gboolean
read_bare_title (Parser *parser)
{
  guint length = rafilm_words_get_length (parser->words);
  guint n;

  if (length == 0 || (length == 1 && rafilm_words_read_genre (parser->words, 0, &n) != NULL))
    return FALSE;
  for (n = length; n > 0 && n + 2 >= length; n--)
    {
      guint taken = match_title (parser, 0, n);

      if (taken == length)
        {
          parser->request->kind = RAFILM_REQUEST_FACT;
          return TRUE;
        }
      parser->request->film = 0;
      g_clear_pointer (&parser->request->others, g_array_unref);
    }

  return FALSE;
}

/* ---- Films that others should resemble ---- */

static void
read_likeness (Parser *parser)
{
  for (guint i = 0; i < rafilm_words_get_length (parser->words); i++)
    {
      guint liked =
          rafilm_words_match (parser->words, i, "i liked|i loved|i enjoyed|i like|i love|i enjoy");
      guint than = rafilm_words_match (parser->words, i, "than");
      guint n = rafilm_words_match (parser->words, i,
                                    "similar to|in the style of|in the vein of|in the spirit of|"
                                    "reminds me of|as good as|such as|same as|more like|like|than");

      /* "I loved Heat, what next?" */
      if (liked > 0 && take_title (parser, i + liked) > 0)
        {
          parser->request->relations |= RAFILM_RELATION_LIKE;
          rafilm_words_use (parser->words, i, liked);
          return;
        }
      if (n == 0
          || (n == 1 && than == 0
              && rafilm_words_match_before (parser->words, i,
                                            "i|id|would|we|you|feel|look|do i|did i|films i")
                     > 0))
        continue;
      if (take_title (parser, i + n) > 0 || (than == 0 && take_unknown_title (parser, i + n)))
        {
          if (than == 0)
            parser->request->relations |= RAFILM_RELATION_LIKE;
          rafilm_words_use (parser->words, i, n);
          return;
        }
    }
}

/* ---- People, topics, tags ---- */

static gboolean
is_name (Parser *parser, guint i, guint n, gboolean sure)
{
  if (n == 0)
    return FALSE;
  if (sure || rafilm_words_get (parser->words, i)->capital)
    return rafilm_words_match (parser->words, i, FILLER) == 0;

  return n >= 2 && rafilm_words_match (parser->words, i, FILLER) == 0;
}

static void
read_person (Parser *parser)
{
  for (guint i = 0; i < rafilm_words_get_length (parser->words); i++)
    {
      guint by =
          rafilm_words_match (parser->words, i, "directed by|made by|by director|from director|by");
      guint with = rafilm_words_match (parser->words, i,
                                       "starring|featuring|with actor|"
                                       "with actress|with");
      guint of = rafilm_words_match (parser->words, i, "films of|movies of|films from|movies from");
      guint n = by + with + of;
      guint name = n > 0 ? count_name (parser, i + n, MAX_NAME_WORDS) : 0;

      if (name == 0 || !is_name (parser, i + n, name, by > 0))
        continue;
      parser->request->role = by > 0     ? RAFILM_PERSON_DIRECTOR
                              : with > 0 ? RAFILM_PERSON_ACTOR
                                         : RAFILM_PERSON_ANY;
      parser->request->person = rafilm_words_dup_text (parser->words, i + n, name);
      rafilm_words_use (parser->words, i, n + name);
      return;
    }
}

/* "Agnès Varda films": capital letters before "films". */
static void
read_person_before_films (Parser *parser)
{
  guint at = 0;
  guint n = 0;

  if (parser->request->person != NULL
      || rafilm_words_find (parser->words, "films|movies|film|movie", &at) == 0)
    return;
  while (n < MAX_NAME_WORDS && n < at && !is_used (parser, at - n - 1)
         && rafilm_words_get (parser->words, at - n - 1)->capital
         && rafilm_words_match (parser->words, at - n - 1, FILLER) == 0)
    n++;
  if (n == 0)
    return;

  parser->request->person = rafilm_words_dup_text (parser->words, at - n, n);
  rafilm_words_use (parser->words, at - n, n + 1);
}

static void
read_tag (Parser *parser)
{
  guint at = 0;
  guint n =
      rafilm_words_find (parser->words, "tagged with|tagged as|tagged|with the tag|with tag", &at);
  guint name = n > 0 ? count_name (parser, at + n, MAX_NAME_WORDS) : 0;

  if (name == 0)
    return;
  parser->request->tag = rafilm_words_dup_text (parser->words, at + n, name);
  rafilm_words_use (parser->words, at, n + name);
}

static void
read_topic (Parser *parser)
{
  for (guint i = 0; i < rafilm_words_get_length (parser->words); i++)
    {
      guint n = rafilm_words_match (parser->words, i, "about|set in|involving|dealing with");
      guint name;

      if (n == 0)
        continue;
      n += rafilm_words_match (parser->words, i + n, "a|an|the|some|my");
      name = count_name (parser, i + n, MAX_NAME_WORDS);
      if (name == 0)
        continue;
      parser->request->topic = rafilm_words_dup_text (parser->words, i + n, name);
      rafilm_words_use (parser->words, i, n + name);
      return;
    }
}

/* ---- What is asked ---- */

static gboolean
equals (const char *text, const char *phrases)
{
  g_auto (GStrv) all = g_strsplit (phrases, "|", -1);

  return g_strv_contains ((const char *const *) all, text);
}

static RafilmRequestKind
read_small_talk (Parser *parser)
{
  guint length = rafilm_words_get_length (parser->words);
  g_autofree char *all = rafilm_words_dup_norm (parser->words, 0, length);

  if (equals (all, "help|what can you do|what can i ask|what can i ask you|how does this work|"
                   "who are you|what are you|what do you know|how can you help|"
                   "how can you help me"))
    return RAFILM_REQUEST_HELP;
  if (equals (all, "hello|hi|hey|good morning|good evening|good afternoon|hello there|hi there"))
    return RAFILM_REQUEST_GREETING;
  if (equals (all, "thanks|thank you|thanks a lot|thank you very much|great thanks|cheers|perfect|"
                   "perfect thanks|great"))
    return RAFILM_REQUEST_THANKS;
  if (equals (all, "more|another|another one|more please|another one please|others|other ones|"
                   "something else|anything else|what else|more of these|more like this|"
                   "more like these|more like that|next|one more|again|no|no others|"
                   "some more|some others|any others"))
    return RAFILM_REQUEST_MORE;

  return RAFILM_REQUEST_NONE;
}

static gboolean
is_about_diary (Parser *parser)
{
  guint at;

  return rafilm_words_find (parser->words,
                            "did i|have i|do i|i watched|i saw|ive seen|ive watched|i have seen|"
                            "i have watched|i rated|i logged|i gave|i loved|i liked|i reviewed|"
                            "my diary|my ratings|my rating|my viewings|my log|my history|"
                            "my average|my favourite|my favorite|my favourites|my favorites|"
                            "my best|my worst|my top|my highest|my lowest|my last|my latest|"
                            "my most|my films|my movies|my year|my longest|my shortest|my first",
                            &at)
         > 0;
}

/* Questions about the diary as a whole. */
static RafilmRequestKind
read_question (Parser *parser)
{
  RafilmWords *words = parser->words;
  guint at;

  if (rafilm_words_take (words, "how many hours|how many minutes|how many days|how much time|"
                                "how long did i spend|how long have i spent|total time"))
    return RAFILM_REQUEST_TIME;
  if (rafilm_words_take (words, "how many|number of|count of|count"))
    return RAFILM_REQUEST_COUNT;
  if (rafilm_words_take (words, "average rating|mean rating|average stars|rate on average|"
                                "my average"))
    return RAFILM_REQUEST_AVERAGE;
  if (rafilm_words_find (words,
                         "favourite|favorite|favourites|favorites|most watched|"
                         "watch most|watch the most|watched the most|watched most|"
                         "see most|see the most|most often|which director|which genre|"
                         "which decade|most of",
                         &at)
      > 0)
    {
      if (rafilm_words_take (words, "director|directors|filmmaker|filmmakers"))
        parser->request->favourite = RAFILM_FAVOURITE_DIRECTOR;
      else if (rafilm_words_take (words, "genre|genres|kind of film|kind of films"))
        parser->request->favourite = RAFILM_FAVOURITE_GENRE;
      else if (rafilm_words_take (words, "decade|decades"))
        parser->request->favourite = RAFILM_FAVOURITE_DECADE;
      else
        return RAFILM_REQUEST_NONE;
      rafilm_words_take (words, "favourite|favorite|most watched|most");
      return RAFILM_REQUEST_FAVOURITE;
    }

  return RAFILM_REQUEST_NONE;
}

/* What is left that may have meant something. */
static char *
dup_ignored (Parser *parser)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rafilm_words_get_length (parser->words); i++)
    {
      g_autofree char *piece = NULL;

      if (is_used (parser, i) || rafilm_words_match (parser->words, i, FILLER) > 0)
        continue;
      piece = rafilm_words_dup_text (parser->words, i, 1);
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", piece);
    }
  if (text->len == 0)
    {
      g_string_free (text, TRUE);
      return NULL;
    }

  return g_string_free_and_steal (text);
}

gboolean
rafilm_request_has_constraints (const RafilmRequest *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->scope != RAFILM_SCOPE_ANY || self->relations != 0 || self->film != 0
         || self->unknown_title != NULL || self->person != NULL || self->topic != NULL
         || self->tag != NULL || self->n_genres > 0 || self->without != NULL
         || self->language != NULL || self->min_year != 0 || self->max_year != 0
         || self->min_runtime != 0 || self->max_runtime != 0 || self->min_rating != 0
         || self->max_rating != 0 || self->from[0] != '\0';
}

static RafilmRequestKind
decide (Parser *parser, gboolean diary)
{
  RafilmRequest *request = parser->request;
  guint at;

  if (request->scope == RAFILM_SCOPE_WATCHLIST || request->scope == RAFILM_SCOPE_LIKED
      || request->scope == RAFILM_SCOPE_UNFINISHED)
    return RAFILM_REQUEST_LIST;
  if (request->tag != NULL || request->min_rating != 0 || request->max_rating != 0)
    {
      request->scope = RAFILM_SCOPE_SEEN;
      return RAFILM_REQUEST_LIST;
    }
  if (diary && request->scope != RAFILM_SCOPE_UNSEEN)
    {
      if (request->scope == RAFILM_SCOPE_ANY)
        request->scope = RAFILM_SCOPE_SEEN;
      if (request->order == RAFILM_ORDER_NONE)
        request->order = RAFILM_ORDER_RECENT;
      return RAFILM_REQUEST_LIST;
    }
  if (request->person != NULL && request->relations == 0)
    return RAFILM_REQUEST_LIST;
  /* "a poem about rain" is not about films. */
  if (request->topic != NULL && request->ignored != NULL && request->n_genres == 0
      && rafilm_words_find (parser->words, "film|films|movie|movies|something|anything", &at) == 0)
    return RAFILM_REQUEST_NONE;
  if (rafilm_request_has_constraints (request))
    return RAFILM_REQUEST_RECOMMEND;
  if (request->ignored == NULL
      && (request->surprise
          || rafilm_words_find (parser->words,
                                "recommend|recommendation|recommendations|suggest|suggestion|"
                                "suggestions|watch|something|anything|film|films|movie|movies|"
                                "idea|ideas|pick|choose|tonight|next",
                                &at)
                 > 0))
    return RAFILM_REQUEST_RECOMMEND;

  return RAFILM_REQUEST_NONE;
}

static void
parse_films (Parser *parser, const char *today)
{
  RafilmRequest *request = parser->request;
  RafilmRequestKind question;
  gboolean diary;

  take_quoted_title (parser);
  if (request->film == 0 && request->unknown_title == NULL)
    read_likeness (parser);
  else if (rafilm_words_take (parser->words, "similar to|more like|like"))
    request->relations |= RAFILM_RELATION_LIKE;

  question = read_question (parser);
  diary = is_about_diary (parser) || question != RAFILM_REQUEST_NONE;
  rafilm_constraints_read_scope (parser->words, request);
  if (request->scope == RAFILM_SCOPE_UNSEEN || request->scope == RAFILM_SCOPE_WATCHLIST)
    diary = FALSE;
  request->surprise = rafilm_words_take (parser->words, "surprise me|surprise|at random|random|"
                                                        "dont care|whatever|anything goes");
  read_tag (parser);
  rafilm_constraints_read (parser->words, today, diary, request);
  read_person (parser);
  read_topic (parser);
  read_person_before_films (parser);
  request->ignored = dup_ignored (parser);

  request->kind = question != RAFILM_REQUEST_NONE ? question : decide (parser, diary);
  if (question != RAFILM_REQUEST_NONE && request->scope == RAFILM_SCOPE_ANY)
    request->scope = RAFILM_SCOPE_SEEN;
}

void
rafilm_request_copy (const RafilmRequest *self, RafilmRequest *ret_copy)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (ret_copy != NULL);

  *ret_copy = *self;
  ret_copy->others = self->others != NULL ? g_array_ref (self->others) : NULL;
  ret_copy->unknown_title = g_strdup (self->unknown_title);
  ret_copy->person = g_strdup (self->person);
  ret_copy->topic = g_strdup (self->topic);
  ret_copy->tag = g_strdup (self->tag);
  ret_copy->ignored = g_strdup (self->ignored);
}

void
rafilm_request_clear (RafilmRequest *self)
{
  g_clear_pointer (&self->others, g_array_unref);
  g_clear_pointer (&self->unknown_title, g_free);
  g_clear_pointer (&self->person, g_free);
  g_clear_pointer (&self->topic, g_free);
  g_clear_pointer (&self->tag, g_free);
  g_clear_pointer (&self->ignored, g_free);
  *self = (RafilmRequest) { 0 };
}

void
rafilm_concierge_parse (const char *text, const char *today, RafilmTitleIndex *titles,
                        RafilmRequest *ret_request)
{
  g_autoptr (RafilmWords) words = NULL;
  Parser parser;

  g_return_if_fail (text != NULL);
  g_return_if_fail (today != NULL);
  g_return_if_fail (titles != NULL);
  g_return_if_fail (ret_request != NULL);

  *ret_request = (RafilmRequest) { 0 };
  words = rafilm_words_new (text);
  parser = (Parser) { .words = words, .titles = titles, .request = ret_request };

  ret_request->kind = read_small_talk (&parser);
  if (ret_request->kind != RAFILM_REQUEST_NONE || read_bare_title (&parser) || read_fact (&parser))
    return;

  parse_films (&parser, today);
}
