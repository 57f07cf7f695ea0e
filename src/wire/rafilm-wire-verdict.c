/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-wire-verdict.h"

#include <stddef.h>
#include <string.h>

static const char *const verdict_texts[] = {
  [RAFILM_WIRE_OK] = "ok",     [RAFILM_WIRE_NOOP] = "noop", [RAFILM_WIRE_LOST] = "lost",
  [RAFILM_WIRE_COPY] = "copy", [RAFILM_WIRE_KEPT] = "kept", [RAFILM_WIRE_NEED_FULL] = "need_full",
  [RAFILM_WIRE_BAD] = "bad",
};

const char *
rafilm_wire_verdict_to_text (RafilmWireVerdict verdict)
{
  return verdict_texts[verdict];
}

bool
rafilm_wire_verdict_parse (const char *text, RafilmWireVerdict *ret_verdict)
{
  for (size_t i = 0; i < sizeof verdict_texts / sizeof verdict_texts[0]; i++)
    if (strcmp (text, verdict_texts[i]) == 0)
      {
        *ret_verdict = (RafilmWireVerdict) i;
        return true;
      }
  if (strncmp (text, "bad:", 4) == 0)
    {
      *ret_verdict = RAFILM_WIRE_BAD;
      return true;
    }
  return false;
}
