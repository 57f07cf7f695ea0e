/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-keyring.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "rafilm-test.h"

static char *
load (RafilmKeyring *keyring)
{
  g_autoptr (GError) error = NULL;
  char *secret = dex_await_string (rafilm_keyring_load (keyring), &error);

  g_assert_no_error (error);

  return secret;
}

static gboolean
store (RafilmKeyring *keyring, const char *secret)
{
  g_autoptr (GError) error = NULL;
  gboolean stored = dex_await_boolean (rafilm_keyring_store (keyring, secret), &error);

  g_assert_no_error (error);

  return stored;
}

static RafilmKeyring *
create (const char *mode, const char *folder)
{
  if (mode != NULL)
    g_setenv ("RAFILM_KEYRING", mode, TRUE);
  else
    g_unsetenv ("RAFILM_KEYRING");

  return rafilm_keyring_new (folder);
}

static void
test_file (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "sign-in", NULL);
  g_autoptr (RafilmKeyring) first = create ("file", folder);
  g_autoptr (RafilmKeyring) second = create ("file", folder);
  g_autofree char *none = load (first);
  g_autofree char *loaded = NULL;
  g_autofree char *exposed = NULL;
  GStatBuf status;

  g_assert_cmpstr (none, ==, "");
  g_assert_true (store (first, "a secret"));
  g_assert_false (rafilm_keyring_get_session_only (first));
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  loaded = load (second);
  g_assert_cmpstr (loaded, ==, "a secret");

  /* A file that others could read or change is not believed. */
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  g_test_expect_message ("rafilm-net", G_LOG_LEVEL_WARNING, "*not a private file*");
  exposed = load (second);
  g_test_assert_expected_messages ();
  g_assert_cmpstr (exposed, ==, "");

  dex_await (rafilm_keyring_clear (first), NULL);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_session (void)
{
  g_autoptr (RafilmKeyring) keyring = create ("session", "/nowhere");
  g_autofree char *loaded = NULL;
  g_autofree char *cleared = NULL;

  g_assert_true (rafilm_keyring_get_session_only (keyring));
  g_assert_false (store (keyring, "a secret"));
  loaded = load (keyring);
  g_assert_cmpstr (loaded, ==, "a secret");
  dex_await (rafilm_keyring_clear (keyring), NULL);
  cleared = load (keyring);
  g_assert_cmpstr (cleared, ==, "");
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static GDBusMessage *
swallow_calls (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer data)
{
  if (!incoming || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    return message;

  g_object_unref (message);

  return NULL;
}

/* A bus on which somebody owns the name of the secret service and never answers. */
static void
test_silent_service (void)
{
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (GDBusConnection) owner = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (RafilmKeyring) keyring = NULL;
  g_autofree char *loaded = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = 0;
  guint changes = 0;

  g_test_dbus_up (bus);
  owner =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (bus),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_add_filter (owner, swallow_calls, NULL, NULL);
  reply = g_dbus_connection_call_sync (owner, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", "org.freedesktop.secrets", 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);
  g_assert_no_error (error);

  keyring = create (NULL, "/nowhere");
  g_signal_connect_swapped (keyring, "notify::session-only", G_CALLBACK (count_cb), &changes);
  g_assert_false (rafilm_keyring_get_session_only (keyring));
  start = g_get_monotonic_time ();
  loaded = load (keyring);
  g_assert_cmpstr (loaded, ==, "");
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
  g_assert_true (rafilm_keyring_get_session_only (keyring));
  g_assert_cmpuint (changes, ==, 1);
  g_assert_false (store (keyring, "a secret"));

  g_dbus_connection_close_sync (owner, NULL, NULL);
  g_test_dbus_stop (bus);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);

  rafilm_test_add_fiber ("/net/keyring/file", test_file);
  rafilm_test_add_fiber ("/net/keyring/session", test_session);
  rafilm_test_add_fiber ("/net/keyring/silent-service", test_silent_service);

  return g_test_run ();
}
