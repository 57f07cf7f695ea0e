/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-store-registry.h"

struct _RafilmFilmRegistry
{
  GMutex lock;
  GHashTable *counts; /* gint64 * to how many objects live */
  GHashTable *shared; /* gint64 * to the shared RafilmFilm, not owned */
};

/* What is known about one object. */
typedef struct
{
  RafilmFilmRegistry *registry;
  gint64 id;
  gboolean detailed;
} Ticket;

static GQuark
ticket_quark (void)
{
  return g_quark_from_static_string ("rafilm-film-ticket");
}

static void
change_count (RafilmFilmRegistry *self, gint64 id, int change)
{
  int count = 0;

  count = GPOINTER_TO_INT (g_hash_table_lookup (self->counts, &id)) + change;
  if (count == 0)
    g_hash_table_remove (self->counts, &id);
  else
    g_hash_table_insert (self->counts, g_memdup2 (&id, sizeof id), GINT_TO_POINTER (count));
}

static void
film_finalized_cb (gpointer data, GObject *film)
{
  Ticket *ticket = data;
  RafilmFilmRegistry *self = ticket->registry;

  g_mutex_lock (&self->lock);
  change_count (self, ticket->id, -1);
  if (g_hash_table_lookup (self->shared, &ticket->id) == (gpointer) film)
    g_hash_table_remove (self->shared, &ticket->id);
  g_mutex_unlock (&self->lock);

  rafilm_film_registry_unref (self);
  g_free (ticket);
}

static void
registry_clear (gpointer data)
{
  RafilmFilmRegistry *self = data;

  g_hash_table_unref (self->counts);
  g_hash_table_unref (self->shared);
  g_mutex_clear (&self->lock);
}

RafilmFilmRegistry *
rafilm_film_registry_new (void)
{
  RafilmFilmRegistry *self = NULL;

  self = g_atomic_rc_box_new0 (RafilmFilmRegistry);
  g_mutex_init (&self->lock);
  self->counts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->shared = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

RafilmFilmRegistry *
rafilm_film_registry_ref (RafilmFilmRegistry *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
rafilm_film_registry_unref (RafilmFilmRegistry *self)
{
  g_atomic_rc_box_release_full (self, registry_clear);
}

void
rafilm_film_registry_add (RafilmFilmRegistry *self, RafilmFilm *film, gboolean detailed)
{
  Ticket *ticket = NULL;

  g_return_if_fail (RAFILM_IS_FILM (film));

  ticket = g_new0 (Ticket, 1);
  ticket->registry = rafilm_film_registry_ref (self);
  ticket->id = rafilm_film_get_id (film);
  ticket->detailed = detailed;
  g_object_set_qdata (G_OBJECT (film), ticket_quark (), ticket);
  g_object_weak_ref (G_OBJECT (film), film_finalized_cb, ticket);

  g_mutex_lock (&self->lock);
  change_count (self, ticket->id, 1);
  g_mutex_unlock (&self->lock);
}

gboolean
rafilm_film_registry_has (RafilmFilmRegistry *self, gint64 id)
{
  gboolean found = FALSE;

  g_mutex_lock (&self->lock);
  found = g_hash_table_contains (self->counts, &id);
  g_mutex_unlock (&self->lock);
  return found;
}

/* Both objects are of the same film; @film is dropped afterwards, so that its members may move. */
static void
bring_up_to_date (RafilmFilm *shared, RafilmFilm *film)
{
  Ticket *old = NULL;
  Ticket *new = NULL;
  gboolean same_facts = FALSE;

  old = g_object_get_qdata (G_OBJECT (shared), ticket_quark ());
  new = g_object_get_qdata (G_OBJECT (film), ticket_quark ());
  g_assert (old != NULL && new != NULL);

  same_facts =
      rafilm_film_get_facts (shared)->fetched_at == rafilm_film_get_facts (film)->fetched_at;
  if (!same_facts || (new->detailed && !old->detailed))
    {
      rafilm_film_take_facts (shared, (RafilmFilmFacts *) rafilm_film_get_facts (film));
      old->detailed = new->detailed;
    }
  rafilm_film_take_state (shared, (RafilmFilmState *) rafilm_film_get_state (film));
}

RafilmFilm *
rafilm_film_registry_share (RafilmFilmRegistry *self, RafilmFilm *film)
{
  RafilmFilm *shared = NULL;
  gint64 id = 0;

  g_return_val_if_fail (RAFILM_IS_FILM (film), NULL);

  id = rafilm_film_get_id (film);
  g_mutex_lock (&self->lock);
  shared = g_hash_table_lookup (self->shared, &id);
  if (shared == NULL)
    g_hash_table_insert (self->shared, g_memdup2 (&id, sizeof id), film);
  g_mutex_unlock (&self->lock);

  if (shared == NULL || shared == film)
    return g_object_ref (film);
  g_object_ref (shared);
  bring_up_to_date (shared, film);
  return shared;
}
