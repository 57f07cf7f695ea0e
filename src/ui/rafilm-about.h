/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The about dialog, with what TMDb asks to be said. */
AdwDialog *rafilm_about_new (void);

G_END_DECLS
