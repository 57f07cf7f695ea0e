/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What became of one operation (docs/sync.md, "An answer"). */

#pragma once

#include <stdbool.h>

typedef enum
{
  RAFILM_WIRE_OK,        /* taken as it is */
  RAFILM_WIRE_NOOP,      /* nothing to do */
  RAFILM_WIRE_LOST,      /* a field lost against a concurrent edit */
  RAFILM_WIRE_COPY,      /* two texts met; the other is kept as a version */
  RAFILM_WIRE_KEPT,      /* delete ignored: the row was changed elsewhere */
  RAFILM_WIRE_NEED_FULL, /* the row (or its content) is missing: send it all */
  RAFILM_WIRE_BAD,       /* refused for good; the verdict says "bad:<code>" */
} RafilmWireVerdict;

/* "ok", "noop", "lost", "copy", "kept", "need_full", "bad". */
const char *rafilm_wire_verdict_to_text (RafilmWireVerdict verdict);
/* Takes "bad:…" too, whose code is what follows. */
bool rafilm_wire_verdict_parse (const char *text, RafilmWireVerdict *ret_verdict);
