/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-closures.h"

#include <glib/gi18n.h>

#include "rafilm-date.h"

/* GTK calls these with the template as first argument and takes what they
 * return. */

static char *
format_year (GtkWidget *widget, int year)
{
  return year > 0 ? g_strdup_printf ("%d", year) : g_strdup ("");
}

static char *
format_date (GtkWidget *widget, const char *date)
{
  if (date == NULL || !rafilm_date_is_valid (date))
    return g_strdup (_ ("No date"));

  return rafilm_date_format (date);
}

static char *
format_runtime (GtkWidget *widget, int minutes)
{
  if (minutes <= 0)
    return g_strdup ("");
  if (minutes < 60)
    /* Translators: a film's length */
    return g_strdup_printf (_ ("%d min"), minutes);

  /* Translators: a film's length in hours and minutes */
  return g_strdup_printf (_ ("%d h %d min"), minutes / 60, minutes % 60);
}

static gboolean
is_rated (GtkWidget *widget, int rating)
{
  return rating > 0;
}

static gboolean
is_some (GtkWidget *widget, const char *text)
{
  return text != NULL && *text != '\0';
}

static gboolean
is_object (GtkWidget *widget, GObject *object)
{
  return object != NULL;
}

static gboolean
invert (GtkWidget *widget, gboolean value)
{
  return !value;
}

void
rafilm_closures_bind (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, format_year);
  gtk_widget_class_bind_template_callback (widget_class, format_date);
  gtk_widget_class_bind_template_callback (widget_class, format_runtime);
  gtk_widget_class_bind_template_callback (widget_class, is_rated);
  gtk_widget_class_bind_template_callback (widget_class, is_some);
  gtk_widget_class_bind_template_callback (widget_class, is_object);
  gtk_widget_class_bind_template_callback (widget_class, invert);
}
