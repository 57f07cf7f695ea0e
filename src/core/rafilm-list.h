/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * RafilmList:
 *
 * A named list of films. Properties, read-only but for construction: id, name, description,
 * ranked, public and count (how many films it holds).
 */
#define RAFILM_TYPE_LIST (rafilm_list_get_type ())
G_DECLARE_FINAL_TYPE (RafilmList, rafilm_list, RAFILM, LIST, GObject)

RafilmList *rafilm_list_new (const char *id, const char *name, const char *description,
                             gboolean ranked, gboolean public, guint count);

const char *rafilm_list_get_id (RafilmList *self);
const char *rafilm_list_get_name (RafilmList *self);
const char *rafilm_list_get_description (RafilmList *self);
gboolean rafilm_list_get_ranked (RafilmList *self);
gboolean rafilm_list_get_public (RafilmList *self);
guint rafilm_list_get_count (RafilmList *self);

G_END_DECLS
