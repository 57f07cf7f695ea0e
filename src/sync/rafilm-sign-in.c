/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-sign-in.h"

#include <glib/gstdio.h>

#include "rafilm-profile.h"
#include "rafilm-spawn.h"
#include "rafilm-sync-cycle.h"

typedef struct
{
  char *folder;
  char *uid;
  RafilmSyncTransport *transport;
} SignIn;

static SignIn *
new_sign_in (const char *folder, const char *uid, RafilmSyncTransport *transport)
{
  SignIn *self = g_new0 (SignIn, 1);

  self->folder = g_strdup (folder);
  self->uid = g_strdup (uid);
  g_set_object (&self->transport, transport);
  return self;
}

static void
free_sign_in (gpointer data)
{
  SignIn *self = data;

  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->uid, g_free);
  g_clear_object (&self->transport);
  g_free (self);
}

static RafilmArrivalPlan *
await_plan (SignIn *self, RafilmStore *store, GPtrArray *records, GError **error)
{
  g_autoptr (RafilmSyncCycle) cycle = NULL;
  g_autoptr (RafilmSyncState) state = NULL;

  cycle = rafilm_sync_cycle_new (store, self->transport, self->uid, g_get_host_name ());
  state = dex_await_boxed (rafilm_sync_cycle_run (cycle), error);
  if (state == NULL)
    return NULL;
  return dex_await_boxed (rafilm_store_plan_arrival (store, records), error);
}

static char *
get_scratch (const char *folder)
{
  return g_build_filename (folder, "plan", NULL);
}

static void
remove_scratch (const char *folder)
{
  static const char *const names[] = { "diary.db", "diary.db-wal", "diary.db-shm" };
  g_autofree char *scratch = get_scratch (folder);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (scratch, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (scratch);
}

/* The account's diary here; where there is none, one that is thrown away, since the diary without
 * an account is to become it. */
static RafilmStore *
open_account (SignIn *self, GError **error)
{
  g_autofree char *path = rafilm_profile_dup_diary_path (self->folder, self->uid);
  g_autofree char *scratch = get_scratch (self->folder);
  g_autofree char *diary = g_build_filename (scratch, "diary.db", NULL);

  if (path != NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      remove_scratch (self->folder);
      return dex_await_object (rafilm_store_open (diary), error);
    }
  return dex_await_object (rafilm_profile_open_alone (self->folder, self->uid), error);
}

static DexFuture *
plan_fiber (gpointer data)
{
  SignIn *self = data;
  g_autoptr (RafilmStore) store = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (RafilmArrivalPlan) plan = NULL;
  g_autofree char *from = NULL;
  GError *error = NULL;

  records = rafilm_profile_list_local (self->folder, &from, &error);
  if (error != NULL)
    return dex_future_new_for_error (error);
  if (records != NULL)
    {
      store = open_account (self, &error);
      if (store == NULL)
        return dex_future_new_for_error (error);
      plan = await_plan (self, store, records, &error);
      dex_await (rafilm_store_close (store), NULL);
      remove_scratch (self->folder);
      if (plan == NULL)
        return dex_future_new_for_error (error);
    }
  return dex_future_new_take_boxed (RAFILM_TYPE_ARRIVAL_PLAN, g_steal_pointer (&plan));
}

DexFuture *
rafilm_sign_in_merge_plan (const char *folder, const char *uid, RafilmSyncTransport *transport)
{
  dex_return_error_if_fail (folder != NULL);
  dex_return_error_if_fail (uid != NULL);
  dex_return_error_if_fail (RAFILM_IS_SYNC_TRANSPORT (transport));

  return rafilm_spawn (plan_fiber, new_sign_in (folder, uid, transport), free_sign_in);
}

DexFuture *
rafilm_sign_in_merge_run (const char *folder, const char *uid, gboolean merge)
{
  GError *error = NULL;
  g_autofree char *aside = NULL;

  dex_return_error_if_fail (folder != NULL);
  dex_return_error_if_fail (uid != NULL);

  if (!merge)
    aside = rafilm_profile_put_aside (folder, &error);
  if (error != NULL)
    return dex_future_new_for_error (error);
  return rafilm_profile_open (folder, uid);
}
