/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmTrashPage: the viewings that were deleted lately, on whatever
 * computer, each with a button that puts it back.
 */
#define RAFILM_TYPE_TRASH_PAGE (rafilm_trash_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmTrashPage, rafilm_trash_page, RAFILM, TRASH_PAGE, AdwNavigationPage)

AdwNavigationPage *rafilm_trash_page_new (RafilmAppContext *context);

G_END_DECLS
