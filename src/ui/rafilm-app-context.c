/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-app-context.h"

#include <glib/gstdio.h>

#include "rafilm-error.h"
#include "rafilm-images.h"
#include "rafilm-picture-loader.h"
#include "rafilm-profile.h"
#include "rafilm-socket-link.h"
#include "rafilm-spawn.h"

struct _RafilmAppContext
{
  GObject parent_instance;

  char *folder;
  guint switch_source;
  GSettings *settings;
  RafilmStore *store;
  RafilmRecommender *recommender;
  RafilmConversation *conversation;

  RafilmEndpoints *endpoints;
  RafilmHttp *http;
  RafilmAccount *account;
  RafilmApi *api;
  RafilmSocket *socket;
  RafilmImages *images;
  RafilmSyncEngine *engine;
  RafilmCatalogue *catalogue;
};

enum
{
  PROP_0,
  PROP_OFFLINE,
  N_PROPS
};

enum
{
  SWITCHING,
  SWITCHED,
  FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void make_brains (RafilmAppContext *self);
static void start_sync (RafilmAppContext *self);

G_DEFINE_FINAL_TYPE (RafilmAppContext, rafilm_app_context, G_TYPE_OBJECT)

static DexFuture *
fetch_picture (const char *path, const char *size, gpointer data)
{
  return rafilm_images_fetch (data, path, size);
}

static void
offline_changed_cb (RafilmAppContext *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OFFLINE]);
}

/* ---- Account ---- */

static DexFuture *
fill_fiber (gpointer user_data)
{
  RafilmAppContext *self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->catalogue == NULL)
    return NULL;
  dex_await_int64 (rafilm_catalogue_fill (self->catalogue), &error);
  if (error != NULL && !rafilm_error_is_cancelled (error))
    g_debug ("Facts of films wait for a network: %s", error->message);

  return NULL;
}

static void
fill_missing (RafilmAppContext *self)
{
  dex_future_disown (rafilm_spawn (fill_fiber, g_object_ref (self), g_object_unref));
}

/* The windows are gone while this runs, so that nothing asks a closed mirror. */
static DexFuture *
switch_fiber (gpointer user_data)
{
  RafilmAppContext *self = user_data;
  g_autoptr (GError) error = NULL;

  g_signal_emit (self, signals[SWITCHING], 0);
  rafilm_sync_engine_stop (self->engine);
  g_clear_object (&self->conversation);
  g_clear_object (&self->recommender);
  g_clear_object (&self->engine);
  g_clear_object (&self->catalogue);
  dex_await (rafilm_store_close (self->store), NULL);
  g_clear_object (&self->store);

  self->store = dex_await_object (
      rafilm_profile_open (self->folder, rafilm_account_get_uid (self->account)), &error);
  if (self->store == NULL)
    {
      g_signal_emit (self, signals[FAILED], 0, error);
      return NULL;
    }
  start_sync (self);
  make_brains (self);
  dex_await (rafilm_conversation_load (self->conversation), NULL);
  g_signal_emit (self, signals[SWITCHED], 0);

  return NULL;
}

static gboolean
uid_changed_cb (gpointer user_data)
{
  RafilmAppContext *self = user_data;
  g_autofree char *path =
      rafilm_profile_dup_diary_path (self->folder, rafilm_account_get_uid (self->account));

  self->switch_source = 0;
  if (self->store != NULL && path != NULL
      && !g_str_equal (path, rafilm_store_get_path (self->store)))
    dex_future_disown (rafilm_spawn (switch_fiber, g_object_ref (self), g_object_unref));

  return G_SOURCE_REMOVE;
}

static void
account_changed_cb (RafilmAppContext *self)
{
  /* Not while the account is telling of its change. */
  if (self->switch_source == 0)
    self->switch_source = g_idle_add (uid_changed_cb, self);
  rafilm_socket_set_wanted (self->socket,
                            rafilm_account_get_state (self->account) == RAFILM_ACCOUNT_SIGNED_IN);
}

/* ---- Type ---- */

static void
rafilm_app_context_dispose (GObject *object)
{
  RafilmAppContext *self = RAFILM_APP_CONTEXT (object);

  g_clear_handle_id (&self->switch_source, g_source_remove);
  if (self->engine != NULL)
    rafilm_sync_engine_stop (self->engine);
  if (self->images != NULL)
    rafilm_picture_loader_set_fetch (rafilm_picture_loader_get_default (), NULL, NULL, NULL);
  g_clear_object (&self->conversation);
  g_clear_object (&self->recommender);
  g_clear_object (&self->engine);
  g_clear_object (&self->catalogue);
  g_clear_object (&self->images);
  g_clear_object (&self->socket);
  g_clear_object (&self->api);
  g_clear_object (&self->account);
  g_clear_object (&self->http);
  g_clear_object (&self->store);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->endpoints, rafilm_endpoints_free);
  g_clear_pointer (&self->folder, g_free);

  G_OBJECT_CLASS (rafilm_app_context_parent_class)->dispose (object);
}

static void
rafilm_app_context_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, rafilm_app_context_is_offline (RAFILM_APP_CONTEXT (object)));
}

static void
rafilm_app_context_class_init (RafilmAppContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = rafilm_app_context_dispose;
  object_class->get_property = rafilm_app_context_get_property;

  properties[PROP_OFFLINE] = g_param_spec_boolean ("offline", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SWITCHING] = g_signal_new ("switching", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SWITCHED] = g_signal_new ("switched", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
rafilm_app_context_init (RafilmAppContext *self)
{
  self->settings = g_settings_new (APP_ID);
}

/* ---- Opening ---- */

static char *
find_model (void)
{
  const char *const *folders = g_get_system_data_dirs ();
  const char *named = g_getenv ("RAFILM_MODEL");

  if (named != NULL)
    return g_strdup (named);
  for (guint i = 0; folders[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (folders[i], "rafilm", "films.model", NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }

  return NULL;
}

static void
make_network (RafilmAppContext *self, RafilmKeyring *keyring)
{
  self->http = rafilm_http_new ();
  self->account = rafilm_account_new (self->http, self->endpoints, keyring);
  self->api = rafilm_api_new (self->http, self->endpoints, self->account);
  self->socket = rafilm_socket_new (self->http, self->endpoints, self->account);
  self->images = rafilm_images_new (self->http, self->endpoints, NULL);
  rafilm_picture_loader_set_fetch (rafilm_picture_loader_get_default (), fetch_picture,
                                   g_object_ref (self->images), g_object_unref);
}

static void
make_brains (RafilmAppContext *self)
{
  g_autofree char *model = find_model ();
  g_autoptr (RafilmConcierge) concierge = NULL;
  g_autoptr (RafilmChatLink) link = NULL;

  self->recommender = rafilm_recommender_new (self->store, model);
  concierge = rafilm_concierge_new (self->store, self->recommender);
  if (self->socket != NULL)
    link = rafilm_socket_link_new (self->socket);
  self->conversation = rafilm_conversation_new (self->store, link, concierge);
}

static void
start_sync (RafilmAppContext *self)
{
  self->engine = rafilm_sync_engine_new (self->store, self->api, self->account, self->socket);
  self->catalogue = rafilm_catalogue_new (self->store, self->api);
  rafilm_sync_engine_set_catalogue (self->engine, self->catalogue);
  g_signal_connect_object (self->engine, "notify::state", G_CALLBACK (offline_changed_cb), self,
                           G_CONNECT_SWAPPED);
  rafilm_sync_engine_start (self->engine);
  fill_missing (self);
}

/* Whoever is signed in has a diary of their own, so that comes first. */
static DexFuture *
open_fiber (gpointer user_data)
{
  const char *folder = user_data;
  g_autoptr (RafilmAppContext) self = g_object_new (RAFILM_TYPE_APP_CONTEXT, NULL);
  g_autoptr (RafilmKeyring) keyring = NULL;
  g_autoptr (GError) error = NULL;
  const char *uid = NULL;

  self->folder = g_strdup (folder);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_DATABASE,
                                  "The folder “%s” cannot be made", folder);

  self->endpoints = rafilm_endpoints_new_from_environment (&error);
  if (self->endpoints == NULL)
    {
      /* A wrong address must not keep anybody from the own diary. */
      g_warning ("Without a cloud: %s", error->message);
      g_clear_error (&error);
    }
  else
    {
      keyring = rafilm_keyring_new (folder);
      make_network (self, keyring);
      dex_await (rafilm_account_load (self->account), NULL);
      uid = rafilm_account_get_uid (self->account);
    }

  self->store = dex_await_object (rafilm_profile_open (folder, uid), &error);
  if (self->store == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (self->account != NULL)
    {
      g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                               G_CALLBACK (offline_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->account, "notify::state", G_CALLBACK (account_changed_cb),
                               self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->account, "notify::uid", G_CALLBACK (account_changed_cb), self,
                               G_CONNECT_SWAPPED);
      account_changed_cb (self);
      start_sync (self);
    }
  make_brains (self);
  dex_future_disown (rafilm_conversation_load (self->conversation));

  return dex_future_new_take_object (g_steal_pointer (&self));
}

DexFuture *
rafilm_app_context_open (const char *folder)
{
  dex_return_error_if_fail (folder != NULL);

  return rafilm_spawn (open_fiber, g_strdup (folder), g_free);
}

RafilmAppContext *
rafilm_app_context_new (RafilmStore *store)
{
  RafilmAppContext *self;

  g_return_val_if_fail (RAFILM_IS_STORE (store), NULL);

  self = g_object_new (RAFILM_TYPE_APP_CONTEXT, NULL);
  self->store = g_object_ref (store);
  make_brains (self);

  return self;
}

DexFuture *
rafilm_app_context_close (RafilmAppContext *self)
{
  dex_return_error_if_fail (RAFILM_IS_APP_CONTEXT (self));

  if (self->engine != NULL)
    rafilm_sync_engine_stop (self->engine);
  if (self->socket != NULL)
    rafilm_socket_set_wanted (self->socket, FALSE);

  return rafilm_store_close (self->store);
}

/* ---- Parts ---- */

RafilmStore *
rafilm_app_context_get_store (RafilmAppContext *self)
{
  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (self), NULL);
  return self->store;
}

RafilmRecommender *
rafilm_app_context_get_recommender (RafilmAppContext *self)
{
  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (self), NULL);
  return self->recommender;
}

RafilmConversation *
rafilm_app_context_get_conversation (RafilmAppContext *self)
{
  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (self), NULL);
  return self->conversation;
}

GSettings *
rafilm_app_context_get_settings (RafilmAppContext *self)
{
  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (self), NULL);
  return self->settings;
}

RafilmAccount *
rafilm_app_context_get_account (RafilmAppContext *self)
{
  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (self), NULL);
  return self->account;
}

RafilmSyncEngine *
rafilm_app_context_get_engine (RafilmAppContext *self)
{
  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (self), NULL);
  return self->engine;
}

RafilmCatalogue *
rafilm_app_context_get_catalogue (RafilmAppContext *self)
{
  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (self), NULL);
  return self->catalogue;
}

gboolean
rafilm_app_context_has_cloud (RafilmAppContext *self)
{
  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (self), FALSE);

  return self->endpoints != NULL && rafilm_endpoints_has_account (self->endpoints);
}

/* The engine's word counts where it has tried; the monitor's may be wrong
 * about a service on this very computer, or behind a proxy. */
gboolean
rafilm_app_context_is_offline (RafilmAppContext *self)
{
  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (self), FALSE);

  if (!rafilm_app_context_has_cloud (self))
    return FALSE;

  return self->engine != NULL && rafilm_sync_engine_get_state (self->engine) == RAFILM_SYNC_OFFLINE;
}

void
rafilm_app_context_sync_now (RafilmAppContext *self)
{
  g_return_if_fail (RAFILM_IS_APP_CONTEXT (self));

  if (self->engine != NULL)
    dex_future_disown (rafilm_sync_engine_sync_now (self->engine));
}
