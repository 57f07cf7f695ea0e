/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-message.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rafilm-handle.h"
#include "rafilm-id.h"

struct _RafilmMessage
{
  GObject parent_instance;

  char *id;
  GString *text;
  char *error;
  GListStore *films;
  gint64 at;
  RafilmMessageRole role;
  RafilmMessageState state;
  RafilmMessageSource source;
};

G_DEFINE_FINAL_TYPE (RafilmMessage, rafilm_message, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (RafilmMessageRole, rafilm_message_role,
                    G_DEFINE_ENUM_VALUE (RAFILM_MESSAGE_USER, "user"),
                    G_DEFINE_ENUM_VALUE (RAFILM_MESSAGE_ASSISTANT, "assistant"))

G_DEFINE_ENUM_TYPE (RafilmMessageState, rafilm_message_state,
                    G_DEFINE_ENUM_VALUE (RAFILM_MESSAGE_STREAMING, "streaming"),
                    G_DEFINE_ENUM_VALUE (RAFILM_MESSAGE_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (RAFILM_MESSAGE_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (RAFILM_MESSAGE_FAILED, "failed"))

G_DEFINE_ENUM_TYPE (RafilmMessageSource, rafilm_message_source,
                    G_DEFINE_ENUM_VALUE (RAFILM_MESSAGE_CLOUD, "cloud"),
                    G_DEFINE_ENUM_VALUE (RAFILM_MESSAGE_DEVICE, "device"))

typedef enum
{
  PROP_ID = 1,
  PROP_ROLE,
  PROP_TEXT,
  PROP_PLAIN_TEXT,
  PROP_STATE,
  PROP_SOURCE,
  PROP_ERROR,
  PROP_FILMS,
  PROP_AT,
} MessageProperty;

static GParamSpec *properties[PROP_AT + 1];

static void
notify_text (RafilmMessage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAIN_TEXT]);
}

static RafilmFilm *
find_film (RafilmMessage *self, gint64 id)
{
  GListModel *films = G_LIST_MODEL (self->films);

  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);

      /* The list keeps it alive. */
      if (rafilm_film_get_id (film) == id)
        return film;
    }

  return NULL;
}

static void
append_segment (GPtrArray *segments, const char *text, gsize length, RafilmFilm *film)
{
  RafilmMessageSegment *segment;

  if (film == NULL && length == 0)
    return;

  segment = g_new0 (RafilmMessageSegment, 1);
  if (film != NULL)
    segment->film = g_object_ref (film);
  else
    segment->text = g_strndup (text, length);
  g_ptr_array_add (segments, segment);
}

static void
rafilm_message_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmMessage *self = RAFILM_MESSAGE (object);

  switch ((MessageProperty) prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_ROLE:
      g_value_set_enum (value, self->role);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text->str);
      break;
    case PROP_PLAIN_TEXT:
      g_value_take_string (value, rafilm_message_dup_plain_text (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_SOURCE:
      g_value_set_enum (value, self->source);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case PROP_FILMS:
      g_value_set_object (value, self->films);
      break;
    case PROP_AT:
      g_value_set_int64 (value, self->at);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_message_finalize (GObject *object)
{
  RafilmMessage *self = RAFILM_MESSAGE (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->error, g_free);
  g_clear_object (&self->films);
  g_string_free (self->text, TRUE);

  G_OBJECT_CLASS (rafilm_message_parent_class)->finalize (object);
}

static void
rafilm_message_class_init (RafilmMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = rafilm_message_get_property;
  object_class->finalize = rafilm_message_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_ROLE] =
      g_param_spec_enum ("role", NULL, NULL, RAFILM_TYPE_MESSAGE_ROLE, RAFILM_MESSAGE_USER, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", flags);
  properties[PROP_PLAIN_TEXT] = g_param_spec_string ("plain-text", NULL, NULL, "", flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, RAFILM_TYPE_MESSAGE_STATE,
                                              RAFILM_MESSAGE_STREAMING, flags);
  properties[PROP_SOURCE] = g_param_spec_enum ("source", NULL, NULL, RAFILM_TYPE_MESSAGE_SOURCE,
                                               RAFILM_MESSAGE_CLOUD, flags);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);
  properties[PROP_FILMS] = g_param_spec_object ("films", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_AT] = g_param_spec_int64 ("at", NULL, NULL, 0, G_MAXINT64, 0, flags);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
rafilm_message_init (RafilmMessage *self)
{
  self->text = g_string_new (NULL);
  self->films = g_list_store_new (RAFILM_TYPE_FILM);
}

void
rafilm_message_segment_free (RafilmMessageSegment *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_object (&self->film);
  g_free (self);
}

RafilmMessage *
rafilm_message_new (const char *id, RafilmMessageRole role, gint64 at)
{
  RafilmMessage *self = g_object_new (RAFILM_TYPE_MESSAGE, NULL);

  self->id = id != NULL ? g_strdup (id) : rafilm_id_new ();
  self->role = role;
  self->at = at;
  self->state = role == RAFILM_MESSAGE_USER ? RAFILM_MESSAGE_DONE : RAFILM_MESSAGE_STREAMING;

  return self;
}

#define GETTER(type, name, value, nothing)                                                         \
  type rafilm_message_get_##name (RafilmMessage *self)                                             \
  {                                                                                                \
    g_return_val_if_fail (RAFILM_IS_MESSAGE (self), nothing);                                      \
                                                                                                   \
    return value;                                                                                  \
  }

GETTER (const char *, id, self->id, NULL)
GETTER (RafilmMessageRole, role, self->role, RAFILM_MESSAGE_USER)
GETTER (const char *, text, self->text->str, NULL)
GETTER (RafilmMessageState, state, self->state, RAFILM_MESSAGE_FAILED)
GETTER (RafilmMessageSource, source, self->source, RAFILM_MESSAGE_CLOUD)
GETTER (const char *, error, self->error, NULL)
GETTER (GListModel *, films, G_LIST_MODEL (self->films), NULL)
GETTER (gint64, at, self->at, 0)

void
rafilm_message_append_text (RafilmMessage *self, const char *text)
{
  g_return_if_fail (RAFILM_IS_MESSAGE (self));
  g_return_if_fail (text != NULL);

  if (*text == '\0')
    return;

  g_string_append (self->text, text);
  notify_text (self);
}

void
rafilm_message_add_film (RafilmMessage *self, RafilmFilm *film)
{
  g_return_if_fail (RAFILM_IS_MESSAGE (self));
  g_return_if_fail (RAFILM_IS_FILM (film));

  if (find_film (self, rafilm_film_get_id (film)) == NULL)
    g_list_store_append (self->films, film);
}

void
rafilm_message_reset (RafilmMessage *self, RafilmMessageSource source)
{
  g_return_if_fail (RAFILM_IS_MESSAGE (self));

  g_string_truncate (self->text, 0);
  g_list_store_remove_all (self->films);
  rafilm_message_set_source (self, source);
  rafilm_message_finish (self, RAFILM_MESSAGE_STREAMING, NULL);
  notify_text (self);
}

void
rafilm_message_finish (RafilmMessage *self, RafilmMessageState state, const char *error)
{
  g_return_if_fail (RAFILM_IS_MESSAGE (self));

  if (g_set_str (&self->error, error))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
}

void
rafilm_message_set_source (RafilmMessage *self, RafilmMessageSource source)
{
  g_return_if_fail (RAFILM_IS_MESSAGE (self));

  if (self->source == source)
    return;

  self->source = source;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SOURCE]);
}

GPtrArray *
rafilm_message_dup_segments (RafilmMessage *self)
{
  g_autoptr (GPtrArray) segments = NULL;
  const char *run;
  const char *open;

  g_return_val_if_fail (RAFILM_IS_MESSAGE (self), NULL);

  segments = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_message_segment_free);
  run = self->text->str;
  /* What the person typed is never anything but text. */
  open = self->role == RAFILM_MESSAGE_ASSISTANT ? strstr (run, "[[") : NULL;
  while (open != NULL)
    {
      gint64 id;
      gsize length = rafilm_handle_read (open, &id);

      if (length == 0)
        {
          open = strstr (open + 1, "[[");
          continue;
        }
      append_segment (segments, run, (gsize) (open - run), NULL);
      append_segment (segments, NULL, 0, id != 0 ? find_film (self, id) : NULL);
      run = open + length;
      open = strstr (run, "[[");
    }
  append_segment (segments, run, strlen (run), NULL);

  return g_steal_pointer (&segments);
}

char *
rafilm_message_dup_plain_text (RafilmMessage *self)
{
  g_autoptr (GPtrArray) segments = NULL;
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (RAFILM_IS_MESSAGE (self), NULL);

  segments = rafilm_message_dup_segments (self);
  text = g_string_new (NULL);
  for (guint i = 0; i < segments->len; i++)
    {
      const RafilmMessageSegment *segment = g_ptr_array_index (segments, i);
      g_autofree char *name = NULL;

      if (segment->film != NULL)
        name = rafilm_message_dup_film_name (segment->film);
      g_string_append (text, name != NULL ? name : segment->text);
    }

  return g_string_free_and_steal (g_steal_pointer (&text));
}

char *
rafilm_message_dup_film_name (RafilmFilm *film)
{
  int year;

  g_return_val_if_fail (RAFILM_IS_FILM (film), NULL);

  year = rafilm_film_get_year (film);
  if (year == 0)
    return g_strdup (rafilm_film_get_title (film));

  /* Translators: a film's title and its year, such as Heat (1995) */
  return g_strdup_printf (_ ("%s (%d)"), rafilm_film_get_title (film), year);
}
