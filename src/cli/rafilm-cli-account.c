/* SPDX-License-Identifier: GPL-3.0-or-later */

/* sign-up, confirm, resend, sign-in, forgot, reset, sign-out */

#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>

#include "rafilm-api-transport.h"
#include "rafilm-cli-output.h"
#include "rafilm-error.h"
#include "rafilm-profile.h"
#include "rafilm-sign-in.h"

gboolean
rafilm_cli_run_sign_up (RafilmCli *self, GError **error)
{
  const char *email = self->arguments[0];
  g_autoptr (RafilmCliPassword) password = NULL;
  g_autoptr (GError) failure = NULL;
  gboolean confirmed;

  if (!rafilm_cli_open_account (self, error))
    return FALSE;
  password = rafilm_cli_read_password (_ ("Password: "), TRUE, error);
  if (password == NULL)
    return FALSE;

  confirmed = dex_await_boolean (rafilm_account_sign_up (self->account, email, password), &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (confirmed)
    rafilm_cli_say (self, _ ("The account is ready: rafilm-cli sign-in %s"), email);
  else
    rafilm_cli_say (self, _ ("A code was mailed to you: rafilm-cli confirm %s CODE"), email);
  rafilm_cli_show_string (self, "state", confirmed ? "confirmed" : "unconfirmed");

  return TRUE;
}

gboolean
rafilm_cli_run_confirm (RafilmCli *self, GError **error)
{
  const char *email = self->arguments[0];

  if (!rafilm_cli_open_account (self, error)
      || !dex_await (rafilm_account_confirm (self->account, email, self->arguments[1]), error))
    return FALSE;
  rafilm_cli_say (self, _ ("The account is ready: rafilm-cli sign-in %s"), email);
  rafilm_cli_show_string (self, "state", "confirmed");

  return TRUE;
}

gboolean
rafilm_cli_run_resend (RafilmCli *self, GError **error)
{
  if (!rafilm_cli_open_account (self, error)
      || !dex_await (rafilm_account_resend (self->account, self->arguments[0]), error))
    return FALSE;
  rafilm_cli_say (self, _ ("The code was mailed again"));
  rafilm_cli_show_string (self, "state", "unconfirmed");

  return TRUE;
}

/* "1204 here, 1180 there, 1100 the same, 104 to add" */
static void
show_plan (RafilmCli *self, const RafilmArrivalPlan *plan)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const struct
  {
    const char *name;
    guint value;
  } numbers[] = { { "here", plan->here },   { "there", plan->there }, { "same", plan->same },
                  { "added", plan->added }, { "lists", plan->lists }, { "films", plan->films } };

  rafilm_cli_say (self,
                  _ ("Viewings: %u here, %u in the account, %u the same, %u to add; %u lists and "
                     "the marks of %u films to add"),
                  plan->here, plan->there, plan->same, plan->added, plan->lists, plan->films);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "email");
  json_builder_add_string_value (builder, rafilm_account_get_email (self->account));
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      json_builder_set_member_name (builder, numbers[i].name);
      json_builder_add_int_value (builder, numbers[i].value);
    }
  json_builder_end_object (builder);
  rafilm_cli_show (self, json_builder_get_root (builder));
}

/* Without a network there are no numbers; the merge comes with the next sync all the same. */
static RafilmArrivalPlan *
await_plan (RafilmCli *self)
{
  g_autoptr (RafilmApiTransport) transport = rafilm_api_transport_new (self->api);
  g_autoptr (GError) failure = NULL;
  RafilmArrivalPlan *plan;

  plan = dex_await_boxed (rafilm_sign_in_merge_plan (self->folder,
                                                     rafilm_account_get_uid (self->account),
                                                     RAFILM_SYNC_TRANSPORT (transport)),
                          &failure);
  if (failure != NULL)
    g_printerr (_ ("rafilm-cli: the diaries could not be compared: %s\n"), failure->message);

  return plan;
}

/* Whoever sits at a terminal chooses, unless the choice was given. Nothing is merged before. */
static gboolean
choose (RafilmCli *self, GError **error)
{
  g_autofree char *answer = NULL;

  if (self->options.merge || self->options.use_account || self->options.json)
    return TRUE;
  while (TRUE)
    {
      g_clear_pointer (&answer, g_free);
      answer = rafilm_cli_ask (_ ("[m]erge both, [u]se the account’s diary alone, or [c]ancel? "));
      if (answer == NULL || *answer == '\0' || g_str_has_prefix ("merge", answer))
        return TRUE;
      if (g_str_has_prefix ("use", answer))
        {
          self->options.use_account = TRUE;
          return TRUE;
        }
      if (g_str_has_prefix ("cancel", answer))
        break;
    }
  g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_SIGNED_IN,
               _ ("Cancelled: nothing was merged, and nobody is signed in"));

  return FALSE;
}

static gboolean
open_merged (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmArrivalPlan) plan = await_plan (self);

  if (plan != NULL)
    {
      show_plan (self, plan);
      if (!choose (self, error))
        {
          dex_await (rafilm_account_sign_out (self->account, FALSE), NULL);
          return FALSE;
        }
    }
  else
    rafilm_cli_show_string (self, "email", rafilm_account_get_email (self->account));
  self->store = dex_await_object (rafilm_sign_in_merge_run (self->folder,
                                                            rafilm_account_get_uid (self->account),
                                                            !self->options.use_account),
                                  error);

  return self->store != NULL;
}

static gboolean
check_choice (RafilmCli *self, GError **error)
{
  if (!self->options.merge || !self->options.use_account)
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _ ("--merge and --use-account exclude each other"));

  return FALSE;
}

static gboolean
refuse_undecided (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmArrivalPlan) plan = await_plan (self);

  if (plan != NULL)
    show_plan (self, plan);
  g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_INVALID,
               _ ("There are two diaries, this computer’s and the account’s, and nothing is sent "
                  "before one is chosen: “rafilm-cli sync --merge” puts them together, "
                  "“rafilm-cli sync --use-account” goes on with the account’s and puts this one "
                  "aside"));

  return FALSE;
}

gboolean
rafilm_cli_settle_arrival (RafilmCli *self, GError **error)
{
  if (!check_choice (self, error))
    return FALSE;
  if (!self->undecided)
    return TRUE;
  if (!rafilm_cli_close_store (self, error))
    return FALSE;
  if (!self->options.merge && !self->options.use_account)
    return refuse_undecided (self, error);
  self->store = dex_await_object (rafilm_sign_in_merge_run (self->folder,
                                                            rafilm_account_get_uid (self->account),
                                                            self->options.merge),
                                  error);
  self->undecided = self->store == NULL;

  return self->store != NULL;
}

gboolean
rafilm_cli_run_sign_in (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmCliPassword) password = NULL;

  if (!check_choice (self, error) || !rafilm_cli_open_account (self, error))
    return FALSE;
  password = rafilm_cli_read_password (_ ("Password: "), FALSE, error);
  if (password == NULL
      || !dex_await (rafilm_account_sign_in (self->account, self->arguments[0], password), error)
      || !open_merged (self, error))
    return FALSE;

  if (rafilm_account_get_session_only (self->account))
    g_printerr (_ ("rafilm-cli: nothing keeps the sign-in, so it ends with this command\n"));
  else if (self->keyring_file)
    g_printerr (_ ("rafilm-cli: the sign-in is kept in a private file in %s\n"), self->folder);
  rafilm_cli_say (self, _ ("Signed in as %s"), rafilm_account_get_email (self->account));

  return TRUE;
}

gboolean
rafilm_cli_run_forgot (RafilmCli *self, GError **error)
{
  const char *email = self->arguments[0];

  if (!rafilm_cli_open_account (self, error)
      || !dex_await (rafilm_account_forgot (self->account, email), error))
    return FALSE;
  rafilm_cli_say (self, _ ("A code was mailed to you: rafilm-cli reset %s CODE"), email);
  rafilm_cli_show_string (self, "state", "reset");

  return TRUE;
}

gboolean
rafilm_cli_run_reset (RafilmCli *self, GError **error)
{
  const char *email = self->arguments[0];
  g_autoptr (RafilmCliPassword) password = NULL;

  if (!rafilm_cli_open_account (self, error))
    return FALSE;
  password = rafilm_cli_read_password (_ ("New password: "), TRUE, error);
  if (password == NULL
      || !dex_await (rafilm_account_reset (self->account, email, self->arguments[1], password),
                     error))
    return FALSE;
  rafilm_cli_say (self, _ ("The password is changed: rafilm-cli sign-in %s"), email);
  rafilm_cli_show_string (self, "state", "confirmed");

  return TRUE;
}

/* How many changes the account's diary has that are not on the server; it closes it again. The
 * diary that is open while it is undecided is not the account's. */
static gboolean
count_unsent (RafilmCli *self, guint *ret_pending, GError **error)
{
  g_autoptr (RafilmSyncState) state = NULL;

  *ret_pending = 0;
  if (!rafilm_cli_open_account (self, error))
    return FALSE;
  if (rafilm_account_get_uid (self->account) == NULL)
    return TRUE;
  if (!rafilm_cli_open_store (self, error))
    return FALSE;
  state = dex_await_boxed (rafilm_store_sync_state (self->store), error);
  if (state == NULL)
    return FALSE;
  *ret_pending = self->undecided ? 0 : state->pending;

  return rafilm_cli_close_store (self, error);
}

static void
show_signed_out (RafilmCli *self, guint pending)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  rafilm_cli_say (self,
                  self->options.everywhere ? _ ("Signed out on all devices") : _ ("Signed out"));
  if (self->options.keep_diary)
    rafilm_cli_say (self, _ ("The diary goes on here, without an account"));
  else if (pending > 0)
    rafilm_cli_say (self,
                    ngettext ("%u change is not on the server; it waits in the account’s diary "
                              "here for the next sign-in",
                              "%u changes are not on the server; they wait in the account’s diary "
                              "here for the next sign-in",
                              pending),
                    pending);
  json_object_set_string_member (object, "state", "signed-out");
  json_object_set_int_member (object, "pending", pending);
  json_node_set_object (node, object);
  rafilm_cli_show (self, node);
}

gboolean
rafilm_cli_run_sign_out (RafilmCli *self, GError **error)
{
  g_autofree char *uid = NULL;
  guint pending = 0;

  if (!count_unsent (self, &pending, error))
    return FALSE;
  uid = g_strdup (rafilm_account_get_uid (self->account));
  if (!dex_await (rafilm_account_sign_out (self->account, self->options.everywhere), error))
    return FALSE;
  if (self->options.keep_diary && uid != NULL && !self->undecided
      && !dex_await (rafilm_profile_leave_account (self->folder, uid), error))
    return FALSE;
  show_signed_out (self, pending);

  return TRUE;
}
