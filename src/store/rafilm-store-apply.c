/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Edits as requests: apply, undo, redo. */

#include "config.h"

#include "rafilm-edit-private.h"
#include "rafilm-store-undo.h"

typedef struct
{
  RafilmEdit *edit;
  RafilmEditReason reason;
  gint64 number;
  char *label;
} EditRequest;

static void
edit_request_free (gpointer data)
{
  EditRequest *request = data;

  g_clear_pointer (&request->edit, rafilm_edit_unref);
  g_free (request->label);
  g_free (request);
}

static void
apply_work (RafilmMirror *mirror, gpointer data)
{
  EditRequest *request = data;

  request->number = rafilm_mirror_apply_edit (mirror, request->edit, RAFILM_EDIT_NEW);
}

static void
apply_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_int64 (promise, ((EditRequest *) data)->number);
}

static void
revert_work (RafilmMirror *mirror, gpointer data)
{
  EditRequest *request = data;

  request->label = rafilm_mirror_revert (mirror, request->reason);
}

static void
revert_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_string (promise, g_steal_pointer (&((EditRequest *) data)->label));
}

DexFuture *
rafilm_store_apply (RafilmStore *self, RafilmEdit *edit)
{
  EditRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (edit != NULL);

  request = g_new0 (EditRequest, 1);
  request->edit = rafilm_edit_ref (edit);
  return rafilm_store_write (self, apply_work, apply_reply, request, edit_request_free);
}

static DexFuture *
revert (RafilmStore *self, RafilmEditReason reason)
{
  EditRequest *request = NULL;

  request = g_new0 (EditRequest, 1);
  request->reason = reason;
  return rafilm_store_write (self, revert_work, revert_reply, request, edit_request_free);
}

DexFuture *
rafilm_store_undo (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return revert (self, RAFILM_EDIT_UNDO);
}

DexFuture *
rafilm_store_redo (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return revert (self, RAFILM_EDIT_REDO);
}
