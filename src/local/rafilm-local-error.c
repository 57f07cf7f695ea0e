/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-error.h"

G_DEFINE_QUARK (rafilm_local_error, rafilm_local_error)
