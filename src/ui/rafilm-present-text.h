/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-store.h"

G_BEGIN_DECLS

/**
 * RafilmPresentText:
 * @title: what the text belongs to, to be shown: a film's title, a list's name
 * @text: the text as it is now; "" for none
 * @spoiler: it is a review that tells what happens
 *
 * The text that is shown, of which a RafilmVersion is the other version.
 */
typedef struct
{
  char *title;
  char *text;
  gboolean spoiler;
} RafilmPresentText;

#define RAFILM_TYPE_PRESENT_TEXT (rafilm_present_text_get_type ())
GType rafilm_present_text_get_type (void);
RafilmPresentText *rafilm_present_text_copy (const RafilmPresentText *self);
void rafilm_present_text_free (RafilmPresentText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmPresentText, rafilm_present_text_free)

/* Resolves to a RafilmPresentText, or rejects as the store does. */
DexFuture *rafilm_present_text_load (RafilmStore *store,
                                     RafilmVersion *version) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
