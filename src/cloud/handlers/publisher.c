/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from a change of the table: the function of its stream (NEW_AND_OLD_IMAGES).
 * Viewings and handles are published or withdrawn, and the other computers of an account are told
 * that there is something new. Records of one item come in order; the first that fails is reported,
 * so that it and what follows come again.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html */
#include "rafilm-handler.h"

#include "rafilm-log.h"
#include "rafilm-publication.h"
#include "rafilm-publisher.h"

#include <string.h>

/* The device whose batch made the change: it needs no telling. NULL when it cannot be told. */
static const char *
find_writer (const json_t *before, const json_t *after)
{
  const json_t *old_devices = rafilm_item_get_map (before, "dv");
  const char *device;
  json_t *record;

  json_object_foreach (rafilm_item_get_map (after, "dv"), device, record)
  {
    const json_t *now = json_object_get (record, "M");
    const json_t *old = json_object_get (json_object_get (old_devices, device), "M");

    if (rafilm_item_get_int (now, "n", 0) != rafilm_item_get_int (old, "n", 0))
      return device;
  }
  return NULL;
}

/* A hint, never data; what is lost is found by the next sync. */
static void
post_notice (RafilmContext *context, const char *uid, const json_t *before, const json_t *after)
{
  const char *epoch = rafilm_item_get_text (after, "e");
  const char *old_epoch = rafilm_item_get_text (before, "e");
  int64_t head = rafilm_item_get_int (after, "h", 0);
  json_auto_t *message = NULL;

  if (epoch == NULL || rafilm_item_get_bool (after, "gone", false))
    return;
  if (head == rafilm_item_get_int (before, "h", 0) && old_epoch != NULL
      && strcmp (epoch, old_epoch) == 0)
    return;
  message =
      json_pack ("{s:s, s:s, s:I}", "t", "sync.changed", "epoch", epoch, "head", (json_int_t) head);
  rafilm_connections_post_all (context->connections, uid, find_writer (before, after), message);
}

/* False when the record is to come again. */
static bool
follow_change (RafilmContext *context, const json_t *change)
{
  const json_t *keys = json_object_get (change, "Keys");
  const json_t *before = json_object_get (change, "OldImage");
  const json_t *after = json_object_get (change, "NewImage");
  const char *pk = rafilm_item_get_text (keys, "pk");
  const char *sk = rafilm_item_get_text (keys, "sk");

  if (pk == NULL || sk == NULL || strncmp (pk, "U#", 2) != 0)
    return true;
  if (strcmp (sk, "M") == 0)
    post_notice (context, pk + 2, before, after);
  else if (strcmp (sk, "N") == 0)
    return rafilm_publisher_update_all (context->dynamodb, pk + 2);
  else if (strncmp (sk, "d#", 2) == 0
           && (rafilm_publication_is_public (before) || rafilm_publication_is_public (after)))
    return rafilm_publisher_update_viewing (context->dynamodb, pk + 2, sk + 2);
  return true;
}

json_t *
rafilm_publisher_handler (RafilmContext *context, json_t *event)
{
  const json_t *records = json_object_get (event, "Records");
  json_t *record;
  size_t i;

  context->route = "publisher";
  if (!json_is_array (records))
    return NULL;
  json_array_foreach (records, i, record)
  {
    const json_t *change = json_object_get (record, "dynamodb");
    const char *number = json_string_value (json_object_get (change, "SequenceNumber"));

    if (!follow_change (context, change))
      return number != NULL
                 ? json_pack ("{s:[{s:s}]}", "batchItemFailures", "itemIdentifier", number)
                 : NULL;
  }
  return json_pack ("{s:[]}", "batchItemFailures");
}
