/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A digest of the whole account: the exclusive or, over all rows, of
 * SipHash-2-4-128 of "<kind>#<id>#<q>".  Adding and taking out a row are the
 * same operation, so that one change costs two hashes.  It finds accidents,
 * not forgers: the key is public.
 *
 * SipHash: J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input
 * PRF", INDOCRYPT 2012, https://131002.net/siphash/ */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RAFILM_WIRE_DIGEST_SIZE 16
#define RAFILM_WIRE_DIGEST_HEX 33 /* 32 hex digits and the end */

typedef struct
{
  uint8_t bytes[RAFILM_WIRE_DIGEST_SIZE];
} RafilmWireDigest;

/* Puts the row in, or takes it out again. */
void rafilm_wire_digest_toggle (RafilmWireDigest *digest, const char *kind, const char *id,
                                int64_t q);
bool rafilm_wire_digest_equal (const RafilmWireDigest *a, const RafilmWireDigest *b);

/* 32 lower-case hex digits, and nothing else. */
void rafilm_wire_digest_format (const RafilmWireDigest *digest,
                                char buffer[RAFILM_WIRE_DIGEST_HEX]);
bool rafilm_wire_digest_parse (const char *text, RafilmWireDigest *ret_digest);

/* SipHash-2-4 with 128 bits of output. */
void rafilm_wire_siphash (const uint8_t key[16], const void *data, size_t length,
                          uint8_t ret_hash[16]);
