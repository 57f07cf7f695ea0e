/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wall clock. */
#pragma once

#include <stdint.h>

int64_t rafilm_time_now_ms (void); /* ms of 1970 */
int64_t rafilm_time_now (void);    /* seconds of 1970 */
