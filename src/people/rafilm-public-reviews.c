/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-public-reviews.h"

#include <gio/gio.h>

#include "rafilm-error.h"
#include "rafilm-json-body.h"
#include "rafilm-spawn.h"

#define MAX_PAGE 50

struct _RafilmPublicReviews
{
  GObject parent_instance;

  RafilmApi *api;
  gint64 film;
  GListStore *reviews;
  char *cursor; /* of the next page; NULL before the first */
  gboolean has_more;
  DexFuture *loading;
};

enum
{
  PROP_0,
  PROP_HAS_MORE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return RAFILM_TYPE_PUBLIC_REVIEW;
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (RAFILM_PUBLIC_REVIEWS (model)->reviews));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (RAFILM_PUBLIC_REVIEWS (model)->reviews), position);
}

static void
init_list_model (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (RafilmPublicReviews, rafilm_public_reviews, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, init_list_model))

/* ---- Loading ---- */

/* One odd review is left out; a page that is none is an error. */
static GPtrArray *
read_page (JsonNode *body, GError **error)
{
  g_autoptr (GPtrArray) page = g_ptr_array_new_with_free_func (g_object_unref);
  JsonNode *member = NULL;
  JsonArray *array;

  if (JSON_NODE_HOLDS_OBJECT (body))
    member = json_object_get_member (json_node_get_object (body), "reviews");
  if (member == NULL || !JSON_NODE_HOLDS_ARRAY (member)
      || json_array_get_length (json_node_get_array (member)) > MAX_PAGE)
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                           "The reviews of the service make no sense");
      return NULL;
    }
  array = json_node_get_array (member);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      RafilmPublicReview *review = NULL;

      if (JSON_NODE_HOLDS_OBJECT (element))
        review = rafilm_public_review_from_json (json_node_get_object (element), NULL);
      if (review != NULL)
        g_ptr_array_add (page, review);
    }

  return g_steal_pointer (&page);
}

static void
take_cursor (RafilmPublicReviews *self, JsonNode *body)
{
  const char *cursor = rafilm_json_body_get_string (json_node_get_object (body), "cursor");

  /* The same page for ever is no list. */
  self->has_more = cursor != NULL && g_strcmp0 (cursor, self->cursor) != 0;
  g_set_str (&self->cursor, cursor);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_MORE]);
}

static DexFuture *
load_fiber (gpointer data)
{
  RafilmPublicReviews *self = data;
  g_autofree char *path = NULL;
  g_autofree char *query = NULL;
  g_autofree char *escaped = NULL;
  g_autoptr (JsonNode) body = NULL;
  g_autoptr (GPtrArray) page = NULL;
  GError *error = NULL;

  path = g_strdup_printf ("v1/films/%" G_GINT64_FORMAT "/reviews", self->film);
  if (self->cursor != NULL)
    {
      escaped = g_uri_escape_string (self->cursor, NULL, FALSE);
      query = g_strconcat ("cursor=", escaped, NULL);
    }
  body = dex_await_boxed (rafilm_api_call (self->api, "GET", path, query, NULL, FALSE), &error);
  if (body != NULL)
    page = read_page (body, &error);
  if (page == NULL)
    return dex_future_new_for_error (error);
  g_list_store_splice (self->reviews, g_list_model_get_n_items (G_LIST_MODEL (self->reviews)), 0,
                       page->pdata, page->len);
  take_cursor (self, body);

  return dex_future_new_true ();
}

DexFuture *
rafilm_public_reviews_load_more (RafilmPublicReviews *self)
{
  dex_return_error_if_fail (RAFILM_IS_PUBLIC_REVIEWS (self));

  if (!self->has_more)
    return dex_future_new_true ();
  if (self->loading == NULL || !dex_future_is_pending (self->loading))
    {
      dex_clear (&self->loading);
      self->loading = rafilm_spawn (load_fiber, g_object_ref (self), g_object_unref);
    }

  return dex_ref (self->loading);
}

gboolean
rafilm_public_reviews_get_has_more (RafilmPublicReviews *self)
{
  g_return_val_if_fail (RAFILM_IS_PUBLIC_REVIEWS (self), FALSE);
  return self->has_more;
}

/* ---- Reporting ---- */

typedef struct
{
  RafilmPublicReviews *self;
  RafilmPublicReview *review;
} Report;

static void
free_report (gpointer data)
{
  Report *report = data;

  g_clear_object (&report->self);
  g_clear_object (&report->review);
  g_free (report);
}

static DexFuture *
report_fiber (gpointer data)
{
  Report *report = data;
  g_autofree char *path = NULL;
  g_autoptr (RafilmApiAnswer) answer = NULL;
  GError *error = NULL;
  guint position;

  path = g_strdup_printf ("v1/reviews/%s/report", rafilm_public_review_get_id (report->review));
  answer = dex_await_boxed (
      rafilm_api_call_full (report->self->api, "POST", path, NULL, NULL, TRUE), &error);
  if (answer == NULL)
    return dex_future_new_for_error (error);
  if (answer->status != 404 && answer->status != 409)
    error = rafilm_api_answer_to_error (answer);
  if (error != NULL)
    return dex_future_new_for_error (error);
  if (g_list_store_find (report->self->reviews, report->review, &position))
    g_list_store_remove (report->self->reviews, position);

  return dex_future_new_true ();
}

DexFuture *
rafilm_public_reviews_report (RafilmPublicReviews *self, RafilmPublicReview *review)
{
  Report *report;

  dex_return_error_if_fail (RAFILM_IS_PUBLIC_REVIEWS (self));
  dex_return_error_if_fail (RAFILM_IS_PUBLIC_REVIEW (review));

  report = g_new0 (Report, 1);
  report->self = g_object_ref (self);
  report->review = g_object_ref (review);

  return rafilm_spawn (report_fiber, report, free_report);
}

/* ---- Type ---- */

static void
items_changed_cb (RafilmPublicReviews *self, guint position, guint removed, guint added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
rafilm_public_reviews_finalize (GObject *object)
{
  RafilmPublicReviews *self = RAFILM_PUBLIC_REVIEWS (object);

  dex_clear (&self->loading);
  g_clear_object (&self->reviews);
  g_clear_object (&self->api);
  g_clear_pointer (&self->cursor, g_free);

  G_OBJECT_CLASS (rafilm_public_reviews_parent_class)->finalize (object);
}

static void
rafilm_public_reviews_get_property (GObject *object, guint prop_id, GValue *value,
                                    GParamSpec *pspec)
{
  g_value_set_boolean (value, RAFILM_PUBLIC_REVIEWS (object)->has_more);
}

static void
rafilm_public_reviews_class_init (RafilmPublicReviewsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = rafilm_public_reviews_finalize;
  object_class->get_property = rafilm_public_reviews_get_property;

  properties[PROP_HAS_MORE] = g_param_spec_boolean ("has-more", NULL, NULL, TRUE,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rafilm_public_reviews_init (RafilmPublicReviews *self)
{
  self->has_more = TRUE;
  self->reviews = g_list_store_new (RAFILM_TYPE_PUBLIC_REVIEW);
  g_signal_connect_object (self->reviews, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

RafilmPublicReviews *
rafilm_public_reviews_new (RafilmApi *api, gint64 film)
{
  RafilmPublicReviews *self;

  g_return_val_if_fail (RAFILM_IS_API (api), NULL);
  g_return_val_if_fail (film > 0, NULL);

  self = g_object_new (RAFILM_TYPE_PUBLIC_REVIEWS, NULL);
  self->api = g_object_ref (api);
  self->film = film;

  return self;
}
