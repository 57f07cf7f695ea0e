/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"
#include "rafilm-viewing.h"

G_BEGIN_DECLS

/*
 * RafilmLogDialog: logs a viewing, or edits one.
 *
 * Without a film it begins with choosing one.  Return saves, but for the
 * review, where Ctrl+Return does.  What is saved is one edit, undone in one
 * step; "saved" (string id of the viewing) is emitted when the mirror has it.
 */
#define RAFILM_TYPE_LOG_DIALOG (rafilm_log_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RafilmLogDialog, rafilm_log_dialog, RAFILM, LOG_DIALOG, AdwDialog)

/* FILM: nullable.  VIEWING: nullable, the viewing to edit. */
AdwDialog *rafilm_log_dialog_new (RafilmAppContext *context, RafilmFilm *film,
                                  RafilmViewing *viewing);

G_END_DECLS
