/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-tokens.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rafilm-error.h"
#include "rafilm-json-body.h"

#define MAX_TOKEN 8192
#define MAX_UID 64
#define MAX_EMAIL 320
#define MAX_LIFE_SECONDS (24 * 60 * 60)
#define DEFAULT_LIFE_SECONDS (60 * 60)

G_DEFINE_BOXED_TYPE (RafilmTokens, rafilm_tokens, rafilm_tokens_copy, rafilm_tokens_free)

RafilmTokens *
rafilm_tokens_copy (const RafilmTokens *self)
{
  RafilmTokens *copy = g_new0 (RafilmTokens, 1);

  copy->access = g_strdup (self->access);
  copy->refresh = g_strdup (self->refresh);
  copy->uid = g_strdup (self->uid);
  copy->email = g_strdup (self->email);
  copy->expires = self->expires;

  return copy;
}

void
rafilm_tokens_free (RafilmTokens *self)
{
  if (self == NULL)
    return;

  g_free (self->access);
  g_free (self->refresh);
  g_free (self->uid);
  g_free (self->email);
  g_free (self);
}

/* A token becomes a header's value, so nothing but visible ASCII may be in it. */
static char *
dup_token (JsonObject *result, const char *name)
{
  const char *token = rafilm_json_body_get_string (result, name);

  if (token == NULL || *token == '\0' || strlen (token) > MAX_TOKEN)
    return NULL;

  for (const char *c = token; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return NULL;

  return g_strdup (token);
}

static JsonNode *
read_claims (const char *token)
{
  g_auto (GStrv) parts = g_strsplit (token, ".", 4);
  g_autoptr (GString) base64 = NULL;
  g_autoptr (GBytes) claims = NULL;
  guint8 *decoded = NULL;
  gsize length = 0;

  if (g_strv_length (parts) != 3)
    return NULL;

  base64 = g_string_new (parts[1]);
  g_string_replace (base64, "-", "+", 0);
  g_string_replace (base64, "_", "/", 0);
  while (base64->len % 4 != 0)
    g_string_append_c (base64, '=');
  decoded = g_base64_decode (base64->str, &length);
  claims = g_bytes_new_take (decoded, length);

  return rafilm_json_body_parse (claims, NULL);
}

static char *
dup_claim (const char *token, const char *name, gsize max_bytes)
{
  g_autoptr (JsonNode) claims = token != NULL ? read_claims (token) : NULL;
  const char *value = NULL;

  if (claims == NULL || !JSON_NODE_HOLDS_OBJECT (claims))
    return NULL;

  value = rafilm_json_body_get_string (json_node_get_object (claims), name);

  return value != NULL && *value != '\0' && strlen (value) <= max_bytes ? g_strdup (value) : NULL;
}

gboolean
rafilm_tokens_check_uid (const char *uid)
{
  if (uid == NULL || *uid == '\0' || strlen (uid) > MAX_UID)
    return FALSE;

  for (const char *c = uid; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '-' && *c != '_')
      return FALSE;

  return TRUE;
}

RafilmTokens *
rafilm_tokens_new_from_json (JsonObject *result, gint64 now, GError **error)
{
  g_autoptr (RafilmTokens) self = g_new0 (RafilmTokens, 1);
  g_autofree char *identity = NULL;
  gint64 life = 0;

  g_return_val_if_fail (result != NULL, NULL);

  self->access = dup_token (result, "AccessToken");
  self->refresh = dup_token (result, "RefreshToken");
  identity = dup_token (result, "IdToken");
  self->uid = self->access != NULL ? dup_claim (self->access, "sub", MAX_UID) : NULL;
  self->email = dup_claim (identity, "email", MAX_EMAIL);
  life = rafilm_json_body_get_int (result, "ExpiresIn", 1, MAX_LIFE_SECONDS, DEFAULT_LIFE_SECONDS);
  self->expires = now + life * 1000;

  if (!rafilm_tokens_check_uid (self->uid))
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                           _ ("The sign-in service sent an answer that makes no sense."));
      return NULL;
    }

  return g_steal_pointer (&self);
}
