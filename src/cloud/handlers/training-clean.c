/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deletes the files of a run, and of those before it that were cut off: {"run"} gives {"done",
 * "deleted"}; what is left is for the next time. There is one run at a time, so that no other's
 * files can be in use. */
#include "rafilm-training.h"

#include "rafilm-s3-read.h"

#define MIN_TIME 10 /* seconds that a deletion may take at worst */

json_t *
rafilm_training_clean_handler (RafilmContext *context, json_t *event)
{
  rafilm_autofree char *own = rafilm_training_make_key (context, event, "");
  const char *bucket = context->settings->training_bucket;
  json_auto_t *objects = NULL;
  json_int_t deleted = 0;
  json_t *object;
  size_t i;

  context->route = "training-clean";
  if (own == NULL)
    return NULL;
  objects = rafilm_s3_list (context->aws, bucket, RAFILM_TRAINING_FILES, "");
  if (objects == NULL)
    return NULL;
  json_array_foreach (objects, i, object)
  {
    if (rafilm_training_is_late (context, MIN_TIME))
      break;
    if (!rafilm_s3_delete (context->aws, bucket,
                           json_string_value (json_object_get (object, "key"))))
      return NULL;
    deleted++;
  }
  return json_pack ("{s:b, s:I}", "done", json_array_size (objects) == 0, "deleted", deleted);
}
