/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"
#include "rafilm-list.h"

G_BEGIN_DECLS

/*
 * RafilmListPage: the films of one list in their order.  Alt+Up and Alt+Down
 * move the focused film, Delete takes it off.
 */
#define RAFILM_TYPE_LIST_PAGE (rafilm_list_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmListPage, rafilm_list_page, RAFILM, LIST_PAGE, AdwNavigationPage)

AdwNavigationPage *rafilm_list_page_new (RafilmAppContext *context, RafilmList *list);

G_END_DECLS
