/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /v1/recommendations?limit= */
#include "rafilm-suggestions.h"

#include <string.h>

#define DEFAULT_LIMIT 20

json_t *
rafilm_recommendations_handler (RafilmContext *context, json_t *event)
{
  const char *uid = rafilm_event_get_uid (event);
  const char *limit = rafilm_event_get_query (event, "limit");
  RafilmSuggestionsQuery query = { .limit = DEFAULT_LIMIT };
  json_t *answer;

  context->route = "/v1/recommendations";
  if (strcmp (rafilm_event_get_method (event), "GET") != 0)
    return rafilm_answer_problem (405, "method_not_allowed", NULL);
  if (uid == NULL)
    return rafilm_answer_problem (401, "sign_in", "Please sign in.");
  if (limit != NULL)
    {
      char *end = NULL;
      unsigned long number = strtoul (limit, &end, 10);

      if (*limit < '1' || *limit > '9' || *end != '\0' || number > RAFILM_SUGGESTIONS_MAX)
        return rafilm_answer_problem (400, "bad_request", "limit must be 1 to 40.");
      query.limit = number;
    }
  answer = rafilm_suggestions_get (context, uid, &query);
  if (answer == NULL)
    return rafilm_answer_retry (503, "unavailable", "Recommendations cannot be had now.", 30);
  return rafilm_answer_json (200, answer, 0);
}
