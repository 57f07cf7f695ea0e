/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/** What kind of thing a transaction has changed. */
typedef enum
{
  RAFILM_STORE_CHANGE_FILMS = 1 << 0, /* facts or state of films */
  RAFILM_STORE_CHANGE_VIEWINGS = 1 << 1,
  RAFILM_STORE_CHANGE_WATCHLIST = 1 << 2,
  RAFILM_STORE_CHANGE_LISTS = 1 << 3, /* lists or their entries */
  RAFILM_STORE_CHANGE_PROFILE = 1 << 4,
  RAFILM_STORE_CHANGE_OUTBOX = 1 << 5,   /* something waits, or waits no more */
  RAFILM_STORE_CHANGE_VERSIONS = 1 << 6, /* other versions of texts */
  RAFILM_STORE_CHANGE_CONVERSATION = 1 << 7,
} RafilmStoreChangeKinds;

/**
 * RafilmStoreChange:
 * @kinds: what kinds of things changed
 * @films: (nullable) (element-type gint64): the films concerned, in no order; %NULL when there
 *   are too many to name
 *
 * One transaction as seen from outside. When it is announced, the RafilmFilm objects that exist
 * have been brought up to date.
 */
typedef struct
{
  RafilmStoreChangeKinds kinds;
  GArray *films;
} RafilmStoreChange;

#define RAFILM_TYPE_STORE_CHANGE (rafilm_store_change_get_type ())
GType rafilm_store_change_get_type (void);

RafilmStoreChange *rafilm_store_change_copy (const RafilmStoreChange *self);
void rafilm_store_change_free (RafilmStoreChange *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmStoreChange, rafilm_store_change_free)

/** Whether @film is among the changed ones, or may be. */
gboolean rafilm_store_change_has_film (const RafilmStoreChange *self, gint64 film);

G_END_DECLS
