/* SPDX-License-Identifier: GPL-3.0-or-later */

/* sync, watch, status */

#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>

#include "rafilm-catalogue.h"
#include "rafilm-cli-changes.h"
#include "rafilm-cli-output.h"
#include "rafilm-error.h"
#include "rafilm-store-sync.h"
#include "rafilm-sync-engine.h"

/* As many as fit on a screen; “changes” shows all. */
#define SHOWN_CHANGES 5

static const char account_deleted_text[] =
    N_ ("The account was deleted. Everything is still on this computer; “rafilm-cli sign-out "
        "--keep-diary” goes on with it");

/* The service tells a program that must sign in again nothing of an account that was deleted. */
static void
set_expired (RafilmCli *self, GError **error)
{
  g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_SIGN_IN_EXPIRED,
               _ ("The sign-in has ended: rafilm-cli sign-in %s. Should the account be no more, "
                  "“rafilm-cli sign-out --keep-diary” goes on with its diary"),
               rafilm_account_get_email (self->account));
}

static gboolean
check_signed_in (RafilmCli *self, GError **error)
{
  switch (rafilm_account_get_state (self->account))
    {
    case RAFILM_ACCOUNT_SIGNED_IN:
      return TRUE;
    case RAFILM_ACCOUNT_EXPIRED:
      set_expired (self, error);
      return FALSE;
    case RAFILM_ACCOUNT_SIGNED_OUT:
    default:
      g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_SIGNED_IN,
                   _ ("Nobody is signed in: rafilm-cli sign-in EMAIL"));
      return FALSE;
    }
}

/* ---- sync --------------------------------------------------------------------------------- */

static void
add_state (JsonBuilder *builder, const RafilmSyncState *state)
{
  json_builder_set_member_name (builder, "pending");
  json_builder_add_int_value (builder, state->pending);
  json_builder_set_member_name (builder, "refused");
  json_builder_add_int_value (builder, state->dead);
  json_builder_set_member_name (builder, "cursor");
  json_builder_add_int_value (builder, state->cursor);
  json_builder_set_member_name (builder, "account_deleted");
  json_builder_add_boolean_value (builder, state->account_deleted);
}

/* The future, unless --wait ends it. */
static DexFuture *
bound (RafilmCli *self, DexFuture *future)
{
  if (self->options.wait < 0)
    return future;

  return dex_future_first (future, dex_timeout_new_seconds (self->options.wait), NULL);
}

/* The diary of the account, which is signed in. */
static gboolean
open_synced (RafilmCli *self, GError **error)
{
  return rafilm_cli_open_store (self, error) && check_signed_in (self, error)
         && rafilm_cli_settle_arrival (self, error);
}

static gboolean
await_sync (RafilmCli *self, DexFuture *synced, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (dex_await (synced, &failure))
    return TRUE;
  if (g_error_matches (failure, RAFILM_ERROR, RAFILM_ERROR_ACCOUNT_DELETED))
    g_set_error (error, failure->domain, failure->code, "%s", _ (account_deleted_text));
  else if (g_error_matches (failure, RAFILM_ERROR, RAFILM_ERROR_SIGN_IN_EXPIRED))
    set_expired (self, error);
  else
    g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

/* Titles and the like of films that came from elsewhere. A sync without them is a sync. */
static void
await_facts (RafilmCli *self, RafilmCatalogue *catalogue)
{
  g_autoptr (GError) error = NULL;

  dex_await_int64 (bound (self, rafilm_catalogue_fill (catalogue)), &error);
  if (error != NULL)
    g_printerr (_ ("rafilm-cli: titles of new films come later: %s\n"), error->message);
}

gboolean
rafilm_cli_run_sync (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmSyncEngine) engine = NULL;
  g_autoptr (RafilmCatalogue) catalogue = NULL;
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!open_synced (self, error))
    return FALSE;

  engine = rafilm_sync_engine_new (self->store, self->api, self->account, NULL);
  catalogue = rafilm_catalogue_new (self->store, self->api);
  rafilm_sync_engine_set_catalogue (engine, catalogue);
  if (!await_sync (self, bound (self, rafilm_sync_engine_sync_now (engine)), error))
    return FALSE;
  await_facts (self, catalogue);

  state = dex_await_boxed (rafilm_store_sync_state (self->store), error);
  if (state == NULL)
    return FALSE;
  json_builder_begin_object (builder);
  add_state (builder, state);
  json_builder_end_object (builder);
  rafilm_cli_show (self, json_builder_get_root (builder));
  rafilm_cli_say (self, _ ("Everything is synced"));
  if (state->dead > 0)
    rafilm_cli_say (self,
                    ngettext ("The server refused %u change; it is kept here",
                              "The server refused %u changes; they are kept here", state->dead),
                    state->dead);

  return TRUE;
}

/* ---- watch -------------------------------------------------------------------------------- */

static const struct
{
  RafilmStoreChangeKinds kind;
  const char *name;
} kind_names[] = {
  { RAFILM_STORE_CHANGE_FILMS, "films" },         { RAFILM_STORE_CHANGE_VIEWINGS, "viewings" },
  { RAFILM_STORE_CHANGE_WATCHLIST, "watchlist" }, { RAFILM_STORE_CHANGE_LISTS, "lists" },
  { RAFILM_STORE_CHANGE_PROFILE, "profile" },     { RAFILM_STORE_CHANGE_VERSIONS, "versions" },
};

/* {"changed": ["viewings"], "films": [949]} on one line, or the same in words. */
static void
changed_cb (RafilmStore *store, const RafilmStoreChange *change, RafilmCli *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *line = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "changed");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (change->kinds & kind_names[i].kind)
      {
        json_builder_add_string_value (builder, kind_names[i].name);
        g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", kind_names[i].name);
      }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "films");
  json_builder_begin_array (builder);
  for (guint i = 0; change->films != NULL && i < change->films->len; i++)
    {
      gint64 film = g_array_index (change->films, gint64, i);

      json_builder_add_int_value (builder, film);
      g_string_append_printf (words, " %" G_GINT64_FORMAT, film);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  if (words->len == 0)
    return;

  node = json_builder_get_root (builder);
  line = self->options.json ? json_to_string (node, FALSE) : g_strdup (words->str);
  g_print ("%s\n", line);
  fflush (stdout);
}

static gboolean
interrupted_cb (gpointer data)
{
  DexPromise *interrupted = data;

  if (dex_future_is_pending (DEX_FUTURE (interrupted)))
    dex_promise_resolve_boolean (interrupted, TRUE);

  return G_SOURCE_CONTINUE;
}

gboolean
rafilm_cli_run_watch (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmSocket) socket = NULL;
  g_autoptr (RafilmSyncEngine) engine = NULL;
  g_autoptr (RafilmCatalogue) catalogue = NULL;
  g_autoptr (DexPromise) interrupted = NULL;
  gulong handler;
  guint signals[2];

  if (!open_synced (self, error))
    return FALSE;

  interrupted = dex_promise_new ();
  socket = rafilm_socket_new (self->http, self->endpoints, self->account);
  engine = rafilm_sync_engine_new (self->store, self->api, self->account, socket);
  catalogue = rafilm_catalogue_new (self->store, self->api);
  rafilm_sync_engine_set_catalogue (engine, catalogue);
  if (!await_sync (self, rafilm_sync_engine_sync_now (engine), error))
    return FALSE;

  handler = g_signal_connect (self->store, "changed", G_CALLBACK (changed_cb), self);
  signals[0] = g_unix_signal_add (SIGINT, interrupted_cb, interrupted);
  signals[1] = g_unix_signal_add (SIGTERM, interrupted_cb, interrupted);
  rafilm_socket_set_wanted (socket, TRUE);
  rafilm_sync_engine_start (engine);
  dex_await (bound (self, dex_ref (DEX_FUTURE (interrupted))), NULL);
  rafilm_sync_engine_stop (engine);
  rafilm_socket_set_wanted (socket, FALSE);
  g_source_remove (signals[0]);
  g_source_remove (signals[1]);
  g_signal_handler_disconnect (self->store, handler);

  return TRUE;
}

/* ---- status ------------------------------------------------------------------------------- */

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

typedef struct
{
  RafilmSyncState *state;
  GPtrArray *waiting;
  GPtrArray *refused;
  gboolean online;
} Status;

static void
status_clear (Status *status)
{
  g_clear_pointer (&status->state, rafilm_sync_state_free);
  g_clear_pointer (&status->waiting, g_ptr_array_unref);
  g_clear_pointer (&status->refused, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Status, status_clear)

static void
show_status (RafilmCli *self, const Status *status)
{
  const RafilmSyncState *state = status->state;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  RafilmAccountState account = rafilm_account_get_state (self->account);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "signed_in");
  json_builder_add_boolean_value (builder, account == RAFILM_ACCOUNT_SIGNED_IN);
  json_builder_set_member_name (builder, "expired");
  json_builder_add_boolean_value (builder, account == RAFILM_ACCOUNT_EXPIRED);
  json_builder_set_member_name (builder, "undecided");
  json_builder_add_boolean_value (builder, self->undecided);
  add_text (builder, "email", rafilm_account_get_email (self->account));
  add_text (builder, "account", rafilm_account_get_uid (self->account));
  json_builder_set_member_name (builder, "online");
  json_builder_add_boolean_value (builder, status->online);
  add_state (builder, state);
  json_builder_set_member_name (builder, "last_synced");
  if (state->synced_at > 0)
    json_builder_add_int_value (builder, state->synced_at);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "waiting_changes");
  json_builder_add_value (builder, rafilm_cli_changes_to_json (status->waiting));
  json_builder_set_member_name (builder, "refused_changes");
  json_builder_add_value (builder, rafilm_cli_changes_to_json (status->refused));
  add_text (builder, "profile", self->folder);
  add_text (builder, "diary", rafilm_store_get_path (self->store));
  json_builder_end_object (builder);
  rafilm_cli_show (self, json_builder_get_root (builder));
}

static char *
format_time (gint64 milliseconds)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (milliseconds / 1000);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup (_ ("never"));
}

static void
say_status (RafilmCli *self, const Status *status)
{
  const RafilmSyncState *state = status->state;
  g_autofree char *synced =
      state->synced_at > 0 ? format_time (state->synced_at) : g_strdup (_ ("never"));

  switch (rafilm_account_get_state (self->account))
    {
    case RAFILM_ACCOUNT_SIGNED_IN:
      rafilm_cli_say (self, _ ("Signed in as %s"), rafilm_account_get_email (self->account));
      break;
    case RAFILM_ACCOUNT_EXPIRED:
      rafilm_cli_say (self, _ ("The sign-in of %s has ended; sign in again to sync"),
                      rafilm_account_get_email (self->account));
      break;
    case RAFILM_ACCOUNT_SIGNED_OUT:
    default:
      rafilm_cli_say (self, _ ("Not signed in; everything stays on this computer"));
    }
  if (self->undecided)
    rafilm_cli_say (self, _ ("It is not chosen yet what becomes of the diary of this computer; "
                             "nothing is sent before “rafilm-cli sync --merge” or “rafilm-cli "
                             "sync --use-account”"));
  if (state->account_deleted)
    rafilm_cli_say (self, "%s", _ (account_deleted_text));
  rafilm_cli_say (self, status->online ? _ ("The service can be reached")
                                       : _ ("The service cannot be reached"));
  rafilm_cli_say (
      self, ngettext ("%u change waits to be sent", "%u changes wait to be sent", state->pending),
      state->pending);
  rafilm_cli_say_changes (self, status->waiting, SHOWN_CHANGES);
  if (state->dead > 0)
    {
      rafilm_cli_say (self,
                      ngettext ("%u change was refused; “rafilm-cli changes” settles it",
                                "%u changes were refused; “rafilm-cli changes” settles them",
                                state->dead),
                      state->dead);
      rafilm_cli_say_changes (self, status->refused, SHOWN_CHANGES);
    }
  rafilm_cli_say (self, _ ("Last synced: %s"), synced);
  rafilm_cli_say (self, _ ("Diary: %s"), rafilm_store_get_path (self->store));
}

gboolean
rafilm_cli_run_status (RafilmCli *self, GError **error)
{
  g_auto (Status) status = { 0 };

  if (!rafilm_cli_open_store (self, error))
    return FALSE;
  status.state = dex_await_boxed (rafilm_store_sync_state (self->store), error);
  if (status.state == NULL
      || !rafilm_cli_load_changes (self, &status.waiting, &status.refused, error))
    return FALSE;
  status.online = rafilm_cli_is_online (self);
  say_status (self, &status);
  show_status (self, &status);

  return TRUE;
}
