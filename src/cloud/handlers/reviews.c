/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public reviews: those of a film, those of a person, and reporting one. Spoilers are marked, and
 * the client veils them. */
#include "rafilm-handler.h"

#include "rafilm-account.h"
#include "rafilm-log.h"
#include "rafilm-profile.h"
#include "rafilm-publication.h"
#include "rafilm-time.h"

#include <string.h>

#define PAGE_DEFAULT 20
#define PAGE_MAX 50
#define CACHE_SECONDS 30
#define REPORT_SECONDS (180 * 24 * 3600)
#define CURSOR_LENGTH (13 + 1 + RAFILM_PUBLICATION_ID_SIZE - 1)

/* A cursor is the sort key of the last review of the page before. */
static bool
cursor_is_valid (const char *cursor)
{
  return strlen (cursor) == CURSOR_LENGTH && strspn (cursor, "0123456789") == 13
         && cursor[13] == '#' && rafilm_publication_id_is_valid (cursor + 14);
}

static bool
read_limit (const json_t *event, int *ret_limit)
{
  const char *text = rafilm_event_get_query (event, "limit");
  size_t length = text != NULL ? strlen (text) : 0;

  *ret_limit = PAGE_DEFAULT;
  if (text == NULL)
    return true;
  if (length < 1 || length > 3 || strspn (text, "0123456789") != length)
    return false;
  *ret_limit = atoi (text);
  return *ret_limit >= 1 && *ret_limit <= PAGE_MAX;
}

static json_t *
make_query (const char *pk, const char *cursor, int limit)
{
  json_t *values = json_object ();

  rafilm_item_set_text (values, ":pk", pk);
  if (cursor != NULL)
    rafilm_item_set_text (values, ":sk", cursor);
  return json_pack ("{s:s, s:o, s:b, s:i}", "KeyConditionExpression",
                    cursor != NULL ? "pk = :pk AND sk < :sk" : "pk = :pk",
                    "ExpressionAttributeValues", values, "ScanIndexForward", 0, "Limit", limit);
}

static json_t *
answer_page (RafilmContext *context, const json_t *event, const char *pk)
{
  const char *cursor = rafilm_event_get_query (event, "cursor");
  json_auto_t *query = NULL, *found = NULL;
  json_t *reviews, *item, *last;
  int limit;
  size_t i;

  if ((cursor != NULL && !cursor_is_valid (cursor)) || !read_limit (event, &limit))
    return rafilm_answer_problem (400, "bad_request", "There is no such page.");
  query = make_query (pk, cursor, limit);
  if (rafilm_dynamodb_query (context->dynamodb, query, &found) != RAFILM_DYNAMODB_OK)
    return rafilm_answer_retry (503, "busy", "The reviews cannot be read now.", 2);
  reviews = json_array ();
  json_array_foreach (json_object_get (found, "Items"), i, item)
      json_array_append_new (reviews, rafilm_publication_to_json (item));
  last = json_object_get (json_object_get (found, "LastEvaluatedKey"), "sk");
  return rafilm_answer_json (200,
                             json_pack ("{s:o, s:s?}", "reviews", reviews, "cursor",
                                        json_string_value (json_object_get (last, "S"))),
                             CACHE_SECONDS);
}

static json_t *
answer_film (RafilmContext *context, const json_t *event)
{
  const char *id = rafilm_event_get_parameter (event, "id");
  rafilm_autofree char *pk = NULL;

  if (id == NULL || *id < '1' || *id > '9' || strlen (id) > 10
      || id[strspn (id, "0123456789")] != '\0' || strtoll (id, NULL, 10) > INT32_MAX)
    return rafilm_answer_problem (404, "not_found", "There is no such film.");
  pk = rafilm_printf ("R#%s", id);
  return answer_page (context, event, pk);
}

static json_t *
answer_person (RafilmContext *context, const json_t *event)
{
  const char *handle = rafilm_event_get_parameter (event, "handle");
  rafilm_autofree char *uid = NULL;
  rafilm_autofree char *pk = NULL;

  if (rafilm_profile_handle_is_valid (handle)
      && rafilm_profile_find (context->dynamodb, handle, &uid) != RAFILM_DYNAMODB_OK)
    return rafilm_answer_retry (503, "busy", "The reviews cannot be read now.", 2);
  if (uid == NULL)
    return rafilm_answer_problem (404, "not_found", "There is nobody of that name.");
  pk = rafilm_printf ("A#%s", uid);
  return answer_page (context, event, pk);
}

/* Three items at once: the report, the count, and a pointer so that the report goes with the
 * account that made it. Who has reported what is forgotten after half a year. */
static json_t *
make_report (const char *uid, const char *id, int64_t now)
{
  rafilm_autofree char *review_pk = rafilm_printf ("V#%s", id);
  rafilm_autofree char *report_sk = rafilm_printf ("P#%s", uid);
  rafilm_autofree char *user_pk = rafilm_printf ("U#%s", uid);
  rafilm_autofree char *pointer_sk = rafilm_printf ("P#%s", id);
  json_t *report = rafilm_item_key (review_pk, report_sk);
  json_t *pointer = rafilm_item_key (user_pk, pointer_sk);
  json_t *values = json_object ();

  rafilm_item_set_int (report, "at", now);
  rafilm_item_set_int (report, "ttl", now + REPORT_SECONDS);
  rafilm_item_set_int (pointer, "at", now);
  rafilm_item_set_int (pointer, "ttl", now + REPORT_SECONDS);
  rafilm_item_set_int (values, ":now", now);
  return json_pack ("[{s:{s:o, s:s, s:{s:s}, s:o}}, {s:{s:o, s:s, s:s, s:{s:{s:s}}}}, {s:{s:o}}]",
                    "Put", "Item", report, "ConditionExpression",
                    "attribute_not_exists(pk) OR #ttl < :now", "ExpressionAttributeNames", "#ttl",
                    "ttl", "ExpressionAttributeValues", values, "Update", "Key",
                    rafilm_item_key (review_pk, "M"), "UpdateExpression", "ADD reports :one",
                    "ConditionExpression", "attribute_exists(pk)", "ExpressionAttributeValues",
                    ":one", "N", "1", "Put", "Item", pointer);
}

static json_t *
answer_report (RafilmContext *context, const json_t *event)
{
  const char *uid = rafilm_event_get_uid (event);
  const char *id = rafilm_event_get_parameter (event, "id");
  size_t refused = 0;

  if (uid == NULL)
    return rafilm_answer_problem (401, "unauthorized", NULL);
  if (!rafilm_publication_id_is_valid (id))
    return rafilm_answer_problem (404, "not_found", "There is no such review.");
  switch (rafilm_account_transact (context->dynamodb, uid,
                                   make_report (uid, id, rafilm_time_now ()), &refused))
    {
    case RAFILM_ACCOUNT_OK:
      rafilm_log_count ("ReviewsReported", 1);
      return rafilm_answer_json (202, json_pack ("{s:s}", "id", id), 0);
    case RAFILM_ACCOUNT_GONE:
      return rafilm_answer_problem (410, "account_deleted", "This account was deleted.");
    case RAFILM_ACCOUNT_REFUSED:
      if (refused == 0)
        return rafilm_answer_problem (409, "already_reported", "You have reported this review.");
      return rafilm_answer_problem (404, "not_found", "There is no such review.");
    case RAFILM_ACCOUNT_FAILED:
      break;
    }
  return rafilm_answer_retry (503, "busy", "The review cannot be reported now.", 2);
}

json_t *
rafilm_reviews_handler (RafilmContext *context, json_t *event)
{
  const char *resource = rafilm_event_get_resource (event);

  if (strcmp (resource, "/v1/films/{id}/reviews") == 0)
    {
      context->route = "GET /v1/films/{id}/reviews";
      return rafilm_answer_to_all_sites (answer_film (context, event));
    }
  if (strcmp (resource, "/v1/people/{handle}/reviews") == 0)
    {
      context->route = "GET /v1/people/{handle}/reviews";
      return rafilm_answer_to_all_sites (answer_person (context, event));
    }
  if (strcmp (resource, "/v1/reviews/{id}/report") == 0)
    {
      context->route = "POST /v1/reviews/{id}/report";
      return answer_report (context, event);
    }
  return rafilm_answer_problem (404, "not_found", NULL);
}
