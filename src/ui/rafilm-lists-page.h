/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmListsPage: the lists, and a way to make one.
 */
#define RAFILM_TYPE_LISTS_PAGE (rafilm_lists_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmListsPage, rafilm_lists_page, RAFILM, LISTS_PAGE, AdwBin)

/* Gives the page what it shows.  Call it once. */
void rafilm_lists_page_set_context (RafilmListsPage *self, RafilmAppContext *context);

G_END_DECLS
