/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-publication.h"

#include "rafilm-memory.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* The first 132 bits of SHA-256, six to a character. */
void
rafilm_publication_make_id (const char *uid, const char *viewing,
                            char id[RAFILM_PUBLICATION_ID_SIZE])
{
  rafilm_autofree char *name = rafilm_printf ("%s#%s", uid, viewing);
  unsigned char hash[EVP_MAX_MD_SIZE];

  if (EVP_Digest (name, strlen (name), hash, NULL, EVP_sha256 (), NULL) != 1)
    abort ();
  for (unsigned i = 0; i < RAFILM_PUBLICATION_ID_SIZE - 1; i++)
    {
      unsigned at = i * 6;
      unsigned pair = (unsigned) hash[at / 8] << 8 | hash[at / 8 + 1];

      id[i] = ALPHABET[pair >> (10 - at % 8) & 63];
    }
  id[RAFILM_PUBLICATION_ID_SIZE - 1] = '\0';
}

bool
rafilm_publication_id_is_valid (const char *id)
{
  return id != NULL && strlen (id) == RAFILM_PUBLICATION_ID_SIZE - 1
         && id[strspn (id, ALPHABET)] == '\0';
}

/* The review's text: plain, or {"text", "spoiler", "lang"}; borrowed from `fields`. */
static const char *
get_text (const json_t *fields)
{
  const json_t *review = json_object_get (fields, "rv");
  const char *text =
      json_string_value (json_is_object (review) ? json_object_get (review, "text") : review);

  return text != NULL && text[strspn (text, " \t\r\n")] != '\0' ? text : NULL;
}

static bool
fields_are_public (const json_t *fields)
{
  json_int_t film = json_integer_value (json_object_get (fields, "film"));

  return json_is_true (json_object_get (fields, "public")) && get_text (fields) != NULL && film > 0
         && film <= INT32_MAX;
}

bool
rafilm_publication_is_public (const json_t *row)
{
  json_auto_t *fields = rafilm_item_get_json (row, "f");

  return !rafilm_item_get_bool (row, "x", false) && !rafilm_item_get_bool (row, "c", false)
         && fields_are_public (fields);
}

static void
copy_member (json_t *item, const char *name, const json_t *fields, const char *field)
{
  const json_t *value = json_object_get (fields, field);

  if (value != NULL && !json_is_null (value))
    rafilm_item_set_json (item, name, value);
}

static void
make_key (int64_t at, const char *id, char sk[48])
{
  snprintf (sk, 48, "%013" PRId64 "#%s", at, id);
}

static json_t *
make_review (const char *pk, const char *id, int64_t at, const json_t *fields, const char *viewing,
             const char *handle)
{
  const json_t *review = json_object_get (fields, "rv");
  char sk[48];
  json_t *item;

  make_key (at, id, sk);
  item = rafilm_item_key (pk, sk);
  rafilm_item_set_text (item, "id", id);
  rafilm_item_set_text (item, "v", viewing);
  rafilm_item_set_text (item, "handle", handle);
  rafilm_item_set_int (item, "at", at);
  rafilm_item_set_text (item, "text", get_text (fields));
  copy_member (item, "film", fields, "film");
  copy_member (item, "rating", fields, "rating");
  copy_member (item, "liked", fields, "liked");
  copy_member (item, "date", fields, "on");
  if (json_is_object (review))
    {
      copy_member (item, "spoiler", review, "spoiler");
      copy_member (item, "lang", review, "lang");
    }
  return item;
}

static void
add_put (json_t *actions, json_t *item)
{
  json_array_append_new (actions, json_pack ("{s:{s:o}}", "Put", "Item", item));
}

static void
add_delete (json_t *actions, const char *pk, const char *sk)
{
  json_array_append_new (actions,
                         json_pack ("{s:{s:o}}", "Delete", "Key", rafilm_item_key (pk, sk)));
}

/* Counts the reports, so it is updated, not replaced. */
static void
add_record (json_t *actions, const char *id, const json_t *values)
{
  rafilm_autofree char *pk = rafilm_printf ("V#%s", id);

  json_array_append_new (
      actions,
      json_pack ("{s:{s:o, s:s, s:{s:s}, s:O}}", "Update", "Key", rafilm_item_key (pk, "M"),
                 "UpdateExpression",
                 "SET uid = :uid, v = :v, film = :film, #at = :at, q = :q, handle = :h",
                 "ExpressionAttributeNames", "#at", "at", "ExpressionAttributeValues", values));
}

static void
add_publication (json_t *actions, const char *uid, const char *viewing, const char *id,
                 const json_t *row, const json_t *fields, const char *handle, int64_t at)
{
  json_int_t film = json_integer_value (json_object_get (fields, "film"));
  rafilm_autofree char *of_film = rafilm_printf ("R#%" JSON_INTEGER_FORMAT, film);
  rafilm_autofree char *of_author = rafilm_printf ("A#%s", uid);
  json_auto_t *values = json_object ();

  rafilm_item_set_text (values, ":uid", uid);
  rafilm_item_set_text (values, ":v", viewing);
  rafilm_item_set_int (values, ":film", film);
  rafilm_item_set_int (values, ":at", at);
  rafilm_item_set_int (values, ":q", rafilm_item_get_int (row, "q", 0));
  rafilm_item_set_text (values, ":h", handle);
  add_record (actions, id, values);
  add_put (actions, make_review (of_film, id, at, fields, viewing, handle));
  add_put (actions, make_review (of_author, id, at, fields, viewing, handle));
}

json_t *
rafilm_publication_plan_removal (const char *id, const json_t *published)
{
  const char *uid = rafilm_item_get_text (published, "uid");
  rafilm_autofree char *of_film =
      rafilm_printf ("R#%" PRId64, rafilm_item_get_int (published, "film", 0));
  rafilm_autofree char *of_author = rafilm_printf ("A#%s", uid != NULL ? uid : "");
  rafilm_autofree char *of_id = rafilm_printf ("V#%s", id);
  json_t *actions = json_array ();
  char sk[48];

  make_key (rafilm_item_get_int (published, "at", 0), id, sk);
  add_delete (actions, of_id, "M");
  add_delete (actions, of_film, sk);
  add_delete (actions, of_author, sk);
  return actions;
}

json_t *
rafilm_publication_plan (const char *uid, const char *viewing, const json_t *row,
                         const json_t *published, const char *handle, int64_t now)
{
  json_auto_t *fields = rafilm_item_get_json (row, "f");
  char id[RAFILM_PUBLICATION_ID_SIZE], sk[48];
  json_t *actions = json_array ();
  const char *old_handle = rafilm_item_get_text (published, "handle");
  int64_t at = rafilm_item_get_int (published, "at", now);
  int64_t old_film = rafilm_item_get_int (published, "film", 0);

  rafilm_publication_make_id (uid, viewing, id);
  if (handle == NULL || !rafilm_publication_is_public (row))
    {
      if (published == NULL)
        return actions;
      json_decref (actions);
      return rafilm_publication_plan_removal (id, published);
    }
  if (published != NULL && old_handle != NULL && strcmp (old_handle, handle) == 0
      && rafilm_item_get_int (published, "q", -1) == rafilm_item_get_int (row, "q", 0))
    return actions;
  if (old_film != 0 && old_film != json_integer_value (json_object_get (fields, "film")))
    {
      rafilm_autofree char *of_film = rafilm_printf ("R#%" PRId64, old_film);

      make_key (at, id, sk);
      add_delete (actions, of_film, sk);
    }
  add_publication (actions, uid, viewing, id, row, fields, handle, at);
  return actions;
}

json_t *
rafilm_publication_to_json (const json_t *item)
{
  static const char *const members[] = { "id",   "film", "handle",  "rating", "liked",
                                         "date", "text", "spoiler", "lang",   "at" };
  json_t *json = json_object ();

  for (unsigned i = 0; i < sizeof members / sizeof members[0]; i++)
    {
      json_t *value = rafilm_item_get_json (item, members[i]);

      if (value != NULL)
        json_object_set_new (json, members[i], value);
    }
  return json;
}
