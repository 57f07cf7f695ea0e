/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * RafilmTestFunc:
 *
 * The body of a test that runs in a fiber, so it may await futures.
 */
typedef void (*RafilmTestFunc) (void);

/**
 * rafilm_test_init:
 *
 * g_test_init() with isolated folders, plus libdex. Call it first in main().
 */
void rafilm_test_init (int *argc, char ***argv);

/**
 * rafilm_test_add_fiber:
 *
 * Adds a test case whose body runs in a fiber on the main scheduler. The case fails when the
 * fiber has not ended after a minute.
 */
void rafilm_test_add_fiber (const char *path, RafilmTestFunc func);

/**
 * rafilm_test_sleep:
 *
 * Lets the main loop turn for that many milliseconds. In a fiber only.
 */
void rafilm_test_sleep (guint milliseconds);

/**
 * rafilm_test_make_dir:
 *
 * Returns: (transfer full): the path of a new empty folder of this test alone
 */
char *rafilm_test_make_dir (void);

/**
 * rafilm_test_seed:
 *
 * The seed of a random test: RAFILM_TEST_SEED when that is set, else a fresh one. It is printed,
 * so that a failure can be replayed.
 */
guint32 rafilm_test_seed (void);

/**
 * rafilm_test_shared_data:
 *
 * Returns: (transfer full) (nullable): the path of a file among the test data that lies beside
 *   the project, or %NULL after having marked the test as skipped, where that is missing
 */
char *rafilm_test_shared_data (const char *relative_path);

G_END_DECLS
