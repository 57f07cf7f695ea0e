# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches again, out of order, overlapping and forged; clocks, bases and cursors that lie."""

import concurrent.futures
import json

from rafilm_e2e import check, equal
from rs1_device import Device
from vandal import Vandal, clock

YEAR_2099 = 4070908800000
HUGE = 2**63 - 1


def test_replayed_at_once(service):
    """Eight copies of one batch at the same time: applied once, answered alike."""
    vandal = Vandal(service.sign_up("replayed"))
    for turn in range(4):
        request = vandal.request(*[vandal.op("d", f"v{turn}-{i}", full=True, set={"film": i + 1})
                                   for i in range(20)])
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda _, one=request: vandal.user.sync(one), range(8)))
        equal([reply.status for reply in replies], [200] * 8)
        first = replies[0].json
        for reply in replies:
            check(reply.json["ack"] == first["ack"], "answered otherwise:", reply)
        vandal.judge.hear(request, first)
    equal(len(vandal.peace()), 81)


def test_order_of_batches(service):
    vandal = Vandal(service.sign_up("order"))
    first, second, third = (vandal.request(vandal.op(row_id=str(i), set={"rating": i}))
                            for i in (1, 2, 3))
    vandal.refused(second, "fork")
    vandal.judge(first)
    vandal.refused(third, "fork")
    vandal.judge(second)
    vandal.refused(first, "fork")  # one that comes late
    vandal.judge(second)  # a repeat of the last is answered
    vandal.judge(third)
    vandal.n = 3
    overlap = vandal.request(*[vandal.op(row_id="9", n=n) for n in (3, 4)])
    vandal.refused(overlap, "fork")
    vandal.refused(vandal.request(*[vandal.op(n=n) for n in (4, 6)]), "bad_request")
    vandal.refused(vandal.request(*[vandal.op(n=n) for n in (4, 4)]), "bad_request")
    vandal.refused(vandal.request(*[vandal.op(n=n) for n in (5, 4)]), "bad_request")
    vandal.refused(vandal.request(vandal.op(n=HUGE)), "fork", "bad_request")
    vandal.refused(vandal.request(vandal.op(n=0)), "bad_request")
    vandal.refused(vandal.request(vandal.op(n=-1)), "bad_request")
    vandal.peace()


def test_batch_id_with_other_content(service):
    """A batch under the last one's id must not be acknowledged unread."""
    vandal = Vandal(service.sign_up("reused"))
    first = vandal.request(vandal.op("d", "first", full=True, set={"film": 1}))
    vandal.judge(first)
    last = {"id": first["batch"]["id"]}
    longer = [vandal.op("d", f"v{n}", n=n, full=True, set={"film": 2}) for n in (1, 2)]
    vandal.refused(vandal.request(*longer, batch=last), "fork")
    # One that follows is another batch, whatever its name.
    answer = vandal.user.sync(vandal.request(vandal.op("d", "second", full=True, set={"film": 2}),
                                             batch=last)).json
    equal([row["id"] for row in answer["ack"]["rows"]], ["second"])
    fresh = Device(vandal.user).sync()
    equal({row_id for _, row_id in fresh.view()}, {"first", "second"})


def test_precondition(service):
    vandal = Vandal(service.sign_up("precondition"))
    head = vandal.push(vandal.op())["head"]
    for value in (head - 1, head + 1, 0, HUGE):
        vandal.refused(vandal.request(vandal.op(), batch={"if_head": value}), "stale")
    for value in (-1, "1", 1.5, [], True, 2**64):
        vandal.refused(vandal.request(vandal.op(), batch={"if_head": value}), "bad_request", "bad_json")
    equal(vandal.user.sync(vandal.request(vandal.op(), batch={"if_head": head})).status, 200)


def test_clocks_that_lie(service):
    """No clock wins for ever: whoever edits having seen it wins, and of two edits made at once
    the one that claims to be of the future is not later than now."""
    vandal = Vandal(service.sign_up("liars"))
    good = vandal.good
    times = ((clock(YEAR_2099), ...), (clock(0), ...), ("f" * 16, ...), ("0" * 16, ...),
             (clock(YEAR_2099), 0), (clock(YEAR_2099), YEAR_2099 - 5000), (clock(0), YEAR_2099),
             ("f" * 16, HUGE), ("0" * 16, HUGE), ("f" * 16, 0))
    for number, (h, now) in enumerate(times, 1):
        film = str(number)
        good.edit("f", film, rating=1)
        good.sync()
        members = {} if now is ... else {"now": now}
        vandal.push(vandal.op(row_id=film, h=h, set={"rating": 2}), **members)
        good.edit("f", film, rating=3)
        good.sync()
        good.sync()
        stamp = max(row["s"][name] for row in good.mirror.values() for name in row["s"])
        check(int(stamp.split(".")[1], 16) >> 16 < YEAR_2099 // 2, "a future stamp spreads", stamp)
        good.edit("f", film, rating=4)
        good.sync()
        equal(good.view()[("f", film)]["rating"], 4, "after", h, now)
    vandal.peace()


def test_bases_that_lie(service):
    vandal = Vandal(service.sign_up("bases"))
    good = vandal.good
    viewing = good.log(603, rv="Kept words")
    good.sync()
    for base in (10**6, 2**53, HUGE):
        vandal.push(vandal.op("d", viewing, base=base, set={"rv": f"Words at {base}"}))
    for base in (-1, 1.5, "1", None, True, [], ...):
        equal(vandal.verdict(vandal.op("d", viewing, base=base, set={"rv": "No"})), ["bad:form"])
    good.edit("d", viewing, rv="Last words")
    good.sync()
    vandal.peace()


def test_recoveries_that_lie(service):
    """A recovery's stamps are believed only as far as they can be true."""
    vandal = Vandal(service.sign_up("recoveries"))
    good = vandal.good
    viewing = good.log(603, rating=1, rv="Words")
    good.sync()
    for number, stamp in enumerate((f"999999999.{clock(YEAR_2099)}.VandalAA.1",
                                    f"{HUGE}.{'f' * 16}.zzzzzzzz.{HUGE}",
                                    f"1.{'f' * 16}.{good.dev}.1", f"0.{'0' * 16}.00000000.0",
                                    f"1.{'0' * 16}.VandalAA")):
        request = vandal.request(vandal.op("d", viewing, full=True, s={"": stamp}, h=...,
                                           set={"film": 603, "rating": 9, "rv": f"Forged {number}"}))
        reply = vandal.user.sync(request)
        equal(reply.status, 200, reply)
        # From here on the model cannot follow; what counts is that nobody is shut out.
        good.post = vandal.user.sync
        good.sync()
        good.edit("d", viewing, rating=number + 2, rv=f"Mine {number}")
        good.sync()
        stamps = [value for row in good.mirror.values() for value in row["s"].values()]
        for value in stamps:
            check(int(value.split(".")[0]) <= reply.json["head"] + 1000, "a number of the future", value)
            check(int(value.split(".")[1], 16) >> 16 < YEAR_2099 // 2, "a clock of the future", value)
        good.sync()
        equal(good.view()[("d", viewing)]["rating"], number + 2)
        equal(good.view()[("d", viewing)]["rv"], f"Mine {number}")
        check(all(verdict == "ok" for op, verdict in good.verdicts), "shut out:", good.verdicts)
    for stamp in ("", "1", "1.2.3", f"-1.{clock()}.VandalAA.1", f"1.{clock()}.Vandal.1",
                  f"{10**30}.{clock()}.VandalAA.1", f"1.{clock()}.VandalAA.x", 7, None, [],
                  f"1.{clock().upper()}Z.VandalAA.1", f"1.{clock()}.VandalAA.1\0"):
        reply = vandal.user.sync(vandal.request(vandal.op(
            "d", viewing, full=True, s={"": stamp}, h=..., set={"rating": 1})))
        verdict = reply.json.get("ack", {}).get("res", {}).get(str(vandal.n), "")
        check(verdict.startswith("bad:") or reply.status == 400, "a stamp that is none:", stamp, reply)
        vandal.n -= reply.status == 400
    fresh = Device(vandal.user).sync()
    equal(fresh.view()[("d", viewing)]["rv"], "Mine 4")


def test_cursors(service):
    vandal = Vandal(service.sign_up("cursors"))
    head = vandal.push(*[vandal.op(row_id=str(i)) for i in range(1, 11)])["head"]
    for cursor in (head + 1, 10**6, 2**53, HUGE):
        reply = vandal.user.sync(vandal.request(cursor=cursor))
        equal(reply.status, 200, reply)
        answer = reply.json
        equal((answer["cursor"], answer["more"], answer["rows"]), (head, False, []), cursor)
        equal(answer["dig"], vandal.judge.account.digest())
    for cursor in (-1, "0", 0.5, [], True, -HUGE, 2**64):
        vandal.refused(vandal.request(cursor=cursor), "bad_request", "bad_json")
    for epoch in ("e_other", "x" * 24, "-"):
        problem = vandal.refused(vandal.request(epoch=epoch), "epoch").json
        equal((problem["epoch"], problem["low"], problem["reset"]), (vandal.good.epoch, 0, False))
    for epoch in ("", "x" * 25, "a b", "e\0", 7, [], "e_é"):
        vandal.refused(vandal.request(epoch=epoch), "bad_request", "bad_json")
    for size in (-1, "1", 1.5, [], 2**64, True):
        vandal.refused(vandal.request(max=size), "bad_request", "bad_json")
    equal(vandal.user.sync(vandal.request(max=HUGE)).status, 200)
    vandal.peace()


def test_other_accounts(service):
    """A token opens its own account only, whatever the request says."""
    ana, vandal = Vandal(service.sign_up("victim")), Vandal(service.sign_up("thief"))
    ana.push(ana.op("d", "secret", full=True, set={"film": 603, "rv": "My secret words"}))
    before = service.get_items(ana.user)
    for name in (ana.user.sub, ana.user.sub.upper(), "U#" + ana.user.sub, ana.user.email, "*", "#"):
        reply = vandal.refused(vandal.request(acct=name), "acct")
        check(ana.user.sub not in reply.body.decode().replace(name, ""), "leaks", reply)
        vandal.refused(vandal.request(vandal.op("d", "secret", set={"rv": "Mine"}), acct=name), "acct")
    # The same ids in one's own account touch nobody else's.
    vandal.push(vandal.op("d", "secret", full=True, set={"film": 1, "rv": "Thief's"}))
    equal(vandal.verdict(vandal.op("d", "nothing", set={"rv": "?"})), ["need_full"])
    other = Vandal(vandal.user, ana.good.dev, vandal.judge)
    reply = vandal.user.sync(other.request(other.op("d", "x", full=True, set={"film": 2})))
    equal(reply.status, 200)
    check("secret words" not in json.dumps(reply.json), "leaks")
    equal(service.get_items(ana.user), before, "the other's items")
    equal(ana.peace()[("d", "secret")]["rv"], "My secret words")


def test_many_devices(service):
    """Hundreds of device ids do not swell the account; one that was forgotten comes back."""
    vandal = Vandal(service.sign_up("many"))
    good = vandal.good
    good.edit("f", "1", rating=1)
    good.sync()
    for number in range(50):
        other = vandal.request({"n": 1, "k": "f", "id": "2", "base": 0, "h": clock(),
                                "set": {"rating": 1 + number % 10}}, dev=f"Dev{number:05d}")
        vandal.judge(other)
    good.edit("f", "1", rating=2)
    good.sync()
    (meta,) = [item for item in service.get_items(vandal.user) if item["sk"]["S"] == "M"]
    check(len(json.dumps(meta)) < 60000, "META has", len(json.dumps(meta)), "bytes")
    equal(good.view()[("f", "1")]["rating"], 2)
