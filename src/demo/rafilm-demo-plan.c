/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-demo-plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "rafilm-demo-critic.h"
#include "rafilm-demo-dice.h"
#include "rafilm-demo-taste.h"

#define DAYS (3 * 365)
#define DOUBLE_BILLS 14
#define UNDATED 4
#define IN_CINEMAS_DAYS 60
#define REWATCH_AFTER_DAYS 150

/* One evening while it is being planned. */
typedef struct
{
  RafilmDemoPlan *plan;
  const GDate *date;
  gboolean second_of_day;
  guint previous; /* the film seen before this one */
} Evening;

static void
viewing_free (gpointer data)
{
  RafilmDemoViewing *viewing = data;

  g_free (viewing->date);
  g_strfreev (viewing->tags);
  g_free (viewing->review);
  g_free (viewing);
}

static char *
format_date (const GDate *date)
{
  return g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (date), g_date_get_month (date),
                          g_date_get_day (date));
}

static gboolean
parse_date (const char *text, GDate *ret_date)
{
  int year, month, day;

  if (text == NULL || sscanf (text, "%d-%d-%d", &year, &month, &day) != 3
      || !g_date_valid_dmy (day, month, year))
    return FALSE;
  g_date_clear (ret_date, 1);
  g_date_set_dmy (ret_date, day, month, year);

  return TRUE;
}

/* How many days after its release the date is; 0 or less when it is not out, or nobody knows. */
static int
count_days_out (RafilmFilm *film, const GDate *date)
{
  GDate released;

  if (!parse_date (rafilm_film_get_facts (film)->release_date, &released))
    return 0;

  return g_date_days_between (&released, date);
}

static gboolean
has_name (char **names, const char *name)
{
  return names != NULL && g_strv_contains ((const char *const *) names, name);
}

static double *
score_films (GPtrArray *films)
{
  double *scores = g_new (double, films->len);
  double mean = 0;
  double variance = 0;

  for (guint i = 0; i < films->len; i++)
    {
      scores[i] = rafilm_demo_taste_score (&rafilm_demo_taste_of_diary, films->pdata[i]);
      mean += scores[i] / films->len;
    }
  for (guint i = 0; i < films->len; i++)
    variance += (scores[i] - mean) * (scores[i] - mean) / films->len;
  for (guint i = 0; i < films->len; i++)
    scores[i] = (scores[i] - mean) / sqrt (fmax (variance, 1e-9));

  return scores;
}

gboolean
rafilm_demo_plan_has_film (const RafilmDemoPlan *self, guint film)
{
  for (guint i = 0; i < self->viewings->len; i++)
    if (((RafilmDemoViewing *) self->viewings->pdata[i])->film == film)
      return TRUE;

  return FALSE;
}

static int
compare_days (gconstpointer a, gconstpointer b)
{
  return *(const int *) a - *(const int *) b;
}

/* Days from the first one on, in order: more at weekends and in winter; some come twice. */
static GArray *
draw_days (GRand *rand, const GDate *first, guint count)
{
  g_autofree double *logits = g_new (double, DAYS);
  g_autoptr (GArray) drawn = NULL;
  GArray *days = g_array_new (FALSE, FALSE, sizeof (int));

  for (int i = 0; i < DAYS; i++)
    {
      GDate date = *first;
      guint weekday, month;

      g_date_add_days (&date, i);
      weekday = g_date_get_weekday (&date);
      month = g_date_get_month (&date);
      logits[i] = (weekday >= G_DATE_FRIDAY ? 0.8 : 0) + (month >= 11 || month <= 2 ? 0.4 : 0)
                  - (month == 7 ? 0.6 : 0);
    }
  drawn = rafilm_demo_dice_draw (rand, logits, DAYS, count - DOUBLE_BILLS);
  for (guint i = 0; i < drawn->len; i++)
    {
      int day = (int) g_array_index (drawn, guint, i);

      g_array_append_val (days, day);
      if (i < DOUBLE_BILLS)
        g_array_append_val (days, day);
    }
  g_array_sort (days, compare_days);

  return days;
}

/* What would be watched on that evening; -INFINITY for what cannot be. */
static double
get_appeal (const Evening *evening, guint film, gboolean only_new)
{
  RafilmDemoPlan *plan = evening->plan;
  const RafilmFilmFacts *facts = rafilm_film_get_facts (plan->films->pdata[film]);
  const RafilmFilmFacts *previous;
  int days_out = count_days_out (plan->films->pdata[film], evening->date);
  guint month = g_date_get_month (evening->date);
  double appeal = 1.1 * plan->scores[film] + 0.5 * log (1 + facts->popularity);

  if (days_out <= 0 || rafilm_demo_plan_has_film (plan, film)
      || (only_new && days_out > IN_CINEMAS_DAYS))
    return -INFINITY;

  if (month == G_DATE_OCTOBER && has_name (facts->genres, "Horror"))
    appeal += 2;
  if (month == G_DATE_DECEMBER && has_name (facts->keywords, "christmas"))
    appeal += 3.5;
  if (evening->previous < plan->films->len && facts->directors != NULL)
    {
      previous = rafilm_film_get_facts (plan->films->pdata[evening->previous]);
      if (has_name (previous->directors, facts->directors[0]))
        appeal += 2.5;
    }

  return appeal;
}

static gboolean
choose_film (const Evening *evening, gboolean only_new, guint *ret_film)
{
  guint n = evening->plan->films->len;
  g_autofree double *logits = g_new (double, n);
  g_autoptr (GArray) drawn = NULL;

  for (guint i = 0; i < n; i++)
    logits[i] = get_appeal (evening, i, only_new);
  drawn = rafilm_demo_dice_draw (evening->plan->rand, logits, n, 1);
  if (drawn->len == 0)
    return FALSE;
  *ret_film = g_array_index (drawn, guint, 0);

  return TRUE;
}

/* A viewing, some months back, of a film that one would like to see again. */
static RafilmDemoViewing *
choose_favourite (const Evening *evening)
{
  GPtrArray *viewings = evening->plan->viewings;
  GDate limit = *evening->date;
  g_autofree char *text = NULL;

  if (viewings->len == 0)
    return NULL;
  g_date_subtract_days (&limit, REWATCH_AFTER_DAYS);
  text = format_date (&limit);
  for (guint attempt = 0; attempt < 20; attempt++)
    {
      guint index = g_rand_int_range (evening->plan->rand, 0, viewings->len);
      RafilmDemoViewing *viewing = viewings->pdata[index];

      if (viewing->rating >= 8 && (viewing->date == NULL || strcmp (viewing->date, text) < 0))
        return viewing;
    }

  return NULL;
}

static int
bound_rating (long rating)
{
  return (int) CLAMP (rating, 1, 10);
}

static int
rate (RafilmDemoPlan *plan, guint film)
{
  return bound_rating (
      lround (5.6 + 1.25 * plan->scores[film] + 0.95 * rafilm_demo_dice_normal (plan->rand)));
}

static GStrv
choose_tags (const Evening *evening, guint film, gboolean is_new)
{
  GRand *rand = evening->plan->rand;
  RafilmFilm *object = evening->plan->films->pdata[film];
  const RafilmFilmFacts *facts = rafilm_film_get_facts (object);
  g_autoptr (GStrvBuilder) tags = g_strv_builder_new ();
  gboolean out = is_new && rafilm_demo_dice_chance (rand, 0.85);
  gboolean print = rafilm_film_get_year (object) < 1990 && rafilm_demo_dice_chance (rand, 0.12);

  if (out || print)
    g_strv_builder_add (tags, "cinema");
  if (print)
    g_strv_builder_add (tags, "35 mm");
  if (out && rafilm_demo_dice_chance (rand, 0.15))
    g_strv_builder_add (tags, "festival");
  if (evening->second_of_day)
    g_strv_builder_add (tags, "double bill");
  if (g_date_get_weekday (evening->date) == G_DATE_THURSDAY && rafilm_demo_dice_chance (rand, 0.4))
    g_strv_builder_add (tags, "film club");
  else if (!out && !print)
    {
      double place = g_rand_double (rand);

      if (place < 0.3)
        g_strv_builder_add (tags, "home");
      else if (place < 0.34 && facts->popularity > 20)
        g_strv_builder_add (tags, "plane");
      else if (place < 0.37)
        g_strv_builder_add (tags, "train ride");
    }
  if (rafilm_demo_dice_chance (rand, out ? 0.4 : 0.16))
    g_strv_builder_add (tags, "with Ana");
  else if (rafilm_demo_dice_chance (rand, has_name (facts->genres, "Western") ? 0.5 : 0.05))
    g_strv_builder_add (tags, "with dad");

  return g_strv_builder_end (tags);
}

static RafilmDemoViewing *
plan_evening (const Evening *evening)
{
  GRand *rand = evening->plan->rand;
  RafilmDemoViewing *viewing = g_new0 (RafilmDemoViewing, 1);
  RafilmDemoViewing *favourite = NULL;
  gboolean is_new = FALSE;

  if (rafilm_demo_dice_chance (rand, 0.11))
    favourite = choose_favourite (evening);
  if (favourite != NULL)
    viewing->film = favourite->film;
  else if (rafilm_demo_dice_chance (rand, 0.5))
    is_new = choose_film (evening, TRUE, &viewing->film);
  if (favourite == NULL && !is_new && !choose_film (evening, FALSE, &viewing->film))
    {
      g_free (viewing);
      return NULL;
    }

  viewing->date = format_date (evening->date);
  viewing->tags = choose_tags (evening, viewing->film, is_new);
  viewing->finished = TRUE;
  viewing->rating = rate (evening->plan, viewing->film);
  if (favourite != NULL)
    viewing->rating = bound_rating (favourite->rating + g_rand_int_range (rand, -1, 2));
  viewing->rewatch = favourite != NULL
                     || (rafilm_film_get_year (evening->plan->films->pdata[viewing->film]) < 2010
                         && rafilm_demo_dice_chance (rand, 0.08));
  if (!viewing->rewatch && rafilm_demo_dice_chance (rand, viewing->rating <= 4 ? 0.25 : 0.012))
    viewing->finished = FALSE;
  viewing->liked = viewing->finished && viewing->rating >= 8
                   && rafilm_demo_dice_chance (rand, viewing->rating >= 9 ? 0.85 : 0.35);
  if (rafilm_demo_dice_chance (rand, viewing->finished ? 0.07 : 0.7))
    viewing->rating = 0;

  return viewing;
}

/* Films of childhood, whose date nobody remembers. */
static void
plan_undated (RafilmDemoPlan *self)
{
  g_autofree double *logits = g_new (double, self->films->len);
  g_autoptr (GArray) drawn = NULL;
  const char *tags[] = { "childhood", NULL };

  for (guint i = 0; i < self->films->len; i++)
    {
      const RafilmFilmFacts *facts = rafilm_film_get_facts (self->films->pdata[i]);
      gboolean fits =
          has_name (facts->genres, "Family") && rafilm_film_get_year (self->films->pdata[i]) < 2000;

      logits[i] = fits ? 0.5 * self->scores[i] + log (1 + facts->popularity) : -INFINITY;
    }
  drawn = rafilm_demo_dice_draw (self->rand, logits, self->films->len, UNDATED);
  for (guint i = 0; i < drawn->len; i++)
    {
      RafilmDemoViewing *viewing = g_new0 (RafilmDemoViewing, 1);

      viewing->film = g_array_index (drawn, guint, i);
      viewing->rating = g_rand_int_range (self->rand, 6, 10);
      viewing->liked = TRUE;
      viewing->finished = TRUE;
      viewing->tags = g_strdupv ((char **) tags);
      g_ptr_array_add (self->viewings, viewing);
    }
}

static void
plan_evenings (RafilmDemoPlan *self, const char *today)
{
  g_autoptr (GArray) days = NULL;
  guint previous = self->films->len;
  GDate first;

  if (!parse_date (today, &first))
    return;
  g_date_subtract_days (&first, DAYS - 1);
  days = draw_days (self->rand, &first, RAFILM_DEMO_VIEWINGS - self->viewings->len);
  for (guint i = 0; i < days->len; i++)
    {
      int number = g_array_index (days, int, i);
      GDate date = first;
      Evening evening = { self, &date, FALSE, previous };
      RafilmDemoViewing *viewing;

      g_date_add_days (&date, number);
      evening.second_of_day = i > 0 && g_array_index (days, int, i - 1) == number;
      viewing = plan_evening (&evening);
      if (viewing == NULL)
        break;
      previous = viewing->film;
      g_ptr_array_add (self->viewings, viewing);
    }
}

/* The evenings that gave most to say are written about. */
static void
plan_reviews (RafilmDemoPlan *self)
{
  g_autoptr (RafilmDemoCritic) critic = rafilm_demo_critic_new (self->rand);
  g_autofree double *logits = g_new (double, self->viewings->len);
  g_autoptr (GArray) drawn = NULL;

  for (guint i = 0; i < self->viewings->len; i++)
    {
      const RafilmDemoViewing *viewing = self->viewings->pdata[i];

      logits[i] = (viewing->rating >= 9 ? 1.2 : 0) + (viewing->finished ? 0 : 1)
                  + (viewing->rating > 0 && viewing->rating <= 4 ? 1 : 0)
                  + (viewing->tags[0] != NULL ? 0.6 : 0);
      if (viewing->date == NULL)
        logits[i] = -INFINITY;
    }
  drawn = rafilm_demo_dice_draw (self->rand, logits, self->viewings->len, RAFILM_DEMO_REVIEWS);
  for (guint i = 0; i < drawn->len; i++)
    {
      RafilmDemoViewing *viewing = self->viewings->pdata[g_array_index (drawn, guint, i)];
      RafilmDemoOccasion occasion = { .film = self->films->pdata[viewing->film],
                                      .rating = viewing->rating,
                                      .rewatch = viewing->rewatch,
                                      .finished = viewing->finished,
                                      .tags = (const char *const *) viewing->tags };

      viewing->review = rafilm_demo_critic_write (critic, &occasion, &viewing->spoiler);
    }
}

RafilmDemoPlan *
rafilm_demo_plan_new (GPtrArray *films, const char *today, guint32 seed)
{
  RafilmDemoPlan *self;

  g_return_val_if_fail (films != NULL, NULL);

  self = g_new0 (RafilmDemoPlan, 1);
  self->films = g_ptr_array_ref (films);
  self->scores = score_films (films);
  self->viewings = g_ptr_array_new_with_free_func (viewing_free);
  self->rand = g_rand_new_with_seed (seed);
  plan_undated (self);
  plan_evenings (self, today);
  plan_reviews (self);

  return self;
}

void
rafilm_demo_plan_free (RafilmDemoPlan *self)
{
  g_ptr_array_unref (self->films);
  g_free (self->scores);
  g_ptr_array_unref (self->viewings);
  g_rand_free (self->rand);
  g_free (self);
}
