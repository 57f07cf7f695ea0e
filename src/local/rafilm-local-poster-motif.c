/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-poster-motif.h"

#include <string.h>

#define MAX_FITTING 12

/* A word of a keyword or of the title, and what stands for it. */
static const struct
{
  const char *word;
  RafilmLocalMotif motif;
} words[] = {
  { "sea", rafilm_local_motif_waves },
  { "ocean", rafilm_local_motif_waves },
  { "ship", rafilm_local_motif_waves },
  { "boat", rafilm_local_motif_waves },
  { "island", rafilm_local_motif_waves },
  { "river", rafilm_local_motif_waves },
  { "shark", rafilm_local_motif_waves },
  { "beach", rafilm_local_motif_waves },
  { "submarine", rafilm_local_motif_waves },
  { "water", rafilm_local_motif_waves },
  { "mountain", rafilm_local_motif_mountains },
  { "alps", rafilm_local_motif_mountains },
  { "snow", rafilm_local_motif_mountains },
  { "expedition", rafilm_local_motif_mountains },
  { "quest", rafilm_local_motif_mountains },
  { "dragon", rafilm_local_motif_mountains },
  { "forest", rafilm_local_motif_forest },
  { "witch", rafilm_local_motif_forest },
  { "vampire", rafilm_local_motif_forest },
  { "werewolf", rafilm_local_motif_forest },
  { "cabin", rafilm_local_motif_forest },
  { "fairy", rafilm_local_motif_forest },
  { "ghost", rafilm_local_motif_forest },
  { "new york", rafilm_local_motif_city },
  { "city", rafilm_local_motif_city },
  { "los angeles", rafilm_local_motif_city },
  { "tokyo", rafilm_local_motif_city },
  { "chicago", rafilm_local_motif_city },
  { "hong kong", rafilm_local_motif_city },
  { "paris", rafilm_local_motif_city },
  { "robbery", rafilm_local_motif_city },
  { "heist", rafilm_local_motif_city },
  { "road", rafilm_local_motif_road },
  { "car", rafilm_local_motif_road },
  { "truck", rafilm_local_motif_road },
  { "train", rafilm_local_motif_road },
  { "chase", rafilm_local_motif_road },
  { "journey", rafilm_local_motif_road },
  { "desert", rafilm_local_motif_sun },
  { "cowboy", rafilm_local_motif_sun },
  { "summer", rafilm_local_motif_sun },
  { "samurai", rafilm_local_motif_sun },
  { "africa", rafilm_local_motif_sun },
  { "sheriff", rafilm_local_motif_sun },
  { "space", rafilm_local_motif_orbit },
  { "alien", rafilm_local_motif_orbit },
  { "moon", rafilm_local_motif_orbit },
  { "astronaut", rafilm_local_motif_orbit },
  { "planet", rafilm_local_motif_orbit },
  { "robot", rafilm_local_motif_orbit },
  { "dream", rafilm_local_motif_spiral },
  { "madness", rafilm_local_motif_spiral },
  { "obsession", rafilm_local_motif_spiral },
  { "memory", rafilm_local_motif_spiral },
  { "time travel", rafilm_local_motif_spiral },
  { "time loop", rafilm_local_motif_spiral },
  { "hypnosis", rafilm_local_motif_spiral },
  { "psychological", rafilm_local_motif_eye },
  { "voyeur", rafilm_local_motif_eye },
  { "surveillance", rafilm_local_motif_eye },
  { "murder", rafilm_local_motif_eye },
  { "serial killer", rafilm_local_motif_eye },
  { "photographer", rafilm_local_motif_eye },
  { "film noir", rafilm_local_motif_blinds },
  { "private detective", rafilm_local_motif_blinds },
  { "detective", rafilm_local_motif_blinds },
  { "gangster", rafilm_local_motif_blinds },
  { "mafia", rafilm_local_motif_blinds },
  { "spy", rafilm_local_motif_blinds },
  { "femme fatale", rafilm_local_motif_blinds },
  { "explosion", rafilm_local_motif_rays },
  { "battle", rafilm_local_motif_rays },
  { "superhero", rafilm_local_motif_rays },
  { "boxing", rafilm_local_motif_rays },
  { "revolution", rafilm_local_motif_rays },
  { "martial arts", rafilm_local_motif_rays },
  { "love", rafilm_local_motif_duet },
  { "marriage", rafilm_local_motif_duet },
  { "couple", rafilm_local_motif_duet },
  { "twins", rafilm_local_motif_duet },
  { "friendship", rafilm_local_motif_duet },
  { "affair", rafilm_local_motif_duet },
  { "singer", rafilm_local_motif_bars },
  { "musician", rafilm_local_motif_bars },
  { "jazz", rafilm_local_motif_bars },
  { "concert", rafilm_local_motif_bars },
  { "dance", rafilm_local_motif_bars },
  { "band", rafilm_local_motif_bars },
  { "piano", rafilm_local_motif_bars },
  { "loneliness", rafilm_local_motif_stairs },
  { "prison", rafilm_local_motif_stairs },
  { "class", rafilm_local_motif_stairs },
  { "house", rafilm_local_motif_stairs },
  { "family", rafilm_local_motif_stairs },
  { "ambition", rafilm_local_motif_stairs },
};

/* Four for each genre. */
static const struct
{
  const char *genre;
  RafilmLocalMotif motifs[4];
} genres[] = {
  { "Science Fiction",
    { rafilm_local_motif_orbit, rafilm_local_motif_spiral, rafilm_local_motif_rays,
      rafilm_local_motif_sun } },
  { "Western",
    { rafilm_local_motif_sun, rafilm_local_motif_mountains, rafilm_local_motif_road,
      rafilm_local_motif_letter } },
  { "Horror",
    { rafilm_local_motif_forest, rafilm_local_motif_eye, rafilm_local_motif_spiral,
      rafilm_local_motif_letter } },
  { "Crime",
    { rafilm_local_motif_blinds, rafilm_local_motif_city, rafilm_local_motif_eye,
      rafilm_local_motif_letter } },
  { "Thriller",
    { rafilm_local_motif_eye, rafilm_local_motif_rays, rafilm_local_motif_blinds,
      rafilm_local_motif_spiral } },
  { "Mystery",
    { rafilm_local_motif_eye, rafilm_local_motif_spiral, rafilm_local_motif_stairs,
      rafilm_local_motif_blinds } },
  { "War",
    { rafilm_local_motif_rays, rafilm_local_motif_sun, rafilm_local_motif_letter,
      rafilm_local_motif_mountains } },
  { "Animation",
    { rafilm_local_motif_blocks, rafilm_local_motif_waves, rafilm_local_motif_mountains,
      rafilm_local_motif_orbit } },
  { "Family",
    { rafilm_local_motif_blocks, rafilm_local_motif_mountains, rafilm_local_motif_sun,
      rafilm_local_motif_duet } },
  { "Comedy",
    { rafilm_local_motif_blocks, rafilm_local_motif_letter, rafilm_local_motif_rays,
      rafilm_local_motif_duet } },
  { "Music",
    { rafilm_local_motif_bars, rafilm_local_motif_blocks, rafilm_local_motif_rays,
      rafilm_local_motif_letter } },
  { "Romance",
    { rafilm_local_motif_duet, rafilm_local_motif_waves, rafilm_local_motif_city,
      rafilm_local_motif_bars } },
  { "Adventure",
    { rafilm_local_motif_mountains, rafilm_local_motif_waves, rafilm_local_motif_sun,
      rafilm_local_motif_road } },
  { "Action",
    { rafilm_local_motif_rays, rafilm_local_motif_road, rafilm_local_motif_city,
      rafilm_local_motif_letter } },
  { "Fantasy",
    { rafilm_local_motif_mountains, rafilm_local_motif_forest, rafilm_local_motif_spiral,
      rafilm_local_motif_orbit } },
  { "History",
    { rafilm_local_motif_letter, rafilm_local_motif_stairs, rafilm_local_motif_sun,
      rafilm_local_motif_rays } },
  { "Documentary",
    { rafilm_local_motif_letter, rafilm_local_motif_bars, rafilm_local_motif_blocks,
      rafilm_local_motif_eye } },
  { "Drama",
    { rafilm_local_motif_stairs, rafilm_local_motif_duet, rafilm_local_motif_blocks,
      rafilm_local_motif_waves } },
};

static gboolean
has_word (const char *text, const char *word)
{
  gsize length = strlen (word);

  for (const char *at = text; (at = strstr (at, word)) != NULL; at++)
    {
      gboolean starts = at == text || !g_ascii_isalpha (at[-1]);
      const char *end = at + length;

      if (*end == 's')
        end++;
      if (starts && !g_ascii_isalpha (*end))
        return TRUE;
    }

  return FALSE;
}

RafilmLocalMotif
rafilm_local_motif_choose (const RafilmLocalFilm *film, guint32 draw)
{
  RafilmLocalMotif fitting[MAX_FITTING];
  guint count = 0;

  for (gsize i = 0; film->keywords[i] != NULL; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (words) && count < 3; j++)
      if (has_word (film->keywords[i], words[j].word))
        fitting[count++] = words[j].motif;
  for (gsize i = 0; film->genres[i] != NULL && count < MAX_FITTING - 4; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (genres); j++)
      if (strcmp (film->genres[i], genres[j].genre) == 0)
        for (gsize k = 0; k < (i == 0 ? 3 : 1); k++)
          fitting[count++] = genres[j].motifs[(draw / 5 + k) % 4];

  return count > 0 ? fitting[draw % count] : rafilm_local_motif_letter;
}

/* splitmix64, by Sebastiano Vigna. */
double
rafilm_local_canvas_draw (RafilmLocalCanvas *self, double least, double below)
{
  guint64 z;

  self->random += G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  z = self->random;
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94D049BB133111EB);
  z ^= z >> 31;

  return least + (below - least) * ((z >> 11) * 0x1.0p-53);
}

void
rafilm_local_canvas_fill (RafilmLocalCanvas *self, guint32 colour)
{
  rafilm_local_canvas_box (self, 0, 0, self->width, self->height, colour, 1);
}

void
rafilm_local_canvas_disc (RafilmLocalCanvas *self, double x, double y, double radius,
                          guint32 colour, double alpha)
{
  cairo_new_path (self->cr);
  cairo_arc (self->cr, x, y, radius, 0, 2 * G_PI);
  rafilm_local_palette_set (self->cr, colour, alpha);
  cairo_fill (self->cr);
}

void
rafilm_local_canvas_box (RafilmLocalCanvas *self, double x, double y, double width, double height,
                         guint32 colour, double alpha)
{
  cairo_rectangle (self->cr, x, y, width, height);
  rafilm_local_palette_set (self->cr, colour, alpha);
  cairo_fill (self->cr);
}
