/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-store-codec.h"

#include <string.h>

#include "rafilm-wire-json.h"
#include "rafilm-wire-mutant.h"

#define BODY_VERSION 1
#define MAX_FIELDS 4096
#define NO_TEXT 0xff

/* Writing */

static void
put_byte (GByteArray *out, guint8 byte)
{
  g_byte_array_append (out, &byte, 1);
}

static void
put_unsigned (GByteArray *out, guint64 value)
{
  while (value >= 0x80)
    {
      put_byte (out, (guint8) (value | 0x80));
      value >>= 7;
    }
  put_byte (out, (guint8) value);
}

static void
put_signed (GByteArray *out, gint64 value)
{
  put_unsigned (out, ((guint64) value << 1) ^ (guint64) (value >> 63));
}

static void
put_text (GByteArray *out, const char *text)
{
  gsize length = 0;

  length = strlen (text);
  put_unsigned (out, length);
  g_byte_array_append (out, (const guint8 *) text, (guint) length);
}

static void
put_value (GByteArray *out, const RafilmWireValue *value)
{
  put_byte (out, (guint8) value->type);
  switch (value->type)
    {
    case RAFILM_WIRE_NULL:
      break;
    case RAFILM_WIRE_BOOL:
      put_byte (out, value->boolean);
      break;
    case RAFILM_WIRE_INT:
      put_signed (out, value->integer);
      break;
    case RAFILM_WIRE_TEXT:
    case RAFILM_WIRE_RAW:
      put_text (out, value->text);
      break;
    case RAFILM_WIRE_REVIEW:
      put_text (out, value->review.text);
      put_byte (out, value->review.lang == NULL ? NO_TEXT : 0);
      if (value->review.lang != NULL)
        put_text (out, value->review.lang);
      put_byte (out, value->review.spoiler);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
put_stamp (GByteArray *out, const RafilmWireStamp *stamp, const RafilmWireStamp *before)
{
  guint64 h = 0;

  if (rafilm_wire_stamp_equal (stamp, before))
    {
      put_byte (out, 0);
      return;
    }
  put_byte (out, 1);
  put_signed (out, stamp->fseq);
  h = GUINT64_TO_BE (stamp->h);
  g_byte_array_append (out, (const guint8 *) &h, sizeof h);
  put_text (out, stamp->dev);
  put_signed (out, stamp->n);
}

GBytes *
rafilm_store_codec_encode (const RafilmWireFields *fields)
{
  GByteArray *out = NULL;
  RafilmWireStamp before = { 0 };

  out = g_byte_array_sized_new (128);
  put_byte (out, BODY_VERSION);
  put_unsigned (out, fields->n_items);
  for (size_t i = 0; i < fields->n_items; i++)
    {
      const RafilmWireField *field = &fields->items[i];

      put_text (out, field->name);
      put_value (out, &field->value);
      put_stamp (out, &field->stamp, &before);
      before = field->stamp;
    }
  return g_byte_array_free_to_bytes (out);
}

/* Reading. After the first defect `failed` is set and everything reads as zero. */

typedef struct
{
  const guint8 *at;
  const guint8 *end;
  gboolean failed;
} Reader;

static const guint8 *
take_bytes (Reader *in, guint64 count)
{
  const guint8 *bytes = in->at;

  if (in->failed || count > (guint64) (in->end - in->at))
    {
      in->failed = TRUE;
      return NULL;
    }
  in->at += count;
  return bytes;
}

static guint8
take_byte (Reader *in)
{
  const guint8 *byte = take_bytes (in, 1);

  return byte != NULL ? *byte : 0;
}

static guint64
take_unsigned (Reader *in)
{
  guint64 value = 0;

  for (int shift = 0; shift < 64; shift += 7)
    {
      guint8 byte = take_byte (in);

      value |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return value;
    }
  in->failed = TRUE;
  return 0;
}

static gint64
take_signed (Reader *in)
{
  guint64 value = take_unsigned (in);

  return (gint64) (value >> 1) ^ -(gint64) (value & 1);
}

static char *
take_text (Reader *in)
{
  guint64 length = 0;
  const guint8 *bytes = NULL;

  length = take_unsigned (in);
  bytes = take_bytes (in, length);
  if (bytes == NULL || memchr (bytes, '\0', length) != NULL)
    {
      in->failed = TRUE;
      return g_strdup ("");
    }
  return g_strndup ((const char *) bytes, length);
}

static RafilmWireValue
take_review (Reader *in)
{
  g_autofree char *text = NULL;
  g_autofree char *lang = NULL;

  text = take_text (in);
  if (take_byte (in) != NO_TEXT)
    lang = take_text (in);
  return rafilm_wire_review (text, take_byte (in) != 0, lang);
}

static RafilmWireValue
take_value (Reader *in)
{
  g_autofree char *text = NULL;

  switch (take_byte (in))
    {
    case RAFILM_WIRE_NULL:
      return rafilm_wire_null ();
    case RAFILM_WIRE_BOOL:
      return rafilm_wire_bool (take_byte (in) != 0);
    case RAFILM_WIRE_INT:
      return rafilm_wire_int (take_signed (in));
    case RAFILM_WIRE_TEXT:
      text = take_text (in);
      return rafilm_wire_text (text);
    case RAFILM_WIRE_RAW:
      text = take_text (in);
      return rafilm_wire_raw (text);
    case RAFILM_WIRE_REVIEW:
      return take_review (in);
    default:
      in->failed = TRUE;
      return rafilm_wire_null ();
    }
}

static void
take_stamp (Reader *in, RafilmWireStamp *stamp)
{
  g_autofree char *dev = NULL;
  const guint8 *h = NULL;

  if (take_byte (in) == 0)
    return;
  stamp->fseq = take_signed (in);
  h = take_bytes (in, sizeof stamp->h);
  if (h != NULL)
    {
      memcpy (&stamp->h, h, sizeof stamp->h);
      stamp->h = GUINT64_FROM_BE (stamp->h);
    }
  dev = take_text (in);
  if (strlen (dev) >= sizeof stamp->dev)
    in->failed = TRUE;
  else
    memcpy (stamp->dev, dev, strlen (dev) + 1);
  stamp->n = take_signed (in);
}

gboolean
rafilm_store_codec_decode (const void *data, gsize size, RafilmWireFields *ret_fields)
{
  Reader in = { data, (const guint8 *) data + size, FALSE };
  RafilmWireStamp stamp = { 0 };
  guint64 count = 0;

  if (take_byte (&in) != BODY_VERSION)
    return FALSE;
  count = take_unsigned (&in);
  if (count > MAX_FIELDS)
    return FALSE;
  for (guint64 i = 0; i < count && !in.failed; i++)
    {
      g_autofree char *name = NULL;
      RafilmWireValue value = { 0 };

      name = take_text (&in);
      value = take_value (&in);
      take_stamp (&in, &stamp);
      rafilm_wire_fields_take (ret_fields, name, value, &stamp);
    }
  if (!in.failed && in.at == in.end)
    return TRUE;
  rafilm_wire_fields_clear (ret_fields);
  return FALSE;
}

/* What an earlier version took for RAW */

static void
learn_field (const RafilmWireFieldSpec *spec, RafilmWireField *field)
{
  g_autoptr (JsonNode) json = json_from_string (field->value.text, NULL);
  RafilmWireValue value;

  if (json == NULL)
    return;
  value = rafilm_wire_value_from_json (spec, json);
  rafilm_wire_value_clear (&field->value);
  field->value = value;
}

void
rafilm_store_codec_learn (const char *kind_name, RafilmWireFields *fields)
{
  const RafilmWireKind *kind = NULL;

  for (size_t i = 0; i < fields->n_items; i++)
    {
      RafilmWireField *field = &fields->items[i];
      const RafilmWireFieldSpec *spec = NULL;

      if (field->value.type != RAFILM_WIRE_RAW || rafilm_mutant ("no_learn"))
        continue;
      if (kind == NULL)
        kind = rafilm_wire_kind_find (kind_name);
      spec = rafilm_wire_field_find (kind, field->name);
      if (spec != NULL)
        learn_field (spec, field);
      else if (rafilm_mutant ("drop_unknown"))
        rafilm_wire_fields_remove (fields, fields->items[i--].name);
    }
}
