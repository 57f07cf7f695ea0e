/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of the model that recommends films on the device. */
#include "fuzz.h"

#include "rafilm-item-model.h"

#include <glib.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  RafilmItemModel *model = rafilm_item_model_read (data, size);
  const RafilmTasteItem taste[] = { { 603, 1.0f }, { 949, -0.5f }, { 11, 1.0f } };
  RafilmScoredItem items[20];

  if (model == NULL)
    return 0;
  g_assert_cmpuint (rafilm_item_model_rank (model, taste, G_N_ELEMENTS (taste), items, 20), <=, 20);
  rafilm_item_model_free (model);
  return 0;
}
