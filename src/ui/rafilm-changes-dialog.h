/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-store-sync.h"

G_BEGIN_DECLS

/*
 * RafilmChangesDialog: the changes that wait on this computer, and those that
 * the server refused, each with the reason and with what can be done about it:
 * send it again, copy its text, or discard it.
 */
#define RAFILM_TYPE_CHANGES_DIALOG (rafilm_changes_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RafilmChangesDialog, rafilm_changes_dialog, RAFILM, CHANGES_DIALOG, AdwDialog)

AdwDialog *rafilm_changes_dialog_new (RafilmStore *store);

G_END_DECLS
