/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The product's words, told as changes of fields. */

#include "config.h"

#include "rafilm-edit-private.h"

#include "rafilm-id.h"
#include "rafilm-rating.h"

static RafilmWireValue
rating_value (int half_stars)
{
  return half_stars == RAFILM_RATING_NONE ? rafilm_wire_null () : rafilm_wire_int (half_stars);
}

static RafilmWireValue
text_or_null (const char *text)
{
  return text == NULL || text[0] == '\0' ? rafilm_wire_null () : rafilm_wire_text (text);
}

static RafilmWireValue
review_value (RafilmViewing *viewing)
{
  const char *review = NULL;

  review = rafilm_viewing_get_review (viewing);
  if (review == NULL || review[0] == '\0')
    return rafilm_wire_null ();
  return rafilm_wire_review (review, rafilm_viewing_get_spoiler (viewing),
                             rafilm_viewing_get_language (viewing));
}

static void
set_tag (RafilmEdit *self, const char *id, const char *tag, gboolean on)
{
  g_autofree char *field = NULL;

  field = g_strconcat ("tag:", tag, NULL);
  rafilm_edit_set (self, "d", id, field, rafilm_wire_bool (on));
}

static void
set_film_field (RafilmEdit *self, gint64 film, const char *field, RafilmWireValue value)
{
  g_autofree char *id = NULL;

  id = g_strdup_printf ("%" G_GINT64_FORMAT, film);
  rafilm_edit_set (self, "f", id, field, value);
}

const char *
rafilm_edit_log_viewing (RafilmEdit *self, RafilmViewing *viewing)
{
  g_autofree char *id = NULL;
  const char *const *tags = NULL;
  GPtrArray *changes = NULL;
  RafilmChange *create = NULL;
  gint64 film = 0;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (RAFILM_IS_VIEWING (viewing), NULL);
  g_return_val_if_fail (RAFILM_IS_FILM (rafilm_viewing_get_film (viewing)), NULL);

  id = g_strdup (rafilm_viewing_get_id (viewing));
  if (id == NULL)
    id = rafilm_id_new ();
  film = rafilm_film_get_id (rafilm_viewing_get_film (viewing));

  rafilm_edit_create (self, "d", id);
  changes = rafilm_edit_get_changes (self);
  create = g_ptr_array_index (changes, changes->len - 1);
  rafilm_edit_set (self, "d", id, "film", rafilm_wire_int (film));
  rafilm_edit_set (self, "d", id, "on", text_or_null (rafilm_viewing_get_date (viewing)));
  rafilm_edit_set (self, "d", id, "rating", rating_value (rafilm_viewing_get_rating (viewing)));
  rafilm_edit_set (self, "d", id, "liked", rafilm_wire_bool (rafilm_viewing_get_liked (viewing)));
  rafilm_edit_set (self, "d", id, "rewatch",
                   rafilm_wire_bool (rafilm_viewing_get_rewatch (viewing)));
  rafilm_edit_set (self, "d", id, "finished",
                   rafilm_wire_bool (rafilm_viewing_get_finished (viewing)));
  rafilm_edit_set (self, "d", id, "public", rafilm_wire_bool (rafilm_viewing_get_public (viewing)));
  rafilm_edit_set (self, "d", id, "rv", review_value (viewing));
  tags = rafilm_viewing_get_tags (viewing);
  for (gsize i = 0; tags != NULL && tags[i] != NULL; i++)
    set_tag (self, id, tags[i], TRUE);

  rafilm_edit_mark_seen (self, film, TRUE);
  if (rafilm_viewing_get_rating (viewing) != RAFILM_RATING_NONE)
    rafilm_edit_rate_film (self, film, rafilm_viewing_get_rating (viewing));
  if (rafilm_viewing_get_liked (viewing))
    rafilm_edit_like_film (self, film, TRUE);
  rafilm_edit_set_watchlist (self, film, FALSE, NULL);
  return create->id;
}

static void
update_bool (RafilmEdit *self, const char *id, const char *field, gboolean before, gboolean after)
{
  if (before != after)
    rafilm_edit_set (self, "d", id, field, rafilm_wire_bool (after));
}

static void
update_tags (RafilmEdit *self, const char *id, RafilmViewing *before, RafilmViewing *after)
{
  const char *const *old = rafilm_viewing_get_tags (before);
  const char *const *new = rafilm_viewing_get_tags (after);

  for (gsize i = 0; old[i] != NULL; i++)
    if (!g_strv_contains (new, old[i]))
      set_tag (self, id, old[i], FALSE);
  for (gsize i = 0; new[i] != NULL; i++)
    if (!g_strv_contains (old, new[i]))
      set_tag (self, id, new[i], TRUE);
}

static gboolean
same_review (RafilmViewing *a, RafilmViewing *b)
{
  RafilmWireValue first = review_value (a);
  RafilmWireValue second = review_value (b);
  gboolean same = FALSE;

  same = rafilm_wire_value_equal (&first, &second);
  rafilm_wire_value_clear (&first);
  rafilm_wire_value_clear (&second);
  return same;
}

void
rafilm_edit_update_viewing (RafilmEdit *self, RafilmViewing *before, RafilmViewing *after)
{
  const char *id = NULL;
  gint64 film = 0;

  g_return_if_fail (self != NULL);
  g_return_if_fail (RAFILM_IS_VIEWING (before) && RAFILM_IS_VIEWING (after));
  g_return_if_fail (rafilm_viewing_get_id (before) != NULL);

  id = rafilm_viewing_get_id (before);
  film = rafilm_film_get_id (rafilm_viewing_get_film (after));
  if (rafilm_film_get_id (rafilm_viewing_get_film (before)) != film)
    rafilm_edit_set (self, "d", id, "film", rafilm_wire_int (film));
  if (g_strcmp0 (rafilm_viewing_get_date (before), rafilm_viewing_get_date (after)) != 0)
    rafilm_edit_set (self, "d", id, "on", text_or_null (rafilm_viewing_get_date (after)));
  if (rafilm_viewing_get_rating (before) != rafilm_viewing_get_rating (after))
    rafilm_edit_set (self, "d", id, "rating", rating_value (rafilm_viewing_get_rating (after)));
  if (!same_review (before, after))
    rafilm_edit_set (self, "d", id, "rv", review_value (after));
  update_bool (self, id, "liked", rafilm_viewing_get_liked (before),
               rafilm_viewing_get_liked (after));
  update_bool (self, id, "rewatch", rafilm_viewing_get_rewatch (before),
               rafilm_viewing_get_rewatch (after));
  update_bool (self, id, "finished", rafilm_viewing_get_finished (before),
               rafilm_viewing_get_finished (after));
  update_bool (self, id, "public", rafilm_viewing_get_public (before),
               rafilm_viewing_get_public (after));
  update_tags (self, id, before, after);
}

void
rafilm_edit_delete_viewing (RafilmEdit *self, const char *id)
{
  rafilm_edit_delete (self, "d", id);
}

void
rafilm_edit_restore_viewing (RafilmEdit *self, const char *id)
{
  rafilm_edit_restore (self, "d", id);
}

void
rafilm_edit_rate_film (RafilmEdit *self, gint64 film, int half_stars)
{
  set_film_field (self, film, "rating", rating_value (half_stars));
}

void
rafilm_edit_like_film (RafilmEdit *self, gint64 film, gboolean like)
{
  set_film_field (self, film, "like", rafilm_wire_bool (like));
}

void
rafilm_edit_mark_seen (RafilmEdit *self, gint64 film, gboolean seen)
{
  set_film_field (self, film, "seen", rafilm_wire_bool (seen));
}

void
rafilm_edit_hide_film (RafilmEdit *self, gint64 film, gboolean hide)
{
  set_film_field (self, film, "hide", rafilm_wire_bool (hide));
}

void
rafilm_edit_set_watchlist (RafilmEdit *self, gint64 film, gboolean on, const char *note)
{
  g_autofree char *id = NULL;

  id = g_strdup_printf ("%" G_GINT64_FORMAT, film);
  rafilm_edit_set (self, "w", id, "on", rafilm_wire_bool (on));
  if (note != NULL)
    rafilm_edit_set (self, "w", id, "note", text_or_null (note));
}

const char *
rafilm_edit_create_list (RafilmEdit *self, const char *name, const char *description,
                         gboolean ranked, gboolean public)
{
  g_autofree char *id = NULL;
  GPtrArray *changes = NULL;
  RafilmChange *create = NULL;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  id = rafilm_id_new ();
  rafilm_edit_create (self, "l", id);
  changes = rafilm_edit_get_changes (self);
  create = g_ptr_array_index (changes, changes->len - 1);
  rafilm_edit_update_list (self, id, name, description, ranked, public);
  return create->id;
}

void
rafilm_edit_update_list (RafilmEdit *self, const char *list, const char *name,
                         const char *description, gboolean ranked, gboolean public)
{
  if (name != NULL)
    rafilm_edit_set (self, "l", list, "name", rafilm_wire_text (name));
  if (description != NULL)
    rafilm_edit_set (self, "l", list, "desc", text_or_null (description));
  rafilm_edit_set (self, "l", list, "ranked", rafilm_wire_bool (ranked));
  rafilm_edit_set (self, "l", list, "public", rafilm_wire_bool (public));
}

void
rafilm_edit_delete_list (RafilmEdit *self, const char *list)
{
  rafilm_edit_delete (self, "l", list);
}

void
rafilm_edit_restore_list (RafilmEdit *self, const char *list)
{
  rafilm_edit_restore (self, "l", list);
}

void
rafilm_edit_remove_from_list (RafilmEdit *self, const char *list, gint64 film)
{
  g_autofree char *id = NULL;

  id = rafilm_edit_make_item_id (list, film);
  rafilm_edit_set (self, "i", id, "on", rafilm_wire_bool (FALSE));
}

void
rafilm_edit_set_list_note (RafilmEdit *self, const char *list, gint64 film, const char *note)
{
  g_autofree char *id = NULL;

  id = rafilm_edit_make_item_id (list, film);
  rafilm_edit_set (self, "i", id, "note", text_or_null (note));
}

void
rafilm_edit_set_profile (RafilmEdit *self, const char *name, const char *bio)
{
  if (name != NULL)
    rafilm_edit_set (self, "p", "me", "name", text_or_null (name));
  if (bio != NULL)
    rafilm_edit_set (self, "p", "me", "bio", text_or_null (bio));
}

void
rafilm_edit_dismiss_version (RafilmEdit *self, const char *version)
{
  rafilm_edit_delete (self, "x", version);
}
