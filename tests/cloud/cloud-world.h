/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything around the functions at once: moto, and one peer that plays TMDb (/3/…), the
 * connections endpoint (/prod/@connections/…), Lambda (/2015-03-31/…), Bedrock (/model/…) and
 * Personalize (/recommendations). */
#pragma once

#include "cloud-fixture.h"
#include "cloud-peer.h"

G_BEGIN_DECLS

typedef struct
{
  CloudFixture *fixture;
  CloudPeer *peer;

  GMutex lock;            /* of what follows, which the peer's thread reads and writes */
  guint tmdb_status;      /* 200, or what TMDb answers instead */
  const char *tmdb_key;   /* the one that TMDb takes, as it stands in an address */
  guint tmdb_refusals;    /* how many requests it refuses next, for a second each */
  guint tmdb_calls;       /* how often films were asked for */
  GHashTable *gone;       /* sockets that are closed */
  GPtrArray *messages;    /* what sockets were told: "connection JSON" */
  GPtrArray *invocations; /* payloads of asynchronous invocations */
  guint invoke_status;
  GPtrArray *deletions; /* what Cognito was asked to delete */
  guint deletion_status;
  GPtrArray *replies;           /* Bedrock's answers in order: GBytes of an event stream */
  guint reply_status;           /* 200, or what Bedrock answers instead */
  GPtrArray *requests;          /* what Bedrock was asked */
  const char *ranking;          /* Personalize's answer, or NULL for a failure */
  const char *stop_after_reply; /* a message id that is stopped while Bedrock writes, or NULL */
} CloudWorld;

CloudWorld *cloud_world_new (void);
void cloud_world_free (CloudWorld *self);

/* Adds a test, which begins with a table, a context and a past of its own. The world must be there
 * until the tests have run. */
void cloud_world_add_test (CloudWorld *self, const char *path, void (*func) (void));

/* The same in the middle of a test. */
void cloud_world_reset (CloudWorld *self);

/* What is in SSM from now on. */
void cloud_world_put_key (CloudWorld *self, const char *key);

/* "t" of every message to the socket, with its main member: "chat.delta Hello", "chat.film 949",
 * "chat.done end_turn", "chat.error quota", "pong"; joined by "|". Asserts the order of "seq". */
char *cloud_world_dup_told (CloudWorld *self, const char *connection);

/* The next answer of the model: JSON events by hand, one to a line: "TYPE {payload}". */
void cloud_world_add_reply (CloudWorld *self, const char *lines);

G_END_DECLS
