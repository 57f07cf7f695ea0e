/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-film-hero.h"

#include <glib/gi18n.h>

#include "rafilm-backdrop.h"
#include "rafilm-closures.h"
#include "rafilm-poster-view.h"

struct _RafilmFilmHero
{
  AdwBin parent_instance;

  RafilmFilm *film;
  char *reason;
  GSignalGroup *film_signals;

  GtkButton *poster;
  GtkButton *watchlist_button;
  GtkButton *more_button;
  GtkButton *hide_button;
};

enum
{
  PROP_0,
  PROP_FILM,
  PROP_REASON,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmFilmHero, rafilm_film_hero, ADW_TYPE_BIN)

static void
update_watchlist_cb (RafilmFilmHero *self)
{
  gboolean on = self->film != NULL && rafilm_film_get_state (self->film)->watchlist;

  gtk_button_set_label (self->watchlist_button,
                        on ? _ ("On Your _Watchlist") : _ ("Add to _Watchlist"));
  if (self->film != NULL)
    {
      g_autofree char *label = rafilm_film_dup_accessible_label (self->film);

      gtk_accessible_update_property (GTK_ACCESSIBLE (self->poster), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      label, -1);
    }
}

/* The target comes first, since an action without one does not fit. */
static void
set_action (GtkButton *button, const char *action, gint64 film)
{
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", film);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
}

static void
rafilm_film_hero_dispose (GObject *object)
{
  RafilmFilmHero *self = RAFILM_FILM_HERO (object);

  g_clear_object (&self->film_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_FILM_HERO);
  g_clear_object (&self->film);
  g_clear_pointer (&self->reason, g_free);

  G_OBJECT_CLASS (rafilm_film_hero_parent_class)->dispose (object);
}

static void
rafilm_film_hero_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmFilmHero *self = RAFILM_FILM_HERO (object);

  switch (prop_id)
    {
    case PROP_FILM:
      g_value_set_object (value, self->film);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_film_hero_class_init (RafilmFilmHeroClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = rafilm_film_hero_dispose;
  object_class->get_property = rafilm_film_hero_get_property;

  properties[PROP_FILM] = g_param_spec_object ("film", NULL, NULL, RAFILM_TYPE_FILM, flags);
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (RAFILM_TYPE_BACKDROP);
  g_type_ensure (RAFILM_TYPE_POSTER_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-film-hero.ui");
  rafilm_closures_bind (widget_class);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmHero, poster);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmHero, watchlist_button);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmHero, more_button);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmHero, hide_button);
}

static void
rafilm_film_hero_init (RafilmFilmHero *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->film_signals = g_signal_group_new (RAFILM_TYPE_FILM);
  g_signal_group_connect_swapped (self->film_signals, "notify::accessible-label",
                                  G_CALLBACK (update_watchlist_cb), self);
}

void
rafilm_film_hero_set_film (RafilmFilmHero *self, RafilmFilm *film, const char *reason)
{
  gint64 id;

  g_return_if_fail (RAFILM_IS_FILM_HERO (self));

  g_set_str (&self->reason, reason);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASON]);
  if (!g_set_object (&self->film, film))
    return;
  g_signal_group_set_target (self->film_signals, film);
  id = film != NULL ? rafilm_film_get_id (film) : 0;
  set_action (self->poster, "win.open-film", id);
  set_action (self->watchlist_button, "win.watchlist", id);
  set_action (self->more_button, "win.open-film", id);
  set_action (self->hide_button, "win.hide", id);
  update_watchlist_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILM]);
}
