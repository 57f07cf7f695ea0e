# SPDX-License-Identifier: GPL-3.0-or-later
"""Cognito's sign-in by SRP (RFC 5054 with the 3072 bit group), from the client's side."""

import base64
import datetime
import hashlib
import hmac
import os


def compute_group():
    """RFC 3526, 5: 2^3072 - 2^3008 - 1 + 2^64 * ([2^2942 pi] + 1690314); pi by Machin's formula."""
    one = 1 << (2942 + 64)

    def arctan(inverse):
        term = one // inverse
        total, n, sign = term, 3, -1
        while term:
            term //= inverse * inverse
            total += sign * (term // n)
            n, sign = n + 2, -sign
        return total

    pi = 4 * (4 * arctan(5) - arctan(239)) >> 64
    return (1 << 3072) - (1 << 3008) - 1 + ((pi + 1690314) << 64)


N = compute_group()
G = 2


def pad(value):
    """Bytes of a number, with a zero before a first bit that is set."""
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def number(*parts):
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


K = number(pad(N), pad(G))


class SignIn:
    """One attempt: send A, then answer the challenge."""

    def __init__(self, pool, password):
        self.pool = pool.split("_", 1)[1]
        self.password = password
        self.a = int.from_bytes(os.urandom(128), "big") % N
        self.A = pow(G, self.a, N)

    def get_parameters(self, name):
        return {"USERNAME": name, "SRP_A": f"{self.A:x}"}

    def answer(self, challenge):
        user, block = challenge["USER_ID_FOR_SRP"], challenge["SECRET_BLOCK"]
        b, salt = int(challenge["SRP_B"], 16), int(challenge["SALT"], 16)
        u = number(pad(self.A), pad(b))
        inner = hashlib.sha256(f"{self.pool}{user}:{self.password}".encode()).digest()
        x = number(pad(salt), inner)
        shared = pow((b - K * pow(G, x, N)) % N, self.a + u * x, N)
        extracted = hmac.digest(pad(u), pad(shared), "sha256")
        key = hmac.digest(extracted, b"Caldera Derived Key\x01", "sha256")[:16]
        now = datetime.datetime.now(datetime.timezone.utc)
        day = now.strftime("%a %b ") + str(now.day) + now.strftime(" %H:%M:%S UTC %Y")
        message = self.pool.encode() + user.encode() + base64.b64decode(block) + day.encode()
        proof = base64.b64encode(hmac.digest(key, message, "sha256")).decode()
        return {"USERNAME": user, "PASSWORD_CLAIM_SECRET_BLOCK": block,
                "PASSWORD_CLAIM_SIGNATURE": proof, "TIMESTAMP": day}
