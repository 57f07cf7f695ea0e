/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Items of the table, and JSON that is kept in them. */
#include "fuzz.h"

#include "rafilm-base64.h"
#include "rafilm-item.h"
#include "rafilm-memory.h"
#include "sync-codec.h"
#include "sync-meta.h"

#include <glib.h>

/* What is put into an item is read as the same. */
static void
check_attribute (const json_t *json)
{
  json_auto_t *attribute = rafilm_attribute_from_json (json);
  json_auto_t *read = rafilm_attribute_to_json (attribute);
  json_auto_t *written = read != NULL ? rafilm_attribute_from_json (read) : NULL;
  json_auto_t *again = rafilm_attribute_to_json (written);

  g_assert_nonnull (read);
  g_assert_true (json_equal (read, again));
}

static void
check_row (const json_t *item)
{
  RafilmWireRow *row = rafilm_sync_codec_row_from_item (item);
  json_auto_t *written = NULL, *again = NULL, *made = NULL, *copied = NULL;
  RafilmWireRow *same;

  if (row == NULL)
    return;
  written = rafilm_sync_codec_row_to_item (row, "U#u");
  /* Compared with the row that was read again: numbers may be spelled anew the first time. */
  same = rafilm_sync_codec_row_from_item (written);
  g_assert_nonnull (same);
  made = rafilm_sync_codec_row_to_json (same);
  copied = rafilm_sync_codec_item_to_json (written);
  g_assert_true (json_equal (made, copied));
  again = rafilm_sync_codec_row_to_item (same, "U#u");
  g_assert_true (json_equal (written, again));
  rafilm_wire_row_free (row);
  rafilm_wire_row_free (same);
}

static void
check_meta (const json_t *item)
{
  RafilmSyncMeta *meta = rafilm_sync_meta_from_item (item);
  json_auto_t *written = meta != NULL ? rafilm_sync_meta_to_item (meta, "U#u") : NULL;
  RafilmSyncMeta *same = written != NULL ? rafilm_sync_meta_from_item (written) : NULL;
  json_auto_t *again = same != NULL ? rafilm_sync_meta_to_item (same, "U#u") : NULL;

  if (meta != NULL)
    g_assert_true (json_equal (written, again));
  rafilm_sync_meta_free (meta);
  rafilm_sync_meta_free (same);
}

static void
check_base64 (const uint8_t *data, size_t size)
{
  for (int url = 0; url < 2; url++)
    {
      size_t length = 0;
      rafilm_autofree unsigned char *bytes =
          rafilm_base64_decode ((const char *) data, size, url, &length);

      if (bytes != NULL && !url)
        {
          rafilm_autofree char *text = rafilm_base64_encode (bytes, length);

          g_assert_cmpmem (text, strlen (text), data, size);
        }
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  json_auto_t *json = json_loadb ((const char *) data, size, JSON_DECODE_ANY, NULL);

  check_base64 (data, size);
  if (json == NULL)
    return 0;
  check_attribute (json);
  check_row (json);
  check_meta (json);
  return 0;
}
