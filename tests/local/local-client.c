/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "local-client.h"

#include "rafilm-local-http.h"

LocalAnswer *
local_client_send (const char *method, const char *uri, const char *const *headers, GBytes *body)
{
  g_autoptr (SoupSession) session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  g_autoptr (GError) error = NULL;
  LocalAnswer *self = g_new0 (LocalAnswer, 1);

  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  for (gsize i = 0; headers != NULL && headers[i] != NULL; i += 2)
    soup_message_headers_replace (soup_message_get_request_headers (message), headers[i],
                                  headers[i + 1]);
  self->body =
      dex_await_boxed (rafilm_local_http_send (session, message, body, "application/json"), &error);
  g_assert_no_error (error);
  self->status = soup_message_get_status (message);
  self->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  self->object = rafilm_local_json_parse (self->body);

  return self;
}

LocalAnswer *
local_client_get (const char *base, const char *path)
{
  g_autofree char *uri = g_strconcat (base, path, NULL);

  return local_client_send ("GET", uri, NULL, NULL);
}

void
local_answer_free (LocalAnswer *self)
{
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->object, json_object_unref);
  g_free (self);
}

SoupServer *
local_server_new (char **ret_address)
{
  SoupServer *server = soup_server_new (NULL, NULL);
  g_autoslist (GUri) uris = NULL;
  g_autoptr (GError) error = NULL;

  rafilm_local_http_bound (server, 10 * 1024 * 1024);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server);
  *ret_address = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));

  return server;
}
