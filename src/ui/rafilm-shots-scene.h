/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/* For pictures of what takes two computers and a server that refuses: a diary of
 * its own in FOLDER, which must be empty, with two of FILMS (a model of
 * RafilmFilm).  The first has a viewing whose review has another version, the
 * second one in the trash; one change was refused, and others wait.  To be called
 * in a fiber; NULL when it cannot be made. */
RafilmAppContext *rafilm_shots_scene_new (const char *folder, GListModel *films);

/* The viewing with two versions. */
#define RAFILM_SHOTS_SCENE_VIEWING "scene"

G_END_DECLS
