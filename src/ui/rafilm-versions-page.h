/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmVersionsPage: a text that two computers wrote without knowing of each
 * other: the one that is shown and the other one beside it, with the words in
 * which they differ marked, and the choice between them.  One pair follows the
 * other; after the last the page goes.
 *
 * Its actions: version.keep (the one that is shown; the other is dismissed),
 * version.use (the other one) and version.both.
 */
#define RAFILM_TYPE_VERSIONS_PAGE (rafilm_versions_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmVersionsPage, rafilm_versions_page, RAFILM, VERSIONS_PAGE,
                      AdwNavigationPage)

/* The versions of the record RECORD, or of all records when that is NULL. */
AdwNavigationPage *rafilm_versions_page_new (RafilmAppContext *context, const char *record);

G_END_DECLS
