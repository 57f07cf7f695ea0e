/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-poster-palette.h"

#include <string.h>

#define ERAS 6
#define TONES 3
#define CHOICES 4

typedef enum
{
  TONE_DARK,
  TONE_WARM,
  TONE_VIVID,
} Tone;

/* What each time's printing looked like: silent, studio, sixties, seventies, eighties, now. */
static const RafilmLocalPalette palettes[ERAS][TONES][CHOICES] = {
  {
      {
          { 0x1D1B1A, 0xEFE3CC, 0x8C7A5E, 0x4A4139, 0xC8553D },
          { 0x17212B, 0xEADFC8, 0x6F7F86, 0x33424D, 0xD9A441 },
          { 0x22171B, 0xF0E2CB, 0x7D4E45, 0x43292C, 0xD6A25B },
          { 0x14201D, 0xEBE3CF, 0x5F7A66, 0x2E423A, 0xC9832F },
      },
      {
          { 0xEBDDC3, 0x2A2320, 0xB08D57, 0x7A4B32, 0xA63D2F },
          { 0xE4DCCB, 0x22303A, 0x8FA3A0, 0x4F6468, 0xC9622F },
          { 0xE9D8B4, 0x33261D, 0xC7953F, 0x5E7169, 0x8C2F27 },
          { 0xE6E0D0, 0x2B2730, 0xA99A86, 0x72647A, 0xB5622C },
      },
      {
          { 0xF0E4CA, 0x201C1A, 0xD8A23A, 0x2F6B6A, 0xC23B2B },
          { 0xDCE2D2, 0x1F2A2E, 0xE0B04B, 0x3D5A73, 0xB8402C },
          { 0xC84B31, 0xFAEFD9, 0xE6B655, 0x2D3A3A, 0xF0E0BF },
          { 0xE3B23C, 0x28201A, 0xA63A2B, 0x2F5D62, 0xF6EBD3 },
      },
  },
  {
      {
          { 0x14181F, 0xF2EAD8, 0x5B6875, 0x2B3440, 0xE0A526 },
          { 0x201316, 0xF4E6D2, 0x8E3B32, 0x4A2024, 0xE8C170 },
          { 0x10201F, 0xF0EAD8, 0x2F6B62, 0x1B3F3C, 0xE2893B },
          { 0x1B1726, 0xF1E8DD, 0x6B5B95, 0x372F52, 0xE7B24C },
      },
      {
          { 0xF0E6D2, 0x26211F, 0xC98B5A, 0x6E8B7B, 0x9E2F2B },
          { 0xE9E3D5, 0x1E2B3C, 0xB7BFA8, 0x6B7F99, 0xD0673A },
          { 0xF2E2CF, 0x3A1F24, 0xD9896A, 0x8E5B63, 0x2F5B6B },
          { 0xE7E4D3, 0x27302A, 0xB9B07A, 0x6D8467, 0xB4472F },
      },
      {
          { 0xF6D55C, 0x1F2933, 0xED553B, 0x20639B, 0xFBF3DC },
          { 0xF3EBDD, 0x2B1D2F, 0xE4572E, 0x29728C, 0xF3A712 },
          { 0x2C6E73, 0xFBF1DD, 0xF2B84B, 0x17393F, 0xE5533D },
          { 0xD94F3D, 0xFFF4E2, 0xF5C26B, 0x33313B, 0x7FB7BE },
      },
  },
  {
      {
          { 0x101820, 0xF3EFE4, 0xD1462F, 0x39424E, 0xF2C14E },
          { 0x0F2B3C, 0xF4EBDB, 0x2C6E7F, 0x184257, 0xF26B38 },
          { 0x1C1C1C, 0xF5F0E6, 0x6E6A61, 0x3A3836, 0xE63E2D },
          { 0x22122E, 0xF7EBDD, 0x7A3E74, 0x42214D, 0xF4A52F },
      },
      {
          { 0xF4EDE0, 0x1B1B1B, 0xE4B363, 0xA8B5A2, 0xD1462F },
          { 0xEFE6D8, 0x263238, 0xD98E73, 0x7FA6A3, 0x36558F },
          { 0xF3E9D2, 0x2E2432, 0xE0A458, 0xB6465F, 0x4F7C8A },
          { 0xECE7DA, 0x1D2B28, 0x9DB17C, 0x517664, 0xE0792F },
      },
      {
          { 0xE8442E, 0xFFF6E5, 0xF4B942, 0x1E2A38, 0x4FA3A5 },
          { 0xF5EFE0, 0x1B2A41, 0xF25C54, 0xF7B267, 0x247BA0 },
          { 0xF4C430, 0x1B1B1E, 0xE4482F, 0x2B6E8F, 0xFFF5DC },
          { 0x1F7A78, 0xFFF5E1, 0xF5A623, 0x123F44, 0xF0563B },
      },
  },
  {
      {
          { 0x1E1511, 0xF3E1C2, 0x8B3A1E, 0x4C2A1A, 0xE3962B },
          { 0x16211C, 0xEFE6CF, 0x4F6B3F, 0x2A3B2C, 0xD97B29 },
          { 0x1A1A24, 0xF2E4C8, 0x59506B, 0x322C42, 0xE0813A },
          { 0x23120F, 0xF6E3C4, 0xA3401F, 0x57210F, 0xF0B541 },
      },
      {
          { 0xEFDDBB, 0x3B2117, 0xD98324, 0x8A4B2A, 0x5B6B3A },
          { 0xE9D9B6, 0x2E2A1F, 0xC8772E, 0x7C8B5A, 0xA8321E },
          { 0xF1E0C0, 0x38251F, 0xE2A048, 0xB35B36, 0x3E6C73 },
          { 0xEAD7AE, 0x2C2A24, 0xB99A4B, 0x6A7648, 0xBF4A26 },
      },
      {
          { 0xE9A227, 0x2D1B12, 0xC8451B, 0x7A2E1D, 0xF6E7C8 },
          { 0xF3E3C3, 0x33202A, 0xE36414, 0xFB8B24, 0x0F4C5C },
          { 0xB8431F, 0xFBEBCB, 0xEBA937, 0x5A2417, 0xF5D9A0 },
          { 0x4F6B2F, 0xFAEFCF, 0xD9A42A, 0x2B3D1C, 0xE8722A },
      },
  },
  {
      {
          { 0x120B26, 0xF9EBFF, 0xD81E7A, 0x3C1A6B, 0x2FD6D6 },
          { 0x0B132B, 0xEAF4F4, 0x3A506B, 0x1C2541, 0xFF6B6B },
          { 0x0A1F24, 0xEAF7F2, 0x12747A, 0x0D4049, 0xFF9F45 },
          { 0x1B0F1B, 0xFCEAF0, 0x8F2D56, 0x4A1B3A, 0xFFC145 },
      },
      {
          { 0xF2E9E4, 0x22223B, 0xC9ADA7, 0x6D7AA6, 0xE0566B },
          { 0xEFE7DA, 0x1D3557, 0xE8AE68, 0x7DA7BC, 0xD64550 },
          { 0xF6EADF, 0x35224A, 0xF0A6A0, 0x8C86B8, 0xF2703F },
          { 0xE8ECE4, 0x1F3640, 0x9CC5B5, 0x4E8C8A, 0xE98A4B },
      },
      {
          { 0xFF5D73, 0x1B1033, 0xFFC857, 0x4B2A8C, 0xFFF4E0 },
          { 0x2A9D8F, 0xFFF8E8, 0xE9C46A, 0x1B4D4F, 0xE76F51 },
          { 0xFFB627, 0x241A3E, 0xF0417A, 0x3C49B5, 0xFFF7E8 },
          { 0x3B3FB6, 0xFFF4E6, 0xFF8FA3, 0x222266, 0xFFCB47 },
      },
  },
  {
      {
          { 0x0D1B24, 0xF1F5F2, 0x17607A, 0x123244, 0xF28F3B },
          { 0x17161C, 0xF4F1EC, 0x5E548E, 0x2E2A44, 0xE56B6F },
          { 0x101C17, 0xF0F3EA, 0x2F6F4F, 0x1B3F30, 0xF2C14E },
          { 0x1C1113, 0xF7EDE6, 0x8C2F39, 0x461A22, 0xF4A259 },
      },
      {
          { 0xF3EEE7, 0x21252B, 0xDDB892, 0x9AADA0, 0xB5533C },
          { 0xE8EDEA, 0x1F2D3A, 0xA9C0B6, 0x577590, 0xE07A5F },
          { 0xF5EBE0, 0x3A2E39, 0xE5B299, 0xA26769, 0x1E6B70 },
          { 0xF0EFEB, 0x283618, 0xB7B77A, 0x606C38, 0xD97B34 },
      },
      {
          { 0x3D5A80, 0xFDF6EC, 0x98C1D9, 0x293241, 0xEE6C4D },
          { 0xFFD166, 0x20233B, 0xEF476F, 0x118AB2, 0xFDF8EE },
          { 0xE4572E, 0xFFF6E9, 0xF9B95C, 0x2B2D42, 0x76C7C0 },
          { 0x1E8C7A, 0xFDF8EA, 0xF6C453, 0x0F4C4A, 0xEF5D60 },
      },
  },
};

static const struct
{
  const char *genre;
  Tone tone;
} tones[] = {
  { "Horror", TONE_DARK },     { "Science Fiction", TONE_DARK }, { "Crime", TONE_DARK },
  { "Thriller", TONE_DARK },   { "Mystery", TONE_DARK },         { "War", TONE_DARK },
  { "Animation", TONE_VIVID }, { "Comedy", TONE_VIVID },         { "Family", TONE_VIVID },
  { "Music", TONE_VIVID },     { "Adventure", TONE_VIVID },      { "Action", TONE_VIVID },
  { "Fantasy", TONE_VIVID },   { "Western", TONE_WARM },         { "Romance", TONE_WARM },
  { "History", TONE_WARM },    { "Documentary", TONE_WARM },     { "Drama", TONE_WARM },
};

static int
find_era (int year)
{
  if (year < 1935)
    return 0;
  if (year < 1958)
    return 1;
  if (year < 1969)
    return 2;
  if (year < 1980)
    return 3;
  if (year < 1994)
    return 4;

  return 5;
}

static Tone
find_tone (const RafilmLocalFilm *film)
{
  for (gsize i = 0; film->genres[i] != NULL; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (tones); j++)
      if (strcmp (film->genres[i], tones[j].genre) == 0)
        return tones[j].tone;

  return TONE_WARM;
}

/* Now and then a film is not printed as its genre is: shelves of one colour are dull. */
const RafilmLocalPalette *
rafilm_local_palette_choose (const RafilmLocalFilm *film, guint32 draw)
{
  Tone tone = find_tone (film);

  if (draw % 7 == 0)
    tone = (Tone) ((tone + 1) % TONES);

  return &palettes[find_era (film->year)][tone][draw / 7 % CHOICES];
}

void
rafilm_local_palette_set (cairo_t *cr, guint32 colour, double alpha)
{
  cairo_set_source_rgba (cr, (colour >> 16) / 255.0, (colour >> 8 & 0xff) / 255.0,
                         (colour & 0xff) / 255.0, alpha);
}

guint32
rafilm_local_palette_mix (guint32 first, guint32 second, double part)
{
  guint32 mixed = 0;

  for (int shift = 16; shift >= 0; shift -= 8)
    {
      double a = first >> shift & 0xff;
      double b = second >> shift & 0xff;

      mixed |= (guint32) (a + (b - a) * part + 0.5) << shift;
    }

  return mixed;
}

gboolean
rafilm_local_palette_is_dark (guint32 colour)
{
  double light = 0.299 * (colour >> 16) + 0.587 * (colour >> 8 & 0xff) + 0.114 * (colour & 0xff);

  return light < 128;
}

guint32
rafilm_local_palette_get_shadow (const RafilmLocalPalette *palette)
{
  if (rafilm_local_palette_is_dark (palette->ground))
    return rafilm_local_palette_mix (palette->ground, 0x000000, 0.6);

  return rafilm_local_palette_is_dark (palette->ink) ? palette->ink : palette->second;
}
