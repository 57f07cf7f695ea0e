/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-wire-json.h"
#include "rafilm-wire-merge.h"

/* Short ways to make rows and operations in tests. Values are JSON texts; of a row's field,
 * "value @ fseq h dev n". Both end with a NULL name. */

#define DEV_A "AAAAAAAA"
#define DEV_B "BBBBBBBB"
#define DEV_C "CCCCCCCC"

/* The hybrid time of so many milliseconds, of a clock that started at 1700000000000. */
#define H(ms) (((guint64) G_GINT64_CONSTANT (1700000000000) + (guint64) (ms)) << 16)
#define MS(ms) (G_GINT64_CONSTANT (1700000000000) + (ms))

/* (name, JSON value, fseq, h, dev) … NULL */
RafilmWireRow *wire_build_row (const char *kind, const char *id, gint64 q, ...);

/* (name, JSON value, h) … NULL */
RafilmWireOp *wire_build_op (gint64 n, const char *kind, const char *id, gint64 base, gboolean full,
                             ...);

/* The JSON text of a field's value, or NULL when there is no such field. */
char *wire_build_show (const RafilmWireFields *fields, const char *kind, const char *name);

#define wire_assert_field(row, name, json)                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *shown = wire_build_show (&(row)->fields, (row)->kind, name);                  \
    g_assert_cmpstr (shown, ==, json);                                                             \
  }                                                                                                \
  G_STMT_END
