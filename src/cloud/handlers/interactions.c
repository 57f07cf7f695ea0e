/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells Personalize of new viewings as they come out of the table's stream, for a campaign, which
 * answers by them at once; the weekly training reads the table itself. So nothing is lost for good
 * when this fails, and a failure never holds the stream up: it is counted.
 * https://docs.aws.amazon.com/personalize/latest/dg/API_UBS_PutEvents.html */
#include "rafilm-handler.h"

#include "rafilm-interaction.h"
#include "rafilm-log.h"
#include "rafilm-publication.h"
#include "rafilm-time.h"

#include <string.h>

#define MAX_EVENTS 10 /* in one call */
#define MAX_CALLS 50  /* of one invocation */
#define MAX_TRIES 3
#define RECENT_SECONDS (30LL * 24 * 3600) /* an import tells nothing of what is liked now */

typedef struct
{
  RafilmContext *context;
  const char *uid; /* whose events these are; borrowed from the records */
  json_t *events;
  unsigned calls;
  int64_t lost;
} Sender;

/* The status of one try, 0 when there was no answer. */
static int
put_once (RafilmContext *context, const char *body)
{
  rafilm_auto_request request = { .method = "POST" };
  rafilm_auto_response response = { 0 };

  request.url =
      rafilm_printf ("%s/events", context->settings->endpoints[RAFILM_SERVICE_PERSONALIZE_EVENTS]);
  request.body = body;
  request.body_length = strlen (body);
  request.timeout_ms = rafilm_aws_time_left (context->aws, 3000);
  rafilm_http_headers_add (&request.headers, "Content-Type", "application/json");
  rafilm_aws_sign (context->aws, &request, "personalize");
  if (rafilm_http_client_send (context->http, &request, &response) != RAFILM_HTTP_OK)
    return 0;
  return response.status;
}

static bool
put_events (RafilmContext *context, const char *uid, json_t *events)
{
  json_auto_t *body =
      json_pack ("{s:s, s:s, s:s, s:O}", "trackingId", context->settings->event_tracker, "userId",
                 uid, "sessionId", uid, "eventList", events);
  rafilm_autofree char *text = json_dumps (body, JSON_COMPACT);

  for (unsigned attempt = 0; attempt < MAX_TRIES; attempt++)
    {
      int status;

      if (attempt > 0 && !rafilm_aws_back_off (context->aws, attempt, 100, 1000))
        return false;
      status = put_once (context, text);
      if (status == 200)
        return true;
      if (status >= 400 && status < 500 && status != 429)
        return false;
    }
  return false;
}

static void
flush (Sender *self)
{
  int64_t length = (int64_t) json_array_size (self->events);

  if (length == 0)
    return;
  if (self->calls++ >= MAX_CALLS || !put_events (self->context, self->uid, self->events))
    self->lost += length;
  json_array_clear (self->events);
}

/* The same viewing has the same id, however often the stream brings it. */
static json_t *
make_event (const char *uid, const char *viewing, const RafilmInteraction *interaction)
{
  rafilm_autofree char *film = rafilm_printf ("%lld", (long long) interaction->film);
  char id[RAFILM_PUBLICATION_ID_SIZE];

  rafilm_publication_make_id (uid, viewing, id);
  return json_pack ("{s:s, s:s, s:s, s:I, s:f}", "eventId", id, "eventType",
                    RAFILM_INTERACTION_TYPE, "itemId", film, "sentAt",
                    (json_int_t) interaction->time, "eventValue", interaction->value);
}

/* A viewing that is new, or of another film, day or rating than before. */
static bool
is_news (const json_t *change, int64_t now, RafilmInteraction *ret_interaction)
{
  const json_t *after = json_object_get (change, "NewImage");
  RafilmInteraction before;

  if (!rafilm_interaction_from_item (after, now, ret_interaction)
      || ret_interaction->time + RECENT_SECONDS < now)
    return false;
  return !rafilm_interaction_from_item (json_object_get (change, "OldImage"), now, &before)
         || before.film != ret_interaction->film || before.time != ret_interaction->time
         || before.value != ret_interaction->value;
}

static void
follow_change (Sender *self, const json_t *change, int64_t now)
{
  const json_t *keys = json_object_get (change, "Keys");
  const char *pk = rafilm_item_get_text (keys, "pk");
  const char *sk = rafilm_item_get_text (keys, "sk");
  RafilmInteraction interaction;

  if (pk == NULL || sk == NULL || strncmp (pk, "U#", 2) != 0 || strncmp (sk, "d#", 2) != 0
      || !rafilm_interaction_uid_is_plain (pk + 2) || !is_news (change, now, &interaction))
    return;
  if (json_array_size (self->events) == MAX_EVENTS
      || (self->uid != NULL && strcmp (self->uid, pk + 2) != 0))
    flush (self);
  self->uid = pk + 2;
  json_array_append_new (self->events, make_event (self->uid, sk + 2, &interaction));
}

json_t *
rafilm_interactions_handler (RafilmContext *context, json_t *event)
{
  json_auto_t *events = json_array ();
  Sender self = { .context = context, .events = events };
  int64_t now = rafilm_time_now ();
  json_t *record;
  size_t i;

  context->route = "interactions";
  if (context->settings->event_tracker != NULL)
    {
      json_array_foreach (json_object_get (event, "Records"), i, record)
          follow_change (&self, json_object_get (record, "dynamodb"), now);
      flush (&self);
    }
  if (self.lost > 0)
    {
      rafilm_log_warning ("interactions.lost", NULL);
      rafilm_log_count ("InteractionsLost", self.lost);
    }
  return json_pack ("{s:[]}", "batchItemFailures");
}
