/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-sync-first.h"

G_BEGIN_DECLS

/**
 * bench_sync_peer:
 * @dump: the documents, as JSON, one a line
 *
 * Has PouchDB fetch the same documents from a CouchDB-protocol server on loopback, and prints its
 * figures.
 *
 * Returns: whether there is a Node.js with PouchDB; says so when there is none
 */
gboolean bench_sync_peer (const char *dump, BenchPull *ret_pull);

G_END_DECLS
