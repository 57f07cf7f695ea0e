/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-sync-words.h"

#include <glib/gi18n.h>

/* Of more changes it is told how many of them are sent; it is a batch. */
#define LONG 90

const char *
rafilm_sync_words_get_title (const RafilmSyncFacts *facts)
{
  switch (facts->state)
    {
    case RAFILM_SYNC_OFF:
      return _ ("On This Computer Only");
    case RAFILM_SYNC_SYNCED:
      if (facts->refused > 0)
        return ngettext ("A Change Was Refused", "Changes Were Refused", facts->refused);
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
      return _ ("The server cannot be reached. Rafilm keeps trying.");
    case RAFILM_SYNC_NEEDS_SIGN_IN:
      return _ ("Your sign-in has expired.");
    case RAFILM_SYNC_UPGRADE:
      return _ ("Update Rafilm to sync again. Everything else works as before.");
    case RAFILM_SYNC_FAILED:
      return _ ("The server has a problem. Rafilm keeps trying.");
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
    return g_strdup (_ ("Last synced a moment ago."));
  if (minutes < 60)
    return g_strdup_printf (
        ngettext ("Last synced %d minute ago.", "Last synced %d minutes ago.", minutes),
        (int) minutes);
  if (minutes < 48 * 60)
    return g_strdup_printf (
        ngettext ("Last synced %d hour ago.", "Last synced %d hours ago.", minutes / 60),
        (int) (minutes / 60));

  return g_strdup_printf (
      ngettext ("Last synced %d day ago.", "Last synced %d days ago.", minutes / (24 * 60)),
      (int) (minutes / (24 * 60)));
}

static char *
dup_unsent (const RafilmSyncFacts *facts)
{
  if (facts->state == RAFILM_SYNC_SENDING && facts->to_send > LONG)
    return g_strdup_printf (
        ngettext ("Sending %u of %u change.", "Sending %u of %u changes.", facts->to_send),
        facts->sent, facts->to_send);
  if (facts->state == RAFILM_SYNC_SENDING)
    return g_strdup_printf (ngettext ("Sending %u change.", "Sending %u changes.", facts->unsent),
                            facts->unsent);

  return g_strdup_printf (ngettext ("%u change waits on this computer. Nothing is lost.",
                                    "%u changes wait on this computer. Nothing is lost.",
                                    facts->unsent),
                          facts->unsent);
}

static char *
dup_refused (guint refused)
{
  return g_strdup_printf (
      ngettext (
          "The server did not accept %u change. It is kept on this computer until you decide.",
          "The server did not accept %u changes. They are kept on this computer until you "
          "decide.",
          refused),
      refused);
}

/* Takes SENTENCE. */
static void
add (GString *text, char *sentence)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, sentence);
  g_free (sentence);
}

char *
rafilm_sync_words_dup_detail (const RafilmSyncFacts *facts)
{
  GString *text = g_string_new (get_reason (facts->state));

  if (facts->state == RAFILM_SYNC_OFF)
    return g_string_free_and_steal (text);
  if (facts->unsent > 0)
    add (text, dup_unsent (facts));
  else if (facts->state == RAFILM_SYNC_SENDING && facts->last == 0)
    add (text, g_strdup (_ ("Getting your diary from the server.")));
  else if (facts->state == RAFILM_SYNC_SENDING)
    add (text, g_strdup (_ ("Asking the server for news.")));
  if (facts->refused > 0)
    add (text, dup_refused (facts->refused));
  else if (facts->last > 0 && facts->state != RAFILM_SYNC_SENDING
           && facts->state != RAFILM_SYNC_WAITING)
    add (text, dup_age ((facts->now - facts->last) / 60000));
  if (text->len == 0)
    add (text, g_strdup (_ ("Nothing waits on this computer.")));

  return g_string_free_and_steal (text);
}
