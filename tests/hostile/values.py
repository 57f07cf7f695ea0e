# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations with wrong values, names and ids: each is refused for good by itself, with a code, and
what stands beside it is taken."""

import json

from rafilm_e2e import check, equal
from rs1_device import Device
from vandal import Vandal

WHOLE = {"film": 603}
TRUTHS = (0, 1, "true", "", [], {}, 1.0)
WRONG = {
    ("d", "film"): (0, -1, 1.5, 2**31, 2**53 + 1, 2**63 - 1, "603", None, True, [], {}),
    ("d", "on"): ("2026-02-30", "2026-13-01", "2026-1-1", "", "yesterday", 20260101, True, [],
                  "2026-01-01T00:00:00Z", "2026-01-01 ", "0000-00-00", "２026-01-01"),
    ("d", "rating"): (0, 11, -1, 5.5, "9", True, [], 2**62, 1e300),
    ("d", "liked"): (*TRUTHS, None), ("d", "rewatch"): (*TRUTHS, None),
    ("d", "finished"): (*TRUTHS, None), ("d", "public"): (*TRUTHS, None),
    ("d", "rv"): (7, True, [], {}, {"text": None}, {"text": 1}, {"spoiler": True},
                  {"text": "a", "spoiler": 1}, {"text": "a", "lang": 7}, {"text": "a", "lang": "x" * 36},
                  {"text": ["a"]}, "x" * 65537),
    ("d", "tag:x"): (*TRUTHS, None), ("d", "tag:"): (True,), ("d", "tag:" + "x" * 300): (True,),
    ("d", "later"): (True,), ("d", ""): (1,), ("d", "x"): (True, False), ("d", "q"): (1,),
    ("d", "pk"): ("U#other",), ("d", "sk"): ("M",), ("d", "*"): ("1.0.a",),
    ("f", "rating"): (0, 11, "9", 1.5), ("f", "like"): (*TRUTHS, None), ("f", "film"): (603,),
    ("f", "seen"): TRUTHS, ("f", "hide"): TRUTHS,
    ("w", "on"): (*TRUTHS, "2026-01-01"), ("w", "note"): (7, [], {}, {"text": "a"}, "x" * 65537),
    ("l", "name"): (7, [], True, "x" * 513), ("l", "desc"): (7, {"text": "a"}, "x" * 65537),
    ("l", "ranked"): TRUTHS, ("l", "public"): TRUTHS,
    ("i", "on"): TRUTHS, ("i", "note"): (7,),
    ("i", "pos"): ("", 7, None, True, [], "-1", "a b", "é", "0", "a0", "x" * 10000, "a#b", "a\n"),
    ("p", "name"): (7, "x" * 513), ("p", "bio"): (7, "x" * 8193), ("p", "email"): ("a@b.c",),
    ("x", "text"): ("forged",), ("x", "of"): ("d#1",), ("x", "by"): ("me",), ("x", "at"): (1,),
}
IDS = {"d": "good", "f": "603", "w": "603", "l": "good", "i": "good:603", "p": "me", "x": "a" * 32}
GOOD = {"d": {"film": 603}, "f": {"like": True}, "w": {"on": True}, "l": {"name": "L"},
        "i": {"on": True}, "p": {"name": "A"}, "x": {"text": "a"}}
BAD_IDS = {
    "f": ("", "0", "-1", "+603", "0603", "603 ", " 603", "6o3", "2147483648", "9" * 30, "1e3", "603#1",
          "６０３", "603\n", "x" * 81),
    "i": ("good", ":603", "good:", "good:0", "good:0603", "good:a", "a:b:603", "good:603:1", "",
          "go#od:603", "good:2147483648", "good:-1", "x" * 80 + ":1", "go od:603"),
    "p": ("", "you", "ME", "me ", "me#x"),
    "d": ("", "x" * 81, "a#b", "a b", "a\tb", "a\nb", "é", "a/b", "\x01", "\x7f", "M", "..", "a\"b",
          "d#good", "a:b", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "%00"),
}
BAD_IDS["w"], BAD_IDS["l"] = BAD_IDS["f"], BAD_IDS["d"]
ALLOWED_IDS = {"M", "..", "a/b", "a:b", "%00"}  # odd, but where they stand they mean nothing
BAD_KINDS = ("", "M", "C", "d#", "d#x", "D", "zz", "z" * 17, "é", "\n", "x#", " d", "R", "Q", "*")


def push_apart(vandal, cases):
    """Each case in one batch with others; every one is refused, and the good ones are taken."""
    for start in range(0, len(cases), 20):
        part = [vandal.op(kind, row_id, **members) for kind, row_id, members in
                cases[start:start + 20]]
        film = str(1000 + vandal.batches)
        part.append(vandal.op("f", film, set={"like": True}))
        verdicts = vandal.verdict(*part)
        for op, verdict in zip(part[:-1], verdicts, strict=False):
            check(verdict.startswith("bad:"), "was", verdict, json.dumps(op)[:200])
        equal(verdicts[-1], "ok", "what stands beside")


def check_untouched(service, vandal, expected):
    """Only these rows, and no item that is none."""
    rows = {(kind, row_id) for kind, row_id in vandal.peace() if int(row_id) < 1000
            } if not expected else {key for key in vandal.peace() if key[0] != "f"}
    equal(rows, expected, "rows")
    for item in service.get_items(vandal.user):
        key = item["sk"]["S"]
        check(key == "M" or key.partition("#")[0] in "dfwlipxC", "a strange item", key)


def test_wrong_values(service):
    vandal = Vandal(service.sign_up("values"))
    cases = []
    for (kind, field), values in WRONG.items():
        for value in values:
            whole = {"full": True} if kind in "dlx" else {}
            cases.append((kind, IDS[kind], whole | {"set": {field: value}}))
            if kind != "x" and len(str(value)) < 1000:
                cases.append((kind, IDS[kind], {"full": True, "set": GOOD[kind], "fill": {field: value}}))
    push_apart(vandal, cases)
    check_untouched(service, vandal, set())


def test_wrong_ids(service):
    vandal = Vandal(service.sign_up("ids"))
    cases, odd = [], set()
    for kind, ids in BAD_IDS.items():
        for row_id in ids:
            if row_id in ALLOWED_IDS and kind in "dl":
                odd.add((kind, row_id))
            else:
                cases.append((kind, row_id, {"full": True, "set": GOOD[kind]}))
    cases += [(kind, "603", {"full": True, "set": {"like": True}}) for kind in BAD_KINDS]
    push_apart(vandal, cases)
    for kind, row_id in odd:
        verdict = vandal.verdict(vandal.op(kind, row_id, full=True, set=GOOD[kind]))[0]
        check(verdict in ("ok", "bad:id"), row_id, verdict)
        if verdict != "ok":
            odd = odd - {(kind, row_id)}
    check_untouched(service, vandal, odd)


def test_wrong_forms(service):
    """Members of wrong types, missing ones and ones too many."""
    vandal = Vandal(service.sign_up("forms"))
    clock = "01a204b1a64c0000"
    members = [{"k": v} for v in (7, None, [], True)] + [{"id": v} for v in (7, None, [], 603)]
    members += [{"set": v} for v in (7, None, [], "rating", True)]
    members += [{"fill": v} for v in (7, [], "rating", True)]
    members += [{"full": v} for v in (1, "true", [], {})] + [{"x": v} for v in (1, "true", [], None)]
    members += [{"h": v} for v in (7, None, [], "", "x" * 16, clock.upper(), clock[1:], clock + "0",
                                   {}, {"like": 7}, {"other": clock}, {"like": ""}, -1, "-" + clock[1:])]
    members += [{"base": v} for v in (-1, 1.5, "0", None, [], True)]
    members += [{"s": v, "h": ...} for v in (7, [], "1.0.a", {"like": 7}, {})]
    members += [{"set": {}}, {"set": ..., "x": ...}, {"h": ...}, {"set": {"like": True}, "x": True},
                {"set": {"like": True}, "fill": {"like": False}, "h": {"seen": clock}}]
    for one in members:
        vandal.batches += 1
        op = vandal.op("f", "7", **one)
        reply = vandal.user.sync(vandal.request(op, vandal.op("f", "8")))
        if reply.status == 400:
            vandal.n -= 2
            continue
        equal(reply.status, 200, one, reply)
        verdict = reply.json["ack"]["res"].get(str(op["n"]), "ok")
        check(verdict.startswith("bad:") or verdict == "noop", "was", verdict, json.dumps(op))
    fresh = Device(vandal.user).sync()
    equal(set(fresh.view()), {("f", "8")})


def test_unknown_members(service):
    """What a newer client adds is no fault."""
    vandal = Vandal(service.sign_up("members"))
    equal(vandal.verdict(vandal.op(later=True, undo={"a": [1]})), ["ok"])
    vandal.push(vandal.op(set={"like": False}), later=[1, 2], mood="blue", schema=99, app="x" * 1000)
    vandal.push(vandal.op(set={"like": True}), batch={"id": "b_x", "later": 1, "ops": [
        vandal.op(n=3, set={"seen": True})]})
    vandal.peace()


def test_sizes(service):
    """A row never outgrows its limits, whatever adds to it; nothing of it is lost by that."""
    vandal = Vandal(service.sign_up("sizes"))
    text = "x" * 60000
    for number in range(4):
        tags = {f"tag:{number}-{i}": True for i in range(30)}
        equal(vandal.verdict(vandal.op("d", "big", full=True, set=tags | {"film": 603})), ["ok"])
    more = {f"tag:more{i}": True for i in range(30)}
    equal(vandal.verdict(vandal.op("d", "big", set=more)), ["bad:size"])
    equal(vandal.verdict(vandal.op("d", "big", base=9, set={"rv": text})), ["ok"])
    equal(vandal.verdict(vandal.op("d", "big", base=9, set={"rv": text + "é" * 4000})), ["bad:value"])
    equal(vandal.verdict(vandal.op("d", "x", full=True, set={f"tag:{i}": True for i in range(200)})),
          ["bad:size"])
    vandal.refused(vandal.request(*[vandal.op("f", str(n)) for n in range(1, 92)]), "bad_request")
    vandal.refused(vandal.request(*[vandal.op("d", f"t{n}", full=True, set={"film": 1, "rv": "t"})
                                    for n in range(49)]), "bad_request", "batch_too_large")
    many = vandal.request(*[vandal.op("f", "1", h="01a204b1a64c0000") for n in range(2500)])
    vandal.refused(many, "bad_request")
    vandal.refused(vandal.request(*[vandal.op("f", "1") for n in range(10000)]), "too_large")
    check(("d", "big") in vandal.peace(), "the big one is gone")
