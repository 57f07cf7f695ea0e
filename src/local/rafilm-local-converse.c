/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-converse.h"

#include "rafilm-local-frame.h"
#include "rafilm-local-http.h"

#define PADDING "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

typedef struct
{
  GPtrArray *frames;
  guint32 random; /* a small generator of our own: the same answer every time */
} Writer;

static guint
draw (Writer *writer, guint below)
{
  writer->random = writer->random * 1664525u + 1013904223u;

  return (writer->random >> 8) % below;
}

static void
write_event (Writer *writer, const char *type, JsonObject *payload)
{
  g_autoptr (JsonObject) owned = payload;
  g_autofree char *padding = g_strndup (PADDING, 1 + draw (writer, strlen (PADDING)));
  g_autofree char *text = NULL;

  json_object_set_string_member (owned, "p", padding);
  text = rafilm_local_json_to_text (owned);
  g_ptr_array_add (writer->frames, rafilm_local_frame_new ("event", type, text));
}

static JsonObject *
make_block_event (guint index)
{
  JsonObject *payload = json_object_new ();

  json_object_set_int_member (payload, "contentBlockIndex", index);

  return payload;
}

static void
write_delta (Writer *writer, guint index, JsonObject *delta)
{
  JsonObject *payload = make_block_event (index);

  json_object_set_object_member (payload, "delta", delta);
  write_event (writer, "contentBlockDelta", payload);
}

/* Returns the number of pieces, which stand for tokens. */
static guint
write_text (Writer *writer, const char *text, guint max_tokens)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("\\s*(?:\\[\\[|\\]\\]|[\\w'’]{1,8}|.)", G_REGEX_DOTALL, 0, NULL);
  g_autoptr (GMatchInfo) info = NULL;
  guint tokens = 0;

  g_regex_match (regex, text, 0, &info);
  while (g_match_info_matches (info) && (max_tokens == 0 || tokens < max_tokens))
    {
      g_autofree char *piece = g_match_info_fetch (info, 0);
      JsonObject *delta = json_object_new ();

      json_object_set_string_member (delta, "text", piece);
      write_delta (writer, 0, delta);
      tokens++;
      g_match_info_next (info, NULL);
    }
  write_event (writer, "contentBlockStop", make_block_event (0));

  return tokens;
}

static void
write_tool_input (Writer *writer, guint index, const char *text)
{
  const char *rest = text;
  gboolean first = TRUE;

  while (first || *rest != '\0')
    {
      JsonObject *delta = json_object_new ();
      JsonObject *use = json_object_new ();
      glong left = g_utf8_strlen (rest, -1);
      glong wanted = first ? 0 : 2 + (glong) draw (writer, 11);
      glong length = MIN (left, wanted);
      const char *end = g_utf8_offset_to_pointer (rest, length);
      g_autofree char *piece = g_strndup (rest, (gsize) (end - rest));

      json_object_set_string_member (use, "input", piece);
      json_object_set_object_member (delta, "toolUse", use);
      write_delta (writer, index, delta);
      rest = end;
      first = FALSE;
    }
}

static void
write_call (Writer *writer, guint index, RafilmLocalToolCall *call)
{
  JsonObject *payload = make_block_event (index);
  JsonObject *start = json_object_new ();
  JsonObject *use = json_object_new ();
  g_autofree char *input = rafilm_local_json_to_text (call->input);

  json_object_set_string_member (use, "name", call->name);
  json_object_set_string_member (use, "toolUseId", call->id);
  json_object_set_object_member (start, "toolUse", use);
  json_object_set_object_member (payload, "start", start);
  write_event (writer, "contentBlockStart", payload);
  write_tool_input (writer, index, input);
  write_event (writer, "contentBlockStop", make_block_event (index));
}

static void
write_end (Writer *writer, const char *stop_reason, guint tokens)
{
  JsonObject *stop = json_object_new ();
  JsonObject *metadata = json_object_new ();
  JsonObject *usage = json_object_new ();
  JsonObject *metrics = json_object_new ();

  json_object_set_string_member (stop, "stopReason", stop_reason);
  write_event (writer, "messageStop", stop);
  json_object_set_int_member (usage, "inputTokens", tokens * 4);
  json_object_set_int_member (usage, "outputTokens", tokens);
  json_object_set_int_member (usage, "totalTokens", tokens * 5);
  json_object_set_int_member (metrics, "latencyMs", tokens * 10);
  json_object_set_object_member (metadata, "usage", usage);
  json_object_set_object_member (metadata, "metrics", metrics);
  write_event (writer, "metadata", metadata);
}

GPtrArray *
rafilm_local_converse_make_frames (RafilmLocalReply *reply, guint max_tokens)
{
  JsonObject *start = json_object_new ();
  Writer writer = { 0 };
  guint tokens = 0;
  const char *stop_reason = "end_turn";

  g_return_val_if_fail (reply != NULL, NULL);

  writer.frames = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  json_object_set_string_member (start, "role", "assistant");
  write_event (&writer, "messageStart", start);
  if (reply->text != NULL)
    {
      tokens = write_text (&writer, reply->text, max_tokens);
      if (max_tokens != 0 && tokens >= max_tokens)
        stop_reason = "max_tokens";
    }
  for (guint i = 0; i < reply->calls->len; i++)
    {
      write_call (&writer, i, reply->calls->pdata[i]);
      tokens += 20;
      stop_reason = "tool_use";
    }
  write_end (&writer, stop_reason, tokens);

  return writer.frames;
}
