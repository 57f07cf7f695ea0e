# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens that are forged, stale, of another kind or of another pool, at every door."""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import subprocess
import tempfile
import time

from rafilm_e2e import check, equal
from websocket import Refused, Socket

ROUTES = (("POST", "/v1/sync"), ("GET", "/v1/recommendations"), ("GET", "/v1/profile"),
          ("PUT", "/v1/profile"), ("DELETE", "/v1/account"),
          ("POST", "/v1/reviews/AAAAAAAAAAAAAAAAAAAAAA/report"))


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sign_rs256(key_file, data):
    return subprocess.run(["openssl", "dgst", "-sha256", "-sign", key_file], input=data,
                          capture_output=True, check=True).stdout


class Forge:
    """Makes tokens out of a real one; it has the pool's key, too, as only the pool should."""

    def __init__(self, service, user):
        self.service = service
        self.token = user.token
        self.header, self.claims = (json.loads(decode(part)) for part in user.token.split(".")[:2])
        self.folder = tempfile.mkdtemp(dir=service.folder)
        self.pool_key = service.pool_key
        self.own_key = os.path.join(self.folder, "own.pem")
        subprocess.run(["openssl", "genrsa", "-out", self.own_key, "2048"], capture_output=True,
                       check=True)

    def make(self, key=None, header=None, **claims):
        """Signed with RS256; a claim that is ... is left out."""
        body = {k: v for k, v in (self.claims | claims).items() if v is not ...}
        text = encode(json.dumps(self.header | (header or {})).encode()) + "." + encode(
            json.dumps(body).encode())
        return text + "." + encode(sign_rs256(key or self.pool_key, text.encode()))

    def make_hmac(self, secret, **claims):
        text = encode(json.dumps(self.header | {"alg": "HS256"}).encode()) + "." + encode(
            json.dumps(self.claims | claims).encode())
        return text + "." + encode(hmac.digest(secret, text.encode(), hashlib.sha256))

    def get_public_keys(self):
        for form in ("PEM", "DER"):
            yield subprocess.run(["openssl", "rsa", "-in", self.pool_key, "-pubout", "-outform", form],
                                 capture_output=True, check=True).stdout
        yield self.header["kid"].encode()
        yield b""


def make_bad_tokens(forge, id_token, refresh_token):
    header, body, signature = forge.token.split(".")
    now = int(time.time())
    none = [encode(json.dumps({"alg": alg, "kid": forge.header["kid"]}).encode())
            for alg in ("none", "None", "NONE", "")]
    yield from (("alg none", f"{one}.{body}.") for one in none)
    yield from (("alg none, signed", f"{one}.{body}.{signature}") for one in none)
    for secret in forge.get_public_keys():
        yield "HS256 with the public key", forge.make_hmac(secret)
    yield "signed by another key", forge.make(forge.own_key)
    yield "another key's id", forge.make(forge.own_key, {"kid": "mine"})
    yield "a key inside", forge.make(forge.own_key, {"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
                                                     "jku": "http://127.0.0.1:1/keys"})
    yield "another key's id by the pool", forge.make(header={"kid": "../../x"})
    yield "critical extension", forge.make(header={"crit": ["exp"], "alg": "RS384"})
    yield "RS512 by name", forge.make(header={"alg": "RS512"})
    yield "changed claims", ".".join((header, encode(json.dumps(
        forge.claims | {"sub": "somebody"}).encode()), signature))
    yield "another issuer", forge.make(iss="https://evil.example.org/pool")
    yield "another pool", forge.make(iss=forge.claims["iss"][:-1] + "x")
    yield "no issuer", forge.make(iss=...)
    yield "expired", forge.make(exp=now - 3600)
    yield "expired long ago", forge.make(exp=0)
    yield "no end", forge.make(exp=...)
    yield "an end in words", forge.make(exp="never")
    yield "a negative end", forge.make(exp=-1)
    yield "of another client", forge.make(client_id="x" * 26)
    yield "of no client", forge.make(client_id=...)
    yield "named as an id token", forge.make(token_use="id")
    yield "of no use", forge.make(token_use=...)
    yield "an id token", id_token
    yield "a refresh token", refresh_token
    yield "no subject", forge.make(sub=...)
    yield "an empty subject", forge.make(sub="")
    yield "a number as subject", forge.make(sub=7)
    for sub in ("a#b", "a\0b", "x" * 500, "../x", "a b"):
        yield "a strange subject", forge.make(sub=sub)
    yield "no signature", f"{header}.{body}."
    yield "half a signature", forge.token[:-100]
    yield "a byte more", forge.token + "A"
    yield "a part more", forge.token + ".AAAA"
    yield "two parts", f"{header}.{body}"
    yield "nothing", ""
    yield "dots", ".."
    yield "many dots", "." * 5000
    yield "long", "A" * 7000
    yield "no base64", "§.é.ü".encode().decode("latin-1")
    yield "claims that are a list", ".".join((header, encode(b"[]"), signature))
    yield "deep claims", ".".join((header, encode(b"[" * 3000), signature))


def test_requests(service):
    user = service.sign_up("tokens")
    forge = Forge(service, user)
    body = {"proto": 1, "acct": user.sub, "dev": "TokenDev", "now": 0}
    fine = forge.make()
    equal(service.call("POST", "/v1/sync", body, token=fine).status, 200, "the forge itself")
    before = service.get_items(user)
    tokens = list(make_bad_tokens(forge, user.tokens["IdToken"], user.tokens["RefreshToken"]))
    for name, token in tokens:
        reply = service.call("POST", "/v1/sync", body, token=token, judged=False)
        # The gateway makes a text of whatever the pool signed; nobody's account has such a name.
        check(reply.status in (401, 403) or ("subject" in name and reply.status < 500), name,
              "was let in:", reply)
        check(user.sub not in reply.body.decode(), name, "leaks", reply)
    for method, path in ROUTES:
        for name, token in [one for one in tokens if "subject" not in one[0]][::9] + [("none", None)]:
            reply = service.call(method, path, b"{}", token=token, judged=False)
            check(reply.status in (401, 403), method, path, name, "was let in:", reply)
    for value in ("", "Bearer", "Bearer ", "Basic " + fine, "bearer", "Bearer  " + fine + " x",
                  fine + "," + fine, "Bearer null"):
        reply = service.call("POST", "/v1/sync", body, headers={"Authorization": value}, judged=False)
        check(reply.status in (401, 403), repr(value)[:30], "was let in:", reply)
    equal(service.get_items(user), before, "the account")
    equal(service.call("GET", "/v1/profile", token=user.token).status, 200)


def test_sockets(service):
    """The handshake, where the function itself is the judge."""
    user = service.sign_up("handshake")
    forge = Forge(service, user)
    for name, token in make_bad_tokens(forge, user.tokens["IdToken"], user.tokens["RefreshToken"]):
        try:
            with contextlib.closing(Socket(service, token)):
                check(False, name, "was let in")
        except Refused as refused:
            check(refused.status in (401, 403), name, refused.status)
    for header in (None, "Basic x", "Bearer", "Bearer  "):
        try:
            with contextlib.closing(Socket(service, None, authorization=header)):
                check(False, header, "was let in")
        except Refused as refused:
            check(refused.status in (401, 403), header, refused.status)
    with contextlib.closing(Socket(service, forge.make())) as one:
        one.send_json({"action": "ping"})
    # In the address a token would be logged; it is not looked for there.
    try:
        with contextlib.closing(Socket(service, None, query="?token=" + user.token)):
            check(False, "a token in the address was let in")
    except Refused as refused:
        check(refused.status in (401, 403), refused.status)


def test_revoked(service):
    """Signed out everywhere: the old tokens make no new ones."""
    user = service.sign_up("revoked")
    tokens = service.sign_in(user.email)
    service.cognito("GlobalSignOut", AccessToken=tokens["AccessToken"])
    reply = service.try_cognito("GetTokensFromRefreshToken", RefreshToken=tokens["RefreshToken"])
    equal((reply.status, reply.json["__type"].rpartition("#")[2]), (400, "NotAuthorizedException"))
