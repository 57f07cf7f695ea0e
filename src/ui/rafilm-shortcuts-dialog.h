/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* RafilmShortcutsDialog: every key of Rafilm, by what it is for. */
#define RAFILM_TYPE_SHORTCUTS_DIALOG (rafilm_shortcuts_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RafilmShortcutsDialog, rafilm_shortcuts_dialog, RAFILM, SHORTCUTS_DIALOG,
                      AdwDialog)

AdwDialog *rafilm_shortcuts_dialog_new (void);

G_END_DECLS
