/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-public-review.h"

#include <string.h>

#include "rafilm-date.h"
#include "rafilm-error.h"
#include "rafilm-json-body.h"

#define ID_LENGTH 22
#define MIN_HANDLE 3
#define MAX_HANDLE 20
#define MAX_TEXT (64 * 1024)

struct _RafilmPublicReview
{
  GObject parent_instance;

  char *id;
  char *handle;
  char *text;
  char *date;
  int rating;
  gboolean liked;
  gboolean spoiler;
};

G_DEFINE_FINAL_TYPE (RafilmPublicReview, rafilm_public_review, G_TYPE_OBJECT)

static gboolean
is_made_of (const char *text, gsize least, gsize most, const char *others)
{
  gsize length = text != NULL ? strlen (text) : 0;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && strchr (others, text[i]) == NULL)
      return FALSE;

  return length >= least && length <= most;
}

static gboolean
read_flag (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
         && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

RafilmPublicReview *
rafilm_public_review_from_json (JsonObject *object, GError **error)
{
  const char *id = rafilm_json_body_get_string (object, "id");
  const char *handle = rafilm_json_body_get_string (object, "handle");
  const char *text = rafilm_json_body_get_string (object, "text");
  const char *date = rafilm_json_body_get_string (object, "date");
  RafilmPublicReview *self;

  if (!is_made_of (id, ID_LENGTH, ID_LENGTH, "-_")
      || !is_made_of (handle, MIN_HANDLE, MAX_HANDLE, "_") || text == NULL || *text == '\0'
      || strlen (text) > MAX_TEXT || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                           "A review of the service makes no sense");
      return NULL;
    }

  self = g_object_new (RAFILM_TYPE_PUBLIC_REVIEW, NULL);
  self->id = g_strdup (id);
  self->handle = g_strdup (handle);
  self->text = g_strdup (text);
  self->date = date != NULL && rafilm_date_is_valid (date) ? g_strdup (date) : NULL;
  self->rating = (int) rafilm_json_body_get_int (object, "rating", 1, 10, 0);
  self->liked = read_flag (object, "liked");
  self->spoiler = read_flag (object, "spoiler");

  return self;
}

static void
rafilm_public_review_finalize (GObject *object)
{
  RafilmPublicReview *self = RAFILM_PUBLIC_REVIEW (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->handle, g_free);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->date, g_free);

  G_OBJECT_CLASS (rafilm_public_review_parent_class)->finalize (object);
}

static void
rafilm_public_review_class_init (RafilmPublicReviewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rafilm_public_review_finalize;
}

static void
rafilm_public_review_init (RafilmPublicReview *self)
{
}

#define GETTER(type, name, nothing)                                                                \
  type rafilm_public_review_get_##name (RafilmPublicReview *self)                                  \
  {                                                                                                \
    g_return_val_if_fail (RAFILM_IS_PUBLIC_REVIEW (self), nothing);                                \
                                                                                                   \
    return self->name;                                                                             \
  }

GETTER (const char *, id, NULL)
GETTER (const char *, handle, NULL)
GETTER (const char *, text, NULL)
GETTER (const char *, date, NULL)
GETTER (int, rating, 0)
GETTER (gboolean, liked, FALSE)
GETTER (gboolean, spoiler, FALSE)
