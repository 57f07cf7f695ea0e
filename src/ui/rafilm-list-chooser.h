/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"
#include "rafilm-film.h"

G_BEGIN_DECLS

/*
 * RafilmListChooser: a dialog that puts a film on a list, or on a new one.
 */
#define RAFILM_TYPE_LIST_CHOOSER (rafilm_list_chooser_get_type ())
G_DECLARE_FINAL_TYPE (RafilmListChooser, rafilm_list_chooser, RAFILM, LIST_CHOOSER, AdwDialog)

AdwDialog *rafilm_list_chooser_new (RafilmAppContext *context, RafilmFilm *film);

G_END_DECLS
