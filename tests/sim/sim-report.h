/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a run tells: the first fault that it finds, which ends it, and what it did. */

#pragma once

#include <glib.h>

#define SIM_ACCOUNT "u_sim"
#define SIM_HANGS "it hangs"

/* What a run came to, as it is sent to the process that began it. */
typedef struct
{
  guint steps;
  guint writes;
  guint devices;
  guint requests;
  guint versions;
  guint cuts;
  guint disk_writes;
  gboolean copied; /* a file was copied, or an old one put back */
  gboolean forked;
  gboolean restored;
  guint soft; /* unfair choices between concurrent edits, where that is allowed */
} SimTally;

extern SimTally sim_tally;
extern gboolean sim_is_verbose;
extern gboolean sim_may_cut; /* machines end in the middle of what they do */
extern guint sim_cut;        /* 0 = by chance; else only before this write of the run */

/* Ends the process. */
void sim_fail (const char *format, ...) G_GNUC_PRINTF (1, 2) G_NORETURN;
/* Likewise, but where files were copied or the server restored it is only counted. */
void sim_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);
void sim_say (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* True time of the run, milliseconds of 1970. */
gint64 sim_now (void);
