/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-device.h"

#include "rafilm-id.h"
#include "sim-mix.h"
#include "sim-random.h"
#include "sim-report.h"
#include "sim-version.h"

#define FILMS 6

static gint64
pick_film (void)
{
  if (sim_mix_get ()->crowding > 0 && sim_random_strikes (sim_mix_get ()->crowding))
    return 1;
  return 1 + sim_random_pick (FILMS);
}

static char *
make_film_id (void)
{
  return g_strdup_printf ("%d", (int) pick_film ());
}

/* Texts are never the same twice. */
static char *
make_text (const char *prefix)
{
  return g_strdup_printf ("%s%08x", prefix, (guint) (sim_random_next () >> 32));
}

static RafilmWireValue
some_text (const char *prefix)
{
  g_autofree char *text = make_text (prefix);

  return rafilm_wire_text (text);
}

static RafilmWireValue
some_rating (void)
{
  int rating = sim_random_pick (11);

  return rating == 0 ? rafilm_wire_null () : rafilm_wire_int (rating);
}

static RafilmWireValue
some_date (void)
{
  g_autofree char *date = g_strdup_printf ("%04d-%02d-%02d", 1900 + sim_random_pick (120),
                                           1 + sim_random_pick (12), 1 + sim_random_pick (28));

  return rafilm_wire_text (date);
}

static RafilmWireValue
some_review (void)
{
  g_autofree char *text = make_text ("review ");

  if (sim_random_strikes (80))
    return rafilm_wire_null ();
  return rafilm_wire_review (text, sim_random_strikes (200), NULL);
}

/* One of what `sql` lists, or NULL. */
static char *
pick_from (SimDevice *device, const char *sql)
{
  g_autoptr (GPtrArray) found = sim_device_list (device, sql);

  if (found->len == 0)
    return NULL;
  if (sim_mix_get ()->crowding > 0 && sim_random_strikes (sim_mix_get ()->crowding))
    return g_strdup (found->pdata[0]);
  return g_strdup (found->pdata[sim_random_pick ((int) found->len)]);
}

static void
log_film (RafilmEdit *edit)
{
  g_autofree char *id = rafilm_id_new ();
  g_autofree char *film_id = make_film_id ();
  gint64 film = g_ascii_strtoll (film_id, NULL, 10);

  rafilm_edit_create (edit, "d", id);
  rafilm_edit_set (edit, "d", id, "film", rafilm_wire_int (film));
  rafilm_edit_set (edit, "d", id, "on", some_date ());
  rafilm_edit_set (edit, "d", id, "rating", some_rating ());
  if (sim_random_strikes (400))
    rafilm_edit_set (edit, "d", id, "rv", some_review ());
  if (sim_random_strikes (500))
    return;
  rafilm_edit_mark_seen (edit, film, TRUE);
  rafilm_edit_set_watchlist (edit, film, FALSE, NULL);
}

/* Who has an earlier version of the program can't edit what it doesn't know. */
static void
set_if_known (RafilmEdit *edit, const char *kind, const char *id, const char *field,
              RafilmWireValue value)
{
  if (rafilm_wire_field_find (rafilm_wire_kind_find (kind), field) != NULL)
    rafilm_edit_set (edit, kind, id, field, value);
  else
    rafilm_wire_value_clear (&value);
}

static void
change_viewing (RafilmEdit *edit, const char *id)
{
  int what = sim_random_pick (100);

  if (what < 35)
    rafilm_edit_set (edit, "d", id, "rating", some_rating ());
  else if (what < 68)
    rafilm_edit_set (edit, "d", id, "rv", some_review ());
  else if (what < 82)
    rafilm_edit_delete (edit, "d", id);
  else if (what < 92)
    {
      set_if_known (edit, "d", id, "tag:plane", rafilm_wire_bool (sim_random_strikes (500)));
      rafilm_edit_set (edit, "d", id, "on", some_date ());
    }
  else if (what < 96)
    set_if_known (edit, "d", id, "finished", rafilm_wire_bool (sim_random_strikes (500)));
  else
    rafilm_edit_set (edit, "d", id, "film", rafilm_wire_int (pick_film ()));
}

static void
mark_film (RafilmEdit *edit)
{
  static const char *const flags[] = { "like", "seen", "hide" };
  g_autofree char *id = make_film_id ();

  if (sim_random_strikes (500))
    rafilm_edit_set (edit, "f", id, "rating", some_rating ());
  else
    set_if_known (edit, "f", id, flags[sim_random_pick (3)],
                  rafilm_wire_bool (sim_random_strikes (500)));
}

static void
mark_watchlist (RafilmEdit *edit)
{
  g_autofree char *id = make_film_id ();

  if (sim_random_strikes (300))
    set_if_known (edit, "w", id, "note", some_text ("note "));
  else
    rafilm_edit_set (edit, "w", id, "on", rafilm_wire_bool (sim_random_strikes (600)));
}

static void
change_list (RafilmEdit *edit, const char *id)
{
  int what = sim_random_pick (100);
  g_autofree char *text = make_text ("note ");

  if (what < 12)
    rafilm_edit_set (edit, "l", id, "name", some_text ("list "));
  else if (what < 20)
    rafilm_edit_set (edit, "l", id, "desc", some_text ("about "));
  else if (what < 28)
    rafilm_edit_delete (edit, "l", id);
  else if (what < 58)
    rafilm_edit_add_to_list (edit, id, pick_film (), sim_random_strikes (300) ? text : NULL);
  else if (what < 75)
    rafilm_edit_move_in_list (edit, id, pick_film (), (guint) sim_random_pick (FILMS));
  else if (what < 88)
    rafilm_edit_remove_from_list (edit, id, pick_film ());
  else
    rafilm_edit_set_list_note (edit, id, pick_film (), text);
}

static void
settle_version (SimDevice *device, RafilmEdit *edit)
{
  g_autofree char *id =
      pick_from (device, device->is_old ? "SELECT id FROM version WHERE field = 'rv' ORDER BY id"
                                        : "SELECT id FROM version ORDER BY id");

  if (id == NULL)
    return;
  if (sim_random_strikes (500))
    rafilm_edit_use_version (edit, id);
  else
    rafilm_edit_dismiss_version (edit, id);
}

static void
restore_something (SimDevice *device, RafilmEdit *edit)
{
  gboolean viewing = sim_random_strikes (600);
  g_autofree char *id =
      pick_from (device, viewing ? "SELECT id FROM viewing WHERE deleted_at IS NOT NULL ORDER BY id"
                                 : "SELECT id FROM list WHERE deleted_at IS NOT NULL ORDER BY id");

  if (id != NULL && (viewing || !device->is_old))
    rafilm_edit_restore (edit, viewing ? "d" : "l", id);
}

static void
change_known (SimDevice *device, RafilmEdit *edit, gboolean viewing)
{
  g_autofree char *id =
      pick_from (device, viewing ? "SELECT id FROM viewing WHERE deleted_at IS NULL ORDER BY id"
                                 : "SELECT id FROM list WHERE deleted_at IS NULL ORDER BY id");

  if (id != NULL && viewing)
    change_viewing (edit, id);
  else if (id != NULL && !device->is_old)
    change_list (edit, id);
}

void
sim_user_act (SimDevice *device)
{
  SimAct what = (SimAct) sim_mix_pick (sim_mix_get ()->acts, SIM_N_ACTS);
  RafilmEdit *edit;

  sim_version_set_old (device->is_old);
  if (what == SIM_REVERT)
    {
      sim_device_revert (device, sim_random_strikes (300));
      return;
    }
  edit = rafilm_edit_new ("act");
  if (what == SIM_LOG)
    log_film (edit);
  else if (what == SIM_CHANGE_VIEWING)
    change_known (device, edit, TRUE);
  else if (what == SIM_MARK_FILM)
    mark_film (edit);
  else if (what == SIM_MARK_WATCHLIST)
    mark_watchlist (edit);
  else if (device->is_old && (what == SIM_CREATE_LIST || what == SIM_CHANGE_PROFILE))
    mark_film (edit);
  else if (what == SIM_CREATE_LIST)
    rafilm_edit_create_list (edit, "new", NULL, FALSE, FALSE);
  else if (what == SIM_CHANGE_LIST)
    change_known (device, edit, FALSE);
  else if (what == SIM_CHANGE_PROFILE)
    rafilm_edit_set (edit, "p", "me", sim_random_strikes (500) ? "bio" : "name", some_text ("me "));
  else if (what == SIM_SETTLE_VERSION)
    settle_version (device, edit);
  else
    restore_something (device, edit);
  sim_device_apply (device, edit);
}
