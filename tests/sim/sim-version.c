/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-version.h"

#include "rafilm-wire-mutant.h"

/* What came with the later version; NULL = the whole kind. */
static const struct
{
  const char *kind;
  const char *field;
} news[] = {
  { "l", NULL },        { "i", NULL },   { "p", NULL },   { "d", "finished" },
  { "d", "tag:plane" }, { "f", "hide" }, { "w", "note" },
};

static gboolean old_runs;

void
sim_version_set_old (gboolean is_old)
{
  old_runs = is_old;
}

/* Without a kind: whether it knows everything. */
bool
rafilm_sim_knows (const char *kind, const char *field)
{
  if (!old_runs || kind == NULL)
    return !old_runs;
  for (gsize i = 0; i < G_N_ELEMENTS (news); i++)
    if (g_str_equal (news[i].kind, kind)
        && (news[i].field == NULL || g_strcmp0 (news[i].field, field) == 0))
      return false;
  return true;
}
