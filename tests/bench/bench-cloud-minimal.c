/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least that can be a function: speaks the Runtime API by plain sockets and answers {}. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int
call (int port, const char *request, char *answer, size_t size)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port) };
  int server = socket (AF_INET, SOCK_STREAM, 0);
  size_t length = 0;
  ssize_t n = 0;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (connect (server, (struct sockaddr *) &address, sizeof address) != 0
      || write (server, request, strlen (request)) < 0)
    return -1;
  while (length + 1 < size && (n = read (server, answer + length, size - 1 - length)) > 0)
    {
      length += (size_t) n;
      answer[length] = '\0';
      if (strstr (answer, "\r\n\r\n") != NULL)
        break;
    }
  close (server);
  return length > 0 ? 0 : -1;
}

int
main (void)
{
  const char *api = getenv ("AWS_LAMBDA_RUNTIME_API");
  int port = api != NULL ? atoi (strchr (api, ':') + 1) : 0;
  char request[512], answer[65536];

  for (;;)
    {
      char *id;

      snprintf (request, sizeof request,
                "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n", api);
      if (call (port, request, answer, sizeof answer) != 0)
        return 1;
      id = strcasestr (answer, "\r\nLambda-Runtime-Aws-Request-Id: ");
      if (id == NULL)
        return 1;
      id += strlen ("\r\nLambda-Runtime-Aws-Request-Id: ");
      snprintf (request, sizeof request,
                "POST /2018-06-01/runtime/invocation/%.*s/response HTTP/1.1\r\nHost: %s\r\n"
                "Content-Length: 2\r\n\r\n{}",
                (int) strcspn (id, "\r"), id, api);
      if (call (port, request, answer, sizeof answer) != 0)
        return 1;
    }
}
