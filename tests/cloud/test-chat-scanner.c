/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-chat-scanner.h"

#include <glib.h>
#include <string.h>

/* Everything that came out, in order: text, and {949} where a film was asked for. */
static bool
film_cb (int64_t id, void *data)
{
  if (id != 949 && id != 603)
    return false;
  g_string_append_printf (data, "{%d}", (int) id);
  return true;
}

static void
text_cb (const char *text, size_t length, void *data)
{
  g_string_append_len (data, text, (gssize) length);
}

static char *
scan (const char *text, gsize first, gsize piece, unsigned *ret_removed)
{
  GString *out = g_string_new (NULL);
  RafilmChatScannerFuncs funcs = { film_cb, text_cb, out };
  RafilmChatScanner scanner;
  gsize length = strlen (text);

  rafilm_chat_scanner_init (&scanner, funcs);
  rafilm_chat_scanner_push (&scanner, text, first);
  for (gsize at = first; at < length; at += piece)
    rafilm_chat_scanner_push (&scanner, text + at, MIN (piece, length - at));
  rafilm_chat_scanner_finish (&scanner);
  *ret_removed = scanner.removed;
  rafilm_chat_scanner_clear (&scanner);
  return g_string_free (out, FALSE);
}

static void
test_texts (void)
{
  static const struct
  {
    const char *text, *shown;
    unsigned removed;
  } cases[] = {
    { "Watch [[tmdb:949]] tonight.", "Watch {949}[[tmdb:949]] tonight.", 0 },
    { "[[tmdb:949]][[tmdb:603]]", "{949}[[tmdb:949]]{603}[[tmdb:603]]", 0 },
    { "Or [[tmdb:12345]], perhaps.", "Or , perhaps.", 1 },
    { "[[tmdb:0949]][[tmdb:]][[tmdb:-1]][[tmdb:Heat]]x", "x", 4 },
    { "[[tmdb:99999999999999999999]]x", "x", 1 },
    { "a [b] [[c]] <i>", "a [b] [[c]] <i>", 0 },
    { "[[[tmdb:949]]]", "[{949}[[tmdb:949]]]", 0 },
    { "[[tmdb:949", "", 1 },
    { "ends in [", "ends in [", 0 },
    { "ends in [[tm", "ends in [[tm", 0 },
    { "<thinking> The [[tmdb:949]] user </thinking>\n Yes.", "Yes.", 0 },
    { "One <thinking>two</thinking>three", "One three", 0 },
    { "<thinking>never ends", "", 0 },
    { "<think>kept</think>", "<think>kept</think>", 0 },
    { "\n\n  Hello", "Hello", 0 },
    { "Amélie – é[[tmdb:603]]é", "Amélie – é{603}[[tmdb:603]]é", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = strlen (cases[i].text);

      /* Cut once anywhere, and into pieces of every size. */
      for (gsize cut = 0; cut <= length; cut++)
        for (gsize piece = 1; piece <= length; piece++)
          {
            unsigned removed;
            g_autofree char *shown = scan (cases[i].text, cut, piece, &removed);

            g_assert_cmpstr (shown, ==, cases[i].shown);
            g_assert_cmpuint (removed, ==, cases[i].removed);
          }
    }
}

/* What cannot be a handle any more is not held back for ever. */
static void
test_endless (void)
{
  g_autoptr (GString) text = g_string_new ("a [[tmdb:");
  g_autofree char *shown = NULL;
  unsigned removed;

  for (guint i = 0; i < 1000; i++)
    g_string_append_c (text, 'z');
  shown = scan (text->str, 0, 3, &removed);
  g_assert_cmpuint (removed, ==, 1);
  g_assert_true (g_str_has_prefix (shown, "a zzz"));
  g_assert_cmpuint (strlen (shown), ==, 1002);
}

/* Nothing is shown of a handle before it is known whether it stands for a film. */
static void
test_held_back (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  RafilmChatScannerFuncs funcs = { film_cb, text_cb, out };
  RafilmChatScanner scanner;

  rafilm_chat_scanner_init (&scanner, funcs);
  rafilm_chat_scanner_push (&scanner, "See [[tmdb:94", 13);
  g_assert_cmpstr (out->str, ==, "See ");
  rafilm_chat_scanner_push (&scanner, "9]] now", 7);
  g_assert_cmpstr (out->str, ==, "See {949}[[tmdb:949]] now");
  rafilm_chat_scanner_clear (&scanner);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cloud/chat-scanner/texts", test_texts);
  g_test_add_func ("/cloud/chat-scanner/endless", test_endless);
  g_test_add_func ("/cloud/chat-scanner/held-back", test_held_back);
  return g_test_run ();
}
