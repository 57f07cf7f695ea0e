/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-converse.h"

#include <glib.h>
#include <string.h>
#include <zlib.h>

#define MAX_MESSAGE (1024 * 1024)

static char *
shared_path (const char *relative)
{
  const char *shared = g_getenv ("RAFILM_SHARED_DATA");
  g_autofree char *path = g_build_filename (shared != NULL ? shared : "", relative, NULL);

  if (shared != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  g_test_skip ("shared data not found");
  return NULL;
}

static GBytes *
read_bytes (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize length;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

/* A message as one line of JSON: {"headers":{…},"payload":…}. */
static bool
collect_cb (const RafilmEventstreamMessage *message, void *data)
{
  json_t *headers = json_object ();
  json_t *payload = json_loadb (message->payload, message->payload_length, 0, NULL);

  for (size_t i = 0; i < message->n_headers; i++)
    json_object_set_new (headers, message->headers[i].name,
                         json_string (message->headers[i].value));
  json_array_append_new (data, json_pack ("{s:o, s:o}", "headers", headers, "payload",
                                          payload != NULL ? payload : json_null ()));
  return true;
}

static RafilmEventstreamStatus
decode (GBytes *bytes, gsize cut, RafilmEventstreamFunc func, gpointer data)
{
  gsize length;
  const char *at = g_bytes_get_data (bytes, &length);
  RafilmEventstream stream;
  RafilmEventstreamStatus status;

  rafilm_eventstream_init (&stream, MAX_MESSAGE);
  rafilm_eventstream_push (&stream, at, cut, func, data);
  status = rafilm_eventstream_push (&stream, at + cut, length - cut, func, data);
  if (status == RAFILM_EVENTSTREAM_OK)
    g_assert_true (rafilm_eventstream_is_whole (&stream));
  rafilm_eventstream_clear (&stream);
  return status;
}

static bool
check_all_headers_cb (const RafilmEventstreamMessage *message, void *data)
{
  static const struct
  {
    const char *name;
    guint8 type;
    const char *value;
    gsize length;
  } expected[] = {
    { "true", 0, "", 0 },
    { "false", 1, "", 0 },
    { "byte", 2, "\x32", 1 },
    { "short", 3, "\x4e\x20", 2 },
    { "int", 4, "\x00\x07\xa1\x20", 4 },
    { "long", 5, "\x00\x00\x00\x0b\xa4\x3b\x74\x00", 8 },
    { "bytes", 6, "some bytes", 10 },
    { "str", 7, "some str", 8 },
    { "time", 8, "\x00\x00\x00\x01\x2a\x05\xf2\x00", 8 },
  };

  g_assert_cmpuint (message->n_headers, ==, G_N_ELEMENTS (expected) + 1);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const RafilmEventstreamHeader *header = &message->headers[i];

      g_assert_cmpstr (header->name, ==, expected[i].name);
      g_assert_cmpuint (header->type, ==, expected[i].type);
      g_assert_cmpmem (header->value, header->length, expected[i].value, expected[i].length);
    }
  g_assert_cmpuint (message->headers[9].length, ==, 16);
  g_assert_cmpmem (message->payload, message->payload_length, "some payload", 12);
  ++*(guint *) data;
  return true;
}

static bool
count_cb (const RafilmEventstreamMessage *message, void *data)
{
  ++*(guint *) data;
  return true;
}

static void
test_valid (void)
{
  g_autofree char *folder = shared_path ("eventstream-vectors");
  static const char *const names[] = { "valid_empty_payload", "valid_no_headers" };

  if (folder == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GBytes) bytes = read_bytes (folder, names[i]);

      for (gsize cut = 0; cut <= g_bytes_get_size (bytes); cut++)
        {
          guint n = 0;

          g_assert_cmpint (decode (bytes, cut, count_cb, &n), ==, RAFILM_EVENTSTREAM_OK);
          g_assert_cmpuint (n, ==, 1);
        }
    }
  {
    g_autoptr (GBytes) bytes = read_bytes (folder, "valid_with_all_headers_and_payload");

    for (gsize cut = 0; cut <= g_bytes_get_size (bytes); cut++)
      {
        guint n = 0;

        g_assert_cmpint (decode (bytes, cut, check_all_headers_cb, &n), ==, RAFILM_EVENTSTREAM_OK);
        g_assert_cmpuint (n, ==, 1);
      }
  }
}

static void
put_u32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, 4);
}

/* Both checksums made right, so that what is wrong inside is reached. The bytes may go on after the
 * message. */
static GBytes *
seal (GBytes *bytes)
{
  gsize length;
  guint8 *copy = g_bytes_unref_to_data (g_bytes_ref (bytes), &length);
  guint32 total;

  memcpy (&total, copy, 4);
  total = GUINT32_FROM_BE (total);
  g_assert_cmpuint (total, <=, length);
  put_u32 (copy + 8, (guint32) crc32 (0, copy, 8));
  put_u32 (copy + total - 4, (guint32) crc32 (0, copy, total - 4));
  return g_bytes_new_take (copy, length);
}

static void
test_invalid (void)
{
  static const struct
  {
    const char *name;
    gboolean sealed;
    RafilmEventstreamStatus status;
  } cases[] = {
    { "invalid_prelude_checksum", FALSE, RAFILM_EVENTSTREAM_PRELUDE_CHECKSUM },
    { "invalid_message_checksum", FALSE, RAFILM_EVENTSTREAM_MESSAGE_CHECKSUM },
    { "invalid_header_name_length", TRUE, RAFILM_EVENTSTREAM_HEADER },
    { "invalid_header_name_length_too_long", TRUE, RAFILM_EVENTSTREAM_HEADER },
    { "invalid_header_string_length_cut_off", TRUE, RAFILM_EVENTSTREAM_HEADER },
    { "invalid_header_string_value_length", TRUE, RAFILM_EVENTSTREAM_HEADER },
    { "invalid_header_value_type", TRUE, RAFILM_EVENTSTREAM_HEADER },
    { "invalid_headers_length", TRUE, RAFILM_EVENTSTREAM_LENGTH },
  };
  g_autofree char *folder = shared_path ("eventstream-vectors");

  if (folder == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) read = read_bytes (folder, cases[i].name);
      g_autoptr (GBytes) bytes = cases[i].sealed ? seal (read) : g_bytes_ref (read);
      guint n = 0;

      for (gsize cut = 0; cut < g_bytes_get_size (bytes); cut++)
        {
          RafilmEventstreamStatus status = decode (bytes, cut, count_cb, &n);

          if (status != cases[i].status)
            g_error ("%s: %d", cases[i].name, status);
        }
      g_assert_cmpuint (n, ==, 0);
      g_assert_cmpint (decode (read, 0, count_cb, &n), !=, RAFILM_EVENTSTREAM_OK);
    }
}

static GBytes *
make_message (const char *kind, const char *type_name, const char *type, const char *payload)
{
  g_autoptr (GByteArray) headers = g_byte_array_new ();
  const char *pairs[] = { ":message-type", kind, type_name, type };
  guint8 number[4];
  GByteArray *message = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < 4; i += 2)
    {
      guint8 name = (guint8) strlen (pairs[i]);
      guint8 head[3] = { 7, 0, (guint8) strlen (pairs[i + 1]) };

      g_byte_array_append (headers, &name, 1);
      g_byte_array_append (headers, (const guint8 *) pairs[i], name);
      g_byte_array_append (headers, head, 3);
      g_byte_array_append (headers, (const guint8 *) pairs[i + 1], head[2]);
    }
  put_u32 (number, (guint32) (16 + headers->len + strlen (payload)));
  g_byte_array_append (message, number, 4);
  put_u32 (number, headers->len);
  g_byte_array_append (message, number, 4);
  g_byte_array_append (message, number, 4);
  g_byte_array_append (message, headers->data, headers->len);
  g_byte_array_append (message, (const guint8 *) payload, (guint) strlen (payload));
  g_byte_array_append (message, number, 4);
  bytes = g_byte_array_free_to_bytes (message);
  return seal (bytes);
}

static void
test_bounds (void)
{
  guint8 huge[12];
  RafilmEventstream stream;
  g_autoptr (GBytes) message = make_message ("event", ":event-type", "x", "{}");
  guint n = 0;

  put_u32 (huge, 0x7fffffff);
  put_u32 (huge + 4, 0);
  put_u32 (huge + 8, (guint32) crc32 (0, huge, 8));
  rafilm_eventstream_init (&stream, MAX_MESSAGE);
  g_assert_cmpint (rafilm_eventstream_push (&stream, huge, sizeof huge, count_cb, &n), ==,
                   RAFILM_EVENTSTREAM_LENGTH);
  /* What is broken stays so, even when sound bytes follow. */
  g_assert_cmpint (rafilm_eventstream_push (&stream, g_bytes_get_data (message, NULL),
                                            g_bytes_get_size (message), count_cb, &n),
                   ==, RAFILM_EVENTSTREAM_LENGTH);
  g_assert_cmpuint (n, ==, 0);
  rafilm_eventstream_clear (&stream);

  rafilm_eventstream_init (&stream, MAX_MESSAGE);
  rafilm_eventstream_push (&stream, g_bytes_get_data (message, NULL),
                           g_bytes_get_size (message) - 1, count_cb, &n);
  g_assert_false (rafilm_eventstream_is_whole (&stream));
  rafilm_eventstream_clear (&stream);
}

static json_t *
read_lines (const char *folder, const char *name)
{
  g_autoptr (GBytes) bytes = read_bytes (folder, name);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  json_t *messages = json_array ();

  for (guint i = 0; lines[i] != NULL; i++)
    json_array_append_new (messages, json_loads (lines[i], 0, NULL));
  return messages;
}

static void
test_cassettes (void)
{
  g_autofree char *folder = shared_path ("bedrock-converse-cassettes/decoded");
  g_autoptr (GDir) dir = NULL;
  const char *name;
  guint n = 0;

  if (folder == NULL)
    return;
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".bin"))
      {
        g_autoptr (GBytes) bytes = read_bytes (folder, name);
        g_autofree char *stem = g_strndup (name, strlen (name) - 4);
        g_autofree char *lines = g_strconcat (stem, ".jsonl", NULL);
        json_auto_t *expected = read_lines (folder, lines), *first = json_array ();

        g_assert_cmpint (decode (bytes, 0, collect_cb, first), ==, RAFILM_EVENTSTREAM_OK);
        g_assert_true (json_equal (first, expected));
        for (gsize cut = 1; cut < g_bytes_get_size (bytes); cut++)
          {
            guint messages = 0;

            g_assert_cmpint (decode (bytes, cut, count_cb, &messages), ==, RAFILM_EVENTSTREAM_OK);
            g_assert_cmpuint (messages, ==, json_array_size (expected));
          }
        n++;
      }
  g_assert_cmpuint (n, ==, 12);
}

static bool
gather_cb (const char *text, size_t length, void *data)
{
  g_string_append_len (data, text, (gssize) length);
  return true;
}

static bool
feed_cb (const RafilmEventstreamMessage *message, void *data)
{
  return rafilm_converse_take (data, message);
}

static void
feed_cassette (RafilmConverse *converse, GString *text, const char *folder, const char *name)
{
  g_autoptr (GBytes) bytes = read_bytes (folder, name);

  rafilm_converse_init (converse, gather_cb, text);
  g_assert_cmpint (decode (bytes, 7, feed_cb, converse), ==, RAFILM_EVENTSTREAM_OK);
  g_assert_cmpint (converse->status, ==, RAFILM_CONVERSE_OK);
}

static void
test_converse (void)
{
  g_autofree char *folder = shared_path ("bedrock-converse-cassettes/decoded");
  g_autoptr (GString) text = g_string_new (NULL);
  json_auto_t *content = NULL, *pieces = NULL;
  RafilmConverse converse;
  json_t *use;

  if (folder == NULL)
    return;
  feed_cassette (&converse, text, folder, "test_converse_stream_no_content_tool_call.0.bin");
  g_assert_cmpstr (converse.stop_reason, ==, "tool_use");
  g_assert_cmpint (converse.output_tokens, ==, 195);
  g_assert_true (g_str_has_prefix (text->str, "<thinking> The User has asked"));
  content = rafilm_converse_dup_content (&converse);
  g_assert_cmpuint (json_array_size (content), ==, 3);
  use = json_object_get (json_array_get (content, 2), "toolUse");
  g_assert_cmpstr (json_string_value (json_object_get (use, "toolUseId")), ==,
                   "tooluse_KZPBYYUtS72Um_JDI8hTow");
  g_assert_cmpstr (json_string_value (json_object_get (json_object_get (use, "input"), "location")),
                   ==, "San Francisco");
  rafilm_converse_clear (&converse);

  /* A tool's input in twenty pieces, and no text at all. */
  g_string_truncate (text, 0);
  feed_cassette (&converse, text, folder, "test_converse_stream_tool_call_parsing_errors.0.bin");
  g_assert_cmpstr (text->str, ==, "");
  pieces = rafilm_converse_dup_content (&converse);
  use = json_object_get (json_array_get (pieces, 0), "toolUse");
  g_assert_cmpuint (json_array_size (json_object_get (json_object_get (use, "input"), "cities")),
                    ==, 10);
  g_assert_true (rafilm_converse_input_is_sound (
      &converse, json_string_value (json_object_get (use, "toolUseId"))));
  rafilm_converse_clear (&converse);
}

static RafilmConverseStatus
take_one (RafilmConverse *converse, const char *kind, const char *type_name, const char *type,
          const char *payload)
{
  g_autoptr (GBytes) bytes = make_message (kind, type_name, type, payload);

  decode (bytes, 0, feed_cb, converse);
  return converse->status;
}

static void
test_exceptions (void)
{
  static const struct
  {
    const char *kind, *name, *type, *payload;
    RafilmConverseStatus status;
  } cases[] = {
    { "exception", ":exception-type", "throttlingException", "{}", RAFILM_CONVERSE_THROTTLED },
    { "exception", ":exception-type", "validationException", "{}", RAFILM_CONVERSE_REFUSED },
    { "exception", ":exception-type", "modelStreamErrorException", "{}",
      RAFILM_CONVERSE_UNAVAILABLE },
    { "error", ":error-code", "InternalFailure", "", RAFILM_CONVERSE_UNAVAILABLE },
    { "event", ":event-type", "contentBlockDelta", "no JSON", RAFILM_CONVERSE_BROKEN },
    { "event", ":event-type", "contentBlockDelta",
      "{\"contentBlockIndex\":99,\"delta\":{\"text\":\"a\"}}", RAFILM_CONVERSE_BROKEN },
    { "event", ":event-type", "somethingNew", "{}", RAFILM_CONVERSE_OK },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      RafilmConverse converse;

      rafilm_converse_init (&converse, NULL, NULL);
      g_assert_cmpint (
          take_one (&converse, cases[i].kind, cases[i].name, cases[i].type, cases[i].payload), ==,
          cases[i].status);
      rafilm_converse_clear (&converse);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cloud/eventstream/valid", test_valid);
  g_test_add_func ("/cloud/eventstream/invalid", test_invalid);
  g_test_add_func ("/cloud/eventstream/bounds", test_bounds);
  g_test_add_func ("/cloud/eventstream/cassettes", test_cassettes);
  g_test_add_func ("/cloud/converse/cassettes", test_converse);
  g_test_add_func ("/cloud/converse/exceptions", test_exceptions);
  return g_test_run ();
}
