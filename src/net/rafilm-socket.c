/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-socket-private.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-json-body.h"
#include "rafilm-spawn.h"

#define HANDSHAKE_SECONDS 20
#define SEND_WAIT_SECONDS 10
/* A planned end comes when the account would refresh the token anyway. */
#define TOKEN_SPARE (55 * 1000)
#define MIN_LIFE (5 * 1000)
#define DEVICE_LENGTH 8
#define PING_TEXT "{\"action\":\"ping\"}"

struct _RafilmSocket
{
  GObject parent_instance;

  RafilmHttp *http;
  RafilmAccount *account;
  char *uri;
  char *device;
  RafilmSocketTimes times;

  SoupWebsocketConnection *connection;
  /* What senders wait for; resolved by the next connection. */
  DexPromise *ready;
  guint failures;
  guint retry_timer;
  guint ping_timer;
  guint pong_timer;
  guint life_timer;
  gint64 last_traffic;
  gint64 planned_end;
  gboolean wanted;
  gboolean connecting;
  /* Somebody signed out since the attempt began, or the device took another id: what it brings is
   * not for whoever is here now. */
  gboolean stale;
};

enum
{
  PROP_CONNECTED = 1,
  N_PROPS
};

enum
{
  SIGNAL_MESSAGE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RafilmSocket, rafilm_socket, G_TYPE_OBJECT)

static void start_attempt (RafilmSocket *self);

static gboolean
should_connect (RafilmSocket *self)
{
  return self->wanted && self->uri != NULL
         && rafilm_account_get_state (self->account) == RAFILM_ACCOUNT_SIGNED_IN;
}

/* ---- ending a connection ------------------------------------------------------------------ */

static void
release_closed_cb (SoupWebsocketConnection *connection, gpointer data)
{
  g_object_unref (connection);
}

/* Where libsoup found a failure itself, it also closes. */
#define CLOSED_BY_LIBRARY 0

/* A connection that is let go of still has to say so to the service; libsoup ends it after five
 * seconds if that is not answered. */
static void
close_connection (SoupWebsocketConnection *connection, gushort code)
{
  if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_CLOSED)
    return;

  g_signal_connect (g_object_ref (connection), "closed", G_CALLBACK (release_closed_cb), NULL);
  if (code != CLOSED_BY_LIBRARY
      && soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (connection, code, NULL);
}

static void
detach (RafilmSocket *self, gushort code)
{
  g_autoptr (SoupWebsocketConnection) connection = g_steal_pointer (&self->connection);

  g_clear_handle_id (&self->ping_timer, g_source_remove);
  g_clear_handle_id (&self->pong_timer, g_source_remove);
  g_clear_handle_id (&self->life_timer, g_source_remove);
  if (connection == NULL)
    return;

  g_signal_handlers_disconnect_by_data (connection, self);
  close_connection (connection, code);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTED]);
}

static void
retry_cb (gpointer data)
{
  RafilmSocket *self = data;

  self->retry_timer = 0;
  start_attempt (self);
}

static void
schedule_attempt (RafilmSocket *self)
{
  guint64 delay = self->times.first_delay;

  g_clear_handle_id (&self->retry_timer, g_source_remove);
  if (!should_connect (self))
    return;

  for (guint i = 0; i < self->failures && delay < self->times.max_delay; i++)
    delay *= 2;
  delay = MIN (delay, self->times.max_delay);
  self->failures++;
  self->retry_timer = g_timeout_add_once (
      (guint) (delay / 2) + (guint) g_random_int_range (0, (gint32) (delay / 2) + 1), retry_cb,
      self);
}

static void
fail (RafilmSocket *self, gushort code)
{
  detach (self, code);
  schedule_attempt (self);
}

/* ---- a living connection ------------------------------------------------------------------ */

static void
pong_missed_cb (gpointer data)
{
  RafilmSocket *self = data;

  self->pong_timer = 0;
  g_debug ("The connection does not answer");
  fail (self, SOUP_WEBSOCKET_CLOSE_GOING_AWAY);
}

static void
ping (RafilmSocket *self)
{
  soup_websocket_connection_send_text (self->connection, PING_TEXT);
  if (self->pong_timer == 0)
    self->pong_timer = g_timeout_add_once (self->times.pong, pong_missed_cb, self);
}

static gboolean
ping_cb (gpointer data)
{
  ping (data);

  return G_SOURCE_CONTINUE;
}

static void
life_ended_cb (gpointer data)
{
  RafilmSocket *self = data;
  gint64 now = g_get_monotonic_time () / 1000;
  gint64 quiet = now - self->last_traffic;

  self->life_timer = 0;
  /* An answer that is being streamed is let through, as long as the token allows. */
  if (quiet < self->times.quiet && now < self->planned_end + TOKEN_SPARE)
    {
      self->life_timer =
          g_timeout_add_once ((guint) (self->times.quiet - quiet), life_ended_cb, self);
      return;
    }

  g_debug ("Planned end of the connection");
  detach (self, SOUP_WEBSOCKET_CLOSE_NORMAL);
  start_attempt (self);
}

static gint64
plan_life (RafilmSocket *self)
{
  gint64 life = self->times.life - g_random_int_range (0, (gint32) (self->times.life / 20) + 1);
  gint64 token_life =
      rafilm_account_get_token_expiry (self->account) - rafilm_clock_now () - TOKEN_SPARE;

  return MIN (life, MAX (token_life, MIN_LIFE));
}

static void
closed_cb (RafilmSocket *self)
{
  g_debug ("The service closed the connection (%u)",
           soup_websocket_connection_get_close_code (self->connection));
  fail (self, SOUP_WEBSOCKET_CLOSE_NORMAL);
}

static void
error_cb (RafilmSocket *self, GError *error)
{
  g_debug ("The connection failed: %s", error->message);
  fail (self, CLOSED_BY_LIBRARY);
}

static void
message_cb (RafilmSocket *self, int type, GBytes *bytes)
{
  g_autoptr (RafilmSocket) keep = g_object_ref (self);
  g_autoptr (JsonNode) node = NULL;
  const char *name = NULL;

  if (type == SOUP_WEBSOCKET_DATA_TEXT && g_bytes_get_size (bytes) <= RAFILM_SOCKET_MAX_RECEIVE)
    node = rafilm_json_body_parse (bytes, NULL);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    name = rafilm_json_body_get_string (json_node_get_object (node), "t");
  if (name == NULL)
    {
      g_debug ("A message that makes no sense");
      fail (self, SOUP_WEBSOCKET_CLOSE_BAD_DATA);
      return;
    }

  self->failures = 0;
  g_clear_handle_id (&self->pong_timer, g_source_remove);
  if (!g_str_equal (name, "pong"))
    self->last_traffic = g_get_monotonic_time () / 1000;
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, json_node_get_object (node));
}

static void
attach (SoupWebsocketConnection *connection, GObject *owner)
{
  RafilmSocket *self = RAFILM_SOCKET (owner);
  gint64 life = 0;

  if (self->connection != NULL || self->stale || !should_connect (self))
    {
      close_connection (connection, SOUP_WEBSOCKET_CLOSE_NORMAL);
      return;
    }

  life = plan_life (self);
  self->connection = g_object_ref (connection);
  g_signal_connect_object (connection, "message", G_CALLBACK (message_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "error", G_CALLBACK (error_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);

  self->last_traffic = 0;
  self->planned_end = g_get_monotonic_time () / 1000 + life;
  self->life_timer = g_timeout_add_once ((guint) life, life_ended_cb, self);
  self->ping_timer = g_timeout_add (self->times.ping, ping_cb, self);
  ping (self);

  if (self->ready != NULL)
    dex_promise_resolve_boolean (self->ready, TRUE);
  dex_clear (&self->ready);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTED]);
}

/* ---- making one --------------------------------------------------------------------------- */

static gboolean
await_connection (RafilmSocket *self, const char *token, GError **error)
{
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  g_autofree char *uri = NULL;
  const char *headers[] = { "Authorization", bearer, NULL };

  uri = self->device != NULL ? g_strconcat (self->uri, strchr (self->uri, '?') != NULL ? "&" : "?",
                                            "dev=", self->device, NULL)
                             : g_strdup (self->uri);
  return dex_await (rafilm_http_connect_socket (self->http, uri, headers, RAFILM_SOCKET_MAX_RECEIVE,
                                                HANDSHAKE_SECONDS, attach, G_OBJECT (self)),
                    error);
}

static gboolean
await_attempt (RafilmSocket *self, GError **error)
{
  g_autofree char *token = NULL;
  g_autofree char *renewed = NULL;
  g_autoptr (GError) refusal = NULL;

  token = dex_await_string (rafilm_account_get_token (self->account), error);
  if (token == NULL)
    return FALSE;
  if (await_connection (self, token, &refusal))
    return TRUE;
  if (!g_error_matches (refusal, RAFILM_ERROR, RAFILM_ERROR_NOT_SIGNED_IN))
    {
      g_propagate_error (error, g_steal_pointer (&refusal));
      return FALSE;
    }

  renewed = dex_await_string (rafilm_account_renew_token (self->account, token), error);
  if (renewed == NULL)
    return FALSE;

  return await_connection (self, renewed, error);
}

static DexFuture *
attempt_fiber (gpointer data)
{
  RafilmSocket *self = data;
  g_autoptr (GError) error = NULL;
  gboolean succeeded = await_attempt (self, &error);

  self->connecting = FALSE;
  if (!succeeded && !self->stale)
    {
      g_debug ("No connection: %s", error->message);
      schedule_attempt (self);
    }
  else if (self->retry_timer == 0)
    {
      /* It was closed as unwanted, and may be wanted again by now. */
      start_attempt (self);
    }

  return dex_future_new_for_boolean (succeeded);
}

/* An attempt is never cancelled: it has a deadline, and what it brings too late is closed. */
static void
start_attempt (RafilmSocket *self)
{
  g_clear_handle_id (&self->retry_timer, g_source_remove);
  if (self->connecting || self->connection != NULL || !should_connect (self))
    return;

  self->connecting = TRUE;
  self->stale = FALSE;
  /* It puts itself on record when it has ended. */
  dex_future_disown (rafilm_spawn (attempt_fiber, g_object_ref (self), g_object_unref));
}

static void
update (RafilmSocket *self)
{
  if (should_connect (self))
    {
      self->failures = 0;
      start_attempt (self);
      return;
    }

  if (rafilm_account_get_state (self->account) != RAFILM_ACCOUNT_SIGNED_IN)
    self->stale = self->connecting;
  g_clear_handle_id (&self->retry_timer, g_source_remove);
  detach (self, SOUP_WEBSOCKET_CLOSE_NORMAL);
}

/* Only a hint: it brings the next attempt forward. */
static void
network_changed_cb (RafilmSocket *self, gboolean available)
{
  if (!available || self->retry_timer == 0)
    return;

  self->failures = 0;
  schedule_attempt (self);
}

/* ---- what others call --------------------------------------------------------------------- */

void
rafilm_socket_set_wanted (RafilmSocket *self, gboolean wanted)
{
  g_return_if_fail (RAFILM_IS_SOCKET (self));

  if (self->wanted == !!wanted)
    return;

  self->wanted = !!wanted;
  update (self);
}

static gboolean
is_device (const char *device)
{
  gsize length = strlen (device);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (device[i]))
      return FALSE;

  return length == DEVICE_LENGTH;
}

void
rafilm_socket_set_device (RafilmSocket *self, const char *device)
{
  g_return_if_fail (RAFILM_IS_SOCKET (self));
  g_return_if_fail (device == NULL || is_device (device));

  if (!g_set_str (&self->device, device))
    return;

  self->stale = self->connecting;
  if (self->connection != NULL)
    {
      detach (self, SOUP_WEBSOCKET_CLOSE_NORMAL);
      start_attempt (self);
    }
}

gboolean
rafilm_socket_get_connected (RafilmSocket *self)
{
  g_return_val_if_fail (RAFILM_IS_SOCKET (self), FALSE);

  return self->connection != NULL;
}

typedef struct
{
  RafilmSocket *self;
  char *text;
} Send;

static void
send_free (gpointer data)
{
  Send *send = data;

  g_clear_object (&send->self);
  g_clear_pointer (&send->text, g_free);
  g_free (send);
}

static DexFuture *
send_fiber (gpointer data)
{
  Send *send = data;
  RafilmSocket *self = send->self;

  if (self->connection == NULL && should_connect (self))
    {
      if (self->ready == NULL)
        self->ready = dex_promise_new ();
      dex_await (dex_future_first (dex_ref (DEX_FUTURE (self->ready)),
                                   dex_timeout_new_seconds (SEND_WAIT_SECONDS), NULL),
                 NULL);
    }

  if (self->connection == NULL
      || soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_OFFLINE, "%s",
                                  _ ("There is no connection to the service."));

  soup_websocket_connection_send_text (self->connection, send->text);
  self->last_traffic = g_get_monotonic_time () / 1000;

  return dex_future_new_true ();
}

DexFuture *
rafilm_socket_send (RafilmSocket *self, JsonNode *message)
{
  g_autofree char *text = NULL;
  Send *send = NULL;

  dex_return_error_if_fail (RAFILM_IS_SOCKET (self));
  dex_return_error_if_fail (message != NULL && JSON_NODE_HOLDS_OBJECT (message));

  text = json_to_string (message, /* pretty= */ FALSE);
  if (strlen (text) > RAFILM_SOCKET_MAX_SEND)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_TOO_LARGE, "%s",
                                  _ ("This is too much for one message."));

  send = g_new0 (Send, 1);
  send->self = g_object_ref (self);
  send->text = g_steal_pointer (&text);

  return rafilm_spawn (send_fiber, send, send_free);
}

void
_rafilm_socket_set_times (RafilmSocket *self, const RafilmSocketTimes *times)
{
  g_return_if_fail (RAFILM_IS_SOCKET (self));

  self->times = *times;
}

static void
rafilm_socket_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CONNECTED:
      g_value_set_boolean (value, rafilm_socket_get_connected (RAFILM_SOCKET (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rafilm_socket_dispose (GObject *object)
{
  RafilmSocket *self = RAFILM_SOCKET (object);

  self->wanted = FALSE;
  g_clear_handle_id (&self->retry_timer, g_source_remove);
  detach (self, SOUP_WEBSOCKET_CLOSE_NORMAL);
  dex_clear (&self->ready);
  g_clear_object (&self->http);
  g_clear_object (&self->account);
  g_clear_pointer (&self->uri, g_free);
  g_clear_pointer (&self->device, g_free);

  G_OBJECT_CLASS (rafilm_socket_parent_class)->dispose (object);
}

static void
rafilm_socket_class_init (RafilmSocketClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = rafilm_socket_get_property;
  object_class->dispose = rafilm_socket_dispose;

  properties[PROP_CONNECTED] = g_param_spec_boolean ("connected", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_MESSAGE] = g_signal_new ("message", RAFILM_TYPE_SOCKET, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
}

static void
rafilm_socket_init (RafilmSocket *self)
{
  self->times = (RafilmSocketTimes) {
    .first_delay = 1000,
    .max_delay = 5 * 60 * 1000,
    /* The service closes after ten idle minutes, and every ping costs. */
    .ping = 9 * 60 * 1000,
    .pong = 30 * 1000,
    .life = 110 * 60 * 1000,
    .quiet = 10 * 1000,
  };
}

RafilmSocket *
rafilm_socket_new (RafilmHttp *http, const RafilmEndpoints *endpoints, RafilmAccount *account)
{
  RafilmSocket *self = NULL;

  g_return_val_if_fail (RAFILM_IS_HTTP (http), NULL);
  g_return_val_if_fail (endpoints != NULL, NULL);
  g_return_val_if_fail (RAFILM_IS_ACCOUNT (account), NULL);

  self = g_object_new (RAFILM_TYPE_SOCKET, NULL);
  self->http = g_object_ref (http);
  self->account = g_object_ref (account);
  self->uri = g_strdup (endpoints->socket);
  g_signal_connect_object (account, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (network_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}
