/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-meter.h"
#include "rafilm-stand.h"

G_BEGIN_DECLS

/** Pushes of 25 changes and pulls of 500 rows against moto: times and capacity units. Says so where
 * there is no moto. */
void rafilm_bench_table (const char *bootstrap);

G_END_DECLS
