/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-compression.h"

#define PIECE_BYTES 65536

static GBytes *
convert (GBytes *bytes, GConverter *converter, gsize max_bytes, GError **error)
{
  g_autoptr (GInputStream) source = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (source, converter);
  g_autoptr (GByteArray) result = g_byte_array_new ();
  guint8 piece[PIECE_BYTES];
  gssize size;

  while ((size = g_input_stream_read (stream, piece, sizeof piece, NULL, error)) > 0)
    {
      if (result->len + (gsize) size > max_bytes)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The body is too large");
          return NULL;
        }
      g_byte_array_append (result, piece, (guint) size);
    }
  if (size < 0)
    return NULL;

  return g_byte_array_free_to_bytes (g_steal_pointer (&result));
}

GBytes *
rafilm_local_compress (GBytes *bytes)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);

  g_return_val_if_fail (bytes != NULL, NULL);

  return convert (bytes, G_CONVERTER (compressor), G_MAXUINT, NULL);
}

GBytes *
rafilm_local_decompress (GBytes *bytes, gsize max_bytes, GError **error)
{
  g_autoptr (GZlibDecompressor) decompressor =
      g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);

  g_return_val_if_fail (bytes != NULL, NULL);

  return convert (bytes, G_CONVERTER (decompressor), max_bytes, error);
}
