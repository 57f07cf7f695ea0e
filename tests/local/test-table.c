/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table's memory: what was answered outlives whatever ends the program. */

#include "local-client.h"
#include "rafilm-local-http.h"
#include "rafilm-local-journal.h"
#include "rafilm-local-table.h"

#include "rafilm-spawn.h"
#include "rafilm-test.h"

#include <glib/gstdio.h>

#define TABLE "rafilm"

/* ---- the journal -------------------------------------------------------------------------- */

static void
add (RafilmLocalJournal *journal, const char *name, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  g_assert_true (rafilm_local_journal_add (journal, name, body, &error));
  g_assert_no_error (error);
}

static GPtrArray *
load (const char *path, gboolean *ret_damaged)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *records = rafilm_local_journal_load (path, ret_damaged, &error);

  g_assert_no_error (error);

  return records;
}

static void
check_record (GPtrArray *records, guint i, const char *name, const char *text)
{
  RafilmLocalRecord *record = records->pdata[i];
  gsize size = 0;
  const char *data = g_bytes_get_data (record->body, &size);

  g_assert_cmpstr (record->name, ==, name);
  g_assert_cmpmem (data, size, text, strlen (text));
}

static char *
make_journal (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  char *path = g_build_filename (folder, "journal-1", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmLocalJournal) journal = rafilm_local_journal_new (path, &error);

  g_assert_no_error (error);
  add (journal, "PutItem", "{\"a\":\"line\nand line\"}");
  add (journal, "DeleteItem", "");
  add (journal, "UpdateItem", "{\"text\":\"Zwei Männer\"}");
  g_assert_cmpuint (rafilm_local_journal_get_count (journal), ==, 3);

  return path;
}

static void
test_journal (void)
{
  g_autofree char *path = make_journal ();
  gboolean damaged = TRUE;
  g_autoptr (GPtrArray) records = load (path, &damaged);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (RafilmLocalJournal) again = NULL;

  g_assert_false (damaged);
  g_assert_cmpuint (records->len, ==, 3);
  check_record (records, 0, "PutItem", "{\"a\":\"line\nand line\"}");
  check_record (records, 1, "DeleteItem", "");
  check_record (records, 2, "UpdateItem", "{\"text\":\"Zwei Männer\"}");

  none = load ("/nowhere/at/all", &damaged);
  g_assert_cmpuint (none->len, ==, 0);
  g_clear_pointer (&none, g_ptr_array_unref);
  again = rafilm_local_journal_new (path, NULL);
  none = load (path, &damaged);
  g_assert_cmpuint (none->len, ==, 0);
}

/* Cut off after any byte, the records before the cut are there, and that is no damage. */
static void
test_journal_cut (void)
{
  g_autofree char *path = make_journal ();
  g_autofree char *text = NULL;
  gsize size = 0;
  guint last = 0;

  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  for (gsize cut = 0; cut <= size; cut++)
    {
      g_autoptr (GPtrArray) records = NULL;
      gboolean damaged = TRUE;

      g_assert_true (g_file_set_contents (path, text, (gssize) cut, NULL));
      records = load (path, &damaged);
      g_assert_false (damaged);
      g_assert_cmpuint (records->len, >=, last);
      g_assert_cmpuint (records->len, <=, last + 1);
      last = records->len;
    }
  g_assert_cmpuint (last, ==, 3);
}

/* A byte that changed is noticed, wherever it is, and nothing after it is believed. */
static void
test_journal_damaged (void)
{
  g_autofree char *path = make_journal ();
  g_autofree char *text = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  for (gsize at = 0; at < size; at++)
    {
      g_autofree char *changed = g_memdup2 (text, size);
      g_autoptr (GPtrArray) records = NULL;
      gboolean damaged = FALSE;

      changed[at] = (char) (changed[at] ^ 0x20);
      g_assert_true (g_file_set_contents (path, changed, (gssize) size, NULL));
      records = load (path, &damaged);
      /* A name is not summed up, and a length that grew may look like a cut. */
      for (guint i = 0; i < records->len; i++)
        g_assert_cmpuint (g_bytes_get_size (((RafilmLocalRecord *) records->pdata[i])->body), <,
                          100);
      g_assert_true (damaged || records->len <= 3);
    }
  g_assert_true (g_file_set_contents (path,
                                      "no journal at all, but a long text without any end "
                                      "of a line, longer than a header may ever be, "
                                      "which is one hundred and twenty-eight bytes",
                                      -1, NULL));
  {
    gboolean damaged = FALSE;
    g_autoptr (GPtrArray) records = load (path, &damaged);

    g_assert_true (damaged);
    g_assert_cmpuint (records->len, ==, 0);
  }
}

/* ---- the table ---------------------------------------------------------------------------- */

typedef struct
{
  char *folder;
  SoupSession *session;
  RafilmLocalMoto *moto;
  RafilmLocalState *state;
  RafilmLocalTable *table;
} World;

static void
begin (World *world)
{
  g_autoptr (GError) error = NULL;

  world->session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  world->moto = rafilm_local_moto_start (world->session, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (rafilm_local_moto_create_table (world->moto, TABLE, &error));
  world->state = rafilm_local_state_new (world->folder, &error);
  g_assert_no_error (error);
  world->table = rafilm_local_table_start (world->moto, world->state, TABLE, &error);
  g_assert_no_error (error);
}

/* Without saving, as when the program is killed. */
static void
cut (World *world)
{
  g_clear_pointer (&world->table, rafilm_local_table_stop);
  g_clear_pointer (&world->state, rafilm_local_state_free);
  g_clear_pointer (&world->moto, rafilm_local_moto_free);
  g_clear_object (&world->session);
}

static World *
world_new (void)
{
  World *world = g_new0 (World, 1);

  world->folder = rafilm_test_make_dir ();
  begin (world);

  return world;
}

static void
world_free (World *world)
{
  cut (world);
  g_free (world->folder);
  g_free (world);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

static LocalAnswer *
call (World *world, const char *operation, const char *input)
{
  g_autofree char *target = g_strconcat ("DynamoDB_20120810.", operation, NULL);
  g_autoptr (GBytes) body = g_bytes_new (input, strlen (input));
  const char *headers[] = {
    "X-Amz-Target", target, "Authorization",
    "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host, Signature=0",
    NULL
  };

  return local_client_send ("POST", rafilm_local_table_get_address (world->table), headers, body);
}

static guint
put (World *world, const char *sk, gint64 value, const char *condition)
{
  g_autofree char *input = g_strdup_printf (
      "{\"TableName\":\"" TABLE "\",\"Item\":{\"pk\":{\"S\":\"U#1\"},\"sk\":{\"S\":\"%s\"},"
      "\"e\":{\"S\":\"e_first\"},\"h\":{\"N\":\"5\"},\"v\":{\"N\":\"%" G_GINT64_FORMAT "\"}}%s}",
      sk, value, condition != NULL ? condition : "");
  g_autoptr (LocalAnswer) answer = call (world, "PutItem", input);

  return answer->status;
}

/* A member of the item; NULL when it isn't there. */
static char *
get (World *world, const char *sk, const char *member, const char *type)
{
  g_autofree char *input =
      g_strdup_printf ("{\"TableName\":\"" TABLE "\",\"ConsistentRead\":true,"
                       "\"Key\":{\"pk\":{\"S\":\"U#1\"},\"sk\":{\"S\":\"%s\"}}}",
                       sk);
  g_autoptr (LocalAnswer) answer = call (world, "GetItem", input);
  JsonObject *item = rafilm_local_json_get_object (answer->object, "Item");

  g_assert_cmpuint (answer->status, ==, 200);

  return g_strdup (rafilm_local_json_get_text (rafilm_local_json_get_object (item, member), type));
}

static void
check (World *world, const char *sk, const char *member, const char *type, const char *expected)
{
  g_autofree char *value = get (world, sk, member, type);

  g_assert_cmpstr (value, ==, expected);
}

/* Conditions come out as they did: what was refused then is refused again. */
static void
test_killed (void)
{
  static const char *const refused = ",\"ConditionExpression\":\"attribute_not_exists(pk)\"";
  g_autoptr (World) world = world_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LocalAnswer) removed = NULL;

  g_assert_cmpuint (put (world, "M", 1, NULL), ==, 200);
  g_assert_cmpuint (put (world, "gone", 2, NULL), ==, 200);
  g_assert_true (rafilm_local_table_save (world->table, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (put (world, "M", 3, NULL), ==, 200);
  g_assert_cmpuint (put (world, "M", 4, refused), ==, 400);
  removed = call (world, "DeleteItem",
                  "{\"TableName\":\"" TABLE "\",\"Key\":{\"pk\":{\"S\":\"U#1\"},"
                  "\"sk\":{\"S\":\"gone\"}}}");
  g_assert_cmpuint (removed->status, ==, 200);

  for (int i = 0; i < 2; i++)
    {
      cut (world);
      begin (world);
      check (world, "M", "v", "N", "3");
      check (world, "M", "e", "S", "e_first");
      check (world, "gone", "v", "N", NULL);
    }
}

static void
replace_mark (World *world, const char *text)
{
  g_autofree char *mark = g_build_filename (world->folder, "running", NULL);

  g_assert_true (g_file_test (mark, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_set_contents (mark, text, -1, NULL));
}

/* The machine itself went down, and with it perhaps the end of the journal. */
static void
test_machine_down (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *epoch = NULL;

  g_assert_cmpuint (put (world, "M", 1, NULL), ==, 200);
  g_assert_cmpuint (put (world, "d#1", 1, NULL), ==, 200);
  cut (world);
  replace_mark (world, "another start of the machine");
  begin (world);
  epoch = get (world, "M", "e", "S");
  g_assert_cmpstr (epoch, !=, "e_first");
  check (world, "M", "h", "N", "1000005");
  check (world, "d#1", "e", "S", "e_first");

  cut (world);
  begin (world);
  check (world, "M", "e", "S", epoch);
}

static void
test_damaged_journal (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *path = g_build_filename (world->folder, "journal-1", NULL);
  g_autofree char *text = NULL;
  g_autofree char *epoch = NULL;
  gsize size = 0;

  g_assert_cmpuint (put (world, "M", 1, NULL), ==, 200);
  g_assert_cmpuint (put (world, "M", 2, NULL), ==, 200);
  g_assert_cmpuint (put (world, "M", 3, NULL), ==, 200);
  cut (world);
  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  text[size / 2] ^= 1;
  g_assert_true (g_file_set_contents (path, text, (gssize) size, NULL));
  begin (world);
  check (world, "M", "v", "N", "2"); /* 1 of the first record, and 1 for the epoch */
  epoch = get (world, "M", "e", "S");
  g_assert_cmpstr (epoch, !=, "e_first");
}

/* ---- while others write ------------------------------------------------------------------- */

typedef struct
{
  World *world;
  int number;
  int *left;
} Pair;

/* Two items of one number, in one transaction, again and again. */
static DexFuture *
write_pairs_fiber (gpointer data)
{
  Pair *pair = data;

  for (int round = 0; round < 12; round++)
    {
      g_autofree char *item =
          g_strdup_printf ("{\"Put\":{\"TableName\":\"" TABLE "\",\"Item\":{\"pk\":{\"S\":\"U#1\"},"
                           "\"sk\":{\"S\":\"%%s%d\"},\"v\":{\"N\":\"%d\"}}}}",
                           pair->number, round);
      g_auto (GStrv) parts = g_strsplit (item, "%s", 2);
      g_autofree char *input = g_strdup_printf ("{\"TransactItems\":[%sa%s,%sz%s]}", parts[0],
                                                parts[1], parts[0], parts[1]);
      g_autoptr (LocalAnswer) answer = call (pair->world, "TransactWriteItems", input);

      g_assert_cmpuint (answer->status, ==, 200);
    }
  (*pair->left)--;

  return dex_future_new_true ();
}

static void
check_saved_pairs (World *world)
{
  g_autofree char *path = g_build_filename (world->folder, "table.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonObject) file = NULL;
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonArray *items;
  GHashTableIter iter;
  gpointer key, value;
  gsize size = 0;

  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  bytes = g_bytes_new (text, size);
  file = rafilm_local_json_parse (bytes);
  items = rafilm_local_json_get_array (file, "items");
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *item = json_array_get_object_element (items, i);

      g_hash_table_insert (
          values,
          g_strdup (rafilm_local_json_get_text (rafilm_local_json_get_object (item, "sk"), "S")),
          g_strdup (rafilm_local_json_get_text (rafilm_local_json_get_object (item, "v"), "N")));
    }
  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_autofree char *other = g_strdup (key);

      if (other[0] == 'l')
        continue;
      other[0] = other[0] == 'a' ? 'z' : 'a';
      g_assert_cmpstr (g_hash_table_lookup (values, other), ==, value);
    }
}

/* Puts so much between the two halves of the pairs that no page of a reading has both. */
static void
put_apart (World *world, int n_pairs)
{
  g_autofree char *large = g_strnfill (390 * 1024, 'x');

  for (int i = 0; i < n_pairs; i++)
    {
      g_autofree char *sk = g_strdup_printf ("a%d", i);

      g_assert_cmpuint (put (world, sk, 0, NULL), ==, 200);
    }
  for (int i = 0; i < 4; i++)
    {
      g_autofree char *input =
          g_strdup_printf ("{\"TableName\":\"" TABLE "\",\"Item\":{\"pk\":{\"S\":\"U#1\"},"
                           "\"sk\":{\"S\":\"large%d\"},\"x\":{\"S\":\"%s\"}}}",
                           i, large);
      g_autoptr (LocalAnswer) answer = call (world, "PutItem", input);

      g_assert_cmpuint (answer->status, ==, 200);
    }
  for (int i = 0; i < n_pairs; i++)
    {
      g_autofree char *sk = g_strdup_printf ("z%d", i);

      g_assert_cmpuint (put (world, sk, 0, NULL), ==, 200);
    }
}

/* What is saved is what was there between two writes, and nothing is lost between two savings. */
static void
test_saved_while_written (void)
{
  g_autoptr (World) world = world_new ();
  Pair pairs[4];
  int left = G_N_ELEMENTS (pairs);
  g_autoptr (GError) error = NULL;
  guint saved = 0;

  put_apart (world, G_N_ELEMENTS (pairs));
  for (int i = 0; i < (int) G_N_ELEMENTS (pairs); i++)
    {
      pairs[i] = (Pair) { world, i, &left };
      dex_future_disown (rafilm_spawn (write_pairs_fiber, &pairs[i], NULL));
    }
  while (left > 0)
    {
      g_assert_true (rafilm_local_table_save (world->table, &error));
      g_assert_no_error (error);
      check_saved_pairs (world);
      saved++;
    }
  g_assert_cmpuint (saved, >, 2);
  cut (world);
  begin (world);
  for (int i = 0; i < (int) G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *a = g_strdup_printf ("a%d", i);
      g_autofree char *b = g_strdup_printf ("z%d", i);

      check (world, a, "v", "N", "11");
      check (world, b, "v", "N", "11");
    }
}

static void
test_refusals (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *large = g_strnfill (18 * 1024 * 1024, ' ');
  g_autoptr (LocalAnswer) too_large = call (world, "PutItem", large);
  g_autoptr (LocalAnswer) nonsense = call (world, "PutItem", "{\"TableName\":");
  g_autoptr (LocalAnswer) unknown = call (world, "Frobnicate", "{}");
  g_autoptr (LocalAnswer) get_it =
      local_client_get (rafilm_local_table_get_address (world->table), "/");

  g_assert_cmpuint (too_large->status, ==, 413);
  g_assert_cmpuint (nonsense->status, >=, 400);
  g_assert_cmpuint (unknown->status, >=, 400);
  g_assert_cmpuint (get_it->status, ==, 405);
  g_assert_cmpuint (put (world, "M", 1, NULL), ==, 200);
  cut (world);
  begin (world);
  check (world, "M", "v", "N", "1");
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/local/journal/records", test_journal);
  g_test_add_func ("/local/journal/cut", test_journal_cut);
  g_test_add_func ("/local/journal/damaged", test_journal_damaged);
  rafilm_test_add_fiber ("/local/table/killed", test_killed);
  rafilm_test_add_fiber ("/local/table/machine-down", test_machine_down);
  rafilm_test_add_fiber ("/local/table/damaged-journal", test_damaged_journal);
  rafilm_test_add_fiber ("/local/table/saved-while-written", test_saved_while_written);
  rafilm_test_add_fiber ("/local/table/refusals", test_refusals);

  return g_test_run ();
}
