/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-invocation.h"

#include "rafilm-local-error.h"
#include "rafilm-local-http.h"

RafilmLocalInvocation *
rafilm_local_invocation_new (GBytes *event, guint timeout_ms)
{
  RafilmLocalInvocation *self;

  g_return_val_if_fail (event != NULL, NULL);

  self = g_new0 (RafilmLocalInvocation, 1);
  self->request_id = g_uuid_string_random ();
  self->event = g_bytes_ref (event);
  self->deadline_ms = g_get_real_time () / 1000 + timeout_ms;
  self->promise = dex_promise_new ();

  return self;
}

void
rafilm_local_invocation_free (RafilmLocalInvocation *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->request_id, g_free);
  g_clear_pointer (&self->event, g_bytes_unref);
  dex_clear (&self->promise);
  g_free (self);
}

void
rafilm_local_invocation_fail (RafilmLocalInvocation *self, const char *type, const char *message)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (object, "errorMessage", message);
  json_object_set_string_member (object, "errorType", type);
  text = rafilm_local_json_to_text (object);
  dex_promise_reject (self->promise,
                      g_error_new_literal (RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FUNCTION, text));
}
