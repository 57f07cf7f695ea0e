/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What servers answer to the functions. The first byte says how the client reads (whole or as it
 * comes, how much at most), the second how long the pieces are in which the answer comes. */
#include "fuzz.h"

#include "fuzz-peer.h"
#include "rafilm-http-client.h"

#define MAX_SECONDS 3

static FuzzPeer *peer;
static RafilmHttpClient *client;
static gsize streamed;

static bool
take_body (const char *bytes, size_t length, void *data)
{
  streamed += length;
  return streamed < 5000;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  rafilm_auto_request request = { .method = "GET", .timeout_ms = MAX_SECONDS * 1000 };
  rafilm_auto_response response = { 0 };
  RafilmHttpStatus status;

  if (size < 2)
    return 0;
  if (peer == NULL)
    {
      peer = fuzz_peer_new ();
      client = rafilm_http_client_new ();
    }
  streamed = 0;
  fuzz_peer_answer_raw (peer, data + 2, size - 2, 1 + (gsize) data[1] * 16);
  request.url = rafilm_printf ("http://127.0.0.1:%u/path", fuzz_peer_get_port (peer));
  request.max_bytes = (data[0] & 2) != 0 ? 100 : 20000;
  if ((data[0] & 1) != 0)
    request.body_func = take_body;
  if ((data[0] & 4) != 0)
    request.method = "DELETE";

  status = rafilm_http_client_send (client, &request, &response);
  /* The server closed, so there is nothing to wait for. */
  g_assert_cmpint (status, !=, RAFILM_HTTP_TIMED_OUT);
  g_assert_cmpint (status, !=, RAFILM_HTTP_TLS);
  g_assert_cmpuint (response.body_length, <=, request.max_bytes);
  if (response.body != NULL)
    g_assert_cmpint (response.body[response.body_length], ==, '\0');
  if (status == RAFILM_HTTP_OK)
    g_assert_cmpint (response.status, >, 0);
  return 0;
}
