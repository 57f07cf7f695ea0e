/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The facts of the diary's films that have none. The catalogue behind the service takes so many
 * questions a second, and after a first sync thousands are asked: so a service that is busy is
 * asked again, at its own pace. */

#include "rafilm-catalogue-private.h"

#include "rafilm-error.h"
#include "rafilm-spawn.h"

#define PAGE 40
#define MAX_UNKNOWN 2000
/* Failures in a row after which it is left for another time. */
#define MAX_FAILURES 6
#define MAX_WAIT (2 * 60 * 1000)
#define FIRST_WAIT 1000

typedef struct
{
  RafilmStore *store;
  RafilmApi *api;
  DexPromise *ending;
  GHashTable *asked; /* one that the service doesn't know is asked for once */
  guint filled;
  guint failures;
} Fill;

static void
free_fill (gpointer data)
{
  Fill *fill = data;

  g_clear_object (&fill->store);
  g_clear_object (&fill->api);
  g_clear_pointer (&fill->asked, g_hash_table_unref);
  dex_clear (&fill->ending);
  g_free (fill);
}

static gboolean
has_ended (Fill *fill)
{
  return !dex_future_is_pending (DEX_FUTURE (fill->ending));
}

/* "ids=1,2,3" of films that were not asked for before; NULL when there are none. */
static char *
next_page (Fill *fill, GError **error)
{
  g_autoptr (GString) query = g_string_new ("ids=");
  g_autoptr (GArray) missing = NULL;
  guint unknown = g_hash_table_size (fill->asked) - fill->filled;
  guint count = 0;

  if (unknown >= MAX_UNKNOWN)
    return NULL;
  missing = dex_await_boxed (rafilm_store_list_missing_films (fill->store, PAGE + unknown), error);
  for (guint i = 0; missing != NULL && i < missing->len && count < PAGE; i++)
    {
      gint64 id = g_array_index (missing, gint64, i);

      if (g_hash_table_contains (fill->asked, &id))
        continue;
      g_string_append_printf (query, "%s%" G_GINT64_FORMAT, count > 0 ? "," : "", id);
      count++;
    }
  return count > 0 ? g_string_free (g_steal_pointer (&query), FALSE) : NULL;
}

static void
note_asked (Fill *fill, const char *query)
{
  g_auto (GStrv) ids = g_strsplit (query + strlen ("ids="), ",", -1);

  for (guint i = 0; ids[i] != NULL; i++)
    {
      gint64 id = g_ascii_strtoll (ids[i], NULL, 10);

      g_hash_table_add (fill->asked, g_memdup2 (&id, sizeof id));
    }
}

/* What the service could not look up in time is asked for again. Whether there is such. */
static gboolean
forget_later (Fill *fill, const RafilmApiAnswer *answer)
{
  JsonNode *member = json_object_get_member (json_node_get_object (answer->body), "later");
  JsonArray *later =
      member != NULL && JSON_NODE_HOLDS_ARRAY (member) ? json_node_get_array (member) : NULL;
  gboolean found = FALSE;

  for (guint i = 0; later != NULL && i < MIN (json_array_get_length (later), PAGE); i++)
    {
      JsonNode *element = json_array_get_element (later, i);
      gint64 id = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_int (element) : 0;

      found |= g_hash_table_remove (fill->asked, &id);
    }
  return found;
}

/* Whether the service is to be asked again; waits until then. */
static gboolean
wait_out (Fill *fill, const RafilmApiAnswer *answer)
{
  guint wait = FIRST_WAIT << fill->failures;

  if (++fill->failures > MAX_FAILURES)
    return FALSE;
  if (answer->retry_after > 0)
    wait = answer->retry_after * 1000;
  if (wait > MAX_WAIT)
    return FALSE;
  dex_await (dex_future_first (dex_timeout_new_msec ((int) wait),
                               dex_ref (DEX_FUTURE (fill->ending)), NULL),
             NULL);
  return TRUE;
}

static gboolean
take_films (Fill *fill, const RafilmApiAnswer *answer, GError **error)
{
  g_autoptr (GPtrArray) films = NULL;

  if (answer->body == NULL || !JSON_NODE_HOLDS_OBJECT (answer->body))
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                           "The films service's answer makes no sense");
      return FALSE;
    }
  films = _rafilm_catalogue_read_films (json_node_get_object (answer->body), "results");
  if (films->len > 0 && !dex_await_boolean (rafilm_store_put_films (fill->store, films), error))
    return FALSE;
  fill->filled = MIN (fill->filled + films->len, g_hash_table_size (fill->asked));
  return TRUE;
}

/* Asks for one page. FALSE when it is the end, with an error or without. */
static gboolean
run_page (Fill *fill, GError **error)
{
  g_autofree char *query = next_page (fill, error);
  g_autoptr (RafilmApiAnswer) answer = NULL;
  g_autoptr (GError) refusal = NULL;
  guint n_asked = g_hash_table_size (fill->asked);
  gboolean later;

  if (query == NULL)
    return FALSE;
  answer = dex_await_boxed (rafilm_api_call_full (fill->api, "GET", "v1/films", query, NULL, FALSE),
                            error);
  if (answer == NULL)
    return FALSE;
  refusal = rafilm_api_answer_to_error (answer);
  if (refusal != NULL)
    {
      if ((answer->status == 429 || answer->status == 503) && wait_out (fill, answer))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&refusal));
      return FALSE;
    }
  note_asked (fill, query);
  if (!take_films (fill, answer, error))
    return FALSE;
  later = forget_later (fill, answer);
  /* Whatever came of the page, it was no failure. */
  if (g_hash_table_size (fill->asked) > n_asked)
    fill->failures = 0;
  return !later || wait_out (fill, answer);
}

static DexFuture *
fill_fiber (gpointer data)
{
  Fill *fill = data;
  GError *error = NULL;

  while (!has_ended (fill) && run_page (fill, &error))
    continue;
  if (error != NULL)
    return dex_future_new_for_error (error);
  return dex_future_new_for_int64 (fill->filled);
}

DexFuture *
_rafilm_catalogue_run_fill (RafilmStore *store, RafilmApi *api, DexPromise *ending)
{
  Fill *fill = g_new0 (Fill, 1);

  fill->store = g_object_ref (store);
  fill->api = g_object_ref (api);
  fill->ending = dex_ref (ending);
  fill->asked = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return rafilm_spawn (fill_fiber, fill, free_fill);
}
