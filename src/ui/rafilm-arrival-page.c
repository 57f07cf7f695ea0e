/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-arrival-page.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"

struct _RafilmArrivalPage
{
  AdwNavigationPage parent_instance;

  GtkStack *stack;
  GtkLabel *failure;
  GtkWidget *retry_button;
  GtkLabel *here;
  GtkLabel *there;
  GtkLabel *same;
  GtkLabel *together;
  AdwActionRow *here_row;
  AdwActionRow *merge_row;
  AdwActionRow *alone_row;
};

G_DEFINE_FINAL_TYPE (RafilmArrivalPage, rafilm_arrival_page, ADW_TYPE_NAVIGATION_PAGE)

/* ---- Words ---- */

static void
show_viewings (GtkLabel *label, guint viewings)
{
  g_autofree char *text =
      g_strdup_printf (ngettext ("%u viewing", "%u viewings", viewings), viewings);

  gtk_label_set_text (label, text);
}

/* What else the account gets; empty for nothing. */
static char *
dup_more (const RafilmArrivalPlan *plan)
{
  g_autofree char *lists = NULL;
  g_autofree char *films = NULL;

  lists = g_strdup_printf (ngettext ("%u list", "%u lists", plan->lists), plan->lists);
  films = g_strdup_printf (ngettext ("the rating, like or watchlist mark of %u film",
                                     "ratings, likes and watchlist marks of %u films", plan->films),
                           plan->films);
  if (plan->lists > 0 && plan->films > 0)
    /* Translators: %1$s is a number of lists, %2$s of films' marks */
    return g_strdup_printf (_ ("Also %1$s, and %2$s"), lists, films);
  if (plan->lists > 0 || plan->films > 0)
    /* Translators: %s is a number of lists, or of films' marks */
    return g_strdup_printf (_ ("Also %s"), plan->lists > 0 ? lists : films);

  return g_strdup ("");
}

static char *
dup_merge (const RafilmArrivalPlan *plan)
{
  if (plan->added == 0)
    return g_strdup (_ ("The account has all of these viewings already. Nothing is doubled, and a "
                        "copy is kept aside."));

  return g_strdup_printf (ngettext ("The account gets %u viewing more. Nothing is doubled, and a "
                                    "copy of this computer’s diary is kept aside.",
                                    "The account gets %u viewings more. Nothing is doubled, and a "
                                    "copy of this computer’s diary is kept aside.",
                                    plan->added),
                          plan->added);
}

static char *
dup_place (const char *folder)
{
  const char *home = g_get_home_dir ();

  if (g_str_has_prefix (folder, home) && folder[strlen (home)] == G_DIR_SEPARATOR)
    return g_strconcat ("~", folder + strlen (home), NULL);

  return g_strdup (folder);
}

/* ---- Type ---- */

static gboolean
rafilm_arrival_page_grab_focus (GtkWidget *widget)
{
  RafilmArrivalPage *self = RAFILM_ARRIVAL_PAGE (widget);
  const char *name = gtk_stack_get_visible_child_name (self->stack);

  if (g_str_equal (name, "numbers"))
    return gtk_widget_grab_focus (GTK_WIDGET (self->merge_row));
  if (g_str_equal (name, "failed"))
    return gtk_widget_grab_focus (self->retry_button);

  return GTK_WIDGET_CLASS (rafilm_arrival_page_parent_class)->grab_focus (widget);
}

static void
rafilm_arrival_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), RAFILM_TYPE_ARRIVAL_PAGE);

  G_OBJECT_CLASS (rafilm_arrival_page_parent_class)->dispose (object);
}

static void
rafilm_arrival_page_class_init (RafilmArrivalPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_arrival_page_dispose;
  widget_class->grab_focus = rafilm_arrival_page_grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-arrival-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmArrivalPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmArrivalPage, failure);
  gtk_widget_class_bind_template_child (widget_class, RafilmArrivalPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, RafilmArrivalPage, here);
  gtk_widget_class_bind_template_child (widget_class, RafilmArrivalPage, there);
  gtk_widget_class_bind_template_child (widget_class, RafilmArrivalPage, same);
  gtk_widget_class_bind_template_child (widget_class, RafilmArrivalPage, together);
  gtk_widget_class_bind_template_child (widget_class, RafilmArrivalPage, here_row);
  gtk_widget_class_bind_template_child (widget_class, RafilmArrivalPage, merge_row);
  gtk_widget_class_bind_template_child (widget_class, RafilmArrivalPage, alone_row);
}

static void
rafilm_arrival_page_init (RafilmArrivalPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The focus comes by itself, so it must be seen where it went. */
static void
take_focus (RafilmArrivalPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (GTK_IS_WINDOW (root))
    gtk_window_set_focus_visible (GTK_WINDOW (root), TRUE);
}

void
rafilm_arrival_page_show_comparing (RafilmArrivalPage *self)
{
  g_return_if_fail (RAFILM_IS_ARRIVAL_PAGE (self));

  gtk_stack_set_visible_child_name (self->stack, "comparing");
}

void
rafilm_arrival_page_show_plan (RafilmArrivalPage *self, const RafilmArrivalPlan *plan,
                               const char *aside)
{
  g_autofree char *more = NULL;
  g_autofree char *merge = NULL;
  g_autofree char *place = NULL;
  g_autofree char *alone = NULL;

  g_return_if_fail (RAFILM_IS_ARRIVAL_PAGE (self));
  g_return_if_fail (plan != NULL);
  g_return_if_fail (aside != NULL);

  more = dup_more (plan);
  merge = dup_merge (plan);
  place = dup_place (aside);
  /* Translators: %s is a folder */
  alone = g_strdup_printf (_ ("This computer’s diary is not added. It is kept aside, unchanged, in "
                              "%s"),
                           place);
  show_viewings (self->here, plan->here);
  show_viewings (self->there, plan->there);
  show_viewings (self->same, plan->same);
  show_viewings (self->together, plan->there + plan->added);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->alone_row), FALSE);
  adw_action_row_set_subtitle (self->here_row, more);
  adw_action_row_set_subtitle (self->merge_row, merge);
  adw_action_row_set_subtitle (self->alone_row, alone);
  gtk_stack_set_visible_child_name (self->stack, "numbers");
  take_focus (self);
}

void
rafilm_arrival_page_show_failure (RafilmArrivalPage *self, const char *text)
{
  g_return_if_fail (RAFILM_IS_ARRIVAL_PAGE (self));
  g_return_if_fail (text != NULL);

  gtk_label_set_text (self->failure, text);
  gtk_stack_set_visible_child_name (self->stack, "failed");
  take_focus (self);
}
