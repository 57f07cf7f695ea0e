/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmOwnAccountPage: what somebody who is signed in can do with the
 * account: the public name, the password, an archive of all, its end.
 *
 * "left" is emitted when the account has been deleted.
 */
#define RAFILM_TYPE_OWN_ACCOUNT_PAGE (rafilm_own_account_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmOwnAccountPage, rafilm_own_account_page, RAFILM, OWN_ACCOUNT_PAGE,
                      AdwNavigationPage)

AdwNavigationPage *rafilm_own_account_page_new (RafilmAppContext *context);

G_END_DECLS
