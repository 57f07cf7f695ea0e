/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-demo-diary.h"

#include <string.h>

#include "rafilm-demo-lists.h"
#include "rafilm-spawn.h"

/* One transaction for so many viewings. */
#define VIEWINGS_PER_EDIT 50
#define ID_DIGITS 22

typedef struct
{
  RafilmStore *store;
  RafilmDemoPlan *plan;
} Writing;

static void
writing_free (gpointer data)
{
  Writing *self = data;

  g_object_unref (self->store);
  g_free (self);
}

/* Ids come from the seed too, so that a seed makes the same diary again. */
static char *
draw_id (GRand *rand)
{
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  char *id = g_malloc0 (ID_DIGITS + 1);

  for (guint i = 0; i < ID_DIGITS; i++)
    id[i] = digits[g_rand_int_range (rand, 0, (gint32) strlen (digits))];

  return id;
}

static RafilmViewing *
make_viewing (RafilmDemoPlan *plan, const RafilmDemoViewing *planned)
{
  g_autofree char *id = draw_id (plan->rand);
  RafilmViewing *viewing = rafilm_viewing_new (id, plan->films->pdata[planned->film]);

  g_object_set (viewing, "date", planned->date, "rating", planned->rating, "liked", planned->liked,
                "rewatch", planned->rewatch, "finished", planned->finished, "tags", planned->tags,
                NULL);
  if (planned->review != NULL)
    g_object_set (viewing, "review", planned->review, "spoiler", planned->spoiler, "language", "en",
                  NULL);

  return viewing;
}

static gboolean
log_viewings (Writing *self, GError **error)
{
  GPtrArray *viewings = self->plan->viewings;

  for (guint i = 0; i < viewings->len; i += VIEWINGS_PER_EDIT)
    {
      g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Log viewings");

      for (guint j = i; j < viewings->len && j < i + VIEWINGS_PER_EDIT; j++)
        {
          g_autoptr (RafilmViewing) viewing = make_viewing (self->plan, viewings->pdata[j]);

          rafilm_edit_log_viewing (edit, viewing);
        }
      if (!dex_await (rafilm_store_apply (self->store, edit), error))
        return FALSE;
    }

  return TRUE;
}

static DexFuture *
write_fiber (gpointer data)
{
  Writing *self = data;
  g_autoptr (RafilmEdit) watchlist = rafilm_edit_new ("Fill the watchlist");
  g_autoptr (RafilmEdit) lists = rafilm_edit_new ("Make lists");
  g_autoptr (GError) error = NULL;

  rafilm_demo_lists_add_watchlist (self->plan, watchlist);
  rafilm_demo_lists_add_lists (self->plan, lists);
  if (!dex_await (rafilm_store_put_films (self->store, self->plan->films), &error)
      || !log_viewings (self, &error)
      || !dex_await (rafilm_store_apply (self->store, watchlist), &error)
      || !dex_await (rafilm_store_apply (self->store, lists), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

DexFuture *
rafilm_demo_diary_write (RafilmStore *store, RafilmDemoPlan *plan)
{
  Writing *self;

  dex_return_error_if_fail (RAFILM_IS_STORE (store));
  dex_return_error_if_fail (plan != NULL);

  self = g_new0 (Writing, 1);
  self->store = g_object_ref (store);
  self->plan = plan;

  return rafilm_spawn (write_fiber, self, writing_free);
}
