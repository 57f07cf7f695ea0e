/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-demo-lists.h"

#include <math.h>

#include "rafilm-demo-dice.h"

#define NOTED_SHARE 0.25
#define PER_LIST 12

typedef gboolean (*Fits) (const RafilmFilmFacts *facts);

typedef struct
{
  const char *name;
  const char *description;
  Fits fits;
  const char *const *notes; /* ended by NULL */
} Theme;

static gboolean
has_name (char **names, const char *name)
{
  return names != NULL && g_strv_contains ((const char *const *) names, name);
}

static gboolean
is_night (const RafilmFilmFacts *facts)
{
  static const char *const words[] = { "neo-noir", "one night",   "film noir", "nightclub",
                                       "insomnia", "taxi driver", NULL };

  for (guint i = 0; words[i] != NULL; i++)
    if (has_name (facts->keywords, words[i]))
      return TRUE;

  return FALSE;
}

static gboolean
is_for_niece (const RafilmFilmFacts *facts)
{
  return has_name (facts->genres, "Animation") && has_name (facts->genres, "Family")
         && facts->runtime <= 110;
}

static gboolean
is_short (const RafilmFilmFacts *facts)
{
  return facts->runtime >= 60 && facts->runtime <= 90;
}

static const char *const night_notes[] = { "For the colour of the street lamps.",
                                           "Starts in daylight; be patient.", "The taxi scene!",
                                           "The sound of the rain in this one.", NULL };
static const char *const niece_notes[] = { "She asked for it twice.", "A bit scary in the middle.",
                                           "Bring tissues, for me.", NULL };
static const char *const short_notes[] = { "In bed by ten.", "Feels even shorter.",
                                           "Leaves time for an argument afterwards.",
                                           "With subtitles, so no knitting.", NULL };

static const Theme themes[] = {
  { "Cities at night", "Wet streets, neon, and somebody who can't sleep.", is_night, night_notes },
  { "For my niece", "Tried and approved, aged six to nine.", is_for_niece, niece_notes },
  { "Short enough for a weeknight", "Ninety minutes at most.", is_short, short_notes },
};

static char *
write_watchlist_note (RafilmDemoPlan *plan, RafilmFilm *film)
{
  const RafilmFilmFacts *facts = rafilm_film_get_facts (film);
  gboolean has_director = facts->directors != NULL && facts->directors[0] != NULL;

  switch (g_rand_int_range (plan->rand, 0, 8))
    {
    case 0:
      return g_strdup ("Ana says yes.");
    case 1:
      return g_strdup ("Marta has it on disc.");
    case 2:
      return g_strdup ("Dad saw it when it came out.");
    case 3:
      return g_strdup ("Film club, perhaps?");
    case 4:
      return g_strdup ("Only on a big screen.");
    case 5:
      return has_director ? g_strdup_printf ("More %s.", facts->directors[0]) : NULL;
    case 6:
      return facts->runtime > 0 ? g_strdup_printf ("%d minutes: keep for a %s.", facts->runtime,
                                                   facts->runtime > 130 ? "Sunday" : "weeknight")
                                : NULL;
    default:
      return g_strdup ("From that list in the paper.");
    }
}

void
rafilm_demo_lists_add_watchlist (RafilmDemoPlan *plan, RafilmEdit *edit)
{
  g_autofree double *logits = g_new (double, plan->films->len);
  g_autoptr (GArray) drawn = NULL;

  for (guint i = 0; i < plan->films->len; i++)
    logits[i] =
        rafilm_demo_plan_has_film (plan, i)
            ? -INFINITY
            : plan->scores[i]
                  + 0.3 * log (1 + rafilm_film_get_facts (plan->films->pdata[i])->popularity);

  drawn = rafilm_demo_dice_draw (plan->rand, logits, plan->films->len, RAFILM_DEMO_WATCHLIST);
  for (guint i = 0; i < drawn->len; i++)
    {
      RafilmFilm *film = plan->films->pdata[g_array_index (drawn, guint, i)];
      g_autofree char *note = NULL;

      if (rafilm_demo_dice_chance (plan->rand, NOTED_SHARE))
        note = write_watchlist_note (plan, film);
      rafilm_edit_set_watchlist (edit, rafilm_film_get_id (film), TRUE, note);
    }
}

static void
add_theme (RafilmDemoPlan *plan, RafilmEdit *edit, const Theme *theme)
{
  g_autofree double *logits = g_new (double, plan->films->len);
  g_autoptr (GArray) drawn = NULL;
  const char *list = rafilm_edit_create_list (edit, theme->name, theme->description, FALSE, FALSE);
  guint n_notes = 0;

  for (guint i = 0; i < plan->films->len; i++)
    logits[i] = theme->fits (rafilm_film_get_facts (plan->films->pdata[i]))
                    ? plan->scores[i] + (rafilm_demo_plan_has_film (plan, i) ? 2 : 0)
                    : -INFINITY;

  drawn = rafilm_demo_dice_draw (plan->rand, logits, plan->films->len, PER_LIST);
  for (guint i = 0; i < drawn->len; i++)
    {
      RafilmFilm *film = plan->films->pdata[g_array_index (drawn, guint, i)];
      const char *note = NULL;

      if (theme->notes[n_notes] != NULL && rafilm_demo_dice_chance (plan->rand, 0.4))
        note = theme->notes[n_notes++];
      rafilm_edit_add_to_list (edit, list, rafilm_film_get_id (film), note);
    }
}

static int
compare_viewings (gconstpointer a, gconstpointer b)
{
  const RafilmDemoViewing *x = *(const RafilmDemoViewing *const *) a;
  const RafilmDemoViewing *y = *(const RafilmDemoViewing *const *) b;

  if (x->rating != y->rating)
    return y->rating - x->rating;

  return x->rewatch != y->rewatch ? (int) y->rewatch - (int) x->rewatch
                                  : g_strcmp0 (y->date, x->date);
}

static void
add_best (RafilmDemoPlan *plan, RafilmEdit *edit)
{
  static const char *const notes[] = { "There was never any question.",
                                       "On some days the first.",
                                       "For the last ten minutes.",
                                       NULL,
                                       NULL,
                                       "It gets better each time.",
                                       NULL,
                                       "Ana's choice, but she's right.",
                                       NULL,
                                       "Subject to change every Friday." };
  g_autoptr (GPtrArray) viewings = g_ptr_array_copy (plan->viewings, NULL, NULL);
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);
  const char *list = NULL;

  g_ptr_array_set_free_func (viewings, NULL);
  g_ptr_array_sort (viewings, compare_viewings);
  list = rafilm_edit_create_list (edit, "Ten for the desert island",
                                  "With a projector, one assumes.", TRUE, FALSE);
  for (guint i = 0; i < viewings->len && g_hash_table_size (taken) < G_N_ELEMENTS (notes); i++)
    {
      const RafilmDemoViewing *viewing = viewings->pdata[i];
      guint place = g_hash_table_size (taken);

      if (!g_hash_table_add (taken, GUINT_TO_POINTER (viewing->film + 1)))
        continue;
      rafilm_edit_add_to_list (edit, list, rafilm_film_get_id (plan->films->pdata[viewing->film]),
                               notes[place]);
    }
}

void
rafilm_demo_lists_add_lists (RafilmDemoPlan *plan, RafilmEdit *edit)
{
  add_best (plan, edit);
  for (guint i = 0; i < G_N_ELEMENTS (themes); i++)
    add_theme (plan, edit, &themes[i]);
}
