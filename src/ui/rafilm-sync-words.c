/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-sync-words.h"

#include <glib/gi18n.h>

const char *
rafilm_sync_words_get_title (RafilmSyncEngineState state)
{
  switch (state)
    {
    case RAFILM_SYNC_OFF:
      return _ ("On This Computer Only");
    case RAFILM_SYNC_SYNCED:
      return _ ("Synced");
    case RAFILM_SYNC_WAITING:
      return _ ("Waiting to Send");
    case RAFILM_SYNC_SENDING:
      return _ ("Syncing…");
    case RAFILM_SYNC_OFFLINE:
      return _ ("Offline");
    case RAFILM_SYNC_NEEDS_SIGN_IN:
      return _ ("Sign In Again");
    case RAFILM_SYNC_UPGRADE:
      return _ ("Rafilm Is Too Old to Sync");
    case RAFILM_SYNC_FAILED:
      return _ ("Sync Failed");
    case RAFILM_SYNC_ACCOUNT_DELETED:
      return _ ("Account Deleted");
    default:
      g_assert_not_reached ();
    }
}

static const char *
get_reason (RafilmSyncEngineState state)
{
  switch (state)
    {
    case RAFILM_SYNC_OFF:
      return _ ("Sign in to have the same diary on all your computers.");
    case RAFILM_SYNC_OFFLINE:
      return _ ("The server cannot be reached. It is tried again by itself.");
    case RAFILM_SYNC_NEEDS_SIGN_IN:
      return _ ("Your sign-in has expired.");
    case RAFILM_SYNC_UPGRADE:
      return _ ("Everything works on this computer. To sync, update Rafilm.");
    case RAFILM_SYNC_FAILED:
      return _ ("The server has a problem. It is tried again by itself.");
    case RAFILM_SYNC_ACCOUNT_DELETED:
      return _ ("The account was deleted. The diary stays on this computer.");
    case RAFILM_SYNC_SYNCED:
    case RAFILM_SYNC_WAITING:
    case RAFILM_SYNC_SENDING:
      return NULL;
    default:
      g_assert_not_reached ();
    }
}

static char *
dup_age (gint64 minutes)
{
  if (minutes < 1)
    return g_strdup (_ ("Everything was on the server a moment ago."));
  if (minutes < 60)
    return g_strdup_printf (ngettext ("Everything was on the server %d minute ago.",
                                      "Everything was on the server %d minutes ago.", minutes),
                            (int) minutes);
  if (minutes < 48 * 60)
    return g_strdup_printf (ngettext ("Everything was on the server %d hour ago.",
                                      "Everything was on the server %d hours ago.", minutes / 60),
                            (int) (minutes / 60));

  return g_strdup_printf (ngettext ("Everything was on the server %d day ago.",
                                    "Everything was on the server %d days ago.",
                                    minutes / (24 * 60)),
                          (int) (minutes / (24 * 60)));
}

static char *
dup_unsent (RafilmSyncEngineState state, guint unsent)
{
  if (state == RAFILM_SYNC_SENDING)
    return g_strdup_printf (
        ngettext ("%u change is being sent.", "%u changes are being sent.", unsent), unsent);

  return g_strdup_printf (ngettext ("%u change waits on this computer. Nothing is lost.",
                                    "%u changes wait on this computer. Nothing is lost.", unsent),
                          unsent);
}

char *
rafilm_sync_words_dup_detail (RafilmSyncEngineState state, guint unsent, gint64 last, gint64 now)
{
  const char *reason = get_reason (state);
  GString *text = g_string_new (reason);

  if (state == RAFILM_SYNC_OFF)
    return g_string_free_and_steal (text);
  if (unsent > 0)
    {
      g_autofree char *sentence = dup_unsent (state, unsent);

      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", sentence);
    }
  else if (state == RAFILM_SYNC_SENDING)
    g_string_append (text, _ ("Asking the server for what is new."));
  else if (last > 0)
    {
      g_autofree char *sentence = dup_age ((now - last) / 60000);

      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", sentence);
    }
  else if (text->len == 0)
    g_string_append (text, _ ("Nothing waits on this computer."));

  return g_string_free_and_steal (text);
}
