/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-diary-row.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-date.h"
#include "rafilm-poster-view.h"
#include "rafilm-rating.h"
#include "rafilm-review.h"
#include "rafilm-stars.h"

struct _RafilmDiaryRow
{
  GtkBox parent_instance;

  RafilmViewing *viewing;
  gboolean compact;
  gboolean veil;
};

enum
{
  PROP_0,
  PROP_VIEWING,
  PROP_FILM,
  PROP_COMPACT,
  PROP_VEIL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmDiaryRow, rafilm_diary_row, GTK_TYPE_BOX)

static char *
format_part (const char *date, const char *format)
{
  g_autoptr (GDateTime) day = NULL;
  int year;
  int month;
  int day_of_month;

  if (date == NULL || !rafilm_date_is_valid (date))
    return NULL;

  /* A valid date is three numbers with dashes between them. */
  year = (int) g_ascii_strtoll (date, NULL, 10);
  month = (int) g_ascii_strtoll (date + 5, NULL, 10);
  day_of_month = (int) g_ascii_strtoll (date + 8, NULL, 10);
  day = g_date_time_new_utc (year, month, day_of_month, 0, 0, 0);

  return day != NULL ? g_date_time_format (day, format) : NULL;
}

static char *
format_day (GtkWidget *widget, const char *date)
{
  char *text = format_part (date, "%-e");

  return text != NULL ? text : g_strdup ("–");
}

/* Under a month's heading the weekday says more than the month; elsewhere the
 * month and year are needed. */
static char *
format_weekday (GtkWidget *widget, const char *date, gboolean compact)
{
  char *text = format_part (date, compact ? "%b %Y" : "%a");

  return text != NULL ? text : g_strdup ("");
}

static char *
format_tags (GtkWidget *widget, const char *const *tags)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    g_string_append_printf (text, "%s#%s", i > 0 ? " " : "", tags[i]);

  return g_strdup (text->str);
}

static gboolean
has_tags (GtkWidget *widget, const char *const *tags)
{
  return tags != NULL && tags[0] != NULL;
}

static char *
format_review (GtkWidget *widget, const char *review, gboolean spoiler, gboolean veil)
{
  if (review == NULL)
    return g_strdup ("");
  if (spoiler && veil)
    return g_strdup (_ ("A review with spoilers"));

  return g_strdelimit (g_strdup (review), "\n", ' ');
}

/* A page of one film has room for whole reviews, the diary for their beginnings. */
static gboolean
shows_preview (GtkWidget *widget, const char *review, gboolean compact)
{
  return !compact && review != NULL && *review != '\0';
}

static gboolean
shows_review (GtkWidget *widget, const char *review, gboolean compact)
{
  return compact && review != NULL && *review != '\0';
}

static gboolean
has_versions (GtkWidget *widget, guint versions)
{
  return versions > 0;
}

static void
edit_clicked_cb (RafilmDiaryRow *self, GtkButton *button)
{
  if (self->viewing != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.edit-viewing", "s",
                                rafilm_viewing_get_id (self->viewing));
}

static void
rafilm_diary_row_dispose (GObject *object)
{
  RafilmDiaryRow *self = RAFILM_DIARY_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_DIARY_ROW);
  g_clear_object (&self->viewing);

  G_OBJECT_CLASS (rafilm_diary_row_parent_class)->dispose (object);
}

static void
rafilm_diary_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmDiaryRow *self = RAFILM_DIARY_ROW (object);

  switch (prop_id)
    {
    case PROP_VIEWING:
      g_value_set_object (value, self->viewing);
      break;
    case PROP_FILM:
      g_value_set_object (value,
                          self->viewing != NULL ? rafilm_viewing_get_film (self->viewing) : NULL);
      break;
    case PROP_COMPACT:
      g_value_set_boolean (value, self->compact);
      break;
    case PROP_VEIL:
      g_value_set_boolean (value, self->veil);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_diary_row_set_property (GObject *object, guint prop_id, const GValue *value,
                               GParamSpec *pspec)
{
  RafilmDiaryRow *self = RAFILM_DIARY_ROW (object);

  switch (prop_id)
    {
    case PROP_VIEWING:
      rafilm_diary_row_set_viewing (self, g_value_get_object (value));
      break;
    case PROP_COMPACT:
      self->compact = g_value_get_boolean (value);
      break;
    case PROP_VEIL:
      self->veil = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_diary_row_class_init (RafilmDiaryRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rafilm_diary_row_dispose;
  object_class->get_property = rafilm_diary_row_get_property;
  object_class->set_property = rafilm_diary_row_set_property;

  properties[PROP_VIEWING] =
      g_param_spec_object ("viewing", NULL, NULL, RAFILM_TYPE_VIEWING,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FILM] = g_param_spec_object ("film", NULL, NULL, RAFILM_TYPE_FILM,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_COMPACT] =
      g_param_spec_boolean ("compact", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_VEIL] =
      g_param_spec_boolean ("veil", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (RAFILM_TYPE_POSTER_VIEW);
  g_type_ensure (RAFILM_TYPE_REVIEW);
  g_type_ensure (RAFILM_TYPE_STARS);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-diary-row.ui");
  rafilm_closures_bind (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, format_day);
  gtk_widget_class_bind_template_callback (widget_class, format_weekday);
  gtk_widget_class_bind_template_callback (widget_class, format_tags);
  gtk_widget_class_bind_template_callback (widget_class, has_tags);
  gtk_widget_class_bind_template_callback (widget_class, format_review);
  gtk_widget_class_bind_template_callback (widget_class, shows_preview);
  gtk_widget_class_bind_template_callback (widget_class, shows_review);
  gtk_widget_class_bind_template_callback (widget_class, has_versions);
  gtk_widget_class_bind_template_callback (widget_class, edit_clicked_cb);
  gtk_widget_class_set_css_name (widget_class, "diaryrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
rafilm_diary_row_init (RafilmDiaryRow *self)
{
  self->veil = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
rafilm_diary_row_new (void)
{
  return g_object_new (RAFILM_TYPE_DIARY_ROW, NULL);
}

RafilmViewing *
rafilm_diary_row_get_viewing (RafilmDiaryRow *self)
{
  g_return_val_if_fail (RAFILM_IS_DIARY_ROW (self), NULL);

  return self->viewing;
}

void
rafilm_diary_row_set_viewing (RafilmDiaryRow *self, RafilmViewing *viewing)
{
  g_return_if_fail (RAFILM_IS_DIARY_ROW (self));

  if (!g_set_object (&self->viewing, viewing))
    return;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VIEWING]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILM]);
}

char *
rafilm_diary_row_dup_spoken_name (RafilmViewing *viewing)
{
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();
  g_auto (GStrv) strings = NULL;
  const char *date;
  RafilmFilm *film;

  g_return_val_if_fail (RAFILM_IS_VIEWING (viewing), NULL);

  film = rafilm_viewing_get_film (viewing);
  date = rafilm_viewing_get_date (viewing);
  if (film != NULL)
    g_strv_builder_add (parts, rafilm_film_get_title (film));
  if (date != NULL && rafilm_date_is_valid (date))
    g_strv_builder_take (parts, rafilm_date_format (date));
  if (rafilm_viewing_get_rating (viewing) > 0)
    {
      g_autofree char *number = rafilm_rating_dup_number (rafilm_viewing_get_rating (viewing));

      /* Translators: %s is a number of stars such as 4½ */
      g_strv_builder_take (parts, g_strdup_printf (_ ("rated %s of 5"), number));
    }
  if (rafilm_viewing_get_liked (viewing))
    g_strv_builder_add (parts, _ ("liked"));
  if (rafilm_viewing_get_rewatch (viewing))
    g_strv_builder_add (parts, _ ("seen before"));
  if (!rafilm_viewing_get_finished (viewing))
    g_strv_builder_add (parts, _ ("not finished"));
  if (rafilm_viewing_get_review (viewing) != NULL)
    g_strv_builder_add (parts, _ ("with a review"));
  if (rafilm_viewing_get_versions (viewing) > 0)
    g_strv_builder_add (parts, _ ("another version of the review waits"));
  strings = g_strv_builder_end (parts);

  return g_strjoinv (", ", strings);
}
