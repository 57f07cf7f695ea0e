/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-version.h"

struct _RafilmVersion
{
  GObject parent_instance;

  char *id;
  char *viewing;
  char *kind;
  char *field;
  char *text;
  char *by;
  gint64 at;
  gboolean spoiler;
};

typedef enum
{
  PROP_ID = 1,
  PROP_VIEWING,
  PROP_KIND,
  PROP_FIELD,
  PROP_TEXT,
  PROP_BY,
  PROP_AT,
  PROP_SPOILER,
} VersionProperty;

static GParamSpec *properties[PROP_SPOILER + 1];

G_DEFINE_FINAL_TYPE (RafilmVersion, rafilm_version, G_TYPE_OBJECT)

static char **
find_text (RafilmVersion *self, guint prop_id)
{
  switch ((VersionProperty) prop_id)
    {
    case PROP_ID:
      return &self->id;
    case PROP_VIEWING:
      return &self->viewing;
    case PROP_KIND:
      return &self->kind;
    case PROP_FIELD:
      return &self->field;
    case PROP_TEXT:
      return &self->text;
    case PROP_BY:
      return &self->by;
    case PROP_AT:
    case PROP_SPOILER:
    default:
      g_assert_not_reached ();
    }
}

static void
rafilm_version_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmVersion *self = RAFILM_VERSION (object);

  if (prop_id == PROP_AT)
    g_value_set_int64 (value, self->at);
  else if (prop_id == PROP_SPOILER)
    g_value_set_boolean (value, self->spoiler);
  else
    g_value_set_string (value, *find_text (self, prop_id));
}

static void
rafilm_version_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RafilmVersion *self = RAFILM_VERSION (object);

  if (prop_id == PROP_AT)
    self->at = g_value_get_int64 (value);
  else if (prop_id == PROP_SPOILER)
    self->spoiler = g_value_get_boolean (value);
  else
    g_set_str (find_text (self, prop_id), g_value_get_string (value));
}

static void
rafilm_version_finalize (GObject *object)
{
  RafilmVersion *self = RAFILM_VERSION (object);

  for (guint prop_id = PROP_ID; prop_id < PROP_AT; prop_id++)
    g_free (*find_text (self, prop_id));

  G_OBJECT_CLASS (rafilm_version_parent_class)->finalize (object);
}

static void
rafilm_version_class_init (RafilmVersionClass *klass)
{
  static const char *const names[] = {
    [PROP_ID] = "id",       [PROP_VIEWING] = "viewing", [PROP_KIND] = "kind",
    [PROP_FIELD] = "field", [PROP_TEXT] = "text",       [PROP_BY] = "by"
  };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = rafilm_version_get_property;
  object_class->set_property = rafilm_version_set_property;
  object_class->finalize = rafilm_version_finalize;

  for (guint prop_id = PROP_ID; prop_id < PROP_AT; prop_id++)
    properties[prop_id] = g_param_spec_string (names[prop_id], NULL, NULL, "", flags);
  properties[PROP_AT] = g_param_spec_int64 ("at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_SPOILER] = g_param_spec_boolean ("spoiler", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
rafilm_version_init (RafilmVersion *self)
{
}

const char *
rafilm_version_get_id (RafilmVersion *self)
{
  g_return_val_if_fail (RAFILM_IS_VERSION (self), NULL);

  return self->id;
}

const char *
rafilm_version_get_viewing (RafilmVersion *self)
{
  g_return_val_if_fail (RAFILM_IS_VERSION (self), NULL);

  return self->viewing;
}

const char *
rafilm_version_get_kind (RafilmVersion *self)
{
  g_return_val_if_fail (RAFILM_IS_VERSION (self), NULL);

  return self->kind;
}

const char *
rafilm_version_get_field (RafilmVersion *self)
{
  g_return_val_if_fail (RAFILM_IS_VERSION (self), NULL);

  return self->field;
}

const char *
rafilm_version_get_text (RafilmVersion *self)
{
  g_return_val_if_fail (RAFILM_IS_VERSION (self), NULL);

  return self->text;
}

gboolean
rafilm_version_get_spoiler (RafilmVersion *self)
{
  g_return_val_if_fail (RAFILM_IS_VERSION (self), FALSE);

  return self->spoiler;
}

const char *
rafilm_version_get_by (RafilmVersion *self)
{
  g_return_val_if_fail (RAFILM_IS_VERSION (self), NULL);

  return self->by;
}

gint64
rafilm_version_get_at (RafilmVersion *self)
{
  g_return_val_if_fail (RAFILM_IS_VERSION (self), 0);

  return self->at;
}
