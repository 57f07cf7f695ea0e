/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target without libFuzzer: the files that are given; or, as a test, its corpus and
 * then mutations of it. An input that ends the process is left in NAME-found, in the build folder.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define MAX_SIZE (64 * 1024)
#define MAX_CHANGES 6
#define MAX_PIECE 32

static GPtrArray *corpus; /* of GBytes */
static GPtrArray *words;  /* of GBytes: what mutations put in */
static int rounds = 1000;

static const char *found; /* where an input is left that ends the process */
static guint8 current[MAX_SIZE];
static gsize current_size;

static void
keep_input_cb (int number)
{
  int file = open (found, O_WRONLY | O_CREAT | O_TRUNC, 0644);

  if (file >= 0 && write (file, current, current_size) == (ssize_t) current_size)
    close (file);
  signal (number, SIG_DFL);
  raise (number);
}

static void
run_input (const guint8 *bytes, gsize size)
{
  /* An allocation of exactly that size, so that a sanitizer sees every byte that is read past it.
   */
  g_autofree guint8 *copy = g_malloc (MAX (size, 1));

  current_size = MIN (size, MAX_SIZE);
  if (size > 0)
    {
      memcpy (copy, bytes, size);
      memcpy (current, bytes, current_size);
    }
  LLVMFuzzerTestOneInput (copy, size);
}

static GBytes *
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *contents = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &contents, &length, &error))
    g_error ("%s", error->message);
  return g_bytes_new_take (contents, length);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
read_corpus (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (corpus, read_file (g_ptr_array_index (names, i)));
}

/* The word in a line of a dictionary of libFuzzer: in quotes, with \\, \" and \xAB. */
static GBytes *
read_word (const char *line)
{
  GByteArray *word = g_byte_array_new ();
  const char *end = strrchr (line, '"');

  for (const char *c = line + 1; c < end; c++)
    {
      guint8 byte = (guint8) *c;

      if (byte == '\\' && c[1] == 'x')
        {
          byte = (guint8) (g_ascii_xdigit_value (c[2]) * 16 + g_ascii_xdigit_value (c[3]));
          c += 3;
        }
      else if (byte == '\\')
        byte = (guint8) * ++c;
      g_byte_array_append (word, &byte, 1);
    }
  return g_byte_array_free_to_bytes (word);
}

static void
read_words (const char *path)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] == '"')
      g_ptr_array_add (words, read_word (lines[i]));
}

static GBytes *
pick (GRand *rand, GPtrArray *from)
{
  return g_ptr_array_index (from, (guint) g_rand_int_range (rand, 0, (gint32) from->len));
}

static void
put_in (GRand *rand, GByteArray *input, const guint8 *bytes, gsize length, gboolean replace)
{
  gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) input->len + 1);
  gsize old = input->len;

  if (replace)
    {
      length = MIN (length, old - at);
      if (length > 0)
        memcpy (input->data + at, bytes, length);
      return;
    }
  g_byte_array_set_size (input, (guint) (old + length));
  memmove (input->data + at + length, input->data + at, old - at);
  if (length > 0)
    memcpy (input->data + at, bytes, length);
}

static void
put_piece_of_another (GRand *rand, GByteArray *input)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (pick (rand, corpus), &length);
  gsize at = length > 0 ? (gsize) g_rand_int_range (rand, 0, (gint32) length) : 0;

  gsize piece = (gsize) g_rand_int_range (rand, 1, MAX_PIECE);

  if (length > at)
    put_in (rand, input, bytes + at, MIN (length - at, piece), FALSE);
}

static void
change (GRand *rand, GByteArray *input)
{
  guint8 byte = (guint8) g_rand_int_range (rand, 0, 256);
  guint at = input->len > 0 ? (guint) g_rand_int_range (rand, 0, (gint32) input->len) : 0;
  guint piece = (guint) g_rand_int_range (rand, 1, MAX_PIECE);

  switch (g_rand_int_range (rand, 0, 7))
    {
    case 0:
      if (input->len > 0)
        input->data[at] ^= (guint8) (1 << (byte & 7));
      break;
    case 1:
      put_in (rand, input, &byte, 1, g_rand_boolean (rand));
      break;
    case 2:
      if (input->len > 0)
        g_byte_array_remove_range (input, at, MIN (input->len - at, piece));
      break;
    case 3:
      if (g_rand_int_range (rand, 0, 8) == 0)
        g_byte_array_set_size (input, at);
      break;
    case 4:
      put_piece_of_another (rand, input);
      break;
    default:
      if (words->len > 0)
        {
          gsize length;
          const guint8 *word = g_bytes_get_data (pick (rand, words), &length);

          put_in (rand, input, word, length, g_rand_boolean (rand));
        }
    }
}

static void
test_corpus (void)
{
  g_assert_cmpuint (corpus->len, >, 0);
  run_input (NULL, 0);
  for (guint i = 0; i < corpus->len; i++)
    {
      gsize length;
      const guint8 *bytes = g_bytes_get_data (g_ptr_array_index (corpus, i), &length);

      run_input (bytes, length);
    }
}

static void
test_mutations (void)
{
  const char *given = g_getenv ("RAFILM_TEST_SEED");
  guint32 seed = given != NULL ? (guint32) g_ascii_strtoull (given, NULL, 10) : g_random_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("RAFILM_TEST_SEED=%u", seed);
  for (int round = 0; round < rounds; round++)
    {
      GByteArray *input = g_byte_array_new ();
      int changes = g_rand_int_range (rand, 1, MAX_CHANGES + 1);
      gsize length;
      const guint8 *bytes = g_bytes_get_data (pick (rand, corpus), &length);

      g_byte_array_append (input, bytes, (guint) length);
      for (int i = 0; i < changes; i++)
        change (rand, input);
      run_input (input->data, MIN (input->len, MAX_SIZE));
      g_byte_array_unref (input);
    }
}

int
main (int argc, char *argv[])
{
  g_autofree char *folder = NULL;
  g_autofree char *dictionary = NULL;
  const char *build = g_getenv ("G_TEST_BUILDDIR");
  int status;

  found = build != NULL ? g_build_filename (build, "fuzz", FUZZ_NAME "-found", NULL)
                        : FUZZ_NAME "-found";
  signal (SIGABRT, keep_input_cb);
  signal (SIGSEGV, keep_input_cb);
  signal (SIGTRAP, keep_input_cb);
  corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  words = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    {
      for (int i = 1; i < argc; i++)
        g_ptr_array_add (corpus, read_file (argv[i]));
      test_corpus ();
      return 0;
    }
  if (g_getenv ("FUZZ_ROUNDS") != NULL)
    rounds = atoi (g_getenv ("FUZZ_ROUNDS"));
  folder = g_test_build_filename (G_TEST_DIST, "fuzz", "corpus", FUZZ_NAME, NULL);
  dictionary = g_test_build_filename (G_TEST_DIST, "fuzz", FUZZ_WORDS, NULL);
  read_corpus (folder);
  read_words (dictionary);
  g_test_add_func ("/fuzz/" FUZZ_NAME "/corpus", test_corpus);
  g_test_add_func ("/fuzz/" FUZZ_NAME "/mutations", test_mutations);
  status = g_test_run ();
  g_ptr_array_unref (corpus);
  g_ptr_array_unref (words);
  return status;
}
