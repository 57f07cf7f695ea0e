/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmAccountDialog: signing in, creating and confirming an account, a new
 * password, what becomes of a diary that was kept without an account, and, when
 * somebody is signed in, who that is and signing out.
 *
 * What it does are actions of the dialog: account.sign-in, account.sign-up,
 * account.confirm, account.resend, account.forgot, account.reset,
 * account.sign-out, account.sign-out-everywhere, account.show-sign-up,
 * account.show-forgot, account.compare, account.merge and account.use-account.
 */
#define RAFILM_TYPE_ACCOUNT_DIALOG (rafilm_account_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RafilmAccountDialog, rafilm_account_dialog, RAFILM, ACCOUNT_DIALOG, AdwDialog)

/* CONTEXT must have an account. */
AdwDialog *rafilm_account_dialog_new (RafilmAppContext *context);

G_END_DECLS
