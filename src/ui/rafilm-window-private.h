/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-window.h"

G_BEGIN_DECLS

/* Installs the actions and their keys; in rafilm-window-actions.c. */
void rafilm_window_install_actions (GtkWidgetClass *widget_class);

void rafilm_window_set_chat_visible (RafilmWindow *self, gboolean visible);
gboolean rafilm_window_get_chat_visible (RafilmWindow *self);
GtkWidget *rafilm_window_get_chat (RafilmWindow *self);

/* Goes one step back; FALSE on the first page. */
gboolean rafilm_window_go_back (RafilmWindow *self);

/* Whether a dialog lies over the window; then the keys are the dialog's. */
gboolean rafilm_window_is_covered (RafilmWindow *self);

G_END_DECLS
