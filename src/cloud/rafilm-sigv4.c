/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-sigv4.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <string.h>
#include <strings.h>

#define ALGORITHM "AWS4-HMAC-SHA256"
#define MAX_PARTS 128 /* headers, or parameters of a query */

typedef struct
{
  char *name;
  char *value;
} Pair;

typedef struct
{
  Pair items[MAX_PARTS];
  size_t length;
} Pairs;

static void
pairs_clear (Pairs *self)
{
  for (size_t i = 0; i < self->length; i++)
    {
      free (self->items[i].name);
      free (self->items[i].value);
    }
}

#define rafilm_auto_pairs __attribute__ ((cleanup (pairs_clear))) Pairs

static void
pairs_take (Pairs *self, char *name, char *value)
{
  /* More than that is never sent by us. */
  if (self->length == MAX_PARTS)
    abort ();
  self->items[self->length++] = (Pair) { name, value };
}

static int
compare_pairs (const void *a, const void *b)
{
  int order = strcmp (((const Pair *) a)->name, ((const Pair *) b)->name);

  return order != 0 ? order : strcmp (((const Pair *) a)->value, ((const Pair *) b)->value);
}

/* Values of one header name keep their order. The sort is stable. */
static void
sort_headers (Pairs *self)
{
  for (size_t i = 1; i < self->length; i++)
    for (size_t j = i; j > 0 && strcmp (self->items[j - 1].name, self->items[j].name) > 0; j--)
      {
        Pair moved = self->items[j];

        self->items[j] = self->items[j - 1];
        self->items[j - 1] = moved;
      }
}

static void
sha256_hex (const void *data, size_t length, char hex[65])
{
  unsigned char hash[SHA256_DIGEST_LENGTH];

  SHA256 (length > 0 ? data : "", length, hash);
  for (int i = 0; i < SHA256_DIGEST_LENGTH; i++)
    snprintf (hex + 2 * i, 3, "%02x", hash[i]);
}

static void
hmac (const void *key, size_t key_length, const char *text, unsigned char hash[32])
{
  unsigned length = 32;

  if (HMAC (EVP_sha256 (), key, (int) key_length, (const unsigned char *) text, strlen (text), hash,
            &length)
      == NULL)
    abort ();
}

/* RFC 3986, 5.2.4, and empty segments go too. */
static char *
normalize_path (const char *path)
{
  rafilm_auto_buffer result = RAFILM_BUFFER_INIT (0);
  size_t length = strlen (path);
  bool ends_in_slash = length == 0 || path[length - 1] == '/' || strcmp (path, "/.") == 0
                       || strcmp (path, "/..") == 0;

  while (*path != '\0')
    {
      size_t segment = strcspn (path, "/");

      if (segment == 2 && memcmp (path, "..", 2) == 0)
        {
          while (result.length > 0 && result.data[result.length - 1] != '/')
            result.length--;
          if (result.length > 0)
            result.data[--result.length] = '\0';
        }
      else if (segment > 0 && !(segment == 1 && *path == '.'))
        {
          rafilm_buffer_append (&result, "/", 1);
          rafilm_buffer_append (&result, path, segment);
        }
      path += segment + (path[segment] == '/');
    }
  if (ends_in_slash || result.length == 0)
    rafilm_buffer_append (&result, "/", 1);
  return rafilm_buffer_steal (&result);
}

static char *
canonical_path (const RafilmSigv4 *self, const char *path)
{
  rafilm_autofree char *normal = NULL;

  if (*path == '\0')
    path = "/";
  normal = self->normalize ? normalize_path (path) : rafilm_strdup (path);
  if (!self->escape_path_twice)
    return rafilm_strdup (normal);
  return rafilm_http_escape (normal, true);
}

static int
hex_digit (char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  c = (char) tolower ((unsigned char) c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One part of a query, escaped or not, escaped in the one canonical way. */
static char *
canonical_part (const char *text, size_t length)
{
  rafilm_autofree char *plain = rafilm_alloc0 (length + 1);
  size_t n = 0;

  for (size_t i = 0; i < length; i++)
    if (text[i] == '%' && i + 2 < length && hex_digit (text[i + 1]) >= 0
        && hex_digit (text[i + 2]) >= 0)
      {
        plain[n++] = (char) (hex_digit (text[i + 1]) << 4 | hex_digit (text[i + 2]));
        i += 2;
      }
    else
      plain[n++] = text[i];
  return rafilm_http_escape (plain, false);
}

static void
split_query (const char *query, Pairs *parts)
{
  while (*query != '\0')
    {
      size_t length = strcspn (query, "&");
      const char *equals = memchr (query, '=', length);
      size_t name = equals != NULL ? (size_t) (equals - query) : length;

      if (length > 0)
        pairs_take (parts, canonical_part (query, name),
                    equals != NULL ? canonical_part (equals + 1, length - name - 1)
                                   : rafilm_strdup (""));
      query += length + (query[length] == '&');
    }
}

static char *
join_query (Pairs *parts)
{
  rafilm_auto_buffer query = RAFILM_BUFFER_INIT (0);

  qsort (parts->items, parts->length, sizeof parts->items[0], compare_pairs);
  for (size_t i = 0; i < parts->length; i++)
    rafilm_buffer_printf (&query, "%s%s=%s", i > 0 ? "&" : "", parts->items[i].name,
                          parts->items[i].value);
  return rafilm_buffer_steal (&query);
}

/* Without white space at the ends, runs of it as one space. */
static char *
canonical_value (const char *value)
{
  char *out = rafilm_alloc0 (strlen (value) + 1);
  size_t n = 0;

  for (; *value != '\0'; value++)
    {
      if (!isspace ((unsigned char) *value))
        out[n++] = *value;
      else if (n > 0 && out[n - 1] != ' ')
        out[n++] = ' ';
    }
  while (n > 0 && out[n - 1] == ' ')
    out[--n] = '\0';
  return out;
}

/* What the connection changes on its way is not signed. */
static bool
is_signed (const char *name)
{
  static const char *const unsigned_names[] = { "authorization", "connection", "user-agent",
                                                "accept-encoding", "x-amzn-trace-id" };

  for (size_t i = 0; i < sizeof unsigned_names / sizeof unsigned_names[0]; i++)
    if (strcasecmp (name, unsigned_names[i]) == 0)
      return false;
  return true;
}

static void
canonical_headers (const RafilmHttpHeaders *headers, RafilmBuffer *text, RafilmBuffer *names)
{
  rafilm_auto_pairs pairs = { .length = 0 };

  for (size_t i = 0; i < headers->length; i++)
    if (is_signed (headers->items[i].name))
      {
        char *name = rafilm_strdup (headers->items[i].name);

        for (char *c = name; *c != '\0'; c++)
          *c = (char) tolower ((unsigned char) *c);
        pairs_take (&pairs, name, canonical_value (headers->items[i].value));
      }
  sort_headers (&pairs);
  for (size_t i = 0; i < pairs.length; i++)
    {
      bool repeated = i > 0 && strcmp (pairs.items[i - 1].name, pairs.items[i].name) == 0;

      if (repeated)
        rafilm_buffer_printf (text, ",%s", pairs.items[i].value);
      else
        {
          rafilm_buffer_printf (text, "%s%s:%s", i > 0 ? "\n" : "", pairs.items[i].name,
                                pairs.items[i].value);
          rafilm_buffer_printf (names, "%s%s", i > 0 ? ";" : "", pairs.items[i].name);
        }
    }
  rafilm_buffer_add (text, "\n");
  rafilm_buffer_add (names, "");
}

static char *
make_scope (const RafilmSigv4 *self, char stamp[17])
{
  struct tm utc;

  gmtime_r (&self->time, &utc);
  strftime (stamp, 17, "%Y%m%dT%H%M%SZ", &utc);
  return rafilm_printf ("%.8s/%s/%s/aws4_request", stamp, self->region, self->service);
}

static void
make_signature (const RafilmSigv4 *self, const char *stamp, const char *to_sign, char hex[65])
{
  rafilm_autofree char *first = rafilm_printf ("AWS4%s", self->secret_key);
  rafilm_autofree char *day = rafilm_strndup (stamp, 8);
  unsigned char key[32];

  hmac (first, strlen (first), day, key);
  hmac (key, 32, self->region, key);
  hmac (key, 32, self->service, key);
  hmac (key, 32, "aws4_request", key);
  hmac (key, 32, to_sign, key);
  for (int i = 0; i < 32; i++)
    snprintf (hex + 2 * i, 3, "%02x", key[i]);
}

static void
sign (const RafilmSigv4 *self, const RafilmSigv4Request *request, const char *query,
      const RafilmBuffer *headers, const RafilmBuffer *names, const char *stamp, const char *scope,
      char signature[65], char **ret_canonical, char **ret_to_sign)
{
  rafilm_autofree char *path = canonical_path (self, request->path);
  rafilm_autofree char *canonical = NULL, *to_sign = NULL;
  char hash[65];

  sha256_hex (request->body, request->body_length, hash);
  canonical = rafilm_printf ("%s\n%s\n%s\n%s\n%s\n%s", request->method, path, query, headers->data,
                             names->data, self->payload_is_unsigned ? "UNSIGNED-PAYLOAD" : hash);
  sha256_hex (canonical, strlen (canonical), hash);
  to_sign = rafilm_printf (ALGORITHM "\n%s\n%s\n%s", stamp, scope, hash);
  make_signature (self, stamp, to_sign, signature);
  if (ret_canonical != NULL)
    *ret_canonical = rafilm_strdup (canonical);
  if (ret_to_sign != NULL)
    *ret_to_sign = rafilm_strdup (to_sign);
}

void
rafilm_sigv4_request_clear (RafilmSigv4Request *self)
{
  rafilm_http_headers_clear (&self->headers);
}

void
rafilm_sigv4_sign_headers (const RafilmSigv4 *self, RafilmSigv4Request *request,
                           char **ret_canonical, char **ret_to_sign)
{
  char stamp[17], signature[65];
  rafilm_autofree char *scope = make_scope (self, stamp);
  rafilm_autofree char *query = NULL, *authorization = NULL;
  rafilm_auto_buffer headers = RAFILM_BUFFER_INIT (0), names = RAFILM_BUFFER_INIT (0);
  rafilm_auto_pairs parts = { .length = 0 };

  rafilm_http_headers_add (&request->headers, "X-Amz-Date", stamp);
  if (self->add_content_sha256)
    {
      char hash[65];

      sha256_hex (request->body, request->body_length, hash);
      rafilm_http_headers_add (&request->headers, "X-Amz-Content-Sha256", hash);
    }
  if (self->session_token != NULL && !self->token_is_unsigned)
    rafilm_http_headers_add (&request->headers, "X-Amz-Security-Token", self->session_token);

  canonical_headers (&request->headers, &headers, &names);
  split_query (request->query, &parts);
  query = join_query (&parts);
  sign (self, request, query, &headers, &names, stamp, scope, signature, ret_canonical,
        ret_to_sign);
  authorization = rafilm_printf (ALGORITHM " Credential=%s/%s, SignedHeaders=%s, Signature=%s",
                                 self->access_key, scope, names.data, signature);
  rafilm_http_headers_add (&request->headers, "Authorization", authorization);
  if (self->session_token != NULL && self->token_is_unsigned)
    rafilm_http_headers_add (&request->headers, "X-Amz-Security-Token", self->session_token);
}

static void
add_parameter (Pairs *parts, const char *name, const char *value)
{
  pairs_take (parts, rafilm_strdup (name), rafilm_http_escape (value, false));
}

char *
rafilm_sigv4_sign_query (const RafilmSigv4 *self, const RafilmSigv4Request *request,
                         unsigned expires, char **ret_canonical, char **ret_to_sign)
{
  char stamp[17], signature[65], seconds[16];
  rafilm_autofree char *scope = make_scope (self, stamp);
  rafilm_autofree char *query = NULL, *credential = NULL, *token = NULL;
  rafilm_auto_buffer headers = RAFILM_BUFFER_INIT (0), names = RAFILM_BUFFER_INIT (0);
  rafilm_auto_pairs parts = { .length = 0 };

  canonical_headers (&request->headers, &headers, &names);
  credential = rafilm_printf ("%s/%s", self->access_key, scope);
  snprintf (seconds, sizeof seconds, "%u", expires);
  split_query (request->query, &parts);
  add_parameter (&parts, "X-Amz-Algorithm", ALGORITHM);
  add_parameter (&parts, "X-Amz-Credential", credential);
  add_parameter (&parts, "X-Amz-Date", stamp);
  add_parameter (&parts, "X-Amz-Expires", seconds);
  add_parameter (&parts, "X-Amz-SignedHeaders", names.data);
  if (self->session_token != NULL && !self->token_is_unsigned)
    add_parameter (&parts, "X-Amz-Security-Token", self->session_token);
  query = join_query (&parts);
  sign (self, request, query, &headers, &names, stamp, scope, signature, ret_canonical,
        ret_to_sign);
  token = self->session_token != NULL && self->token_is_unsigned
              ? rafilm_http_escape (self->session_token, false)
              : NULL;
  return rafilm_printf ("%s&X-Amz-Signature=%s%s%s", query, signature,
                        token != NULL ? "&X-Amz-Security-Token=" : "", token != NULL ? token : "");
}
