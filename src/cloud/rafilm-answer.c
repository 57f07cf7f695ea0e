/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-answer.h"

#include "rafilm-base64.h"
#include "rafilm-memory.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *
text_or_empty (const json_t *value)
{
  const char *text = json_string_value (value);

  return text != NULL ? text : "";
}

const char *
rafilm_event_get_uid (const json_t *event)
{
  json_t *context = json_object_get (event, "requestContext");
  json_t *claims = json_object_get (json_object_get (context, "authorizer"), "claims");
  const char *uid = json_string_value (json_object_get (claims, "sub"));

  return uid != NULL && *uid != '\0' ? uid : NULL;
}

const char *
rafilm_event_get_method (const json_t *event)
{
  return text_or_empty (json_object_get (event, "httpMethod"));
}

const char *
rafilm_event_get_resource (const json_t *event)
{
  return text_or_empty (json_object_get (event, "resource"));
}

const char *
rafilm_event_get_query (const json_t *event, const char *name)
{
  json_t *query = json_object_get (event, "queryStringParameters");

  return json_string_value (json_object_get (query, name));
}

const char *
rafilm_event_get_parameter (const json_t *event, const char *name)
{
  json_t *parameters = json_object_get (event, "pathParameters");

  return json_string_value (json_object_get (parameters, name));
}

const char *
rafilm_event_get_header (const json_t *event, const char *name)
{
  json_t *headers = json_object_get (event, "headers"), *value;
  const char *key;

  json_object_foreach (headers, key, value)
  {
    if (strcasecmp (key, name) == 0)
      return json_string_value (value);
  }
  return NULL;
}

char *
rafilm_event_get_body (const json_t *event, size_t max, size_t *ret_length, bool *ret_too_large)
{
  json_t *body = json_object_get (event, "body");
  size_t length = json_string_length (body);

  *ret_too_large = false;
  if (!json_is_string (body))
    return NULL;
  if (json_is_true (json_object_get (event, "isBase64Encoded")))
    {
      *ret_too_large = length / 4 * 3 > max + 3;
      if (*ret_too_large)
        return NULL;
      return (char *) rafilm_base64_decode (json_string_value (body), length, false, ret_length);
    }
  *ret_too_large = length > max;
  if (*ret_too_large)
    return NULL;
  *ret_length = length;
  return rafilm_strndup (json_string_value (body), length);
}

json_t *
rafilm_event_get_json (const json_t *event, size_t max, json_t **ret_problem)
{
  rafilm_autofree char *body = NULL;
  bool too_large;
  size_t length = 0;
  json_t *json = NULL;

  *ret_problem = NULL;
  body = rafilm_event_get_body (event, max, &length, &too_large);
  if (too_large)
    {
      *ret_problem = rafilm_answer_problem (413, "too_large", "The request is too large.");
      return NULL;
    }
  if (body != NULL)
    json = json_loadb (body, length, JSON_REJECT_DUPLICATES, NULL);
  if (!json_is_object (json))
    {
      json_decref (json);
      *ret_problem = rafilm_answer_problem (400, "bad_json", "The body is not a JSON object.");
      return NULL;
    }
  return json;
}

static json_t *
make_answer (int status, const char *type, json_t *body, int max_age)
{
  char *text = json_dumps (body, JSON_COMPACT | JSON_SORT_KEYS);
  char cache[48] = "no-store";
  json_t *answer;

  if (max_age > 0)
    snprintf (cache, sizeof cache, "public, max-age=%d", max_age);
  answer = json_pack ("{s:i, s:{s:s, s:s, s:s}, s:s}", "statusCode", status, "headers",
                      "Content-Type", type, "Cache-Control", cache, "X-Content-Type-Options",
                      "nosniff", "body", text != NULL ? text : "{}");
  free (text);
  json_decref (body);
  return answer;
}

json_t *
rafilm_answer_json (int status, json_t *body, int max_age)
{
  return make_answer (status, status < 400 ? "application/json" : "application/problem+json", body,
                      max_age);
}

static const char *
status_title (int status)
{
  static const struct
  {
    int status;
    const char *title;
  } titles[] = {
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 409, "Conflict" },
    { 410, "Gone" },
    { 413, "Content Too Large" },
    { 426, "Upgrade Required" },
    { 429, "Too Many Requests" },
    { 502, "Bad Gateway" },
    { 503, "Service Unavailable" },
  };

  for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
    if (titles[i].status == status)
      return titles[i].title;
  return "Internal Server Error";
}

json_t *
rafilm_answer_problem (int status, const char *code, const char *detail)
{
  json_t *problem = json_pack ("{s:s, s:s, s:i, s:s}", "type", "about:blank", "title",
                               status_title (status), "status", status, "code", code);

  if (detail != NULL)
    json_object_set_new (problem, "detail", json_string (detail));
  return make_answer (status, "application/problem+json", problem, 0);
}

json_t *
rafilm_answer_retry (int status, const char *code, const char *detail, int seconds)
{
  json_t *answer = rafilm_answer_problem (status, code, detail);
  char text[16];

  snprintf (text, sizeof text, "%d", seconds);
  json_object_set_new (json_object_get (answer, "headers"), "Retry-After", json_string (text));
  return answer;
}

json_t *
rafilm_answer_to_all_sites (json_t *answer)
{
  json_object_set_new (json_object_get (answer, "headers"), "Access-Control-Allow-Origin",
                       json_string ("*"));
  return answer;
}
