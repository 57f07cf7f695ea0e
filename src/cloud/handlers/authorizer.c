/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The REQUEST authorizer of $connect: the access token is in the Authorization header of the
 * handshake, never in the URL, which would be logged.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
#include "rafilm-handler.h"

#include "rafilm-log.h"
#include "rafilm-time.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

static json_t *
make_policy (const char *effect, const char *principal, const char *arn)
{
  return json_pack ("{s:s, s:{s:s, s:[{s:s, s:s, s:s}]}}", "principalId", principal,
                    "policyDocument", "Version", "2012-10-17", "Statement", "Action",
                    "execute-api:Invoke", "Effect", effect, "Resource", arn);
}

json_t *
rafilm_authorizer_handler (RafilmContext *context, json_t *event)
{
  const char *arn = json_string_value (json_object_get (event, "methodArn"));
  const char *token = rafilm_event_get_header (event, "Authorization");
  RafilmClaims claims;
  RafilmJwtStatus status;
  json_t *policy;
  char expires[24];

  context->route = "authorizer";
  if (arn == NULL)
    return NULL;
  if (token == NULL)
    return make_policy ("Deny", "nobody", arn);
  if (strncasecmp (token, "Bearer ", 7) == 0)
    token += 7;
  status = rafilm_jwt_check (context->jwt, token, rafilm_time_now (), &claims);
  if (status == RAFILM_JWT_NO_KEYS)
    /* No verdict: an error, so that the client tries again instead of signing in anew. */
    return NULL;
  if (status != RAFILM_JWT_OK)
    {
      rafilm_log_info ("authorizer.denied", "reason", rafilm_jwt_status_to_string (status), NULL);
      return make_policy ("Deny", "nobody", arn);
    }
  policy = make_policy ("Allow", claims.sub, arn);
  snprintf (expires, sizeof expires, "%" PRId64, claims.exp);
  json_object_set_new (policy, "context",
                       json_pack ("{s:s, s:s}", "uid", claims.sub, "exp", expires));
  return policy;
}
