/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RafilmDemoPhrase:
 * @text: a sentence or a few, or %NULL at a table's end. {title}, {director}, {actor}, {other}
 *   (another actor), {character} (who {actor} plays), {year}, {decade} and {minutes} are replaced;
 *   a phrase is not used where one of its own cannot be
 * @subject: (nullable): the genre, director, keyword or tag that it needs, or with "!" in front one
 *   that must not be there; "long", "short" and "old" are subjects too; %NULL for none
 * @low: the lowest rating that it suits, in half stars
 * @high: the highest one
 *
 * A piece that reviews are made of.
 */
typedef struct
{
  const char *text;
  const char *subject;
  int low;
  int high;
} RafilmDemoPhrase;

extern const RafilmDemoPhrase rafilm_demo_openings[];
extern const RafilmDemoPhrase rafilm_demo_one_liners[];
extern const RafilmDemoPhrase rafilm_demo_bodies[];
extern const RafilmDemoPhrase rafilm_demo_closings[];
extern const RafilmDemoPhrase rafilm_demo_rewatches[];
extern const RafilmDemoPhrase rafilm_demo_unfinished[];
extern const RafilmDemoPhrase rafilm_demo_spoilers[];
extern const RafilmDemoPhrase rafilm_demo_by_genre[];
extern const RafilmDemoPhrase rafilm_demo_by_director[];
extern const RafilmDemoPhrase rafilm_demo_by_keyword[];
extern const RafilmDemoPhrase rafilm_demo_by_tag[];

G_END_DECLS
