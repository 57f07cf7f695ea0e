/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmDiaryPage: the viewings, newest first, under a heading for each month.
 */
#define RAFILM_TYPE_DIARY_PAGE (rafilm_diary_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmDiaryPage, rafilm_diary_page, RAFILM, DIARY_PAGE, AdwBin)

/* Gives the page what it shows.  Call it once. */
void rafilm_diary_page_set_context (RafilmDiaryPage *self, RafilmAppContext *context);

G_END_DECLS
