/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire-build.h"

static void
test_table (void)
{
  const char *const upserts = "fwip";
  size_t n_kinds;
  const RafilmWireKind *kinds = rafilm_wire_kinds (&n_kinds);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (size_t i = 0; i < n_kinds; i++)
    {
      g_assert_true (g_hash_table_add (names, (gpointer) kinds[i].name));
      g_assert_true (rafilm_wire_kind_find (kinds[i].name) == &kinds[i]);
      g_assert_cmpint (kinds[i].upsert, ==, strstr (upserts, kinds[i].name) != NULL);
      for (size_t k = 0; k < kinds[i].n_fields; k++)
        {
          g_assert_cmpstr (kinds[i].fields[k].name, !=, RAFILM_WIRE_DELETED);
          g_assert_cmpint (kinds[i].fields[k].min, <=, kinds[i].fields[k].max);
        }
    }
  g_assert_null (rafilm_wire_kind_find ("z"));
  g_assert_null (rafilm_wire_kind_find (""));
}

static void
test_fields (void)
{
  const RafilmWireKind *viewing = rafilm_wire_kind_find ("d");
  g_autofree char *long_tag = g_strnfill (RAFILM_WIRE_MAX_TAG, 't');
  g_autofree char *fits = g_strconcat ("tag:", long_tag, NULL);
  g_autofree char *too_long = g_strconcat ("tag:t", long_tag, NULL);

  g_assert_nonnull (rafilm_wire_field_find (viewing, "rating"));
  g_assert_nonnull (rafilm_wire_field_find (viewing, "tag:plane"));
  g_assert_nonnull (rafilm_wire_field_find (viewing, fits));
  g_assert_null (rafilm_wire_field_find (viewing, too_long));
  g_assert_null (rafilm_wire_field_find (viewing, "tag:"));
  g_assert_null (rafilm_wire_field_find (viewing, "tag"));
  g_assert_null (rafilm_wire_field_find (viewing, "hide"));
  g_assert_nonnull (rafilm_wire_field_find (viewing, "x"));
  g_assert_nonnull (rafilm_wire_field_find (NULL, "x"));
  g_assert_null (rafilm_wire_field_find (NULL, "rating"));
}

static void
assert_id (const char *kind, const char *id, gboolean valid)
{
  g_test_message ("%s %s", kind, id);
  g_assert_cmpint (rafilm_wire_id_is_valid (rafilm_wire_kind_find (kind), id), ==, valid);
}

static void
test_ids (void)
{
  g_autofree char *longest = g_strnfill (64, 'a');
  g_autofree char *item = g_strconcat (longest, ":2147483647", NULL);
  g_autofree char *too_long = g_strconcat (longest, "a", NULL);

  assert_id ("d", "Vn3k_-9", TRUE);
  assert_id ("d", longest, TRUE);
  assert_id ("d", too_long, FALSE);
  assert_id ("d", "", FALSE);
  assert_id ("d", "a#b", FALSE);
  assert_id ("d", "a:1", FALSE);
  assert_id ("d", "é", FALSE);
  assert_id ("f", "603", TRUE);
  assert_id ("f", "2147483647", TRUE);
  assert_id ("f", "2147483648", FALSE);
  assert_id ("f", "0", FALSE);
  assert_id ("f", "0603", FALSE);
  assert_id ("f", "603x", FALSE);
  assert_id ("f", "99999999999999999999999", FALSE);
  assert_id ("i", "L1x:603", TRUE);
  assert_id ("i", item, TRUE);
  assert_id ("i", "L1x:", FALSE);
  assert_id ("i", ":603", FALSE);
  assert_id ("i", "L1x", FALSE);
  assert_id ("i", "L1x:603:4", FALSE);
  assert_id ("p", "me", TRUE);
  assert_id ("p", "you", FALSE);
  assert_id ("unknown", "any:thing!", TRUE);
  assert_id ("unknown", "a b", FALSE);
}

static void
assert_allows (const char *kind, const char *name, const char *json, gboolean allowed)
{
  const RafilmWireFieldSpec *spec = rafilm_wire_field_find (rafilm_wire_kind_find (kind), name);
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  g_auto (RafilmWireValue) value = rafilm_wire_value_from_json (spec, node);

  g_test_message ("%s.%s %s", kind, name, json);
  g_assert_cmpint (rafilm_wire_field_allows (spec, &value), ==, allowed);
}

static void
test_values (void)
{
  assert_allows ("d", "rating", "1", TRUE);
  assert_allows ("d", "rating", "10", TRUE);
  assert_allows ("d", "rating", "null", TRUE);
  assert_allows ("d", "rating", "0", FALSE);
  assert_allows ("d", "rating", "11", FALSE);
  assert_allows ("d", "rating", "8.0", FALSE);
  assert_allows ("d", "rating", "\"8\"", FALSE);
  assert_allows ("d", "rating", "true", FALSE);
  assert_allows ("d", "film", "null", FALSE);
  assert_allows ("d", "film", "603", TRUE);
  assert_allows ("d", "liked", "null", FALSE);
  assert_allows ("d", "liked", "false", TRUE);
  assert_allows ("d", "on", "\"2024-02-29\"", TRUE);
  assert_allows ("d", "on", "\"2023-02-29\"", FALSE);
  assert_allows ("d", "on", "null", TRUE);
  assert_allows ("d", "rv", "\"Saw it again…\"", TRUE);
  assert_allows ("d", "rv", "{\"text\":\"t\",\"spoiler\":true,\"lang\":\"pt-BR\"}", TRUE);
  assert_allows ("d", "rv", "{\"text\":\"t\",\"lang\":\"p t\"}", FALSE);
  assert_allows ("d", "rv", "{\"text\":\"t\",\"mood\":1}", FALSE);
  assert_allows ("d", "rv", "{\"spoiler\":true}", FALSE);
  assert_allows ("i", "pos", "\"V3k\"", TRUE);
  assert_allows ("i", "pos", "\"V30\"", FALSE);
  assert_allows ("i", "pos", "\"\"", FALSE);
  assert_allows ("d", "x", "true", TRUE);
  assert_allows ("d", "x", "null", FALSE);
}

static void
test_text_limit (void)
{
  const RafilmWireFieldSpec *spec;
  g_autofree char *text = g_strnfill (RAFILM_WIRE_MAX_TEXT, 'a');
  g_autofree char *longer = g_strconcat (text, "a", NULL);
  g_auto (RafilmWireValue) fits = rafilm_wire_review (text, false, NULL);
  g_auto (RafilmWireValue) too_long = rafilm_wire_review (longer, false, NULL);

  spec = rafilm_wire_field_find (rafilm_wire_kind_find ("d"), "rv");
  g_assert_true (rafilm_wire_field_allows (spec, &fits));
  g_assert_false (rafilm_wire_field_allows (spec, &too_long));
}

static void
test_utf8 (void)
{
  const char *bad[] = { "\xc0\x80",         "\xff",         "\xe2\x82",
                        "\xed\xa0\x80",     "\xf4\x90\x80", "a\x80",
                        "\xf5\x80\x80\x80", "\xe0\x9f\xbf", "\xc3",
                        "\xf0\x8f\xbf\xbf" };
  const char *good[] = { "", "plain", "Am\xc3\xa9lie", "\xe2\x82\xac", "\xf0\x9f\x8e\xac" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (rafilm_wire_utf8_is_valid (good[i], strlen (good[i])));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (rafilm_wire_utf8_is_valid (bad[i], strlen (bad[i])));
}

/* GLib's own check is the reference. */
static void
test_utf8_like_glib (void)
{
  for (guint round = 0; round < 200000; round++)
    {
      char bytes[5];
      size_t length = 1 + round % sizeof bytes;

      for (size_t i = 0; i < length; i++)
        bytes[i] = (char) g_test_rand_int_range (g_test_rand_bit () ? 0x80 : 1, 256);
      g_assert_cmpint (rafilm_wire_utf8_is_valid (bytes, length), ==,
                       g_utf8_validate_len (bytes, length, NULL));
    }
}

static void
test_dates_like_glib (void)
{
  for (int year = 1; year < 9999; year += year < 1890 || year > 2110 ? 97 : 1)
    for (int month = 0; month <= 13; month++)
      for (int day = 0; day <= 32; day++)
        {
          g_autofree char *text = g_strdup_printf ("%04d-%02d-%02d", year, month, day);
          gboolean valid =
              month >= 1 && day >= 1
              && g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year);

          g_assert_cmpint (rafilm_wire_date_is_valid (text), ==, valid);
        }
  g_assert_false (rafilm_wire_date_is_valid ("2026-1-010"));
  g_assert_false (rafilm_wire_date_is_valid ("2026/01/01"));
  g_assert_false (rafilm_wire_date_is_valid ("-026-01-01"));
}

static void
test_devices (void)
{
  g_assert_true (rafilm_wire_dev_is_valid ("k7Qm2xPa"));
  g_assert_false (rafilm_wire_dev_is_valid ("k7Qm2xP"));
  g_assert_false (rafilm_wire_dev_is_valid ("k7Qm2xPaa"));
  g_assert_false (rafilm_wire_dev_is_valid ("k7Qm2x-a"));
  g_assert_false (rafilm_wire_dev_is_valid (""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/kinds/table", test_table);
  g_test_add_func ("/wire/kinds/fields", test_fields);
  g_test_add_func ("/wire/kinds/ids", test_ids);
  g_test_add_func ("/wire/kinds/values", test_values);
  g_test_add_func ("/wire/kinds/text-limit", test_text_limit);
  g_test_add_func ("/wire/kinds/utf8", test_utf8);
  g_test_add_func ("/wire/kinds/utf8-like-glib", test_utf8_like_glib);
  g_test_add_func ("/wire/kinds/dates-like-glib", test_dates_like_glib);
  g_test_add_func ("/wire/kinds/devices", test_devices);

  return g_test_run ();
}
