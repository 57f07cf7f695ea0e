/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A disk in memory that SQLite writes to, and whose power can be cut between any two writes. What
 * was not synced is then lost, kept or torn, each write by itself. */

#pragma once

#include <glib.h>

/* What the files of one database hold. */
typedef struct
{
  GByteArray *database;
  GByteArray *log; /* nullable */
} SimDiskImage;

/* Makes it the disk that SQLite uses from now on. */
void sim_disk_install (void);

/* A copy of the files, as a backup would make it. */
SimDiskImage *sim_disk_copy (const char *path);
void sim_disk_image_free (SimDiskImage *self);
/* Puts the files in place; nothing may have them open. */
void sim_disk_put (const char *path, const SimDiskImage *image);

/* Ends the machine of the database `path` before so many more writes and syncs: from then on
 * nothing can be read or written. */
void sim_disk_cut_after (const char *path, guint writes);
/* Likewise, before the write of this number of all writes, if that is still to come. */
void sim_disk_cut_before (const char *path, guint write);
/* Since the run began. */
guint sim_disk_count_writes (void);
void sim_disk_begin_count (void);
/* Ends it now. */
void sim_disk_kill (void);
/* Takes that back, if it has not happened. */
void sim_disk_spare (void);
gboolean sim_disk_is_dead (void);
/* Switches it on again. `lose`: the power was cut; else only the program was killed, and what it
 * wrote is there. */
void sim_disk_revive (gboolean lose);
