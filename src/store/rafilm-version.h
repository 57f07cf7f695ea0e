/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * RafilmVersion:
 *
 * Another version of a text: two computers wrote it without knowing of each other, one text is
 * shown, and this is the other one. Properties, read-only but for construction: id; viewing (the
 * record's id); kind and field (what text of what kind of record, as rafilm-wire-kinds.h names
 * them); text; spoiler (whether a review's text gives the film away); by (the name of the computer,
 * may be empty) and at (milliseconds since 1970).
 */
#define RAFILM_TYPE_VERSION (rafilm_version_get_type ())
G_DECLARE_FINAL_TYPE (RafilmVersion, rafilm_version, RAFILM, VERSION, GObject)

const char *rafilm_version_get_id (RafilmVersion *self);
const char *rafilm_version_get_viewing (RafilmVersion *self);
const char *rafilm_version_get_kind (RafilmVersion *self);
const char *rafilm_version_get_field (RafilmVersion *self);
const char *rafilm_version_get_text (RafilmVersion *self);
gboolean rafilm_version_get_spoiler (RafilmVersion *self);
const char *rafilm_version_get_by (RafilmVersion *self);
gint64 rafilm_version_get_at (RafilmVersion *self);

G_END_DECLS
