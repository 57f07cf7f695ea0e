/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One computer: a store on the simulation's disk, the cycle of synchronisation, a clock that may
 * be wrong. Called in fibers; whatever it does has come to rest when a function returns. */

#pragma once

#include "rafilm-edit.h"
#include "rafilm-store-private.h"
#include "sim-disk.h"

typedef struct
{
  guint index;
  const char *account;
  char *path;
  RafilmStore *store;
  GPtrArray *pending;      /* RafilmWireOp: the outbox as last looked at */
  GPtrArray *backups;      /* SimDiskImage */
  gint64 skew;             /* of its clock, ms */
  guint batch;             /* operations that it sends at most */
  int page;                /* bytes of a page that it asks for */
  gboolean is_old;         /* it runs the earlier version of the program */
  guint grows_at;          /* the step at which it gets the later one */
  gboolean syncing;        /* a cycle runs */
  gboolean may_be_refused; /* another account's token may come to it */
  guint64 request;         /* that it waits for; 0 = for none */
  char *request_text;      /* the request just made, until the network takes it */
  DexPromise *answer;
  DexPromise *settling;
} SimDevice;

/* Makes the empty file that new computers begin with; before anything else. */
void sim_device_prepare (void);

SimDevice *sim_device_new (guint index, gint64 skew, guint batch, int page);
/* A computer that begins with a copy of another's file. */
SimDevice *sim_device_clone (SimDevice *self, guint index);

/* It gets another version of the program, which begins. */
void sim_device_install (SimDevice *self, gboolean old);

/* Applies an edit, which is taken, and notes what was written. */
void sim_device_apply (SimDevice *self, RafilmEdit *edit);
/* Undo or redo. */
void sim_device_revert (SimDevice *self, gboolean redo);

/* Begins a cycle, unless one runs. */
void sim_device_sync (SimDevice *self);
/* An answer came; it is dropped when nobody waits for it. */
void sim_device_deliver (SimDevice *self, guint64 request, guint status, const char *text);
/* It stops waiting. */
void sim_device_give_up (SimDevice *self);
/* The program is killed (or the power cut) where it is, and begins again. */
void sim_device_crash (SimDevice *self, gboolean lose);
void sim_device_back_up (SimDevice *self);
/* Puts one of its backups back; FALSE when it has none. */
gboolean sim_device_put_back (SimDevice *self);

/* (transfer full): the state of synchronisation */
RafilmSyncState *sim_device_get_state (SimDevice *self);
/* (transfer full): the first column of what `sql` finds */
GPtrArray *sim_device_list (SimDevice *self, const char *sql);
/* Runs `work` in a transaction that reads. */
void sim_device_read (SimDevice *self, RafilmStoreWork work, gpointer data);
/* Asserts that what is shown is the overlay of outbox over mirror. */
void sim_device_check_overlay (SimDevice *self);

/* Random ones of what people do. */
void sim_user_act (SimDevice *self);
