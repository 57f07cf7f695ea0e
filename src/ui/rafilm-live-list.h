/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rafilm-store.h"

G_BEGIN_DECLS

/*
 * RafilmLiveList: a question to the mirror whose answer is kept up to date.
 *
 * It is a GListModel.  It asks when it is made and again whenever the store
 * announces a change of one of KINDS; many changes in a row make one question,
 * and there is never more than one under way.  Of a new answer only what differs
 * is announced, so that a view keeps its place and its focus.
 *
 * "loaded" becomes TRUE with the first answer, so that an empty list can be
 * told from one that is not there yet.
 */
#define RAFILM_TYPE_LIVE_LIST (rafilm_live_list_get_type ())
G_DECLARE_FINAL_TYPE (RafilmLiveList, rafilm_live_list, RAFILM, LIVE_LIST, GObject)

/* Asks; resolves to a GListModel. */
typedef DexFuture *(*RafilmLiveListLoad) (RafilmStore *store, gpointer data);

/* ITEM_TYPE is what the model holds; KINDS are RafilmStoreChangeKinds. */
RafilmLiveList *rafilm_live_list_new (RafilmStore *store, GType item_type, guint kinds,
                                      RafilmLiveListLoad load, gpointer data,
                                      GDestroyNotify destroy);

/* Asks again, for instance because what DATA says has changed. */
void rafilm_live_list_refresh (RafilmLiveList *self);

/* After its first answer the list asks again only while PAGE is seen; what
 * changed meanwhile is asked when it comes to be. */
void rafilm_live_list_show_in (RafilmLiveList *self, GtkWidget *page);

gboolean rafilm_live_list_is_loaded (RafilmLiveList *self);

G_END_DECLS
