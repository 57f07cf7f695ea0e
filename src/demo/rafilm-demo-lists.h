/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-demo-plan.h"
#include "rafilm-edit.h"

G_BEGIN_DECLS

#define RAFILM_DEMO_WATCHLIST 40

/** Puts films that the plan doesn't have on the watchlist, some with a note. */
void rafilm_demo_lists_add_watchlist (RafilmDemoPlan *plan, RafilmEdit *edit);

/** Makes four lists, one of them ranked, some entries with a note. */
void rafilm_demo_lists_add_lists (RafilmDemoPlan *plan, RafilmEdit *edit);

G_END_DECLS
