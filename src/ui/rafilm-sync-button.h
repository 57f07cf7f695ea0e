/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmSyncButton: how the diary stands towards the server, as an icon in the
 * header bar, and in words in its popover, with what can be done about it.  It
 * never interrupts.
 */
#define RAFILM_TYPE_SYNC_BUTTON (rafilm_sync_button_get_type ())
G_DECLARE_FINAL_TYPE (RafilmSyncButton, rafilm_sync_button, RAFILM, SYNC_BUTTON, AdwBin)

/* CONTEXT must have a cloud. */
void rafilm_sync_button_set_context (RafilmSyncButton *self, RafilmAppContext *context);

G_END_DECLS
