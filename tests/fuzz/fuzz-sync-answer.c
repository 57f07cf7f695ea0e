/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the service answers to synchronisation, as the application reads it. */
#include "fuzz.h"

#include "rafilm-error.h"
#include "rafilm-json-body.h"
#include "rafilm-sync-message.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (JsonNode) body = rafilm_json_body_parse (bytes, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (RafilmSyncConflict) conflict = { 0 };
  RafilmSyncAnswer *answer = rafilm_sync_message_parse_answer (body, &error);

  if (answer == NULL)
    {
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
      g_clear_error (&error);
    }
  else
    {
      g_assert_nonnull (answer->acct);
      g_assert_nonnull (answer->epoch);
      g_assert_cmpint (answer->cursor, >=, 0);
      for (guint i = 0; i < answer->rows->len; i++)
        g_assert_nonnull (((RafilmWireRow *) answer->rows->pdata[i])->kind);
      rafilm_sync_answer_free (answer);
    }
  if (!rafilm_sync_message_parse_conflict (body, &conflict, &error))
    g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
  else
    g_assert_nonnull (conflict.code);
  return 0;
}
