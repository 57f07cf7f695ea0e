/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-concierge.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rafilm-clock.h"
#include "rafilm-concierge-reply.h"
#include "rafilm-date.h"
#include "rafilm-spawn.h"

#define USUAL_LIMIT 5
/* "Surprise me" takes one of so many of the best. */
#define SURPRISE_CHOICE 30
#define MAX_QUOTE 800
#define MAX_SUGGESTIONS 3

struct _RafilmConcierge
{
  GObject parent_instance;

  RafilmStore *store;
  RafilmRecommender *recommender;
  RafilmTitleIndex *titles; /* %NULL when it has to be made anew */
  GHashTable *shown;        /* ids of films that were suggested */
  RafilmRequest previous;
  gint64 last_film;
  GRand *rand;
};

G_DEFINE_FINAL_TYPE (RafilmConcierge, rafilm_concierge, G_TYPE_OBJECT)

/* One question. */
typedef struct
{
  RafilmConcierge *self;
  char *text;
  RafilmMessage *message;
  RafilmRequest request;
  RafilmReply reply;
  RafilmFilm *film; /* that the request is about */
} Question;

static void
question_free (Question *question)
{
  g_clear_object (&question->self);
  g_clear_object (&question->message);
  g_clear_object (&question->film);
  g_clear_pointer (&question->text, g_free);
  rafilm_request_clear (&question->request);
  rafilm_reply_clear (&question->reply);
  g_free (question);
}

static gboolean
await_titles (RafilmConcierge *self, GError **error)
{
  const RafilmFilmQuery query = { .flags = RAFILM_FILM_KNOWN,
                                  .sort = RAFILM_FILM_SORT_POPULARITY,
                                  .descending = TRUE };
  g_autoptr (GListModel) films = NULL;
  g_autoptr (RafilmTitleIndex) titles = NULL;

  if (self->titles != NULL)
    return TRUE;

  films = dex_await_object (rafilm_store_list_films (self->store, &query), error);
  if (films == NULL)
    return FALSE;

  titles = rafilm_title_index_new ();
  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);

      rafilm_title_index_add (titles, film);
    }
  g_clear_pointer (&self->titles, rafilm_title_index_free);
  self->titles = g_steal_pointer (&titles);

  return TRUE;
}

/* ---- Titles ---- */

/* Says that a title is not known, and names what it may have been. */
static gboolean
await_unknown_title (Question *question, GError **error)
{
  g_autofree char *plain = g_strdelimit (g_strdup (question->request.unknown_title), "\":", ' ');
  g_autoptr (GListModel) films = NULL;

  films =
      dex_await_object (rafilm_store_search (question->self->store, plain, MAX_SUGGESTIONS), error);
  if (films == NULL)
    return FALSE;

  rafilm_reply_say (&question->reply, _ ("I don’t know a film called “%s” on this computer."),
                    question->request.unknown_title);
  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);
      g_autofree char *handle = rafilm_reply_name (&question->reply, film);

      if (i == 0)
        rafilm_reply_say (&question->reply, " %s", _ ("Did you mean one of these?"));
      rafilm_reply_say (&question->reply, "\n• %s", handle);
    }

  return TRUE;
}

static gboolean
await_other_titles (Question *question, GError **error)
{
  g_autoptr (GListModel) films = NULL;

  if (question->request.others == NULL)
    return TRUE;

  films = dex_await_object (
      rafilm_store_get_films (question->self->store, question->request.others), error);
  if (films == NULL)
    return FALSE;

  rafilm_reply_say (&question->reply, "\n\n%s",
                    _ ("Other films have that title; say the year if you mean one of these:"));
  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);
      g_autofree char *handle = rafilm_reply_name (&question->reply, film);

      rafilm_reply_say (&question->reply, "\n• %s", handle);
    }

  return TRUE;
}

/* ---- Choosing ---- */

static guint
get_limit (const RafilmRequest *request)
{
  if (request->limit != 0)
    return MIN (request->limit, RAFILM_REQUEST_MAX_LIMIT);

  return request->surprise ? 1 : USUAL_LIMIT;
}

/* Leaves out what was suggested before, unless nothing else is left. */
static void
drop_shown (RafilmConcierge *self, GArray *picks)
{
  guint fresh = 0;

  for (guint i = 0; i < picks->len; i++)
    {
      gint64 id = rafilm_film_get_id (g_array_index (picks, RafilmPick, i).film);

      fresh += g_hash_table_contains (self->shown, &id) ? 0 : 1;
    }
  for (guint i = picks->len; fresh > 0 && i > 0; i--)
    {
      gint64 id = rafilm_film_get_id (g_array_index (picks, RafilmPick, i - 1).film);

      if (g_hash_table_contains (self->shown, &id))
        g_array_remove_index (picks, i - 1);
    }
}

static void
shuffle (RafilmConcierge *self, GArray *picks)
{
  g_array_set_size (picks, MIN (picks->len, SURPRISE_CHOICE));
  for (guint i = picks->len; i > 1; i--)
    {
      guint j = (guint) g_rand_int_range (self->rand, 0, (gint32) i);
      RafilmPick swap = g_array_index (picks, RafilmPick, i - 1);

      g_array_index (picks, RafilmPick, i - 1) = g_array_index (picks, RafilmPick, j);
      g_array_index (picks, RafilmPick, j) = swap;
    }
}

static void
say_picks (Question *question, GArray *picks)
{
  RafilmConcierge *self = question->self;

  for (guint i = 0; i < picks->len && i < get_limit (&question->request); i++)
    {
      const RafilmPick *pick = &g_array_index (picks, RafilmPick, i);
      gint64 id = rafilm_film_get_id (pick->film);

      rafilm_reply_add_pick (&question->reply, pick);
      g_hash_table_add (self->shown, g_memdup2 (&id, sizeof id));
      if (i == 0)
        self->last_film = id;
    }
}

static void
say_ignored (Question *question)
{
  if (question->request.ignored != NULL)
    rafilm_reply_say (&question->reply, "\n\n");
  if (question->request.ignored != NULL)
    rafilm_reply_say (&question->reply, _ ("I did not understand “%s”, so I left it out."),
                      question->request.ignored);
}

/* ---- Answers ---- */

static gboolean
await_recommendation (Question *question, GError **error)
{
  RafilmConcierge *self = question->self;
  g_autoptr (GArray) picks = NULL;

  picks = rafilm_concierge_await_recommendations (self->store, self->recommender,
                                                  &question->request, question->film, error);
  if (picks == NULL)
    return FALSE;

  drop_shown (self, picks);
  if (question->request.surprise)
    shuffle (self, picks);
  if (picks->len == 0)
    rafilm_reply_say (&question->reply, "%s",
                      _ ("I know no film on this computer that fits all of that. With fewer "
                         "conditions I may."));
  else if (question->film != NULL && (question->request.relations & RAFILM_RELATION_LIKE) != 0)
    {
      g_autofree char *handle = rafilm_reply_name (&question->reply, question->film);

      rafilm_reply_say (&question->reply, _ ("In the vein of %s:"), handle);
    }
  else
    rafilm_reply_say (&question->reply, "%s",
                      picks->len == 1 || get_limit (&question->request) == 1
                          ? _ ("How about this one:")
                          : _ ("You might like these:"));
  say_picks (question, picks);
  say_ignored (question);

  return await_other_titles (question, error);
}

static const char *
get_heading (const RafilmRequest *request)
{
  switch (request->scope)
    {
    case RAFILM_SCOPE_WATCHLIST:
      return _ ("On your watchlist");
    case RAFILM_SCOPE_LIKED:
      return _ ("You liked these");
    case RAFILM_SCOPE_UNFINISHED:
      return _ ("You did not finish these");
    case RAFILM_SCOPE_SEEN:
      return request->order == RAFILM_ORDER_BEST    ? _ ("You rated these best")
             : request->order == RAFILM_ORDER_WORST ? _ ("You rated these lowest")
                                                    : _ ("You watched these");
    case RAFILM_SCOPE_UNSEEN:
    case RAFILM_SCOPE_ANY:
    default:
      return _ ("Not in your diary yet");
    }
}

static gboolean
await_list (Question *question, GError **error)
{
  RafilmConcierge *self = question->self;
  const RafilmRequest *request = &question->request;
  g_autoptr (GArray) picks = NULL;
  guint left;

  picks = rafilm_concierge_await_picks (self->store, request, question->film, error);
  if (picks == NULL)
    return FALSE;

  if (request->surprise)
    shuffle (self, picks);
  if (picks->len == 0 && request->person != NULL)
    rafilm_reply_say (&question->reply,
                      request->scope == RAFILM_SCOPE_SEEN
                          ? _ ("There is no such film with %s in your diary.")
                          : _ ("I know no such film with %s that you have not seen."),
                      request->person);
  else if (picks->len == 0)
    rafilm_reply_say (&question->reply, "%s", _ ("There is no such film."));
  else
    rafilm_reply_say_heading (&question->reply, get_heading (request), request);
  say_picks (question, picks);

  left = picks->len - MIN (picks->len, get_limit (request));
  if (left > 0)
    {
      rafilm_reply_say (&question->reply, "\n");
      rafilm_reply_say (&question->reply, ngettext ("and %u more.", "and %u more.", left), left);
    }
  say_ignored (question);

  return TRUE;
}

static gboolean
await_numbers (Question *question, GError **error)
{
  g_autoptr (GArray) picks = NULL;

  picks = rafilm_concierge_await_picks (question->self->store, &question->request, question->film,
                                        error);
  if (picks == NULL)
    return FALSE;

  switch (question->request.kind)
    {
    case RAFILM_REQUEST_COUNT:
      rafilm_reply_say_count (&question->reply, &question->request, picks);
      break;
    case RAFILM_REQUEST_TIME:
      rafilm_reply_say_minutes (&question->reply, &question->request, picks);
      break;
    case RAFILM_REQUEST_AVERAGE:
      rafilm_reply_say_average (&question->reply, &question->request, picks);
      break;
    case RAFILM_REQUEST_FAVOURITE:
    default:
      rafilm_reply_say_favourite (&question->reply, &question->request, picks);
      break;
    }
  say_ignored (question);

  return TRUE;
}

/* Quotes the newest review. */
static gboolean
await_review (Question *question, GError **error)
{
  g_autoptr (GListModel) viewings = NULL;

  viewings = dex_await_object (
      rafilm_store_list_viewings (question->self->store, rafilm_film_get_id (question->film), 0, 0),
      error);
  if (viewings == NULL)
    return FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (viewings); i++)
    {
      g_autoptr (RafilmViewing) viewing = g_list_model_get_item (viewings, i);
      const char *review = rafilm_viewing_get_review (viewing);
      const char *date = rafilm_viewing_get_date (viewing);
      g_autofree char *handle = NULL;
      g_autofree char *quote = NULL;
      g_autofree char *day = NULL;

      if (review == NULL || *review == '\0')
        continue;
      handle = rafilm_reply_name (&question->reply, question->film);
      quote = g_utf8_strlen (review, -1) > MAX_QUOTE ? g_utf8_substring (review, 0, MAX_QUOTE)
                                                     : g_strdup (review);
      day = date != NULL ? rafilm_date_format (date) : NULL;
      if (day != NULL)
        /* Translators: a date, a film, a review */
        rafilm_reply_say (&question->reply, _ ("On %s you wrote about %s: “%s”"), day, handle,
                          quote);
      else
        /* Translators: a film, a review */
        rafilm_reply_say (&question->reply, _ ("You wrote about %s: “%s”"), handle, quote);
      return TRUE;
    }

  rafilm_reply_say_fact (&question->reply, question->film, RAFILM_FACT_REVIEW);

  return TRUE;
}

static gboolean
await_fact (Question *question, GError **error)
{
  question->self->last_film = question->request.film;
  if (question->request.fact == RAFILM_FACT_REVIEW)
    {
      if (!await_review (question, error))
        return FALSE;
    }
  else
    rafilm_reply_say_fact (&question->reply, question->film, question->request.fact);

  return await_other_titles (question, error);
}

/* "Another one", and "but shorter": fills in what was asked before. */
static void
refer_to_previous (Question *question)
{
  RafilmConcierge *self = question->self;
  RafilmRequest *request = &question->request;
  RafilmRelations relations = request->relations;
  gboolean more = request->kind == RAFILM_REQUEST_MORE;
  gboolean refines = request->kind == RAFILM_REQUEST_RECOMMEND && request->film == 0
                     && request->unknown_title == NULL && relations != 0;

  if (!more && !refines)
    return;
  if (self->previous.kind != RAFILM_REQUEST_RECOMMEND
      && (more || self->previous.kind != RAFILM_REQUEST_FACT))
    {
      if (more)
        request->kind = RAFILM_REQUEST_NONE;
      return;
    }

  rafilm_request_clear (request);
  rafilm_request_copy (&self->previous, request);
  request->kind = RAFILM_REQUEST_RECOMMEND;
  request->relations |= relations;
  if (relations != 0 && self->last_film != 0)
    {
      request->relations = relations;
      request->film = self->last_film;
    }
}

static gboolean
await_reply (Question *question, GError **error)
{
  RafilmRequest *request = &question->request;

  refer_to_previous (question);
  if (request->film != 0)
    {
      question->film =
          dex_await_object (rafilm_store_get_film (question->self->store, request->film), error);
      if (question->film == NULL)
        return FALSE;
    }
  if (request->unknown_title != NULL)
    return await_unknown_title (question, error);

  switch (request->kind)
    {
    case RAFILM_REQUEST_RECOMMEND:
      return await_recommendation (question, error);
    case RAFILM_REQUEST_LIST:
      return await_list (question, error);
    case RAFILM_REQUEST_COUNT:
    case RAFILM_REQUEST_TIME:
    case RAFILM_REQUEST_AVERAGE:
    case RAFILM_REQUEST_FAVOURITE:
      return await_numbers (question, error);
    case RAFILM_REQUEST_FACT:
      return await_fact (question, error);
    case RAFILM_REQUEST_THANKS:
      rafilm_reply_say (&question->reply, "%s", _ ("You’re welcome."));
      return TRUE;
    case RAFILM_REQUEST_GREETING:
      rafilm_reply_say (&question->reply, "%s ", _ ("Hello!"));
      rafilm_reply_say_help (&question->reply);
      return TRUE;
    case RAFILM_REQUEST_HELP:
      rafilm_reply_say_help (&question->reply);
      return TRUE;
    case RAFILM_REQUEST_MORE:
    case RAFILM_REQUEST_NONE:
    default:
      rafilm_reply_say (&question->reply, "%s ", _ ("I did not understand that."));
      rafilm_reply_say_help (&question->reply);
      return TRUE;
    }
}

static DexFuture *
answer_fiber (Question *question)
{
  RafilmConcierge *self = question->self;
  g_autofree char *today = rafilm_clock_dup_today ();
  g_autoptr (GError) error = NULL;

  if (!await_titles (self, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  rafilm_concierge_parse (question->text, today, self->titles, &question->request);
  rafilm_reply_init (&question->reply);
  if (!await_reply (question, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (question->request.unknown_title == NULL
      && (question->request.kind == RAFILM_REQUEST_RECOMMEND
          || question->request.kind == RAFILM_REQUEST_FACT))
    {
      rafilm_request_clear (&self->previous);
      rafilm_request_copy (&question->request, &self->previous);
    }
  rafilm_reply_write (&question->reply, question->message);

  return dex_future_new_true ();
}

static void
store_changed_cb (RafilmConcierge *self, const RafilmStoreChange *change)
{
  if ((change->kinds & RAFILM_STORE_CHANGE_FILMS) != 0)
    g_clear_pointer (&self->titles, rafilm_title_index_free);
}

static void
rafilm_concierge_finalize (GObject *object)
{
  RafilmConcierge *self = RAFILM_CONCIERGE (object);

  g_clear_object (&self->store);
  g_clear_object (&self->recommender);
  g_clear_pointer (&self->titles, rafilm_title_index_free);
  g_clear_pointer (&self->shown, g_hash_table_unref);
  g_clear_pointer (&self->rand, g_rand_free);
  rafilm_request_clear (&self->previous);

  G_OBJECT_CLASS (rafilm_concierge_parent_class)->finalize (object);
}

static void
rafilm_concierge_class_init (RafilmConciergeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rafilm_concierge_finalize;
}

static void
rafilm_concierge_init (RafilmConcierge *self)
{
  self->shown = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->rand = g_rand_new ();
}

RafilmConcierge *
rafilm_concierge_new (RafilmStore *store, RafilmRecommender *recommender)
{
  RafilmConcierge *self;

  g_return_val_if_fail (RAFILM_IS_STORE (store), NULL);
  g_return_val_if_fail (RAFILM_IS_RECOMMENDER (recommender), NULL);

  self = g_object_new (RAFILM_TYPE_CONCIERGE, NULL);
  self->store = g_object_ref (store);
  self->recommender = g_object_ref (recommender);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}

void
rafilm_concierge_set_seed (RafilmConcierge *self, guint32 seed)
{
  g_return_if_fail (RAFILM_IS_CONCIERGE (self));

  g_rand_set_seed (self->rand, seed);
}

void
rafilm_concierge_forget (RafilmConcierge *self)
{
  g_return_if_fail (RAFILM_IS_CONCIERGE (self));

  g_hash_table_remove_all (self->shown);
  rafilm_request_clear (&self->previous);
  self->last_film = 0;
}

DexFuture *
rafilm_concierge_answer (RafilmConcierge *self, const char *text, RafilmMessage *message)
{
  Question *question;

  dex_return_error_if_fail (RAFILM_IS_CONCIERGE (self));
  dex_return_error_if_fail (text != NULL);
  dex_return_error_if_fail (RAFILM_IS_MESSAGE (message));

  question = g_new0 (Question, 1);
  question->self = g_object_ref (self);
  question->text = g_strdup (text);
  question->message = g_object_ref (message);

  return rafilm_spawn ((DexFiberFunc) answer_fiber, question, (GDestroyNotify) question_free);
}
