/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libdex.h>

#include "rafilm-store.h"

G_BEGIN_DECLS

/*
 * RafilmAppContext: everything behind the windows, wired together once.
 *
 * Properties (read-only): "store".
 */
#define RAFILM_TYPE_APP_CONTEXT (rafilm_app_context_get_type ())
G_DECLARE_FINAL_TYPE (RafilmAppContext, rafilm_app_context, RAFILM, APP_CONTEXT, GObject)

/* Opens the mirror in the data folder FOLDER (made when it is missing) and
 * what stands on it.  Resolves to a RafilmAppContext; rejects as
 * rafilm_store_open() does. */
DexFuture *rafilm_app_context_open (const char *folder) G_GNUC_WARN_UNUSED_RESULT;

/* A context around a store that is open already, without a cloud. */
RafilmAppContext *rafilm_app_context_new (RafilmStore *store);

RafilmStore *rafilm_app_context_get_store (RafilmAppContext *self);

/* Ends what runs and closes the mirror. Resolves to a boolean. */
DexFuture *rafilm_app_context_close (RafilmAppContext *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
