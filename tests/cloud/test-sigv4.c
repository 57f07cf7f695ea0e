/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AWS's own signing test suite: 38 cases, each signed in headers and in the query. */
#include "rafilm-sigv4.h"

#include <glib.h>
#include <jansson.h>
#include <string.h>

#define SUITE "sigv4-test-suite/tests/aws-signing-test-suite/v4"

static char *
read_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static const char *
text_member (json_t *object, const char *name)
{
  return json_string_value (json_object_get (object, name));
}

static RafilmSigv4
make_signer (json_t *context)
{
  json_t *credentials = json_object_get (context, "credentials");
  g_autoptr (GDateTime) time =
      g_date_time_new_from_iso8601 (text_member (context, "timestamp"), NULL);

  return (RafilmSigv4) {
    .access_key = text_member (credentials, "access_key_id"),
    .secret_key = text_member (credentials, "secret_access_key"),
    .session_token = text_member (credentials, "token"),
    .region = text_member (context, "region"),
    .service = text_member (context, "service"),
    .time = (time_t) g_date_time_to_unix (time),
    .normalize = json_is_true (json_object_get (context, "normalize")),
    .escape_path_twice = true,
    .add_content_sha256 = json_is_true (json_object_get (context, "sign_body")),
    .token_is_unsigned = json_is_true (json_object_get (context, "omit_session_token")),
  };
}

/* The request as it stands in the file: method, target, headers (which may go on in lines that
 * begin with a space), an empty line, the body. */
typedef struct
{
  RafilmSigv4Request request;
  char *text, *method, *path, *query;
} Parsed;

static void
parsed_clear (Parsed *self)
{
  rafilm_sigv4_request_clear (&self->request);
  g_free (self->text);
  g_free (self->method);
  g_free (self->path);
  g_free (self->query);
}

static void
add_header_lines (Parsed *self, char **lines)
{
  for (int i = 1; lines[i] != NULL; i++)
    {
      const char *name = lines[i];
      char *colon = strchr (lines[i], ':');
      g_autoptr (GString) value = NULL;

      g_assert_nonnull (colon);
      *colon = '\0';
      value = g_string_new (colon + 1);
      for (; lines[i + 1] != NULL && g_ascii_isspace (*lines[i + 1]); i++)
        g_string_append_printf (value, " %s", lines[i + 1]);
      rafilm_http_headers_add (&self->request.headers, name, value->str);
    }
}

static void
parse_request (const char *folder, Parsed *self)
{
  char *end, *target, *mark, *version;
  g_auto (GStrv) lines = NULL;

  *self = (Parsed) { .text = read_file (folder, "request.txt") };
  end = strstr (self->text, "\n\n");
  if (end != NULL)
    {
      *end = '\0';
      self->request.body = end + 2;
      self->request.body_length = strlen (end + 2);
    }
  g_strchomp (self->text);
  lines = g_strsplit (self->text, "\n", -1);
  target = strchr (lines[0], ' ');
  version = g_strrstr (lines[0], " HTTP/1.1");
  g_assert_true (target != NULL && version != NULL);
  *target++ = '\0';
  *version = '\0';
  mark = strchr (target, '?');
  self->method = g_strdup (lines[0]);
  self->query = g_strdup (mark != NULL ? mark + 1 : "");
  self->path = mark != NULL ? g_strndup (target, (gsize) (mark - target)) : g_strdup (target);
  self->request.method = self->method;
  self->request.path = self->path;
  self->request.query = self->query;
  add_header_lines (self, lines);
}

static void
assert_same (const char *folder, const char *name, const char *text)
{
  g_autofree char *expected = read_file (folder, name);

  g_strchomp (expected);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_case (gconstpointer data)
{
  const char *folder = data;
  g_autofree char *text = read_file (folder, "context.json");
  json_auto_t *context = json_loads (text, 0, NULL);
  RafilmSigv4 signer = make_signer (context);
  g_autofree char *canonical = NULL, *to_sign = NULL, *query = NULL, *signature = NULL;
  Parsed parsed;

  parse_request (folder, &parsed);
  rafilm_sigv4_sign_headers (&signer, &parsed.request, &canonical, &to_sign);
  assert_same (folder, "header-canonical-request.txt", canonical);
  assert_same (folder, "header-string-to-sign.txt", to_sign);
  signature = read_file (folder, "header-signature.txt");
  g_assert_true (g_str_has_suffix (
      rafilm_http_headers_get (&parsed.request.headers, "Authorization"), g_strchomp (signature)));
  parsed_clear (&parsed);
  g_clear_pointer (&canonical, g_free);
  g_clear_pointer (&to_sign, g_free);
  g_clear_pointer (&signature, g_free);

  parse_request (folder, &parsed);
  query = rafilm_sigv4_sign_query (
      &signer, &parsed.request,
      (unsigned) json_integer_value (json_object_get (context, "expiration_in_seconds")),
      &canonical, &to_sign);
  assert_same (folder, "query-canonical-request.txt", canonical);
  assert_same (folder, "query-string-to-sign.txt", to_sign);
  signature = read_file (folder, "query-signature.txt");
  g_assert_nonnull (strstr (query, g_strchomp (signature)));
  parsed_clear (&parsed);
}

static void
test_all_there (gconstpointer data)
{
  g_assert_cmpuint (GPOINTER_TO_UINT (data), ==, 38);
}

static void
test_missing (void)
{
  g_test_skip ("shared data not found");
}

int
main (int argc, char *argv[])
{
  const char *shared = g_getenv ("RAFILM_SHARED_DATA");
  g_autofree char *suite = g_build_filename (shared != NULL ? shared : "", SUITE, NULL);
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_test_init (&argc, &argv, NULL);
  dir = shared != NULL ? g_dir_open (suite, 0, NULL) : NULL;
  if (dir == NULL)
    {
      g_test_add_func ("/cloud/sigv4", test_missing);
      return g_test_run ();
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_strdup_printf ("/cloud/sigv4/%s", name);

      g_ptr_array_add (folders, g_build_filename (suite, name, NULL));
      g_test_add_data_func (path, folders->pdata[folders->len - 1], test_case);
    }
  g_test_add_data_func ("/cloud/sigv4/all-there", GUINT_TO_POINTER (folders->len), test_all_there);
  return g_test_run ();
}
