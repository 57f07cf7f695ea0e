/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-demo-critic.h"

#include <string.h>

#include "rafilm-demo-dice.h"
#include "rafilm-demo-phrases.h"

#define RATING_WHEN_NONE 7
#define OLD_BEFORE 1985
#define LONG_MINUTES 150
#define SHORT_MINUTES 90

struct _RafilmDemoCritic
{
  GRand *rand;
  GHashTable *uses; /* phrase -> how often it was used */
};

/* An occasion as phrases see it. */
typedef struct
{
  const RafilmDemoOccasion *occasion;
  int rating;
  GStrv subjects;
  GHashTable *slots; /* name -> text */
} Subject;

static void
subject_clear (Subject *self)
{
  g_clear_pointer (&self->subjects, g_strfreev);
  g_clear_pointer (&self->slots, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Subject, subject_clear)

RafilmDemoCritic *
rafilm_demo_critic_new (GRand *rand)
{
  RafilmDemoCritic *self = g_new0 (RafilmDemoCritic, 1);

  self->rand = rand;
  self->uses = g_hash_table_new (NULL, NULL);

  return self;
}

void
rafilm_demo_critic_free (RafilmDemoCritic *self)
{
  g_hash_table_unref (self->uses);
  g_free (self);
}

static gboolean
has_name (char **names, const char *name)
{
  return names != NULL && g_strv_contains ((const char *const *) names, name);
}

static GStrv
list_subjects (const RafilmDemoOccasion *occasion)
{
  const RafilmFilmFacts *facts = rafilm_film_get_facts (occasion->film);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  char **groups[] = { facts->genres, facts->directors, facts->keywords, (char **) occasion->tags };

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    if (groups[i] != NULL)
      g_strv_builder_addv (builder, (const char **) groups[i]);
  if (rafilm_film_get_year (occasion->film) < OLD_BEFORE)
    g_strv_builder_add (builder, "old");
  if (facts->runtime >= LONG_MINUTES)
    g_strv_builder_add (builder, "long");
  if (facts->runtime > 0 && facts->runtime <= SHORT_MINUTES)
    g_strv_builder_add (builder, "short");

  return g_strv_builder_end (builder);
}

static void
add_slot (GHashTable *slots, const char *name, const char *text)
{
  if (text != NULL && text[0] != '\0')
    g_hash_table_insert (slots, (gpointer) name, g_strdup (text));
}

static void
add_number (GHashTable *slots, const char *name, int number)
{
  g_autofree char *text = g_strdup_printf ("%d", number);

  add_slot (slots, name, text);
}

static void
add_people (GHashTable *slots, const RafilmFilmFacts *facts)
{
  guint n_cast = facts->cast != NULL ? g_strv_length (facts->cast) : 0;
  g_autofree char *character = NULL;

  if (facts->directors != NULL)
    add_slot (slots, "{director}", facts->directors[0]);

  /* Nobody plays in a documentary, and drawings are not seen acting. */
  if (n_cast == 0 || has_name (facts->genres, "Documentary"))
    return;
  if (facts->characters != NULL && facts->characters[0] != NULL)
    {
      character = g_strdup (facts->characters[0]);
      if (g_str_has_suffix (character, " (voice)"))
        character[strlen (character) - strlen (" (voice)")] = '\0';
      add_slot (slots, "{character}", character);
    }
  if (has_name (facts->genres, "Animation"))
    return;
  add_slot (slots, "{actor}", facts->cast[0]);
  if (n_cast > 1)
    add_slot (slots, "{other}", facts->cast[n_cast > 3 ? 2 : 1]);
}

static GHashTable *
fill_slots (RafilmFilm *film)
{
  GHashTable *slots = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  const RafilmFilmFacts *facts = rafilm_film_get_facts (film);
  int year = rafilm_film_get_year (film);

  add_people (slots, facts);
  add_slot (slots, "{title}", rafilm_film_get_title (film));
  if (facts->runtime > 0)
    add_number (slots, "{minutes}", facts->runtime);
  if (year > 0)
    {
      add_number (slots, "{year}", year);
      add_number (slots, "{decade}", year - year % 10);
    }

  return slots;
}

/* The sentence, or NULL when something in it cannot be filled in. */
static char *
fill_in (const Subject *subject, const char *text)
{
  g_autoptr (GString) filled = g_string_new (NULL);
  const char *rest = text;
  const char *open;

  while ((open = strchr (rest, '{')) != NULL)
    {
      const char *close = strchr (open, '}');
      g_autofree char *name = g_strndup (open, close + 1 - open);
      const char *value = g_hash_table_lookup (subject->slots, name);

      if (value == NULL)
        return NULL;
      g_string_append_len (filled, rest, open - rest);
      g_string_append (filled, value);
      rest = close + 1;
    }
  g_string_append (filled, rest);

  return g_string_free_and_steal (g_steal_pointer (&filled));
}

static gboolean
suits (const Subject *subject, const RafilmDemoPhrase *phrase)
{
  if (subject->rating < phrase->low || subject->rating > phrase->high)
    return FALSE;
  if (phrase->subject == NULL)
    return TRUE;
  if (phrase->subject[0] == '!')
    return !has_name (subject->subjects, phrase->subject + 1);

  return has_name (subject->subjects, phrase->subject);
}

/* One of the least used phrases that suit; NULL when there is none, or when all have been used
 * @max_uses times. */
static char *
choose (RafilmDemoCritic *self, const Subject *subject, const RafilmDemoPhrase *phrases,
        guint max_uses)
{
  const RafilmDemoPhrase *best = NULL;
  g_autofree char *best_text = NULL;
  guint best_uses = max_uses;
  guint n_best = 0;

  for (const RafilmDemoPhrase *phrase = phrases; phrase->text != NULL; phrase++)
    {
      guint uses = GPOINTER_TO_UINT (g_hash_table_lookup (self->uses, phrase));
      g_autofree char *text = suits (subject, phrase) ? fill_in (subject, phrase->text) : NULL;

      if (text == NULL || uses > best_uses || uses >= max_uses)
        continue;
      n_best = uses < best_uses ? 1 : n_best + 1;
      best_uses = uses;
      if (g_rand_int_range (self->rand, 0, n_best) > 0)
        continue;
      best = phrase;
      g_set_str (&best_text, text);
    }
  if (best != NULL)
    g_hash_table_insert (self->uses, (gpointer) best, GUINT_TO_POINTER (best_uses + 1));

  return g_steal_pointer (&best_text);
}

static gboolean
add_sentence (RafilmDemoCritic *self, const Subject *subject, const RafilmDemoPhrase *phrases,
              guint max_uses, GString *review)
{
  g_autofree char *text = choose (self, subject, phrases, max_uses);

  if (text == NULL)
    return FALSE;
  if (review->len > 0 && review->str[review->len - 1] != '\n')
    g_string_append_c (review, ' ');
  g_string_append (review, text);

  return TRUE;
}

/* Something on what kind of film it is; says whether there was anything to say. */
static gboolean
add_subject (RafilmDemoCritic *self, const Subject *subject, GString *review)
{
  const RafilmDemoPhrase *tables[] = { rafilm_demo_by_director, rafilm_demo_by_keyword,
                                       rafilm_demo_by_genre };
  guint first = g_rand_int_range (self->rand, 0, G_N_ELEMENTS (tables));

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    if (add_sentence (self, subject, tables[(first + i) % G_N_ELEMENTS (tables)], 2, review))
      return TRUE;

  return FALSE;
}

static void
write_short (RafilmDemoCritic *self, const Subject *subject, GString *review)
{
  if (subject->occasion->rewatch)
    add_sentence (self, subject, rafilm_demo_rewatches, 2, review);
  if (review->len == 0)
    add_sentence (self, subject, rafilm_demo_openings, 3, review);
  if (!add_subject (self, subject, review) || rafilm_demo_dice_chance (self->rand, 0.4))
    add_sentence (self, subject, rafilm_demo_bodies, 3, review);
  if (rafilm_demo_dice_chance (self->rand, 0.4))
    add_sentence (self, subject, rafilm_demo_closings, 3, review);
}

static gboolean
write_long (RafilmDemoCritic *self, const Subject *subject, GString *review)
{
  gboolean spoiler = FALSE;

  add_sentence (self, subject,
                subject->occasion->rewatch ? rafilm_demo_rewatches : rafilm_demo_openings, 3,
                review);
  add_sentence (self, subject, rafilm_demo_by_tag, 2, review);
  add_sentence (self, subject, rafilm_demo_by_director, 2, review);
  if (review->len > 0)
    g_string_append (review, "\n\n");
  add_sentence (self, subject, rafilm_demo_bodies, 3, review);
  add_sentence (self, subject, rafilm_demo_by_keyword, 2, review);
  add_sentence (self, subject, rafilm_demo_by_genre, 2, review);
  add_sentence (self, subject, rafilm_demo_bodies, 3, review);
  if (rafilm_demo_dice_chance (self->rand, 0.35))
    spoiler = add_sentence (self, subject, rafilm_demo_spoilers, 1, review);
  g_string_append (review, "\n\n");
  add_sentence (self, subject, rafilm_demo_closings, 3, review);

  return spoiler;
}

char *
rafilm_demo_critic_write (RafilmDemoCritic *self, const RafilmDemoOccasion *occasion,
                          gboolean *ret_spoiler)
{
  g_autoptr (GString) review = g_string_new (NULL);
  g_auto (Subject)
      subject = { .occasion = occasion,
                  .rating = occasion->rating > 0 ? occasion->rating : RATING_WHEN_NONE };
  double mood = g_rand_double (self->rand);

  g_return_val_if_fail (self != NULL && ret_spoiler != NULL, NULL);

  *ret_spoiler = FALSE;
  subject.subjects = list_subjects (occasion);
  subject.slots = fill_slots (occasion->film);

  if (!occasion->finished)
    add_sentence (self, &subject, rafilm_demo_unfinished, 2, review);
  else if (mood < 0.33 && !occasion->rewatch)
    add_sentence (self, &subject, rafilm_demo_one_liners, 1, review);
  else if (mood > 0.75)
    *ret_spoiler = write_long (self, &subject, review);
  if (review->len == 0)
    write_short (self, &subject, review);

  return g_strdup (g_strstrip (review->str));
}
