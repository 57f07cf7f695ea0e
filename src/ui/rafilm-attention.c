/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-attention.h"

struct _RafilmAttention
{
  GObject parent_instance;

  guint patience;
  guint timer;
  gboolean away;
};

enum
{
  PROP_0,
  PROP_AWAY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmAttention, rafilm_attention, G_TYPE_OBJECT)

static void
set_away (RafilmAttention *self, gboolean away)
{
  if (self->away == away)
    return;

  self->away = away;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AWAY]);
}

static void
timer_ran_out_cb (gpointer user_data)
{
  RafilmAttention *self = user_data;

  self->timer = 0;
  set_away (self, TRUE);
}

static void
rafilm_attention_dispose (GObject *object)
{
  RafilmAttention *self = RAFILM_ATTENTION (object);

  g_clear_handle_id (&self->timer, g_source_remove);

  G_OBJECT_CLASS (rafilm_attention_parent_class)->dispose (object);
}

static void
rafilm_attention_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, RAFILM_ATTENTION (object)->away);
}

static void
rafilm_attention_class_init (RafilmAttentionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = rafilm_attention_dispose;
  object_class->get_property = rafilm_attention_get_property;

  properties[PROP_AWAY] =
      g_param_spec_boolean ("away", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rafilm_attention_init (RafilmAttention *self)
{
}

RafilmAttention *
rafilm_attention_new (guint patience)
{
  RafilmAttention *self = g_object_new (RAFILM_TYPE_ATTENTION, NULL);

  self->patience = patience;

  return self;
}

void
rafilm_attention_set_shown (RafilmAttention *self, gboolean shown)
{
  g_return_if_fail (RAFILM_IS_ATTENTION (self));

  if (shown)
    {
      g_clear_handle_id (&self->timer, g_source_remove);
      set_away (self, FALSE);
    }
  else if (self->timer == 0 && !self->away)
    {
      self->timer = g_timeout_add_once (self->patience, timer_ran_out_cb, self);
      g_source_set_name_by_id (self->timer, "[rafilm] attention");
    }
}

gboolean
rafilm_attention_get_away (RafilmAttention *self)
{
  g_return_val_if_fail (RAFILM_IS_ATTENTION (self), FALSE);

  return self->away;
}
