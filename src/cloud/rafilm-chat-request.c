/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-chat-request.h"

#include "rafilm-account.h"

#include <string.h>
#include <time.h>

#define HOUR 3600
#define DAY (24 * HOUR)

bool
rafilm_chat_id_is_valid (const char *id, const char *prefix)
{
  size_t n;

  if (id == NULL || strncmp (id, prefix, strlen (prefix)) != 0)
    return false;
  id += strlen (prefix);
  n = strspn (id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
  return n >= 1 && n <= 40 && id[n] == '\0';
}

static const char *
get_text (const json_t *object, const char *name)
{
  return json_string_value (json_object_get (object, name));
}

static bool
is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

static bool
has_text (const json_t *object)
{
  const char *text = get_text (object, "text");

  return text != NULL && !is_blank (text) && strlen (text) <= RAFILM_CHAT_MAX_TEXT;
}

static bool
is_turn (const json_t *turn)
{
  const char *role = get_text (turn, "role");

  return role != NULL && (strcmp (role, "user") == 0 || strcmp (role, "assistant") == 0)
         && has_text (turn);
}

bool
rafilm_chat_request_is_valid (const json_t *request)
{
  json_t *turns = json_object_get (request, "turns"), *turn;
  size_t total, i;

  if (!rafilm_chat_id_is_valid (get_text (request, "id"), "m_")
      || !rafilm_chat_id_is_valid (get_text (request, "conversation"), "c_") || !has_text (request))
    return false;
  if (turns == NULL)
    return true;
  if (!json_is_array (turns) || json_array_size (turns) > RAFILM_CHAT_MAX_TURNS)
    return false;
  total = strlen (get_text (request, "text"));
  json_array_foreach (turns, i, turn)
  {
    if (!is_turn (turn))
      return false;
    total += strlen (get_text (turn, "text"));
  }
  return total <= RAFILM_CHAT_MAX_TOTAL;
}

static void
add_message (json_t *messages, const char *role, const char *text)
{
  json_t *last = json_array_get (messages, json_array_size (messages) - 1);
  const char *last_role = get_text (last, "role");
  json_t *block = json_pack ("{s:s}", "text", text);

  if (last_role != NULL && strcmp (last_role, role) == 0)
    json_array_append_new (json_object_get (last, "content"), block);
  else if (last_role == NULL && strcmp (role, "assistant") == 0)
    json_decref (block);
  else
    json_array_append_new (messages, json_pack ("{s:s, s:[o]}", "role", role, "content", block));
}

json_t *
rafilm_chat_request_to_messages (const json_t *request)
{
  json_t *messages = json_array (), *turn;
  size_t i;

  json_array_foreach (json_object_get (request, "turns"), i, turn)
      add_message (messages, get_text (turn, "role"), get_text (turn, "text"));
  add_message (messages, "user", get_text (request, "text"));
  return messages;
}

static size_t
find_in_text (const char *text, int64_t *ids, size_t n, size_t max)
{
  static const char open[] = "[[tmdb:";

  while (n < max && (text = strstr (text, open)) != NULL)
    {
      char *end;
      long long id;
      bool known = false;

      text += sizeof open - 1;
      id = strtoll (text, &end, 10);
      for (size_t i = 0; i < n; i++)
        known = known || ids[i] == id;
      if (!known && id > 0 && strncmp (end, "]]", 2) == 0)
        ids[n++] = id;
    }
  return n;
}

size_t
rafilm_chat_request_find_films (const json_t *request, int64_t *ids, size_t max)
{
  json_t *turn;
  size_t n = 0, i;

  json_array_foreach (json_object_get (request, "turns"), i, turn) n =
      find_in_text (get_text (turn, "text"), ids, n, max);
  return n;
}

static char *
user_key (const char *uid)
{
  return rafilm_printf ("H#%s", uid);
}

static char *
day_key (int64_t now)
{
  time_t seconds = (time_t) now;
  struct tm utc;
  char text[32];

  gmtime_r (&seconds, &utc);
  strftime (text, sizeof text, "Q#%Y-%m-%d", &utc);
  return rafilm_strdup (text);
}

RafilmAccountStatus
rafilm_chat_count_message (RafilmDynamodb *dynamodb, const char *uid, int64_t quota, int64_t now)
{
  rafilm_autofree char *pk = user_key (uid);
  rafilm_autofree char *sk = day_key (now);
  json_t *values;

  if (quota <= 0)
    return RAFILM_ACCOUNT_REFUSED;
  values = json_pack ("{s:o, s:o, s:o}", ":one", rafilm_attribute_int (1), ":quota",
                      rafilm_attribute_int (quota), ":ttl", rafilm_attribute_int (now + 2 * DAY));
  return rafilm_account_transact (
      dynamodb, uid,
      json_pack ("[{s:{s:o, s:s, s:s, s:{s:s}, s:o}}]", "Update", "Key", rafilm_item_key (pk, sk),
                 "UpdateExpression", "SET #ttl = :ttl ADD n :one", "ConditionExpression",
                 "attribute_not_exists(n) OR n < :quota", "ExpressionAttributeNames", "#ttl", "ttl",
                 "ExpressionAttributeValues", values),
      NULL);
}

void
rafilm_chat_uncount_message (RafilmDynamodb *dynamodb, const char *uid, int64_t now)
{
  rafilm_autofree char *pk = user_key (uid);
  rafilm_autofree char *sk = day_key (now);
  json_auto_t *values = json_pack ("{s:o, s:o}", ":back", rafilm_attribute_int (-1), ":zero",
                                   rafilm_attribute_int (0));

  rafilm_dynamodb_update_item (dynamodb, pk, sk, "ADD n :back", "n > :zero", NULL, values, NULL);
}

static RafilmAccountStatus
put_mark (RafilmDynamodb *dynamodb, const char *uid, char mark, const char *id, int64_t ttl,
          const char *condition)
{
  rafilm_autofree char *pk = user_key (uid);
  rafilm_autofree char *sk = rafilm_printf ("%c#%s", mark, id);
  json_t *item = rafilm_item_key (pk, sk);
  json_t *put = json_pack ("{s:o}", "Item", item);

  rafilm_item_set_int (item, "ttl", ttl);
  if (condition != NULL)
    json_object_set_new (put, "ConditionExpression", json_string (condition));
  return rafilm_account_transact (dynamodb, uid, json_pack ("[{s:o}]", "Put", put), NULL);
}

RafilmAccountStatus
rafilm_chat_begin_answer (RafilmDynamodb *dynamodb, const char *uid, const char *id, int64_t now)
{
  return put_mark (dynamodb, uid, 'R', id, now + DAY, "attribute_not_exists(pk)");
}

RafilmAccountStatus
rafilm_chat_stop_answer (RafilmDynamodb *dynamodb, const char *uid, const char *id, int64_t now)
{
  return put_mark (dynamodb, uid, 'S', id, now + HOUR, NULL);
}

bool
rafilm_chat_answer_is_stopped (RafilmDynamodb *dynamodb, const char *uid, const char *id)
{
  rafilm_autofree char *pk = user_key (uid);
  rafilm_autofree char *sk = rafilm_printf ("S#%s", id);
  json_auto_t *item = NULL;

  rafilm_dynamodb_get_item (dynamodb, pk, sk, true, &item);
  return item != NULL;
}
