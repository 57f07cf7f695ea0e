/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmForYouPage: recommended films in rows, each with the reason why. It needs no
 * network; the rows are made on this computer from the diary.
 */
#define RAFILM_TYPE_FOR_YOU_PAGE (rafilm_for_you_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmForYouPage, rafilm_for_you_page, RAFILM, FOR_YOU_PAGE, AdwBin)

/* Gives the page what it shows.  Call it once. */
void rafilm_for_you_page_set_context (RafilmForYouPage *self, RafilmAppContext *context);

G_END_DECLS
