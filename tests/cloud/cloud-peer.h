/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A web server on loopback, in a thread of its own, that plays whoever the functions talk to. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _CloudPeer CloudPeer;

typedef struct
{
  const char *method;
  const char *path;    /* decoded */
  const char *query;   /* or NULL */
  GHashTable *headers; /* lower-case name -> value */
  const char *body;
  gsize body_length;
} CloudPeerRequest;

typedef struct
{
  guint status;
  const char *content_type;
  GBytes *body;        /* taken */
  GPtrArray *chunks;   /* of GBytes, taken: a chunked answer instead of `body` */
  GHashTable *headers; /* name -> value; filled by cloud_peer_answer_header () */
} CloudPeerAnswer;

/* Called in the peer's thread, one request at a time. */
typedef void (*CloudPeerFunc) (CloudPeer *peer, const CloudPeerRequest *request,
                               CloudPeerAnswer *answer, gpointer data);

CloudPeer *cloud_peer_new (CloudPeerFunc func, gpointer data);
void cloud_peer_free (CloudPeer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudPeer, cloud_peer_free)

const char *cloud_peer_get_url (CloudPeer *self); /* "http://127.0.0.1:PORT" */
guint cloud_peer_get_port (CloudPeer *self);
guint cloud_peer_get_n_requests (CloudPeer *self);
guint cloud_peer_get_n_connections (CloudPeer *self); /* that were ever opened to ask something */

/* What was asked, in order: "METHOD path?query" and the bodies. (transfer full) */
GStrv cloud_peer_dup_lines (CloudPeer *self);
GStrv cloud_peer_dup_bodies (CloudPeer *self);
void cloud_peer_forget (CloudPeer *self);

void cloud_peer_answer_header (CloudPeerAnswer *answer, const char *name, const char *value);
void cloud_peer_answer_text (CloudPeerAnswer *answer, guint status, const char *text);

G_END_DECLS
