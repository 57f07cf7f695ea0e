/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whose diary is open: the account's, or what was kept without one. */

#include "config.h"

#include "rafilm-api-transport.h"
#include "rafilm-app-context-private.h"
#include "rafilm-error.h"
#include "rafilm-own-account.h"
#include "rafilm-profile.h"
#include "rafilm-sign-in.h"
#include "rafilm-spawn.h"

void
rafilm_app_context_set_undecided (RafilmAppContext *self, gboolean undecided)
{
  if (self->undecided == undecided)
    return;

  self->undecided = undecided;
  g_object_notify (G_OBJECT (self), "undecided");
}

gboolean
rafilm_app_context_has_local (RafilmAppContext *self)
{
  g_autofree char *path = rafilm_profile_dup_diary_path (self->folder, NULL);
  g_autofree char *from = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) error = NULL;

  if (self->store != NULL && g_str_equal (path, rafilm_store_get_path (self->store)))
    records = dex_await_boxed (rafilm_store_list_records (self->store), &error);
  else
    records = rafilm_profile_list_local (self->folder, &from, &error);
  if (error != NULL)
    g_warning ("What was kept without an account cannot be read: %s", error->message);

  return records != NULL && records->len > 0;
}

/* What cannot be taken over is still in the file of the account. */
static void
leave_deleted (RafilmAppContext *self)
{
  g_autofree char *uid = g_steal_pointer (&self->deleted_uid);
  g_autoptr (GError) error = NULL;

  if (uid != NULL && !dex_await (rafilm_profile_leave_account (self->folder, uid), &error))
    g_warning ("The diary of the deleted account stays where it is: %s", error->message);
}

/* The windows are gone while this runs, so that nothing asks a closed mirror. */
static void
switch_diary (RafilmAppContext *self, const char *uid, gboolean merge)
{
  g_autofree char *path = rafilm_profile_dup_diary_path (self->folder, uid);
  g_autoptr (GError) error = NULL;

  if (self->store == NULL || path == NULL
      || g_str_equal (path, rafilm_store_get_path (self->store)))
    return;

  g_signal_emit_by_name (self, "switching");
  rafilm_app_context_stop_parts (self);
  dex_await (rafilm_store_close (self->store), NULL);
  g_clear_object (&self->store);
  leave_deleted (self);

  self->store = dex_await_object (uid != NULL ? rafilm_sign_in_merge_run (self->folder, uid, merge)
                                              : rafilm_profile_open (self->folder, NULL),
                                  &error);
  if (self->store == NULL)
    {
      g_signal_emit_by_name (self, "failed", error);
      return;
    }
  rafilm_app_context_start_parts (self);
  dex_await (rafilm_conversation_load (self->conversation), NULL);
  g_signal_emit_by_name (self, "switched");
}

static DexFuture *
follow_fiber (gpointer user_data)
{
  RafilmAppContext *self = user_data;

  do
    {
      g_autofree char *uid = g_strdup (rafilm_account_get_uid (self->account));

      self->follow_again = FALSE;
      rafilm_app_context_set_undecided (self, uid != NULL && rafilm_app_context_has_local (self));
      rafilm_app_context_update_socket (self);
      switch_diary (self, self->undecided ? NULL : uid, TRUE);
    }
  while (self->follow_again);

  return dex_future_new_true ();
}

void
rafilm_app_context_follow_account (RafilmAppContext *self)
{
  if (self->following != NULL && dex_future_is_pending (self->following))
    {
      self->follow_again = TRUE;
      return;
    }
  dex_clear (&self->following);
  self->following = rafilm_spawn (follow_fiber, g_object_ref (self), g_object_unref);
}

/* ---- The end of an account ---- */

/* What the account's diary held here goes on without one. */
static void
leave (RafilmAppContext *self)
{
  g_set_str (&self->deleted_uid, rafilm_account_get_uid (self->account));
  dex_await (rafilm_account_sign_out (self->account, FALSE), NULL);
  if (self->following != NULL)
    dex_await (dex_ref (self->following), NULL);
}

static DexFuture *
leave_fiber (gpointer user_data)
{
  leave (user_data);

  return dex_future_new_true ();
}

static DexFuture *
delete_fiber (gpointer user_data)
{
  RafilmAppContext *self = user_data;
  GError *error = NULL;

  if (!dex_await (rafilm_own_account_delete (self->api), &error))
    return dex_future_new_for_error (error);
  leave (self);

  return dex_future_new_true ();
}

DexFuture *
rafilm_app_context_delete_account (RafilmAppContext *self)
{
  dex_return_error_if_fail (RAFILM_IS_APP_CONTEXT (self));
  dex_return_error_if_fail (rafilm_account_get_uid (self->account) != NULL);

  return rafilm_spawn (delete_fiber, g_object_ref (self), g_object_unref);
}

DexFuture *
rafilm_app_context_leave_account (RafilmAppContext *self)
{
  dex_return_error_if_fail (RAFILM_IS_APP_CONTEXT (self));
  dex_return_error_if_fail (rafilm_account_get_uid (self->account) != NULL);

  return rafilm_spawn (leave_fiber, g_object_ref (self), g_object_unref);
}

/* ---- Signing in ---- */

typedef struct
{
  RafilmAppContext *self;
  DexFuture *signing_in;
  DexFuture *before;
  gboolean merge;
} Arrival;

static Arrival *
arrival_new (RafilmAppContext *self)
{
  Arrival *arrival = g_new0 (Arrival, 1);

  arrival->self = g_object_ref (self);

  return arrival;
}

static void
arrival_free (gpointer data)
{
  Arrival *arrival = data;

  g_object_unref (arrival->self);
  dex_clear (&arrival->signing_in);
  dex_clear (&arrival->before);
  g_free (arrival);
}

static DexFuture *
sign_in_fiber (gpointer user_data)
{
  Arrival *arrival = user_data;
  RafilmAppContext *self = arrival->self;
  GError *error = NULL;

  if (!dex_await (g_steal_pointer (&arrival->signing_in), &error))
    return dex_future_new_for_error (error);
  if (self->following != NULL)
    dex_await (dex_ref (self->following), NULL);

  return dex_future_new_for_boolean (self->undecided);
}

DexFuture *
rafilm_app_context_sign_in (RafilmAppContext *self, const char *email, const char *password)
{
  Arrival *arrival;

  dex_return_error_if_fail (RAFILM_IS_APP_CONTEXT (self));
  dex_return_error_if_fail (self->account != NULL);

  arrival = arrival_new (self);
  arrival->signing_in = rafilm_account_sign_in (self->account, email, password);

  return rafilm_spawn (sign_in_fiber, arrival, arrival_free);
}

DexFuture *
rafilm_app_context_plan_arrival (RafilmAppContext *self)
{
  g_autoptr (RafilmApiTransport) transport = NULL;

  dex_return_error_if_fail (RAFILM_IS_APP_CONTEXT (self));
  dex_return_error_if_fail (self->undecided);

  transport = rafilm_api_transport_new (self->api);

  return rafilm_sign_in_merge_plan (self->folder, rafilm_account_get_uid (self->account),
                                    RAFILM_SYNC_TRANSPORT (transport));
}

static DexFuture *
settle_fiber (gpointer user_data)
{
  Arrival *arrival = user_data;
  RafilmAppContext *self = arrival->self;
  g_autofree char *uid = NULL;

  if (arrival->before != NULL)
    dex_await (g_steal_pointer (&arrival->before), NULL);
  uid = g_strdup (rafilm_account_get_uid (self->account));
  if (!self->undecided || uid == NULL)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_NOT_SIGNED_IN, "Nobody is signed in");

  rafilm_app_context_set_undecided (self, FALSE);
  switch_diary (self, uid, arrival->merge);

  return dex_future_new_true ();
}

DexFuture *
rafilm_app_context_settle_arrival (RafilmAppContext *self, gboolean merge)
{
  Arrival *arrival;

  dex_return_error_if_fail (RAFILM_IS_APP_CONTEXT (self));
  dex_return_error_if_fail (self->account != NULL);

  arrival = arrival_new (self);
  arrival->before = g_steal_pointer (&self->following);
  arrival->merge = merge;
  self->following = rafilm_spawn (settle_fiber, arrival, arrival_free);

  return dex_ref (self->following);
}

gboolean
rafilm_app_context_is_undecided (RafilmAppContext *self)
{
  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (self), FALSE);

  return self->undecided;
}

char *
rafilm_app_context_dup_aside (RafilmAppContext *self)
{
  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (self), NULL);

  return self->folder != NULL ? g_build_filename (self->folder, "aside", NULL) : NULL;
}
