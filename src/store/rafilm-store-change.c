/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-store-change.h"

G_DEFINE_BOXED_TYPE (RafilmStoreChange, rafilm_store_change, rafilm_store_change_copy,
                     rafilm_store_change_free)

RafilmStoreChange *
rafilm_store_change_copy (const RafilmStoreChange *self)
{
  RafilmStoreChange *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (RafilmStoreChange, 1);
  copy->kinds = self->kinds;
  copy->films = self->films != NULL ? g_array_ref (self->films) : NULL;
  return copy;
}

void
rafilm_store_change_free (RafilmStoreChange *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->films, g_array_unref);
  g_free (self);
}

gboolean
rafilm_store_change_has_film (const RafilmStoreChange *self, gint64 film)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->films == NULL)
    return (self->kinds & RAFILM_STORE_CHANGE_FILMS) != 0;
  for (guint i = 0; i < self->films->len; i++)
    if (g_array_index (self->films, gint64, i) == film)
      return TRUE;
  return FALSE;
}
