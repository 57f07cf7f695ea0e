# SPDX-License-Identifier: GPL-3.0-or-later
"""What others see, and what they may not: reviews, handles, reports, archives, accounts that end."""

import concurrent.futures
import io
import json
import time
import urllib.request
import zipfile

from rafilm_e2e import check, contains, equal, wait_until
from vandal import Vandal

HTML = '<script>alert(1)</script><img src=x onerror="y">&lt;\u202e\u0007[[tmdb:603]]{{7*7}}'
HANDLES = ("", "ab", "x" * 21, "Ana", "ana!", "a na", "ana\n", "\u0430na", "ana\u0301", "ＡＮＡ", "a#b",
           "a/b", "../x", "ana\u200b", "ANA", "%61na", "'or'1", "İıs", 7, True, [], {}, "ana.b", "-na")


def publish(vandal, viewing, film=603, base=0, **fields):
    fields = {"film": film, "public": True, "rv": "Words"} | fields
    vandal.push(vandal.op("d", viewing, full=True, base=base, set=fields))


def get_reviews(service, path, **more):
    reply = service.call("GET", path, **more)
    equal(reply.status, 200, path, reply)
    return reply.json["reviews"]


def wait_for(service, path, count):
    wait_until(lambda: len(get_reviews(service, path)) == count, what=f"{count} reviews of {path}")
    return get_reviews(service, path)


def test_handles(service):
    ana, bob = service.sign_up("handle-ana"), service.sign_up("handle-bob")
    for handle in HANDLES:
        reply = ana.call("PUT", "/v1/profile", {"handle": handle})
        check(reply.status == 400 and reply.code in ("bad_handle", "bad_json"), handle, reply)
    for body in (b"", b"[]", b"null", b"{}", b'{"handle":"a_b","handle":"c_d"}', b"\xff", b"{" * 9999,
                 b'{"handle":"abc"}' + b" " * 300000):
        reply = ana.call("PUT", "/v1/profile", body)
        check(reply.status in (400, 413), body[:30], reply)
    for handle in ("admin", "rafilm", "root", "support"):
        reply = ana.call("PUT", "/v1/profile", {"handle": handle})
        check(reply.status in (200, 409), handle, reply)
    equal(ana.call("PUT", "/v1/profile", {"handle": "taken_one"}).status, 200)
    equal(bob.call("PUT", "/v1/profile", {"handle": "taken_one"}).code, "handle_taken")
    equal(bob.call("GET", "/v1/profile").json, {"handle": None})
    equal(ana.call("PUT", "/v1/profile", {"handle": None}).status, 200)
    equal(bob.call("PUT", "/v1/profile", {"handle": "taken_one"}).status, 200)
    equal(ana.call("PUT", "/v1/profile", {"handle": "taken_one"}).code, "handle_taken")


def test_races_for_a_handle(service):
    """Of several who ask at once one gets it, and it is really theirs."""
    users = [service.sign_up(f"race{i}") for i in range(4)]
    for turn in range(3):
        handle = f"race_{turn}"
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(lambda user, name=handle: user.call(
                "PUT", "/v1/profile", {"handle": name}), users))
        check(all(reply.status in (200, 409, 503) for reply in replies), replies)
        has = [user.call("GET", "/v1/profile").json["handle"] == handle for user in users]
        equal(sum(has), 1, "owners of one handle", replies)
        equal([reply.status == 200 for reply in replies], has, "who was told so")


def test_reviews_of_vandals(service):
    """HTML stays text; private stays private; others' reviews cannot be touched."""
    ana, eve = Vandal(service.sign_up("rev-ana")), Vandal(service.sign_up("rev-eve"))
    path = "/v1/films/949/reviews"
    publish(ana, "private", 949, public=False, rv="My private words")
    publish(ana, "html", 949, rv={"text": HTML, "spoiler": True, "lang": "en"}, rating=7, liked=True)
    equal(ana.user.call("PUT", "/v1/profile", {"handle": "rev_ana"}).status, 200)
    equal(eve.user.call("PUT", "/v1/profile", {"handle": "rev_eve"}).status, 200)
    (review,) = wait_for(service, path, 1)
    equal((review["text"], review["spoiler"], review["handle"]), (HTML, True, "rev_ana"))
    reply = service.call("GET", path)
    equal(reply.headers.get("x-content-type-options"), "nosniff")
    check(ana.user.sub not in reply.body.decode(), "the account's id is public")
    check("private words" not in reply.body.decode(), "private words are public")

    # Eve uses the same id of a viewing, and ids that look like another's keys.
    for viewing in ("html", "private", review["id"]):
        publish(eve, viewing, 949, rv="Eve's words")
        eve.push(eve.op("d", viewing, base=99, set={"public": False}))
    time.sleep(1)
    equal(get_reviews(service, path), [review], "Ana's review")
    for method in ("DELETE", "PUT", "PATCH", "POST"):
        for where in (f"/v1/reviews/{review['id']}", path, "/v1/people/rev_ana/reviews", "/v1/people/rev_ana"):
            reply = eve.user.call(method, where, b"{}", judged=False)
            check(400 <= reply.status < 500, method, where, reply)
    equal(get_reviews(service, path), [review], "Ana's review")

    # Taken back, it is gone; and a deleted one, too.
    ana.push(ana.op("d", "html", base=99, set={"public": False}))
    wait_for(service, path, 0)
    publish(ana, "html", 949, base=99)
    wait_for(service, path, 1)
    ana.push(ana.op("d", "html", base=99, set={}, x=True))
    wait_for(service, path, 0)
    ana.peace()
    eve.peace()


def test_reports(service):
    ana, eve = Vandal(service.sign_up("rep-ana")), Vandal(service.sign_up("rep-eve"))
    ana.user.call("PUT", "/v1/profile", {"handle": "rep_ana"})
    publish(ana, "v1", 11)
    (review,) = wait_for(service, "/v1/films/11/reviews", 1)
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: eve.user.call("POST", f"/v1/reviews/{review['id']}/report"),
                                range(12)))
    statuses = sorted(reply.status for reply in replies)
    equal(statuses, [202] + [409] * 11, "one of many reports counts")
    for review_id in ("x", "A" * 22, "A" * 23, review["id"] + "%00", "%2e%2e", "U%23" + ana.user.sub[:20],
                      "'" * 22, "%", "é" * 11, "A" * 3000):
        reply = eve.user.call("POST", f"/v1/reviews/{urllib.request.quote(review_id, safe='%')}/report",
                              judged=False)
        check(reply.status in (400, 403, 404, 414), review_id[:30], reply)
    equal(len(get_reviews(service, "/v1/films/11/reviews")), 1, "one enemy hides nothing")


def test_pages_of_reviews(service):
    ana = Vandal(service.sign_up("pages-ana"))
    ana.user.call("PUT", "/v1/profile", {"handle": "pages_ana"})
    for number in range(7):
        publish(ana, f"v{number}", 278, rv=f"Words {number}")
    path = "/v1/films/278/reviews"
    wait_for(service, path, 7)
    for base in (path, "/v1/people/pages_ana/reviews"):
        seen, cursor = [], None
        while True:
            more = "&cursor=" + urllib.request.quote(cursor) if cursor else ""
            page = service.call("GET", f"{base}?limit=3{more}").json
            seen += [review["id"] for review in page["reviews"]]
            cursor = page["cursor"]
            if cursor is None:
                break
        equal(len(set(seen)), 7)
        equal(len(seen), 7, "reviews of all pages of", base)
        for query in ("limit=0", "limit=-1", "limit=51", "limit=1e9", "limit=x", "limit=", "limit=1.5",
                      "limit=" + "9" * 40, "cursor=x", "cursor=%00", "cursor=U%23x", "cursor=" + "1" * 13,
                      "cursor=1234567890123%23" + "A" * 23, "cursor=" + "A" * 4000, "cursor=%23",
                      "cursor=1234567890123%23..%2F..%2F..%2F..%2F..%2F..%2F..%2F"):
            reply = service.call("GET", f"{base}?{query}")
            equal((reply.status, reply.code), (400, "bad_request"), base, query)
        for query in ("cursor=9999999999999%23" + "A" * 22, "limit=1&limit=2", "a[]=1&%00=%00", "=&&="):
            reply = service.call("GET", f"{base}?{query}")
            check(reply.status in (200, 400), query, reply)
    for handle in ("nobody_here", "PAGES_ANA", "pages_ana%00", "%70ages_ana", "pages-ana", "%ff", "..",
                   "%2e%2e%2fprofile", "x" * 3000):
        reply = service.call("GET", f"/v1/people/{handle}/reviews", judged=False)
        check(reply.status in (200, 400, 403, 404, 414), handle[:30], reply)
        if reply.status == 200:
            equal(handle, "%70ages_ana", "a handle in other letters")
    for film in ("0", "-1", "x", "2147483648", "0278", "278%20", "9" * 50, "278%23", "278x", "1.0", "%00"):
        reply = service.call("GET", f"/v1/films/{film}/reviews", judged=False)
        check(reply.status in (400, 404), film, reply)


def test_archive(service):
    """The archive is one's own, and a link to it cannot be bent to another's."""
    ana, eve = Vandal(service.sign_up("arc-ana")), Vandal(service.sign_up("arc-eve"))
    ana.push(ana.op("d", "v1", full=True, set={"film": 603, "rv": "Words of the archive"}))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: ana.user.call("POST", "/v1/takeout"), range(4)))
    check(all(reply.status in (202, 429) for reply in replies), replies)

    def get():
        reply = ana.user.call("GET", "/v1/takeout")
        equal(reply.status, 200, reply)
        return reply.json if reply.json.get("url") else None

    link = wait_until(get, what="the archive")["url"]
    check("url" not in eve.user.call("GET", "/v1/takeout").json, "Eve has a link")
    with urllib.request.urlopen(link, timeout=30) as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    text = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    contains(text, "Words of the archive")
    check(eve.user.sub not in text, "somebody else is in it")
    check(all(not name.startswith(("/", "..")) for name in archive.namelist()), archive.namelist())
    equal(ana.user.call("POST", "/v1/takeout").code, "too_soon")


def test_account_that_ends(service):
    """From the first answer on the account takes nothing; others keep all of theirs."""
    ana, bob = Vandal(service.sign_up("end-ana")), Vandal(service.sign_up("end-bob"))
    for vandal, name in ((ana, "end_ana"), (bob, "end_bob")):
        vandal.user.call("PUT", "/v1/profile", {"handle": name})
        publish(vandal, "v1", 238, rv="Words of " + name)
        for start in (0, 80):
            vandal.push(*[vandal.op("f", str(i + 1)) for i in range(start, start + 80)])
    wait_for(service, "/v1/films/238/reviews", 2)
    others = [item for item in service.get_items(bob.user)]
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        ends = [pool.submit(ana.user.call, "DELETE", "/v1/account") for _ in range(3)]
        request = ana.request(ana.op("d", "late", full=True, set={"film": 1, "rv": "Late"}))
        writes = [pool.submit(ana.user.sync, request) for _ in range(3)]
        for reply in [task.result() for task in ends]:
            check(reply.status in (202, 401), reply)
        for reply in [task.result() for task in writes]:
            check(reply.status in (200, 401, 410, 503), reply)
    for method, path, body in (("POST", "/v1/sync", request), ("GET", "/v1/profile", None),
                               ("PUT", "/v1/profile", {"handle": "end_again"}),
                               ("POST", "/v1/takeout", None), ("GET", "/v1/takeout", None)):
        reply = ana.user.call(method, path, body, judged=False)
        check(reply.status in (401, 404, 410) or method == "GET", method, path, reply)
        check("Words of" not in reply.body.decode(), "still there", reply)

    def is_gone():
        left = [item["sk"]["S"] for item in service.get_items(ana.user)]
        return all(key in ("M", "D") or key.startswith("G") for key in left)

    wait_until(is_gone, what="the end of the account's items")
    scan = json.dumps(service.dynamodb("Scan", ConsistentRead=True))
    check("Words of end_ana" not in scan and "Late" not in scan, "words are left in the table")
    equal([review["handle"] for review in wait_for(service, "/v1/films/238/reviews", 1)], ["end_bob"])
    equal(service.get_items(bob.user), others, "Bob's items")
    equal(service.try_cognito("InitiateAuth", AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={
        "REFRESH_TOKEN": ana.user.tokens["RefreshToken"]}).status, 400)
    bob.peace()
