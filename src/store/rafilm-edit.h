/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "rafilm-viewing.h"
#include "rafilm-wire-value.h"

G_BEGIN_DECLS

/**
 * RafilmEdit:
 *
 * What a person did, in one step that is undone in one step: changes of fields of records, in
 * order. It is made anywhere, and written by rafilm_store_apply() in one transaction. A change
 * that changes nothing is left out there.
 *
 * Kinds of records and their fields are those of rafilm-wire-kinds.h; values that may not stand
 * in their field make rafilm_store_apply() fail with %RAFILM_ERROR_INVALID.
 */
typedef struct _RafilmEdit RafilmEdit;

#define RAFILM_TYPE_EDIT (rafilm_edit_get_type ())
GType rafilm_edit_get_type (void);

/**
 * rafilm_edit_new:
 * @label: what was done, as the undo item of the menu and a toast say it: "Log Heat"
 */
RafilmEdit *rafilm_edit_new (const char *label);
RafilmEdit *rafilm_edit_ref (RafilmEdit *self);
void rafilm_edit_unref (RafilmEdit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmEdit, rafilm_edit_unref)

const char *rafilm_edit_get_label (RafilmEdit *self);
gboolean rafilm_edit_is_empty (RafilmEdit *self);

/** Makes a record; its fields follow by rafilm_edit_set(). */
void rafilm_edit_create (RafilmEdit *self, const char *kind, const char *id);
void rafilm_edit_delete (RafilmEdit *self, const char *kind, const char *id);
/** Takes a record out of the trash. */
void rafilm_edit_restore (RafilmEdit *self, const char *kind, const char *id);
/** Sets a field. Takes over what @value owns. */
void rafilm_edit_set (RafilmEdit *self, const char *kind, const char *id, const char *field,
                      RafilmWireValue value);

/* Viewings */

/**
 * rafilm_edit_log_viewing:
 * @viewing: with its film; its id is made here when it has none
 *
 * A new viewing. The film is seen from then on, gets the viewing's rating and like when it has
 * them, and leaves the watchlist.
 *
 * Returns: (transfer none): the viewing's id; lives as long as the edit
 */
const char *rafilm_edit_log_viewing (RafilmEdit *self, RafilmViewing *viewing);
/** Changes those fields of @before that differ in @after. */
void rafilm_edit_update_viewing (RafilmEdit *self, RafilmViewing *before, RafilmViewing *after);
/** Into the trash. */
void rafilm_edit_delete_viewing (RafilmEdit *self, const char *id);
void rafilm_edit_restore_viewing (RafilmEdit *self, const char *id);

/* Films */

/** @half_stars: 1 to 10, or 0 for no rating */
void rafilm_edit_rate_film (RafilmEdit *self, gint64 film, int half_stars);
void rafilm_edit_like_film (RafilmEdit *self, gint64 film, gboolean like);
void rafilm_edit_mark_seen (RafilmEdit *self, gint64 film, gboolean seen);
/** "Not interested": never recommend it. */
void rafilm_edit_hide_film (RafilmEdit *self, gint64 film, gboolean hide);
/** @note: (nullable): %NULL leaves the note as it is; "" clears it */
void rafilm_edit_set_watchlist (RafilmEdit *self, gint64 film, gboolean on, const char *note);

/* Lists */

/**
 * rafilm_edit_create_list:
 *
 * Returns: (transfer none): the new list's id; lives as long as the edit
 */
const char *rafilm_edit_create_list (RafilmEdit *self, const char *name, const char *description,
                                     gboolean ranked, gboolean public);
/** %NULL for a @name or @description that stays. */
void rafilm_edit_update_list (RafilmEdit *self, const char *list, const char *name,
                              const char *description, gboolean ranked, gboolean public);
void rafilm_edit_delete_list (RafilmEdit *self, const char *list);
void rafilm_edit_restore_list (RafilmEdit *self, const char *list);
/** Puts @film at the end, unless the list has it. @note: (nullable) */
void rafilm_edit_add_to_list (RafilmEdit *self, const char *list, gint64 film, const char *note);
/** Moves @film so that it stands at @index, counted from 0 as if it had been taken out. */
void rafilm_edit_move_in_list (RafilmEdit *self, const char *list, gint64 film, guint index);
void rafilm_edit_remove_from_list (RafilmEdit *self, const char *list, gint64 film);
/** The note of a film in a list; "" or %NULL clears it. */
void rafilm_edit_set_list_note (RafilmEdit *self, const char *list, gint64 film, const char *note);

/* Profile and versions */

/** %NULL for what stays. */
void rafilm_edit_set_profile (RafilmEdit *self, const char *name, const char *bio);
/** Puts the text of a version in the place of the present one, and dismisses the version. */
void rafilm_edit_use_version (RafilmEdit *self, const char *version);
/** Drops a version for good. */
void rafilm_edit_dismiss_version (RafilmEdit *self, const char *version);

G_END_DECLS
