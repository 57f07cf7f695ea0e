/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-ssm.h"

#include "rafilm-log.h"

#define MAX_TRIES 3

/* NULL: not had; `*ret_again` when it is worth another try. */
static char *
get_once (RafilmAws *aws, const char *name, bool *ret_again)
{
  json_auto_t *request = json_pack ("{s:s, s:b}", "Name", name, "WithDecryption", 1);
  rafilm_auto_response response = { 0 };
  RafilmHttpStatus status =
      rafilm_aws_call_target (aws, RAFILM_SERVICE_SSM, "AmazonSSM.GetParameter",
                              "application/x-amz-json-1.1", request, &response);
  json_auto_t *answer = NULL;
  rafilm_autofree char *type = NULL;
  const char *value;

  *ret_again = status != RAFILM_HTTP_OK || response.status >= 500;
  if (status != RAFILM_HTTP_OK)
    {
      rafilm_log_error ("ssm.unreachable", "reason", rafilm_http_status_to_string (status), NULL);
      return NULL;
    }
  answer = json_loadb (response.body, response.body_length, 0, NULL);
  value = json_string_value (json_object_get (json_object_get (answer, "Parameter"), "Value"));
  if (response.status == 200 && value != NULL)
    return rafilm_strdup (value);
  type = rafilm_aws_error_type (&response, answer);
  rafilm_log_error ("ssm.refused", "type", type, NULL);
  return NULL;
}

char *
rafilm_ssm_get_parameter (RafilmAws *aws, const char *name)
{
  bool again = true;
  char *value = NULL;

  for (unsigned attempt = 0; value == NULL && again && attempt < MAX_TRIES; attempt++)
    {
      if (attempt > 0 && !rafilm_aws_back_off (aws, attempt, 50, 1000))
        break;
      value = get_once (aws, name, &again);
    }
  return value;
}
