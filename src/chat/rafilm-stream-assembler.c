/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-stream-assembler.h"

#include <string.h>

#include "rafilm-film-json.h"
#include "rafilm-handle.h"

/* What stands where messages are missing. */
#define GAP_MARK " … "

typedef enum
{
  PART_NOTHING, /* unusable, but its number is taken */
  PART_DELTA,
  PART_FILM,
  PART_DONE,
  PART_ERROR,
} PartKind;

typedef struct
{
  PartKind kind;
  char *text; /* of a delta; the reason of an end */
  RafilmFilm *film;
} Part;

struct _RafilmStreamAssembler
{
  GHashTable *waiting; /* number -> Part */
  GHashTable *films;   /* ids that have come out */
  GQueue events;
  GString *held; /* text not out yet: it may end in half a handle */
  gint64 next;
  gint64 gap_since; /* 0 for no gap */
  gsize total;
  guint dropped;
  guint gaps;
  gboolean begun;
  gboolean ended;
  gboolean after_blank; /* what came out last is a blank, or nothing did */
  gboolean after_bracket;
  gboolean after_drop;
};

static void
part_free (Part *part)
{
  g_clear_pointer (&part->text, g_free);
  g_clear_object (&part->film);
  g_free (part);
}

/* ---- Reading ---- */

static const char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_get_string (node);
}

static gint64
get_number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    return -1;

  return json_node_get_int (node);
}

/* Valid UTF-8 without control characters but for new lines. */
static char *
dup_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *clean = g_string_sized_new (strlen (valid));

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar u = g_utf8_get_char (c);

      if (u == '\t')
        g_string_append_c (clean, ' ');
      else if (u == '\n' || !g_unichar_iscntrl (u))
        g_string_append_unichar (clean, u);
    }

  return g_string_free_and_steal (clean);
}

static Part *
read_part (JsonObject *message)
{
  const char *type = get_string (message, "t");
  const char *text = NULL;
  Part *part = g_new0 (Part, 1);

  if (g_strcmp0 (type, "chat.delta") == 0)
    {
      text = get_string (message, "text");
      part->kind =
          text != NULL && strlen (text) <= RAFILM_STREAM_MAX_PART ? PART_DELTA : PART_NOTHING;
    }
  else if (g_strcmp0 (type, "chat.film") == 0)
    {
      JsonNode *node = json_object_get_member (message, "film");

      if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
        part->film = rafilm_film_from_json (json_node_get_object (node), NULL);
      part->kind = part->film != NULL ? PART_FILM : PART_NOTHING;
    }
  else if (g_strcmp0 (type, "chat.done") == 0)
    {
      text = get_string (message, "stop");
      part->kind = PART_DONE;
    }
  else if (g_strcmp0 (type, "chat.error") == 0)
    {
      text = get_string (message, "code");
      part->kind = PART_ERROR;
    }
  else
    {
      part_free (part);
      return NULL;
    }

  if (text != NULL && part->kind != PART_NOTHING)
    part->text = dup_clean (text);

  return part;
}

/* ---- Writing ---- */

static void
push_event (RafilmStreamAssembler *self, RafilmStreamEventKind kind, const char *text,
            RafilmFilm *film)
{
  RafilmStreamEvent *event = g_new0 (RafilmStreamEvent, 1);

  event->kind = kind;
  event->text = g_strdup (text);
  if (film != NULL)
    event->film = g_object_ref (film);
  g_queue_push_tail (&self->events, event);
}

static void
write_char (RafilmStreamAssembler *self, GString *out, const char *c)
{
  gsize length = (gsize) (g_utf8_next_char (c) - c);

  /* No two blanks where a handle was dropped. */
  if (self->after_drop && *c == ' ' && self->after_blank)
    return;
  /* Two brackets come out only as a handle, so that none is made of the halves around what was
   * dropped. */
  if (*c == '[' && self->after_bracket)
    g_string_append_c (out, ' ');

  g_string_append_len (out, c, (gssize) length);
  self->after_drop = FALSE;
  self->after_blank = *c == ' ' || *c == '\n';
  self->after_bracket = *c == '[';
}

/* The bytes of the handle at @c that were dealt with; 0 when @c is ordinary text. */
static gsize
write_handle (RafilmStreamAssembler *self, GString *out, const char *c, gboolean final)
{
  gint64 id = 0;
  gsize length;

  if (c[0] != '[' || c[1] != '[')
    return 0;

  length = rafilm_handle_read (c, &id);
  if (length == 0 && final && g_str_has_prefix (c, "[[tmdb:") && rafilm_handle_may_grow (c))
    length = strlen (c);
  if (length == 0)
    return 0;

  if (id == 0 || !g_hash_table_contains (self->films, &id))
    {
      self->dropped++;
      self->after_drop = TRUE;
      return length;
    }

  if (self->after_bracket)
    g_string_append_c (out, ' ');
  g_string_append_len (out, c, (gssize) length);
  self->after_drop = self->after_blank = self->after_bracket = FALSE;

  return length;
}

/* Lets out what of the held text can no longer become part of a handle. */
static void
release_text (RafilmStreamAssembler *self, gboolean final)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *c = self->held->str;

  while (*c != '\0')
    {
      gsize length = write_handle (self, out, c, final);

      if (length > 0)
        {
          c += length;
          continue;
        }
      if (!final && *c == '[' && rafilm_handle_may_grow (c))
        break;
      write_char (self, out, c);
      c = g_utf8_next_char (c);
    }

  g_string_erase (self->held, 0, c - self->held->str);
  if (out->len > 0)
    push_event (self, RAFILM_STREAM_TEXT, out->str, NULL);
}

static void
end (RafilmStreamAssembler *self, RafilmStreamEventKind kind, const char *code)
{
  release_text (self, TRUE);
  push_event (self, kind, code, NULL);
  g_hash_table_remove_all (self->waiting);
  self->gap_since = 0;
  self->ended = TRUE;
}

static void
add_text (RafilmStreamAssembler *self, const char *text)
{
  gsize length = strlen (text);

  self->total += length;
  if (self->total > RAFILM_STREAM_MAX_TEXT)
    {
      end (self, RAFILM_STREAM_STOPPED, NULL);
      return;
    }

  g_string_append_len (self->held, text, (gssize) length);
  release_text (self, FALSE);
}

static void
add_film (RafilmStreamAssembler *self, RafilmFilm *film)
{
  gint64 id = rafilm_film_get_id (film);

  if (g_hash_table_contains (self->films, &id)
      || g_hash_table_size (self->films) >= RAFILM_STREAM_MAX_FILMS)
    return;

  g_hash_table_add (self->films, g_memdup2 (&id, sizeof id));
  push_event (self, RAFILM_STREAM_FILM, NULL, film);
}

static void
process (RafilmStreamAssembler *self, const Part *part)
{
  switch (part->kind)
    {
    case PART_DELTA:
      add_text (self, part->text);
      break;
    case PART_FILM:
      add_film (self, part->film);
      break;
    case PART_DONE:
      end (self,
           g_strcmp0 (part->text, "stopped") == 0 || g_strcmp0 (part->text, "max_tokens") == 0
               ? RAFILM_STREAM_STOPPED
               : RAFILM_STREAM_DONE,
           part->text);
      break;
    case PART_ERROR:
      end (self, RAFILM_STREAM_ERROR, part->text);
      break;
    case PART_NOTHING:
    default:
      break;
    }
}

/* ---- Order ---- */

static void
skip_gap (RafilmStreamAssembler *self)
{
  GHashTableIter iter;
  gpointer key;
  gint64 lowest = G_MAXINT64;

  g_hash_table_iter_init (&iter, self->waiting);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    lowest = MIN (lowest, *(gint64 *) key);

  self->next = lowest;
  self->gaps++;
  /* Half a handle has lost its other half. */
  if (self->held->len > 0)
    {
      g_string_truncate (self->held, 0);
      self->dropped++;
    }
  push_event (self, RAFILM_STREAM_TEXT, GAP_MARK, NULL);
  self->after_blank = TRUE;
  self->after_bracket = FALSE;
}

static void
process_in_order (RafilmStreamAssembler *self, gint64 now)
{
  gint64 zero = 0;

  if (!self->begun && g_hash_table_contains (self->waiting, &zero))
    self->next = 0;

  while (!self->ended && g_hash_table_size (self->waiting) > 0)
    {
      gpointer key = NULL;
      gpointer value = NULL;

      if (g_hash_table_steal_extended (self->waiting, &self->next, &key, &value))
        {
          process (self, value);
          part_free (value);
          g_free (key);
          self->next++;
          self->begun = TRUE;
          self->gap_since = 0;
          continue;
        }
      if (self->gap_since == 0)
        self->gap_since = MAX (now, 1);
      if (now < self->gap_since + RAFILM_STREAM_GAP_MSEC)
        return;
      skip_gap (self);
    }
}

RafilmStreamAssembler *
rafilm_stream_assembler_new (void)
{
  RafilmStreamAssembler *self = g_new0 (RafilmStreamAssembler, 1);

  self->waiting =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) part_free);
  self->films = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->held = g_string_new (NULL);
  g_queue_init (&self->events);
  self->next = 1;
  self->after_blank = TRUE;

  return self;
}

void
rafilm_stream_assembler_free (RafilmStreamAssembler *self)
{
  g_clear_pointer (&self->waiting, g_hash_table_unref);
  g_clear_pointer (&self->films, g_hash_table_unref);
  g_queue_clear_full (&self->events, (GDestroyNotify) rafilm_stream_event_free);
  g_string_free (self->held, TRUE);
  g_free (self);
}

void
rafilm_stream_event_free (RafilmStreamEvent *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_object (&self->film);
  g_free (self);
}

gboolean
rafilm_stream_assembler_take (RafilmStreamAssembler *self, JsonObject *message, gint64 now)
{
  gint64 seq;
  Part *part;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (message != NULL, FALSE);

  seq = get_number (message, "seq");
  /* The service can fail before it numbers anything. */
  if (!self->ended && seq < 0 && g_strcmp0 (get_string (message, "t"), "chat.error") == 0)
    {
      end (self, RAFILM_STREAM_ERROR, get_string (message, "code"));
      return TRUE;
    }
  if (self->ended || seq < 0 || seq > RAFILM_STREAM_MAX_SEQ
      || (seq < self->next && (self->begun || seq > 0))
      || g_hash_table_contains (self->waiting, &seq)
      || g_hash_table_size (self->waiting) >= RAFILM_STREAM_MAX_WAITING)
    return FALSE;

  part = read_part (message);
  if (part == NULL)
    return FALSE;

  g_hash_table_insert (self->waiting, g_memdup2 (&seq, sizeof seq), part);
  process_in_order (self, now);

  return TRUE;
}

RafilmStreamEvent *
rafilm_stream_assembler_pop (RafilmStreamAssembler *self, gint64 now)
{
  g_return_val_if_fail (self != NULL, NULL);

  process_in_order (self, now);

  return g_queue_pop_head (&self->events);
}

gint64
rafilm_stream_assembler_get_deadline (RafilmStreamAssembler *self)
{
  g_return_val_if_fail (self != NULL, G_MAXINT64);

  return self->gap_since != 0 ? self->gap_since + RAFILM_STREAM_GAP_MSEC : G_MAXINT64;
}

guint
rafilm_stream_assembler_get_dropped (RafilmStreamAssembler *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->dropped;
}

guint
rafilm_stream_assembler_get_gaps (RafilmStreamAssembler *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->gaps;
}
