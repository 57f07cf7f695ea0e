/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLS of the client's side: certificates of the system, host name and chain always checked. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>

/* Reads the authorities' certificates from SSL_CERT_FILE or the first bundle that the system has.
 * NULL when there is none. */
SSL_CTX *rafilm_tls_context_new (void);

/* For a connection to `host` (a name or an address). `*refused` (borrowed; must live as long as the
 * result) becomes true when the certificate is refused. */
SSL *rafilm_tls_new (SSL_CTX *context, const char *host, bool *refused);
