# SPDX-License-Identifier: GPL-3.0-or-later
"""The digest of a diary: the exclusive or of SipHash-2-4 with 128 bits over "kind#id#q" of its rows.

Written from the paper (Aumasson and Bernstein, https://www.aumasson.jp/siphash/siphash.pdf) and the
reference's 128 bit variant.
"""

import struct

KEY = b"rafilm digest 1\0"
WORD = 0xFFFFFFFFFFFFFFFF


def turn(value, bits):
    return ((value << bits) | (value >> (64 - bits))) & WORD


def mix(state, rounds):
    a, b, c, d = state
    for _ in range(rounds):
        a = (a + b) & WORD
        c = (c + d) & WORD
        b = turn(b, 13) ^ a
        d = turn(d, 16) ^ c
        a = turn(a, 32)
        c = (c + b) & WORD
        a = (a + d) & WORD
        b = turn(b, 17) ^ c
        d = turn(d, 21) ^ a
        c = turn(c, 32)
    return a, b, c, d


def siphash128(key, data):
    k0, k1 = struct.unpack("<QQ", key)
    state = (k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D ^ 0xEE,
             k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573)
    padded = data + bytes(7 - len(data) % 8) + bytes([len(data) & 0xFF])
    for (word,) in struct.iter_unpack("<Q", padded):
        a, b, c, d = state
        a, b, c, d = mix((a, b, c, d ^ word), 2)
        state = a ^ word, b, c, d
    a, b, c, d = state
    state = mix((a, b, c ^ 0xEE, d), 4)
    low = state[0] ^ state[1] ^ state[2] ^ state[3]
    a, b, c, d = state
    state = mix((a, b ^ 0xDD, c, d), 4)
    return struct.pack("<QQ", low, state[0] ^ state[1] ^ state[2] ^ state[3])


def digest(rows):
    """Of (kind, id, q); as hexadecimal digits."""
    value = 0
    for kind, row_id, q in rows:
        value ^= int.from_bytes(siphash128(KEY, f"{kind}#{row_id}#{q}".encode()), "big")
    return f"{value:032x}"
