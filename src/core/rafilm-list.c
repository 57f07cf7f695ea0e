/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-list.h"

struct _RafilmList
{
  GObject parent_instance;

  char *id;
  char *name;
  char *description;
  guint count;
  gboolean ranked;
  gboolean public;
};

G_DEFINE_FINAL_TYPE (RafilmList, rafilm_list, G_TYPE_OBJECT)

typedef enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_DESCRIPTION,
  PROP_RANKED,
  PROP_PUBLIC,
  PROP_COUNT,
} ListProperty;

static GParamSpec *properties[PROP_COUNT + 1];

static void
rafilm_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmList *self = RAFILM_LIST (object);

  switch ((ListProperty) prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_DESCRIPTION:
      g_value_set_string (value, self->description);
      break;
    case PROP_RANKED:
      g_value_set_boolean (value, self->ranked);
      break;
    case PROP_PUBLIC:
      g_value_set_boolean (value, self->public);
      break;
    case PROP_COUNT:
      g_value_set_uint (value, self->count);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_list_finalize (GObject *object)
{
  RafilmList *self = RAFILM_LIST (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->description, g_free);

  G_OBJECT_CLASS (rafilm_list_parent_class)->finalize (object);
}

static void
rafilm_list_class_init (RafilmListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = rafilm_list_get_property;
  object_class->finalize = rafilm_list_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, flags);
  properties[PROP_RANKED] = g_param_spec_boolean ("ranked", NULL, NULL, FALSE, flags);
  properties[PROP_PUBLIC] = g_param_spec_boolean ("public", NULL, NULL, FALSE, flags);
  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, flags);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
rafilm_list_init (RafilmList *self)
{
}

RafilmList *
rafilm_list_new (const char *id, const char *name, const char *description, gboolean ranked,
                 gboolean public, guint count)
{
  RafilmList *self = g_object_new (RAFILM_TYPE_LIST, NULL);

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->description = g_strdup (description);
  self->ranked = ranked;
  self->public = public;
  self->count = count;

  return self;
}

#define GETTER(type, name, nothing)                                                                \
  type rafilm_list_get_##name (RafilmList *self)                                                   \
  {                                                                                                \
    g_return_val_if_fail (RAFILM_IS_LIST (self), nothing);                                         \
                                                                                                   \
    return self->name;                                                                             \
  }

GETTER (const char *, id, NULL)
GETTER (const char *, name, NULL)
GETTER (const char *, description, NULL)
GETTER (gboolean, ranked, FALSE)
GETTER (gboolean, public, FALSE)
GETTER (guint, count, 0)
