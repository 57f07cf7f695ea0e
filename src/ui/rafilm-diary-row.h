/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rafilm-viewing.h"

G_BEGIN_DECLS

/*
 * RafilmDiaryRow: one viewing: the day, the film, and what was thought of it.
 *
 * "viewing" may change, as a list view reuses its rows; "film" is the
 * viewing's, for actions on the film of the focused row.  With "compact" the
 * poster and the title are left out, for a page that shows them already, and
 * the whole review stands in it; with "veil" (which is the default) spoilers
 * are shown only on demand.
 */
#define RAFILM_TYPE_DIARY_ROW (rafilm_diary_row_get_type ())
G_DECLARE_FINAL_TYPE (RafilmDiaryRow, rafilm_diary_row, RAFILM, DIARY_ROW, GtkBox)

GtkWidget *rafilm_diary_row_new (void);
RafilmViewing *rafilm_diary_row_get_viewing (RafilmDiaryRow *self);
void rafilm_diary_row_set_viewing (RafilmDiaryRow *self, RafilmViewing *viewing);

/* Returns: (transfer full): what a screen reader says of the row */
char *rafilm_diary_row_dup_spoken_name (RafilmViewing *viewing);

G_END_DECLS
