/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * RafilmApplication: unique; a second start shows the first one's window.
 *
 * --profile DIR (or RAFILM_DATA_DIR) names the data folder.  Another folder is
 * another application, so that two diaries can be open at once.
 */
#define RAFILM_TYPE_APPLICATION (rafilm_application_get_type ())
G_DECLARE_FINAL_TYPE (RafilmApplication, rafilm_application, RAFILM, APPLICATION, AdwApplication)

RafilmApplication *rafilm_application_new (void);

G_END_DECLS
