/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A child process of the local cloud. The kernel kills it when the local cloud ends, however
 * that ends (PR_SET_PDEATHSIG), so nothing is ever left behind. */

typedef struct _RafilmLocalProcess RafilmLocalProcess;

/**
 * RafilmLocalProcessLine:
 * @line: a line that the process printed, without its end
 */
typedef void (*RafilmLocalProcessLine) (const char *line, gpointer data);

/**
 * RafilmLocalProcessEnd:
 *
 * The process has ended. Not called for a process that was freed first.
 */
typedef void (*RafilmLocalProcessEnd) (gboolean clean, gpointer data);

/**
 * rafilm_local_process_start:
 * @arguments: the program and its arguments
 * @environment: the whole environment, or %NULL for this process's own
 * @line: (nullable): called for every line on standard output or standard error
 * @end: (nullable): called when it has ended
 *
 * Returns: (transfer full) (nullable): the running process, or %NULL with an error
 */
RafilmLocalProcess *rafilm_local_process_start (const char *const *arguments,
                                                const char *const *environment,
                                                RafilmLocalProcessLine line,
                                                RafilmLocalProcessEnd end, gpointer data,
                                                GError **error);

/**
 * rafilm_local_process_free:
 *
 * Kills the process where it still runs.
 */
void rafilm_local_process_free (RafilmLocalProcess *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalProcess, rafilm_local_process_free)

G_END_DECLS
