/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-edit.h"

G_BEGIN_DECLS

/** What one change of an edit does; those after DELETE are resolved when the edit is applied. */
typedef enum
{
  RAFILM_CHANGE_CREATE,
  RAFILM_CHANGE_SET,
  RAFILM_CHANGE_RESTORE,
  RAFILM_CHANGE_DELETE,
  RAFILM_CHANGE_APPEND, /* a list item to the end of its list; @index has no meaning */
  RAFILM_CHANGE_MOVE,   /* a list item to @index */
  RAFILM_CHANGE_USE_VERSION,
} RafilmChangeAction;

typedef struct
{
  RafilmChangeAction action;
  char *kind;
  char *id;
  char *field; /* of SET */
  RafilmWireValue value;
  guint index;
} RafilmChange;

/** (element-type RafilmChange): in order; owned by the edit */
GPtrArray *rafilm_edit_get_changes (RafilmEdit *self);

/** "<list>:<film>", the id of a list item. */
char *rafilm_edit_make_item_id (const char *list, gint64 film);

G_END_DECLS
