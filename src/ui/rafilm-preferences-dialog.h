/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmPreferencesDialog: what can be set.
 */
#define RAFILM_TYPE_PREFERENCES_DIALOG (rafilm_preferences_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RafilmPreferencesDialog, rafilm_preferences_dialog, RAFILM,
                      PREFERENCES_DIALOG, AdwPreferencesDialog)

AdwDialog *rafilm_preferences_dialog_new (RafilmAppContext *context);

G_END_DECLS
