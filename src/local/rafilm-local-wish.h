/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RafilmLocalWish:
 *
 * What a person asks for in a sentence about films, as far as a few rules of thumb tell.
 */
typedef struct
{
  char *title;   /* (nullable): a film that is named: "something like Heat, but shorter" */
  gboolean like; /* wants films like that one, not that one */
  gboolean shorter;
  gboolean longer;
  gboolean older;
  gboolean newer;
  gboolean diary;      /* asks about the own diary */
  gboolean about_film; /* is about films at all */
  int min_year;        /* 0 for none, as with all that follow */
  int max_year;
  int max_runtime; /* minutes */
  int min_runtime;
  char *genre;    /* (nullable): TMDb's English name */
  char *language; /* (nullable): ISO 639-1 */
} RafilmLocalWish;

/**
 * rafilm_local_wish_new:
 *
 * Reads @text, in English.
 */
RafilmLocalWish *rafilm_local_wish_new (const char *text);
void rafilm_local_wish_free (RafilmLocalWish *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalWish, rafilm_local_wish_free)

G_END_DECLS
