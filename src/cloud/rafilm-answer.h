/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading REST events (API Gateway, format 1.0) and making their answers.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The `sub` of the access token that the authorizer checked; borrowed; NULL when there is none.
 * An account is never taken from anything else of the event. */
const char *rafilm_event_get_uid (const json_t *event);
const char *rafilm_event_get_method (const json_t *event);                  /* "" when absent */
const char *rafilm_event_get_resource (const json_t *event);                /* "/v1/films/{id}" */
const char *rafilm_event_get_query (const json_t *event, const char *name); /* or NULL */
const char *rafilm_event_get_parameter (const json_t *event, const char *name); /* of the path */
const char *rafilm_event_get_header (const json_t *event, const char *name); /* any case; or NULL */

/* The body's bytes, decoded when base64, malloc'd and zero-terminated. NULL when there is none, it
 * cannot be decoded, or it would be longer than `max`; `*ret_too_large` tells the last apart. */
char *rafilm_event_get_body (const json_t *event, size_t max, size_t *ret_length,
                             bool *ret_too_large);

/* The body as a JSON object (new reference). NULL with `*ret_problem` a ready answer: 413
 * "too_large" or 400 "bad_json". */
json_t *rafilm_event_get_json (const json_t *event, size_t max, json_t **ret_problem);

/* {"statusCode":…,"headers":{…},"body":"…"}. Takes the reference of `body`, which from status 400
 * on is a problem with members of its own. `max_age` seconds of Cache-Control, 0 = no-store. */
json_t *rafilm_answer_json (int status, json_t *body, int max_age);

/* application/problem+json {"type":"about:blank","title","status","code","detail"} (RFC 9457).
 * `code` is a stable word that the app switches on; `detail` one English sentence, or NULL. */
json_t *rafilm_answer_problem (int status, const char *code, const char *detail);

/* As above with a Retry-After header of so many seconds: 429, 503. */
json_t *rafilm_answer_retry (int status, const char *code, const char *detail, int seconds);

/* Lets the script of any site read an answer of a public route, a problem too, as the pages of
 * infra/site do (CORS). Takes and returns the reference. */
json_t *rafilm_answer_to_all_sites (json_t *answer);
