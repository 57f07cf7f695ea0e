/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmWindow: the application's window.  Whatever can be done in it is an
 * action; rafilm-window-actions.c lists them with their keys.
 */
#define RAFILM_TYPE_WINDOW (rafilm_window_get_type ())
G_DECLARE_FINAL_TYPE (RafilmWindow, rafilm_window, RAFILM, WINDOW, AdwApplicationWindow)

RafilmWindow *rafilm_window_new (GtkApplication *application, RafilmAppContext *context);

RafilmAppContext *rafilm_window_get_context (RafilmWindow *self);

/* Writes EDIT to the mirror.  When it is done, TOAST (nullable) is shown with
 * a button that undoes it; when it fails, a toast says so. */
void rafilm_window_apply (RafilmWindow *self, RafilmEdit *edit, const char *toast);

/* A short message that goes away by itself; the second has a button that
 * undoes what was done last, and the third tells that this was done.  Either of
 * these takes the place of the one before. */
void rafilm_window_say (RafilmWindow *self, const char *text);
void rafilm_window_say_undo (RafilmWindow *self, const char *text);
void rafilm_window_say_undone (RafilmWindow *self, const char *text);
/* Takes TOAST over. */
void rafilm_window_add_toast (RafilmWindow *self, AdwToast *toast);
void rafilm_window_say_error (RafilmWindow *self, const GError *error);

/* Goes to one of "for-you", "films", "diary", "watchlist", "lists" and
 * "statistics". */
void rafilm_window_show_page (RafilmWindow *self, const char *name);
void rafilm_window_open_film (RafilmWindow *self, RafilmFilm *film);
void rafilm_window_push (RafilmWindow *self, AdwNavigationPage *page);
void rafilm_window_search (RafilmWindow *self, const char *text);

/* The film, or the viewing, that the focus or the page is about; NULL when
 * there is none.  (transfer none) */
RafilmFilm *rafilm_window_get_current_film (RafilmWindow *self);
RafilmViewing *rafilm_window_get_current_viewing (RafilmWindow *self);

G_END_DECLS
