/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire-build.h"

#include "rafilm-wire-overlay.h"

#define assert_view(view, name, json)                                                              \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *shown = wire_build_show (&(view), "d", name);                                 \
    g_assert_cmpstr (shown, ==, json);                                                             \
  }                                                                                                \
  G_STMT_END

static RafilmWireRow *
heat (void)
{
  return wire_build_row ("d", "a", 5, "film", "949", G_GINT64_CONSTANT (5), H (0), DEV_A, "rating",
                         "7", G_GINT64_CONSTANT (5), H (0), DEV_A, NULL);
}

static void
test_order (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  g_autoptr (RafilmWireOp) first = NULL;
  g_autoptr (RafilmWireOp) second = NULL;
  g_autoptr (RafilmWireOp) other = NULL;
  g_auto (RafilmWireFields) view = { 0 };

  first = wire_build_op (1, "d", "a", 5, FALSE, "rating", "8", H (1), "liked", "true", H (1), NULL);
  other = wire_build_op (2, "d", "b", 5, FALSE, "rating", "1", H (2), NULL);
  second = wire_build_op (3, "d", "a", 5, FALSE, "rating", "9", H (3), NULL);
  rafilm_wire_overlay (row, (const RafilmWireOp *[]) { first, other, second }, 3, &view);
  assert_view (view, "film", "949");
  assert_view (view, "rating", "9");
  assert_view (view, "liked", "true");
  g_assert_cmpuint (view.n_items, ==, 3);
}

static void
test_none (void)
{
  g_auto (RafilmWireFields) view = { 0 };

  rafilm_wire_overlay (NULL, NULL, 0, &view);
  g_assert_cmpuint (view.n_items, ==, 0);
}

static void
test_new_row (void)
{
  g_autoptr (RafilmWireOp) op = NULL;
  g_auto (RafilmWireFields) view = { 0 };

  op = wire_build_op (1, "d", "a", 0, TRUE, "film", "603", H (1), NULL);
  rafilm_wire_overlay (NULL, (const RafilmWireOp *[]) { op }, 1, &view);
  assert_view (view, "film", "603");
}

/* An edit that waits shows the row again that another computer deleted, as the server will. */
static void
test_edit_over_tombstone (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  g_autoptr (RafilmWireOp) op = NULL;
  g_auto (RafilmWireFields) view = { 0 };
  RafilmWireValue deleted = rafilm_wire_bool (true);

  rafilm_wire_row_set (row, "x", &deleted, NULL);
  op = wire_build_op (1, "d", "a", 5, TRUE, "rating", "8", H (1), NULL);
  rafilm_wire_fields_take (&op->fill, "film", rafilm_wire_int (1), NULL);
  rafilm_wire_fields_take (&op->fill, "liked", rafilm_wire_bool (true), NULL);
  rafilm_wire_overlay (row, (const RafilmWireOp *[]) { op }, 1, &view);
  assert_view (view, "x", "false");
  assert_view (view, "rating", "8");
  assert_view (view, "film", "949");
  assert_view (view, "liked", "true");
}

static void
test_delete (void)
{
  g_autoptr (RafilmWireRow) row = heat ();
  g_autoptr (RafilmWireOp) op = NULL;
  g_auto (RafilmWireFields) view = { 0 };

  op = wire_build_op (1, "d", "a", 5, FALSE, "x", "true", H (1), NULL);
  rafilm_wire_overlay (row, (const RafilmWireOp *[]) { op }, 1, &view);
  assert_view (view, "x", "true");
  assert_view (view, "rating", "7");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/overlay/order", test_order);
  g_test_add_func ("/wire/overlay/none", test_none);
  g_test_add_func ("/wire/overlay/new-row", test_new_row);
  g_test_add_func ("/wire/overlay/edit-over-tombstone", test_edit_over_tombstone);
  g_test_add_func ("/wire/overlay/delete", test_delete);

  return g_test_run ();
}
