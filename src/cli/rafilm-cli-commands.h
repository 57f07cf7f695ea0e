/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-cli.h"

G_BEGIN_DECLS

/* What the commands do; rafilm-cli-commands.c says what they are called and take. */

gboolean rafilm_cli_run_sign_up (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_confirm (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_resend (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_sign_in (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_forgot (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_reset (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_sign_out (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_public_name (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_archive (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_delete_account (RafilmCli *self, GError **error);

gboolean rafilm_cli_run_log (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_rate (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_edit (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_delete (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_undo (RafilmCli *self, GError **error);

gboolean rafilm_cli_run_diary (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_show (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_search (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_watchlist (RafilmCli *self, GError **error);

gboolean rafilm_cli_run_mark (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_profile (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_lists (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_trash (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_export (RafilmCli *self, GError **error);

gboolean rafilm_cli_run_changes (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_versions (RafilmCli *self, GError **error);

gboolean rafilm_cli_run_sync (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_watch (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_status (RafilmCli *self, GError **error);

gboolean rafilm_cli_run_chat (RafilmCli *self, GError **error);
gboolean rafilm_cli_run_recommend (RafilmCli *self, GError **error);

G_END_DECLS
