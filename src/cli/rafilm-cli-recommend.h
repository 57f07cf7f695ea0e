/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-cli.h"
#include "rafilm-recommender.h"

G_BEGIN_DECLS

/** The recommender of the diary, with the profile's own model or the installed one. */
RafilmRecommender *rafilm_cli_make_recommender (RafilmCli *self);

G_END_DECLS
