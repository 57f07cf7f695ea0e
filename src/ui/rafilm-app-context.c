/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-app-context-private.h"

#include <glib/gstdio.h>

#include "rafilm-error.h"
#include "rafilm-picture-loader.h"
#include "rafilm-profile.h"
#include "rafilm-socket-link.h"
#include "rafilm-spawn.h"

/* Half an hour in which nobody can have seen what came. */
#define PATIENCE (30 * 60 * 1000)

enum
{
  PROP_0,
  PROP_OFFLINE,
  PROP_UNDECIDED,
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

void
rafilm_app_context_update_socket (RafilmAppContext *self)
{
  rafilm_socket_set_wanted (
      self->socket, rafilm_account_get_state (self->account) == RAFILM_ACCOUNT_SIGNED_IN
                        && !self->undecided && !rafilm_attention_get_away (self->attention));
}

static void
account_changed_cb (RafilmAppContext *self)
{
  rafilm_app_context_update_socket (self);
  rafilm_app_context_follow_account (self);
}

/* A connection costs, and tells a hidden window nothing that it must know at
 * once; what was missed meanwhile is fetched when it is shown again. */
static void
away_changed_cb (RafilmAppContext *self)
{
  if (self->socket == NULL)
    return;
  rafilm_app_context_update_socket (self);
  if (!rafilm_attention_get_away (self->attention))
    rafilm_app_context_sync_now (self);
}

/* ---- Type ---- */

static void
rafilm_app_context_dispose (GObject *object)
{
  RafilmAppContext *self = RAFILM_APP_CONTEXT (object);

  dex_clear (&self->following);
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
  g_clear_object (&self->attention);
  g_clear_pointer (&self->endpoints, rafilm_endpoints_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->deleted_uid, g_free);

  G_OBJECT_CLASS (rafilm_app_context_parent_class)->dispose (object);
}

static void
rafilm_app_context_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmAppContext *self = RAFILM_APP_CONTEXT (object);

  switch (prop_id)
    {
    case PROP_OFFLINE:
      g_value_set_boolean (value, rafilm_app_context_is_offline (self));
      break;
    case PROP_UNDECIDED:
      g_value_set_boolean (value, self->undecided);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_app_context_class_init (RafilmAppContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = rafilm_app_context_dispose;
  object_class->get_property = rafilm_app_context_get_property;

  properties[PROP_OFFLINE] = g_param_spec_boolean ("offline", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_UNDECIDED] =
      g_param_spec_boolean ("undecided", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
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
  self->attention = rafilm_attention_new (PATIENCE);
  g_signal_connect_object (self->attention, "notify::away", G_CALLBACK (away_changed_cb), self,
                           G_CONNECT_SWAPPED);
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

/* A diary without an account has an engine too, which says that it is off. */
static void
make_sync (RafilmAppContext *self)
{
  self->engine = rafilm_sync_engine_new (self->store, self->api, self->account, self->socket);
  self->catalogue = rafilm_catalogue_new (self->store, self->api);
  rafilm_sync_engine_set_catalogue (self->engine, self->catalogue);
  g_signal_connect_object (self->engine, "notify::state", G_CALLBACK (offline_changed_cb), self,
                           G_CONNECT_SWAPPED);
  if (!self->undecided && rafilm_account_get_uid (self->account) != NULL)
    rafilm_sync_engine_start (self->engine);
  rafilm_app_context_update_socket (self);
  fill_missing (self);
}

void
rafilm_app_context_start_parts (RafilmAppContext *self)
{
  if (self->account != NULL)
    make_sync (self);
  make_brains (self);
}

void
rafilm_app_context_stop_parts (RafilmAppContext *self)
{
  if (self->engine != NULL)
    rafilm_sync_engine_stop (self->engine);
  g_clear_object (&self->conversation);
  g_clear_object (&self->recommender);
  g_clear_object (&self->engine);
  g_clear_object (&self->catalogue);
}

/* Whoever is signed in has a diary of their own, so that comes first; but not
 * before it was said what becomes of one that was kept without an account. */
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
      self->undecided = uid != NULL && rafilm_app_context_has_local (self);
    }

  self->store =
      dex_await_object (rafilm_profile_open (folder, self->undecided ? NULL : uid), &error);
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
    }
  rafilm_app_context_start_parts (self);
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
  rafilm_app_context_start_parts (self);

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

RafilmApi *
rafilm_app_context_get_api (RafilmAppContext *self)
{
  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (self), NULL);
  return self->api;
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

RafilmAttention *
rafilm_app_context_get_attention (RafilmAppContext *self)
{
  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (self), NULL);
  return self->attention;
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

  if (self->engine != NULL && !self->undecided)
    dex_future_disown (rafilm_sync_engine_sync_now (self->engine));
}
