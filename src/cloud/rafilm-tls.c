/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-tls.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

/* Amazon Linux, Debian, and what else follows Fedora's layout. */
static const char *const bundles[] = {
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
};

static bool
load_authorities (SSL_CTX *context)
{
  const char *named = getenv ("SSL_CERT_FILE");

  if (named != NULL && *named != '\0')
    return SSL_CTX_load_verify_file (context, named) == 1;
  for (size_t i = 0; i < sizeof bundles / sizeof bundles[0]; i++)
    if (SSL_CTX_load_verify_file (context, bundles[i]) == 1)
      return true;
  return false;
}

static int
verify_cb (int accepted, X509_STORE_CTX *store)
{
  SSL *ssl = X509_STORE_CTX_get_ex_data (store, SSL_get_ex_data_X509_STORE_CTX_idx ());
  bool *refused = SSL_get_app_data (ssl);

  if (!accepted && refused != NULL)
    *refused = true;
  return accepted;
}

SSL_CTX *
rafilm_tls_context_new (void)
{
  SSL_CTX *context;

  /* No configuration file: it could name modules, which a static program cannot load. */
  OPENSSL_init_ssl (OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
  context = SSL_CTX_new (TLS_client_method ());
  if (context == NULL)
    return NULL;
  SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION);
  SSL_CTX_set_verify (context, SSL_VERIFY_PEER, verify_cb);
  if (!load_authorities (context))
    {
      SSL_CTX_free (context);
      return NULL;
    }
  return context;
}

static bool
is_address (const char *host)
{
  unsigned char address[16];

  return inet_pton (AF_INET, host, address) == 1 || inet_pton (AF_INET6, host, address) == 1;
}

SSL *
rafilm_tls_new (SSL_CTX *context, const char *host, bool *refused)
{
  SSL *ssl = SSL_new (context);
  bool ready;

  if (ssl == NULL)
    return NULL;
  SSL_set_app_data (ssl, refused);
  SSL_set_hostflags (ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (is_address (host))
    ready = X509_VERIFY_PARAM_set1_ip_asc (SSL_get0_param (ssl), host) == 1;
  else
    ready = SSL_set1_host (ssl, host) == 1 && SSL_set_tlsext_host_name (ssl, host) == 1;
  if (!ready)
    {
      SSL_free (ssl);
      return NULL;
    }
  return ssl;
}
