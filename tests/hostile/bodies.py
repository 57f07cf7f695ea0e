# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies that are no request: broken JSON, deep, huge, compressed to burst, of a wrong type."""

import gzip
import http.client
import json
import socket
import time
import zlib

from rafilm_e2e import check, equal
from rs1_device import Device
from vandal import Vandal

MEGABYTE = 1 << 20


def template(vandal):
    return json.dumps(vandal.request(vandal.op("d", "v1", full=True, set={"film": 603, "rv": "RV"})))


def bodies(text):
    """Name -> bytes, none of which is a request."""
    data = text.encode()
    number = '"cursor": 0'
    yield from {
        "nothing": b"", "spaces": b"  \n", "null": b"null", "a list": b"[" + data + b"]",
        "a text": json.dumps(text).encode(), "two": data + data, "a tail": data + b"x",
        "half": data[:len(data) // 2], "one byte less": data[:-1], "a comma": data[:-1] + b",}",
        "single quotes": data.replace(b'"', b"'"), "a comment": data + b"// end",
        "byte order mark": b"\xef\xbb\xbf" + data, "UTF-16": text.encode("utf-16"),
        "UTF-32": text.encode("utf-32"), "Latin-1": data.replace(b'"RV"', b'"\xe9"'),
        "over-long": data.replace(b'"RV"', b'"\xc0\xaf"'), "surrogate in UTF-8":
        data.replace(b'"RV"', b'"\xed\xa0\x80"'), "beyond Unicode":
        data.replace(b'"RV"', b'"\xf4\x90\x80\x80"'), "lone surrogate":
        data.replace(b'"RV"', b'"\\ud800"'), "low surrogate": data.replace(b'"RV"', b'"\\udc00x"'),
        "two high ones": data.replace(b'"RV"', b'"\\ud800\\ud800"'),
        "NUL": data.replace(b'"RV"', b'"a\\u0000b"'), "raw NUL": data.replace(b'"RV"', b'"a\0b"'),
        "NUL in a name": data.replace(b'"rv"', b'"r\\u0000v"'), "NUL behind": data + b"\0",
        "a raw newline": data.replace(b'"RV"', b'"a\nb"'), "escape": data.replace(b'"RV"', b'"\\x41"'),
        "member twice": data.replace(b'"dev"', b'"proto": 1, "dev"'),
        "field twice": data.replace(b'"rv"', b'"film": 604, "rv"'),
        "member twice, escaped": data.replace(b'"dev"', b'"\\u0070roto": 1, "dev"'),
        "deep lists": data.replace(b'"RV"', b"[" * 100000 + b"]" * 100000),
        "deep objects": data.replace(b'"RV"', b'{"a":' * 40000 + b"1" + b"}" * 40000),
        "deep and open": b"[" * 200000,
    }.items()
    for value in ("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "18446744073709551616",
                  "9223372036854775808", "1" * 4000, "01", "+1", "1.", ".5", "0x10", "1e", "--1", "1_0",
                  "TRUE", "undefined", "１"):
        yield value[:20], text.replace(number, f'"cursor": {value}').encode()


def test_broken_bodies(service):
    vandal = Vandal(service.sign_up("broken"))
    before = service.get_items(vandal.user)
    text = template(vandal)
    for name, body in bodies(text):
        reply = vandal.user.sync(body)
        check(reply.status in (400, 413), name, reply)
        check(reply.code in ("bad_json", "bad_request", "too_large"), name, reply)
    equal(service.get_items(vandal.user), before, "the account")
    vandal.n = 0
    vandal.push(vandal.op())
    vandal.peace()


def test_numbers(service):
    """Whole numbers may be written as such only; those beyond 2^53 keep every digit."""
    vandal = Vandal(service.sign_up("numbers"))
    text = template(vandal)
    for value in ("0.0", "1e0", "-0.5", "1e400", "-1"):
        reply = vandal.user.sync(text.replace('"cursor": 0', f'"cursor": {value}').encode())
        check(reply.status == 400, value, reply)
    for value in ("9007199254740993", "9223372036854775807", "-0"):
        body = text.replace('"cursor": 0', f'"cursor": {value}').replace("v1", "v" + value[-2:])
        reply = vandal.user.sync(body.encode())
        check(reply.status in (200, 409), value, reply)


def test_members(service):
    """Each member of the request once with a wrong type, and once missing."""
    vandal = Vandal(service.sign_up("types"))
    wrong = {"proto": ("1", None, [], 1.5, True), "acct": (7, None, "", [], {}, True, "x" * 129),
             "dev": (7, None, "", [], "short", "x" * 9, "VandalA#", "VandalA\n", "Vandal é"),
             "now": ("0", None, [], -1, 1.5, True), "cursor": ("0", [], -1, True),
             "max": ("1", [], -1, True), "epoch": (7, [], "", True), "name": (7, [], "", "x" * 65),
             "batch": (7, "b", [], True, {}, {"id": "b"}, {"ops": []}),
             }
    for member, values in wrong.items():
        for value in values:
            reply = vandal.refused(vandal.request() | {member: value})
            check(reply.status in (400, 426), member, value, reply)
    for member in ("proto", "acct", "dev", "now"):
        reply = vandal.refused(vandal.request(**{member: ...}))
        check(reply.status in (400, 426), member, reply)
    for value in (0, 2, 99, -1, 2**40):
        check(vandal.refused(vandal.request(proto=value)).status in (400, 426))
    for value in (7, None, "", [], "x" * 25, "a b", "é", "b#", "b\n"):
        vandal.refused(vandal.request(vandal.op(), batch={"id": value}), "bad_request")
    for value in (7, None, "x", {}, [], [7], [None], [[]], ["x"], [{}]):
        vandal.refused(vandal.request(vandal.op(), batch={"ops": value}), "bad_request")
    # A name is only shown, and may be anything that is text.
    for value in ("<b>Ana</b>", "ü✓\U0001f3ac", "a\nb", "#", "../..", "'; DROP TABLE", None):
        vandal.push(vandal.op(), name=value)
    vandal.peace()


def test_sizes(service):
    """Limits are told by a status, not by a hung or broken connection."""
    vandal = Vandal(service.sign_up("large"))
    good = json.dumps(vandal.request(vandal.op())).encode()
    for size, statuses in ((250 * 1024, (200,)), (300 * 1024, (413,)), (5 * MEGABYTE, (413,)),
                           (12 * MEGABYTE, (413,))):
        body = good[:-1] + b" " * (size - len(good)) + b"}"
        reply = vandal.user.sync(body, judged=size < 10 * MEGABYTE)
        check(reply.status in statuses, size, reply)
    vandal.good.post = vandal.user.sync
    vandal.good.edit("f", "1", like=True)
    vandal.good.sync()


def test_compressed(service):
    """Requests may be compressed; what bursts or is broken is refused, and quickly."""
    vandal = Vandal(service.sign_up("compressed"))
    packed = {"Content-Encoding": "gzip"}

    def send(body, headers=None):
        begun = time.monotonic()
        reply = vandal.user.sync(body, headers=packed if headers is None else headers, judged=False)
        check(time.monotonic() - begun < 20, "takes for ever")
        return reply

    good = json.dumps(vandal.request(vandal.op(row_id="5"))).encode()
    equal(send(gzip.compress(good)).status, 200)
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(MEGABYTE)
    body = b"".join(bomb.compress(zeros) for _ in range(400)) + bomb.flush()
    nested = gzip.compress(gzip.compress(good))
    cases = {"a bomb": body, "a bomb of spaces": gzip.compress(b" " * 50 * MEGABYTE + good),
             "no gzip": good, "half": gzip.compress(good)[:-20], "a wrong sum":
             gzip.compress(good)[:-8] + bytes(8), "twice": nested, "nothing": b"",
             "zlib": zlib.compress(good)}
    for name, one in cases.items():
        reply = send(one)
        check(400 <= reply.status < 500, name, reply)
        check(reply.headers["content-type"].startswith("application/"), name, reply)
    for encoding in ("br", "gzip, gzip", "deflate", "x", ""):
        reply = send(good, {"Content-Encoding": encoding})
        check(reply.status == 200 or 400 <= reply.status < 500, encoding, reply)
    fresh = Device(vandal.user).sync()
    equal(set(fresh.view()), {("f", "5")})


def test_types_of_content(service):
    """Only bytes count: whatever they are called, they are JSON or refused."""
    vandal = Vandal(service.sign_up("content"))
    for number, name in enumerate(("text/plain", "application/x-www-form-urlencoded", "", "a/b; c=\"",
                                   "multipart/form-data; boundary=x", "application/octet-stream",
                                   "application/json; charset=utf-16", "image/png")):
        request = vandal.request(vandal.op(row_id=str(number + 1)))
        reply = vandal.user.sync(request, headers={"Content-Type": name})
        if reply.status == 200:
            vandal.judge.hear(request, reply.json)
        else:
            check(reply.status in (400, 415), name, reply)
            vandal.n -= 1
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "BREW"):
        reply = service.call(method, "/v1/sync", token=vandal.user.token, judged=False)
        check(400 <= reply.status < 500, method, reply)
    for path in ("/v1/sync/", "/v1/sync/..", "//v1/sync", "/v1/%73ync", "/v1/sync%00", "/v1/sync;a",
                 "/V1/SYNC", "/v1/../v1/sync", "/v2/sync", "/v1/sync#x", "/" + "a" * 9000):
        reply = service.call("POST", path, b"{}", token=vandal.user.token, judged=False)
        check(400 <= reply.status < 500, path[:40], reply)
    vandal.peace()


def test_broken_connections(service):
    """Requests that end half-way, never end or lie on their length."""
    vandal = Vandal(service.sign_up("wires"))
    body = json.dumps(vandal.request(vandal.op())).encode()
    head = (f"POST {service.api.path}/v1/sync HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {vandal.user.token}\r\n")
    pieces = [head + "Content-Length: 999999\r\n\r\n", head + "Content-Length: -1\r\n\r\n",
              head + "Content-Length: 1\r\nContent-Length: 5\r\n\r\n",
              head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", head + "Expect: 100-continue\r\n\r\n",
              head, "GET / HTTP/9.9\r\n\r\n", "\r\n\r\n\r\n", "POST\r\n\r\n", "\x16\x03\x01\x02\x00",
              head + "X: " + "y" * 100000 + "\r\n\r\n", head + "\x00: \x00\r\n\r\n"]
    for piece in pieces:
        with socket.create_connection((service.api.hostname, service.api.port), 10) as wire:
            wire.sendall(piece.encode("latin-1") + body[:20])
            wire.settimeout(0.2)
            try:
                wire.recv(1000)
            except (TimeoutError, ConnectionError):
                pass
    vandal.n = 0
    vandal.push(vandal.op())
    vandal.peace()
    connection = http.client.HTTPConnection(service.api.hostname, service.api.port, timeout=20)
    connection.request("POST", service.api.path + "/v1/sync", iter([body[:50], body[50:]]),
                       {"Authorization": "Bearer " + vandal.user.token}, encode_chunked=True)
    check(connection.getresponse().status in (200, 409, 411), "a body in pieces")
    connection.close()
