/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-store-arrival.h"

G_BEGIN_DECLS

/*
 * RafilmArrivalPage: somebody signs in where a diary was kept without an
 * account.  It shows what is in both, and what a merge would come to, and asks.
 *
 * Whatever it stands in has the actions account.merge, account.use-account,
 * account.sign-out and account.compare.
 */
#define RAFILM_TYPE_ARRIVAL_PAGE (rafilm_arrival_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmArrivalPage, rafilm_arrival_page, RAFILM, ARRIVAL_PAGE,
                      AdwNavigationPage)

/* The numbers are on their way. */
void rafilm_arrival_page_show_comparing (RafilmArrivalPage *self);

/* ASIDE is the folder into which the diary of this computer is put. */
void rafilm_arrival_page_show_plan (RafilmArrivalPage *self, const RafilmArrivalPlan *plan,
                                    const char *aside);

/* There are no numbers, and TEXT says why. */
void rafilm_arrival_page_show_failure (RafilmArrivalPage *self, const char *text);

G_END_DECLS
