/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-request.h"

#include "sync-codec.h"

#include "rafilm-memory.h"

#include <string.h>

#define MAX_ACCT 128
#define MAX_NAME 64

/* A text of 1..max bytes; one that is missing or null is NULL. */
static bool
read_text (const json_t *body, const char *name, size_t max, char **ret_text)
{
  const json_t *member = json_object_get (body, name);

  if (member == NULL || json_is_null (member))
    return true;
  if (!json_is_string (member) || json_string_length (member) < 1
      || json_string_length (member) > max)
    return false;
  *ret_text = rafilm_strdup (json_string_value (member));
  return true;
}

/* A whole number that is not negative; `*ret_number` stays when it is missing. */
static bool
read_int (const json_t *body, const char *name, int64_t *ret_number)
{
  const json_t *member = json_object_get (body, name);

  if (member == NULL)
    return true;
  if (!json_is_integer (member) || json_integer_value (member) < 0)
    return false;
  *ret_number = json_integer_value (member);
  return true;
}

static bool
is_word (const char *text)
{
  return text[strspn (text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-")]
         == '\0';
}

static bool
read_head (RafilmLedgerRequest *self, const json_t *body)
{
  const char *dev = json_string_value (json_object_get (body, "dev"));

  self->proto = 0;
  self->max = RAFILM_WIRE_PAGE_DEFAULT;
  if (!read_int (body, "proto", &self->proto) || !read_int (body, "cursor", &self->cursor)
      || !read_int (body, "now", &self->now) || !read_int (body, "max", &self->max)
      || !read_int (body, "recent", &self->recent)
      || !read_text (body, "acct", MAX_ACCT, &self->acct)
      || !read_text (body, "name", MAX_NAME, &self->name)
      || !read_text (body, "epoch", RAFILM_SYNC_MAX_WORD, &self->epoch))
    return false;
  if (dev == NULL || !rafilm_wire_dev_is_valid (dev) || self->acct == NULL
      || (self->epoch != NULL && !is_word (self->epoch)) || json_object_get (body, "now") == NULL)
    return false;
  memcpy (self->dev, dev, sizeof self->dev);
  if (self->epoch == NULL)
    self->cursor = 0;
  if (self->max < 1) /* a page without a group would never come to an end */
    self->max = 1;
  if (self->max > RAFILM_WIRE_PAGE_HARD)
    self->max = RAFILM_WIRE_PAGE_HARD;
  if (self->recent > RAFILM_SYNC_MAX_RECENT)
    self->recent = RAFILM_SYNC_MAX_RECENT;
  if (self->cursor > 0) /* who has begun to fetch was sent them already */
    self->recent = 0;
  return true;
}

static void
read_operation (RafilmSyncOperation *operation, const json_t *json)
{
  operation->n = json_integer_value (json_object_get (json, "n"));
  operation->op = rafilm_sync_codec_op_from_json (json);
  operation->bad = operation->op != NULL ? rafilm_wire_op_check (operation->op) : "form";
}

/* A batch is numbered without gaps; a gap would let an operation be skipped for ever. */
static bool
read_batch (RafilmLedgerRequest *self, const json_t *batch)
{
  const json_t *ops = json_object_get (batch, "ops");
  unsigned cost = 0;

  self->if_head = -1;
  if (batch == NULL || json_is_null (batch))
    return true;
  if (!read_text (batch, "id", RAFILM_SYNC_MAX_WORD, &self->batch) || self->batch == NULL
      || !is_word (self->batch) || !read_int (batch, "if_head", &self->if_head)
      || !json_is_array (ops) || json_array_size (ops) < 1
      || json_array_size (ops) > RAFILM_WIRE_MAX_OPS)
    return false;
  self->ops = rafilm_alloc0 (json_array_size (ops) * sizeof (RafilmSyncOperation));
  for (size_t i = 0; i < json_array_size (ops); i++)
    {
      RafilmSyncOperation *operation = &self->ops[self->n_ops++];

      read_operation (operation, json_array_get (ops, i));
      if (operation->n < 1 || (i > 0 && operation->n - 1 != operation[-1].n))
        return false;
      if (operation->bad == NULL)
        cost += rafilm_wire_op_cost (operation->op);
    }
  return cost <= RAFILM_WIRE_MAX_COST;
}

RafilmLedgerRequest *
rafilm_ledger_request_new (const json_t *body, const char **ret_problem)
{
  RafilmLedgerRequest *self = rafilm_alloc0 (sizeof *self);

  if (!read_head (self, body))
    *ret_problem = "The request's head makes no sense.";
  else if (!read_batch (self, json_object_get (body, "batch")))
    *ret_problem = "The request's batch makes no sense.";
  else
    return self;
  rafilm_ledger_request_free (self);
  return NULL;
}

void
rafilm_ledger_request_free (RafilmLedgerRequest *self)
{
  if (self == NULL)
    return;
  for (size_t i = 0; i < self->n_ops; i++)
    rafilm_wire_op_free (self->ops[i].op);
  free (self->ops);
  free (self->acct);
  free (self->name);
  free (self->epoch);
  free (self->batch);
  free (self);
}
