/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmViewingPage: one entry of the diary, with the whole of its review.
 *
 * It follows the mirror, and goes when the entry is deleted.  "viewing" and
 * "film" (read-only) are for actions on what the page shows.
 */
#define RAFILM_TYPE_VIEWING_PAGE (rafilm_viewing_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmViewingPage, rafilm_viewing_page, RAFILM, VIEWING_PAGE,
                      AdwNavigationPage)

AdwNavigationPage *rafilm_viewing_page_new (RafilmAppContext *context, RafilmViewing *viewing);

G_END_DECLS
