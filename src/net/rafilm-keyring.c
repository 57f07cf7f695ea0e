/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-keyring.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <string.h>

#include "rafilm-error.h"
#include "rafilm-spawn.h"

#define PROBE_SECONDS 2
/* Somebody may have to type the keyring's password. */
#define PROMPT_SECONDS 120
#define FILE_NAME "sign-in"
#define MAX_SECRET ((gsize) 64 * 1024)
#define SANDBOX_MARK "/.flatpak-info"

struct _RafilmKeyring
{
  GObject parent_instance;

  char *folder;
  char *secret;
  RafilmKeyringMode mode;
  gboolean probed;
};

enum
{
  PROP_SESSION_ONLY = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmKeyring, rafilm_keyring, G_TYPE_OBJECT)

static const SecretSchema schema = {
  .name = APP_ID,
  .flags = SECRET_SCHEMA_NONE,
  .attributes = { { "profile", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

typedef struct
{
  RafilmKeyring *self;
  char *secret;
} Task;

static void
forget (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

static void
task_free (gpointer data)
{
  Task *task = data;

  g_clear_object (&task->self);
  forget (&task->secret);
  g_free (task);
}

static Task *
task_new (RafilmKeyring *self, const char *secret)
{
  Task *task = g_new0 (Task, 1);

  task->self = g_object_ref (self);
  task->secret = g_strdup (secret);

  return task;
}

static void
fall_back_to_session (RafilmKeyring *self, const GError *error)
{
  g_message ("The keyring cannot be used, so the sign-in lasts for this session: %s",
             error->message);
  if (self->mode == RAFILM_KEYRING_SESSION)
    return;

  self->mode = RAFILM_KEYRING_SESSION;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION_ONLY]);
}

/* ---- the secret service ------------------------------------------------------------------- */

static void
service_get_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (DexPromise) promise = data;
  g_autoptr (SecretService) service = NULL;
  GError *error = NULL;

  service = secret_service_get_finish (result, &error);
  if (service == NULL)
    dex_promise_reject (promise, error);
  else
    dex_promise_resolve_boolean (promise, TRUE);
}

static DexFuture *
get_service (void)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_service_get (SECRET_SERVICE_OPEN_SESSION, dex_promise_get_cancellable (promise),
                      service_get_cb, dex_ref (promise));

  return DEX_FUTURE (promise);
}

static void
password_lookup_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (DexPromise) promise = data;
  GError *error = NULL;
  char *secret = secret_password_lookup_finish (result, &error);

  if (error != NULL)
    dex_promise_reject (promise, error);
  else
    dex_promise_resolve_string (promise, g_strdup (secret != NULL ? secret : ""));
  secret_password_free (secret);
}

static DexFuture *
lookup_password (RafilmKeyring *self)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_password_lookup (&schema, dex_promise_get_cancellable (promise), password_lookup_cb,
                          dex_ref (promise), "profile", self->folder, NULL);

  return DEX_FUTURE (promise);
}

static void
password_store_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (DexPromise) promise = data;
  GError *error = NULL;

  if (secret_password_store_finish (result, &error))
    dex_promise_resolve_boolean (promise, TRUE);
  else
    dex_promise_reject (promise, error);
}

static DexFuture *
store_password (RafilmKeyring *self, const char *secret)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, _ ("Rafilm sign-in"), secret,
                         dex_promise_get_cancellable (promise), password_store_cb,
                         dex_ref (promise), "profile", self->folder, NULL);

  return DEX_FUTURE (promise);
}

static void
password_clear_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (DexPromise) promise = data;
  GError *error = NULL;

  /* FALSE without an error: there was none. */
  secret_password_clear_finish (result, &error);
  if (error != NULL)
    dex_promise_reject (promise, error);
  else
    dex_promise_resolve_boolean (promise, TRUE);
}

static DexFuture *
clear_password (RafilmKeyring *self)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_password_clear (&schema, dex_promise_get_cancellable (promise), password_clear_cb,
                         dex_ref (promise), "profile", self->folder, NULL);

  return DEX_FUTURE (promise);
}

static DexFuture *
within (DexFuture *work, int seconds)
{
  return dex_future_first (work, dex_timeout_new_seconds (seconds), NULL);
}

/* Whether the service is there. In a sandbox libsecret keeps a file of its own, whose key comes
 * from a portal, so there is no service to ask. */
static gboolean
await_service (RafilmKeyring *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!self->probed && !g_file_test (SANDBOX_MARK, G_FILE_TEST_EXISTS)
      && !dex_await (within (get_service (), PROBE_SECONDS), &local_error))
    {
      if (!rafilm_error_is_cancelled (local_error))
        fall_back_to_session (self, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  self->probed = TRUE;

  return TRUE;
}

/* ---- the file ----------------------------------------------------------------------------- */

static char *
dup_file_path (RafilmKeyring *self)
{
  return g_build_filename (self->folder, FILE_NAME, NULL);
}

static char *
read_file (RafilmKeyring *self)
{
  g_autofree char *path = dup_file_path (self);
  g_autofree char *secret = NULL;
  GStatBuf status;
  gsize length = 0;

  if (g_stat (path, &status) != 0)
    return g_strdup ("");
  if ((status.st_mode & 077) != 0 || !S_ISREG (status.st_mode)
      || (gsize) status.st_size > MAX_SECRET || !g_file_get_contents (path, &secret, &length, NULL)
      || strlen (secret) != length)
    {
      g_warning ("%s is not a private file of this program, ignoring it", path);
      return g_strdup ("");
    }

  return g_steal_pointer (&secret);
}

static gboolean
write_file (RafilmKeyring *self, const char *secret, GError **error)
{
  g_autofree char *path = dup_file_path (self);

  return g_file_set_contents_full (
      path, secret, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

/* ---- what others call --------------------------------------------------------------------- */

static DexFuture *
load_fiber (gpointer data)
{
  RafilmKeyring *self = ((Task *) data)->self;
  g_autoptr (GError) error = NULL;
  char *secret = NULL;

  if (self->mode == RAFILM_KEYRING_FILE)
    return dex_future_new_take_string (read_file (self));

  if (self->mode == RAFILM_KEYRING_SERVICE && await_service (self, &error))
    {
      secret = dex_await_string (within (lookup_password (self), PROMPT_SECONDS), &error);
      if (secret != NULL)
        return dex_future_new_take_string (secret);
      if (!rafilm_error_is_cancelled (error))
        fall_back_to_session (self, error);
    }
  if (error != NULL && rafilm_error_is_cancelled (error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_for_string (self->secret != NULL ? self->secret : "");
}

static DexFuture *
store_fiber (gpointer data)
{
  Task *task = data;
  RafilmKeyring *self = task->self;
  g_autoptr (GError) error = NULL;

  forget (&self->secret);
  self->secret = g_strdup (task->secret);

  if (self->mode == RAFILM_KEYRING_FILE)
    {
      if (write_file (self, task->secret, &error))
        return dex_future_new_true ();
      fall_back_to_session (self, error);
    }
  else if (self->mode == RAFILM_KEYRING_SERVICE && await_service (self, &error))
    {
      if (dex_await (within (store_password (self, task->secret), PROMPT_SECONDS), &error))
        return dex_future_new_true ();
      if (!rafilm_error_is_cancelled (error))
        fall_back_to_session (self, error);
    }
  if (error != NULL && rafilm_error_is_cancelled (error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_false ();
}

static DexFuture *
clear_fiber (gpointer data)
{
  RafilmKeyring *self = ((Task *) data)->self;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  forget (&self->secret);

  if (self->mode == RAFILM_KEYRING_FILE)
    {
      path = dup_file_path (self);
      g_unlink (path);
    }
  else if (self->mode == RAFILM_KEYRING_SERVICE && await_service (self, &error)
           && !dex_await (within (clear_password (self), PROMPT_SECONDS), &error))
    {
      if (rafilm_error_is_cancelled (error))
        return dex_future_new_for_error (g_steal_pointer (&error));
      g_warning ("The sign-in stays in the keyring: %s", error->message);
    }

  return dex_future_new_true ();
}

DexFuture *
rafilm_keyring_load (RafilmKeyring *self)
{
  dex_return_error_if_fail (RAFILM_IS_KEYRING (self));

  return rafilm_spawn (load_fiber, task_new (self, NULL), task_free);
}

DexFuture *
rafilm_keyring_store (RafilmKeyring *self, const char *secret)
{
  dex_return_error_if_fail (RAFILM_IS_KEYRING (self));
  dex_return_error_if_fail (secret != NULL);

  return rafilm_spawn (store_fiber, task_new (self, secret), task_free);
}

DexFuture *
rafilm_keyring_clear (RafilmKeyring *self)
{
  dex_return_error_if_fail (RAFILM_IS_KEYRING (self));

  return rafilm_spawn (clear_fiber, task_new (self, NULL), task_free);
}

gboolean
rafilm_keyring_get_session_only (RafilmKeyring *self)
{
  g_return_val_if_fail (RAFILM_IS_KEYRING (self), TRUE);

  return self->mode == RAFILM_KEYRING_SESSION;
}

RafilmKeyringMode
rafilm_keyring_get_mode (RafilmKeyring *self)
{
  g_return_val_if_fail (RAFILM_IS_KEYRING (self), RAFILM_KEYRING_SESSION);

  return self->mode;
}

static void
rafilm_keyring_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RafilmKeyring *self = RAFILM_KEYRING (object);

  switch (id)
    {
    case PROP_SESSION_ONLY:
      g_value_set_boolean (value, rafilm_keyring_get_session_only (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rafilm_keyring_finalize (GObject *object)
{
  RafilmKeyring *self = RAFILM_KEYRING (object);

  g_clear_pointer (&self->folder, g_free);
  forget (&self->secret);

  G_OBJECT_CLASS (rafilm_keyring_parent_class)->finalize (object);
}

static void
rafilm_keyring_class_init (RafilmKeyringClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = rafilm_keyring_get_property;
  object_class->finalize = rafilm_keyring_finalize;

  properties[PROP_SESSION_ONLY] = g_param_spec_boolean ("session-only", NULL, NULL, FALSE,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rafilm_keyring_init (RafilmKeyring *self)
{
}

RafilmKeyring *
rafilm_keyring_new (const char *folder)
{
  const char *wish = g_getenv ("RAFILM_KEYRING");
  RafilmKeyring *self = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (RAFILM_TYPE_KEYRING, NULL);
  self->folder = g_strdup (folder);
  if (g_strcmp0 (wish, "file") == 0)
    self->mode = RAFILM_KEYRING_FILE;
  else if (g_strcmp0 (wish, "session") == 0)
    self->mode = RAFILM_KEYRING_SESSION;

  return self;
}
