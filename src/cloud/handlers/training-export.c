/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes everybody's interactions for Personalize: {"run", "now", "export": {cursor, part,
 * counts…}} gives the same counts on, with "done" or a cursor to go on from.
 *
 * The table is scanned for accounts (only their keys are read), then each account's viewings are
 * queried, without a word of what was written. An invocation writes at most one file of
 * interactions, one of users and one of accounts that have ended; one that is cut off has written
 * nothing, and is begun again at the same cursor.
 * https://docs.aws.amazon.com/personalize/latest/dg/interactions-datasets.html
 * https://docs.aws.amazon.com/personalize/latest/dg/delete-records.html */
#include "rafilm-training.h"

#include "rafilm-interaction.h"
#include "rafilm-log.h"
#include "rafilm-s3.h"

#include <inttypes.h>
#include <string.h>

#define SCAN_PAGE 500
#define QUERY_PAGE 500
#define MAX_ROWS 10000  /* of one account */
#define MIN_TIME 120    /* seconds that a page may take at worst */
#define ACTIVE_DAYS 180 /* who has written nothing for longer is not asked for */
#define DAY (24 * 3600)
#define SELECT "SPECIFIC_ATTRIBUTES" /* what the role allows, and only when it is said */
#define HEADER "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE\n"
#define LEFT_HEADER "USER_ID\n"

typedef struct
{
  RafilmContext *context;
  RafilmS3Upload *interactions;
  RafilmS3Upload *users;
  RafilmS3Upload *left;
  int64_t now;
  json_t *counts; /* the answer: done, cursor, part, users, engaged, interactions, asked, left */
} Export;

/* One account's. */
typedef struct
{
  RafilmInteraction *items;
  size_t length;
  int64_t written; /* the newest row */
} Account;

static void
account_clear (Account *self)
{
  free (self->items);
}

#define rafilm_auto_account __attribute__ ((cleanup (account_clear))) Account

static void
count (Export *self, const char *name, int64_t more)
{
  json_t *counter = json_object_get (self->counts, name);

  json_integer_set (counter, json_integer_value (counter) + more);
}

static bool
account_has (const Account *self, int64_t film)
{
  for (size_t i = 0; i < self->length; i++)
    if (self->items[i].film == film)
      return true;
  return false;
}

/* Viewings come before films, whose mark "seen" says nothing new then. */
static void
account_add (Account *self, const json_t *item, int64_t now)
{
  const char *sk = rafilm_item_get_text (item, "sk");
  int64_t written = rafilm_interaction_get_written (item);
  RafilmInteraction interaction;

  if (written > self->written)
    self->written = written;
  if (self->length == MAX_ROWS || !rafilm_interaction_from_item (item, now, &interaction)
      || (*sk == 'f' && account_has (self, interaction.film)))
    return;
  self->items = rafilm_realloc (self->items, (self->length + 1) * sizeof interaction);
  self->items[self->length++] = interaction;
}

static bool
account_read (Account *self, RafilmDynamodb *dynamodb, const char *pk, int64_t now)
{
  json_auto_t *query = json_pack (
      "{s:s, s:{s:{s:s}, s:{s:s}, s:{s:s}}, s:s, s:o, s:s, s:i}", "KeyConditionExpression",
      "pk = :pk AND sk BETWEEN :first AND :last", "ExpressionAttributeValues", ":pk", "S", pk,
      ":first", "S", "d#", ":last", "S", "f$", "ProjectionExpression",
      RAFILM_INTERACTION_PROJECTION, "ExpressionAttributeNames", rafilm_interaction_get_names (),
      "Select", SELECT, "Limit", QUERY_PAGE);
  json_t *last;

  do
    {
      json_auto_t *answer = NULL;
      json_t *item;
      size_t i;

      if (rafilm_dynamodb_query (dynamodb, query, &answer) != RAFILM_DYNAMODB_OK)
        return false;
      json_array_foreach (json_object_get (answer, "Items"), i, item) account_add (self, item, now);
      last = json_object_get (answer, "LastEvaluatedKey");
      if (last != NULL)
        json_object_set (query, "ExclusiveStartKey", last);
    }
  while (last != NULL && self->length < MAX_ROWS);
  return true;
}

static int
compare_films (const void *a, const void *b)
{
  const RafilmInteraction *x = a, *y = b;

  return (x->film > y->film) - (x->film < y->film);
}

/* Personalize counts a film seen twice once. */
static int64_t
account_count_films (Account *self)
{
  int64_t films = 0;

  if (self->length > 0)
    qsort (self->items, self->length, sizeof self->items[0], compare_films);
  for (size_t i = 0; i < self->length; i++)
    films += i == 0 || self->items[i].film != self->items[i - 1].film;
  return films;
}

static bool
add_text (RafilmS3Upload *upload, const char *header, const char *text)
{
  if (rafilm_s3_upload_get_size (upload) == 0
      && !rafilm_s3_upload_add (upload, header, strlen (header)))
    return false;
  return rafilm_s3_upload_add (upload, text, strlen (text));
}

static bool
write_account (Export *self, const char *uid, Account *account)
{
  int64_t films = account_count_films (account);

  for (size_t i = 0; i < account->length; i++)
    {
      const RafilmInteraction *item = &account->items[i];
      rafilm_autofree char *line =
          rafilm_printf ("%s,%" PRId64 ",%" PRId64 "," RAFILM_INTERACTION_TYPE ",%g\n", uid,
                         item->film, item->time, item->value);

      if (!add_text (self->interactions, HEADER, line))
        return false;
    }
  count (self, "users", films > 0);
  count (self, "engaged", films > 1);
  count (self, "interactions", films);
  if (films > 0 && account->written + ACTIVE_DAYS * DAY > self->now)
    {
      rafilm_autofree char *line = rafilm_printf ("{\"userId\":\"%s\"}\n", uid);

      count (self, "asked", 1);
      return add_text (self->users, "", line);
    }
  return true;
}

/* Personalize may have been told of it while it was there. */
static bool
write_left (Export *self, const char *uid)
{
  rafilm_autofree char *line = rafilm_printf ("%s\n", uid);

  count (self, "left", 1);
  return add_text (self->left, LEFT_HEADER, line);
}

/* An account whose deletion has begun is passed over, and named among those to be forgotten. */
static bool
export_account (Export *self, const json_t *meta)
{
  const char *pk = rafilm_item_get_text (meta, "pk");
  rafilm_auto_account account = { 0 };

  if (pk == NULL || strncmp (pk, "U#", 2) != 0 || !rafilm_interaction_uid_is_plain (pk + 2))
    {
      rafilm_log_warning ("training.strange-account", NULL);
      return true;
    }
  if (rafilm_item_get_bool (meta, "gone", false))
    return write_left (self, pk + 2);
  return account_read (&account, self->context->dynamodb, pk, self->now)
         && write_account (self, pk + 2, &account);
}

/* One page of the scan; moves the cursor. */
static bool
export_page (Export *self, json_t *scan)
{
  json_auto_t *answer = NULL;
  json_t *item, *last;
  size_t i;

  if (rafilm_dynamodb_call (self->context->dynamodb, "Scan", scan, &answer) != RAFILM_DYNAMODB_OK)
    return false;
  json_array_foreach (json_object_get (answer, "Items"), i, item)
  {
    if (!export_account (self, item))
      return false;
  }
  last = json_object_get (answer, "LastEvaluatedKey");
  json_object_set_new (self->counts, "cursor", last != NULL ? json_incref (last) : json_null ());
  json_object_set_new (self->counts, "done", json_boolean (last == NULL));
  if (last != NULL)
    json_object_set (scan, "ExclusiveStartKey", last);
  return true;
}

static bool
export_pages (Export *self)
{
  const json_t *cursor = json_object_get (self->counts, "cursor");
  json_auto_t *scan =
      json_pack ("{s:s, s:{s:{s:s}, s:{s:s}}, s:s, s:s, s:i}", "FilterExpression",
                 "sk = :meta AND begins_with(pk, :account)", "ExpressionAttributeValues", ":meta",
                 "S", "M", ":account", "S", "U#", "ProjectionExpression", "pk, gone", "Select",
                 SELECT, "Limit", SCAN_PAGE);

  if (json_is_object (cursor))
    json_object_set (scan, "ExclusiveStartKey", (json_t *) cursor);
  do
    if (!export_page (self, scan))
      return false;
  while (!json_is_true (json_object_get (self->counts, "done"))
         && !rafilm_training_is_late (self->context, MIN_TIME));
  return true;
}

static bool
finish (RafilmS3Upload *upload)
{
  return rafilm_s3_upload_get_size (upload) == 0 || rafilm_s3_upload_finish (upload);
}

static RafilmS3Upload *
begin_file (RafilmContext *context, const json_t *event, const char *folder, const char *suffix,
            const char *type)
{
  int64_t part = json_integer_value (json_object_get (json_object_get (event, "export"), "part"));
  rafilm_autofree char *name = rafilm_printf ("%s/part-%05" PRId64 ".%s", folder, part, suffix);
  rafilm_autofree char *key = rafilm_training_make_key (context, event, name);

  if (key == NULL)
    return NULL;
  return rafilm_s3_upload_new (context->aws, context->settings->training_bucket, key, type, NULL);
}

json_t *
rafilm_training_export_handler (RafilmContext *context, json_t *event)
{
  static const char *const counters[] = { "part",         "users", "engaged",
                                          "interactions", "asked", "left" };
  const json_t *before = json_object_get (event, "export");
  Export self = { .context = context, .now = rafilm_training_get_now (event) };
  bool ok;

  context->route = "training-export";
  self.interactions = begin_file (context, event, "interactions", "csv", "text/csv");
  self.users = begin_file (context, event, "users", "json", "application/json");
  self.left = begin_file (context, event, "left", "csv", "text/csv");
  self.counts = json_object ();
  for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++)
    json_object_set_new (self.counts, counters[i],
                         json_integer (json_integer_value (json_object_get (before, counters[i]))));
  json_object_set_new (self.counts, "cursor", json_deep_copy (json_object_get (before, "cursor")));
  ok = self.interactions != NULL && self.users != NULL && self.left != NULL && export_pages (&self)
       && finish (self.interactions) && finish (self.users) && finish (self.left);
  count (&self, "part", 1);
  rafilm_s3_upload_free (self.interactions);
  rafilm_s3_upload_free (self.users);
  rafilm_s3_upload_free (self.left);
  if (ok)
    return self.counts;
  json_decref (self.counts);
  return NULL;
}
