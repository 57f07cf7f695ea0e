/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-database.h"

G_BEGIN_DECLS

/** The version of the tables that this program reads and writes. */
#define RAFILM_STORE_SCHEMA_VERSION 3

/**
 * rafilm_store_schema_upgrade:
 *
 * Brings the tables up to RAFILM_STORE_SCHEMA_VERSION, each step in a transaction of its own with
 * the file's user_version. docs/store.md describes the tables.
 *
 * Returns: %FALSE with %RAFILM_ERROR_DATABASE_NEWER for tables of a later version, or the errors
 *   of rafilm_database_end()
 */
gboolean rafilm_store_schema_upgrade (RafilmDatabase *db, GError **error);

G_END_DECLS
