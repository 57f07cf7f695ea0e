/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <adwaita.h>

#include "rafilm-stars.h"
#include "rafilm-test.h"

/* The shortcuts of a widget's class are looked up the way GTK does it: among
 * its controllers, by trigger; and then activated. */
static gboolean
press (GtkWidget *widget, guint keyval)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      GListModel *shortcuts;

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller))
        continue;
      shortcuts = G_LIST_MODEL (controller);
      for (guint j = 0; j < g_list_model_get_n_items (shortcuts); j++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, j);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (GTK_IS_KEYVAL_TRIGGER (trigger)
              && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == keyval
              && gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == 0)
            return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                                 gtk_shortcut_get_arguments (shortcut));
        }
    }

  return FALSE;
}

static void
count_cb (RafilmStars *stars, guint *count)
{
  (*count)++;
}

static void
test_digits (void)
{
  RafilmStars *stars = g_object_ref_sink (RAFILM_STARS (rafilm_stars_new ()));
  guint rated = 0;

  g_signal_connect (stars, "rated", G_CALLBACK (count_cb), &rated);
  for (guint digit = 1; digit <= 9; digit++)
    {
      g_assert_true (press (GTK_WIDGET (stars), GDK_KEY_0 + digit));
      g_assert_cmpint (rafilm_stars_get_value (stars), ==, digit);
    }
  g_assert_true (press (GTK_WIDGET (stars), GDK_KEY_0));
  g_assert_cmpint (rafilm_stars_get_value (stars), ==, 10);
  g_assert_true (press (GTK_WIDGET (stars), GDK_KEY_KP_7));
  g_assert_cmpint (rafilm_stars_get_value (stars), ==, 7);
  g_assert_cmpuint (rated, ==, 11);

  /* The same again changes nothing and says nothing. */
  g_assert_true (press (GTK_WIDGET (stars), GDK_KEY_7));
  g_assert_cmpuint (rated, ==, 11);
  g_assert_finalize_object (stars);
}

static void
test_steps (void)
{
  RafilmStars *stars = g_object_ref_sink (RAFILM_STARS (rafilm_stars_new ()));

  rafilm_stars_set_value (stars, 9);
  press (GTK_WIDGET (stars), GDK_KEY_Right);
  g_assert_cmpint (rafilm_stars_get_value (stars), ==, 10);
  press (GTK_WIDGET (stars), GDK_KEY_Right);
  g_assert_cmpint (rafilm_stars_get_value (stars), ==, 10);
  press (GTK_WIDGET (stars), GDK_KEY_Left);
  g_assert_cmpint (rafilm_stars_get_value (stars), ==, 9);
  press (GTK_WIDGET (stars), GDK_KEY_Delete);
  g_assert_cmpint (rafilm_stars_get_value (stars), ==, 0);
  press (GTK_WIDGET (stars), GDK_KEY_Left);
  g_assert_cmpint (rafilm_stars_get_value (stars), ==, 0);
  press (GTK_WIDGET (stars), GDK_KEY_End);
  g_assert_cmpint (rafilm_stars_get_value (stars), ==, 10);

  /* From right to left the stars run the other way, and so do the keys. */
  gtk_widget_set_direction (GTK_WIDGET (stars), GTK_TEXT_DIR_RTL);
  press (GTK_WIDGET (stars), GDK_KEY_Right);
  g_assert_cmpint (rafilm_stars_get_value (stars), ==, 9);
  g_assert_finalize_object (stars);
}

static void
test_letters_stay_free (void)
{
  RafilmStars *stars = g_object_ref_sink (RAFILM_STARS (rafilm_stars_new ()));

  for (guint key = GDK_KEY_a; key <= GDK_KEY_z; key++)
    g_assert_false (press (GTK_WIDGET (stars), key));
  g_assert_finalize_object (stars);
}

static void
test_not_editable (void)
{
  RafilmStars *stars = g_object_ref_sink (RAFILM_STARS (rafilm_stars_new ()));

  rafilm_stars_set_value (stars, 6);
  rafilm_stars_set_editable (stars, FALSE);
  g_assert_false (press (GTK_WIDGET (stars), GDK_KEY_3));
  g_assert_cmpint (rafilm_stars_get_value (stars), ==, 6);
  g_assert_false (gtk_widget_get_focusable (GTK_WIDGET (stars)));
  g_assert_finalize_object (stars);
}

static void
test_range (void)
{
  RafilmStars *stars = g_object_ref_sink (RAFILM_STARS (rafilm_stars_new ()));

  rafilm_stars_set_value (stars, 99);
  g_assert_cmpint (rafilm_stars_get_value (stars), ==, 10);
  rafilm_stars_set_value (stars, -3);
  g_assert_cmpint (rafilm_stars_get_value (stars), ==, 0);
  g_assert_cmpint (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (stars)), ==,
                   GTK_ACCESSIBLE_ROLE_SLIDER);
  g_assert_finalize_object (stars);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  adw_init ();

  g_test_add_func ("/ui/stars/digits", test_digits);
  g_test_add_func ("/ui/stars/steps", test_steps);
  g_test_add_func ("/ui/stars/letters-stay-free", test_letters_stay_free);
  g_test_add_func ("/ui/stars/not-editable", test_not_editable);
  g_test_add_func ("/ui/stars/range", test_range);

  return g_test_run ();
}
