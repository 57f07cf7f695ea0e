/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-endpoints.h"

#include "rafilm-error.h"
#include "rafilm-test.h"

static void
test_check_uri (void)
{
  g_assert_true (rafilm_endpoints_check_uri ("https://api.example.org/prod", "http"));
  g_assert_true (rafilm_endpoints_check_uri ("HTTPS://api.example.org", "http"));
  g_assert_true (rafilm_endpoints_check_uri ("wss://api.example.org/prod", "ws"));
  g_assert_true (rafilm_endpoints_check_uri ("http://127.0.0.1:4000/prod", "http"));
  g_assert_true (rafilm_endpoints_check_uri ("http://[::1]:4000", "http"));
  g_assert_true (rafilm_endpoints_check_uri ("ws://localhost:4000", "ws"));

  g_assert_false (rafilm_endpoints_check_uri ("http://api.example.org/prod", "http"));
  g_assert_false (rafilm_endpoints_check_uri ("ws://api.example.org", "ws"));
  g_assert_false (rafilm_endpoints_check_uri ("https://api.example.org", "ws"));
  g_assert_false (rafilm_endpoints_check_uri ("http://127.0.0.1.example.org", "http"));
  g_assert_false (rafilm_endpoints_check_uri ("http://localhost@example.org", "http"));
  g_assert_false (rafilm_endpoints_check_uri ("https://me@example.org", "http"));
  g_assert_false (rafilm_endpoints_check_uri ("https://example.org/?a=b", "http"));
  g_assert_false (rafilm_endpoints_check_uri ("https://example.org/#a", "http"));
  g_assert_false (rafilm_endpoints_check_uri ("https://", "http"));
  g_assert_false (rafilm_endpoints_check_uri ("file:///etc/passwd", "http"));
  g_assert_false (rafilm_endpoints_check_uri ("", "http"));
}

static void
clear_environment (void)
{
  const char *const names[] = { "RAFILM_API_URL",      "RAFILM_SOCKET_URL",
                                "RAFILM_COGNITO_URL",  "RAFILM_COGNITO_CLIENT",
                                "RAFILM_COGNITO_POOL", "RAFILM_IMAGES_URL" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_unsetenv (names[i]);
}

static void
test_environment (void)
{
  g_autoptr (RafilmEndpoints) endpoints = NULL;
  g_autoptr (RafilmEndpoints) copy = NULL;
  g_autoptr (GError) error = NULL;

  clear_environment ();
  g_setenv ("RAFILM_API_URL", "http://127.0.0.1:4000/prod//", TRUE);
  g_setenv ("RAFILM_COGNITO_URL", "https://cognito.example.org/", TRUE);
  g_setenv ("RAFILM_COGNITO_CLIENT", "abc", TRUE);
  g_setenv ("RAFILM_SOCKET_URL", "", TRUE);

  endpoints = rafilm_endpoints_new_from_environment (&error);
  g_assert_no_error (error);
  g_assert_cmpstr (endpoints->api, ==, "http://127.0.0.1:4000/prod");
  g_assert_cmpstr (endpoints->cognito, ==, "https://cognito.example.org");
  g_assert_null (endpoints->socket);
  g_assert_false (rafilm_endpoints_has_account (endpoints));

  g_clear_pointer (&endpoints, rafilm_endpoints_free);
  g_setenv ("RAFILM_COGNITO_POOL", "eu-west-1_Abc", TRUE);
  endpoints = rafilm_endpoints_new_from_environment (&error);
  g_assert_no_error (error);
  copy = rafilm_endpoints_copy (endpoints);
  g_assert_cmpstr (copy->cognito_pool, ==, "eu-west-1_Abc");
  g_assert_true (rafilm_endpoints_has_account (copy));
}

static void
test_insecure (void)
{
  g_autoptr (RafilmEndpoints) endpoints = NULL;
  g_autoptr (GError) error = NULL;

  clear_environment ();
  g_setenv ("RAFILM_SOCKET_URL", "ws://socket.example.org", TRUE);
  endpoints = rafilm_endpoints_new_from_environment (&error);
  g_assert_null (endpoints);
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);

  g_test_add_func ("/net/endpoints/check-uri", test_check_uri);
  g_test_add_func ("/net/endpoints/environment", test_environment);
  g_test_add_func ("/net/endpoints/insecure", test_insecure);

  return g_test_run ();
}
