# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands between the computers of one account and the service, and holds every answer to the model.

All requests of the account must go through its judge, one at a time.
"""

import copy
import time

from rafilm_e2e import Failed, check, equal
from rs1_model import MAX_MS, Account, plain, read_stamps, words

READER = "JudgeDev"
NEAR_MS = 5000


def find_times(request, answer, sent_at):
    """When the service may have merged. Its clock at that moment is not told, but stamps show it."""
    times = []
    rows = {(row["k"], row["id"]): read_stamps(row) for row in answer["ack"]["rows"]}
    for op in request["batch"]["ops"]:
        for name, stamp in rows.get((op["k"], op["id"]), {}).items():
            h = op.get("h")
            h = h.get(name) if isinstance(h, dict) else h
            if h and stamp[2:] == (request["dev"], op["n"]):
                times.append(stamp[1] >> 16)  # where it claimed to be of the future
                placed = (stamp[1] - min(int(h, 16), 2**63 - 1)) >> 16
                times.append(placed + min(request["now"], MAX_MS))
    likely = sorted(set(times), key=times.count, reverse=True)
    likely = [time_ for time_ in likely if sent_at - 1 <= time_ <= answer["now"]]
    # The request may have waited long before it was begun, and after it was merged.
    between = range(sent_at - 1, answer["now"] + 1)
    return likely + list(between[:300]) + list(between[300::10][:200]) + [answer["now"]]


class Judge:
    def __init__(self, user):
        self.user = user
        self.account = Account()
        self.epoch = None
        self.refusals = 0
        self.sent_at = 0

    def __call__(self, request, **more):
        self.sent_at = int(time.time() * 1000)
        reply = self.user.sync(request, **more)
        if reply.status == 200:
            self.hear(request, reply.json)
        else:
            self.refusals += 1
        return reply

    def hear(self, request, answer):
        check(self.epoch in (None, answer["epoch"]), "a new epoch without a restore")
        self.epoch = answer["epoch"]
        named = set()
        if request.get("batch"):
            named = self.hear_batch(request, answer)
        equal(answer["head"], self.account.head, "head")
        self.hear_feed(request, answer, named)

    def hear_batch(self, request, answer):
        ack, batch, dev = answer["ack"], request["batch"], request["dev"]
        verdicts = {int(n): verdict for n, verdict in ack["res"].items()}
        known = self.account.devices.get(dev)
        if known and known[1] == batch["id"]:
            equal((ack["n"], verdicts), (known[0], known[2]),
                  "a repeated batch is answered otherwise")
            keys = known[4]
        else:
            check(batch["ops"][0]["n"] == (known[0] if known else 0) + 1,
                  "a batch that does not follow was taken")
            keys = self.hear_new_batch(request, answer, verdicts)
            equal(ack["n"], batch["ops"][-1]["n"])
        rows = {(row["k"], row["id"]): row for row in ack["rows"]}
        equal(len(rows), len(ack["rows"]), "rows twice in one acknowledgement")
        # Of what is refused for good, the row may be told, and need not.
        named = {(op.get("k"), op.get("id")) for op in batch["ops"]
                 if isinstance(op.get("k"), str) and isinstance(op.get("id"), str)}
        expected = {key for key in keys if key in self.account.rows}
        check(expected <= set(rows) <= named, "rows of the acknowledgement", set(rows), expected)
        for row in ack["rows"]:
            self.compare(row)
        return set(rows)

    def hear_new_batch(self, request, answer, verdicts):
        """What the service refuses for good is believed here; the tests of values judge that."""
        good = copy.deepcopy(request)
        refused = {n for n, verdict in verdicts.items() if verdict.startswith("bad:")}
        last = good["batch"]["ops"][-1]["n"]
        good["batch"]["ops"] = [op for op in good["batch"]["ops"] if op["n"] not in refused]
        seq, versions, keys = self.account.head, [], []
        if good["batch"]["ops"]:
            keys, seq, versions = self.apply(good, verdicts, answer)
        equal(answer["ack"]["seq"], seq, "sequence number")
        self.account.devices[request["dev"]] = (last, request["batch"]["id"], verdicts, seq, keys)
        if versions:
            self.find_versions(versions, seq)
        return keys

    def apply(self, request, verdicts, answer):
        """Where the service's clock decides, every choice that some moment explains is right."""
        wrong = None
        for time_ in find_times(request, answer, self.sent_at):
            account = self.account.copy()
            expected, keys, seq, versions = account.apply(request, time_)
            try:
                self.judge_verdicts(request["batch"]["ops"], verdicts, expected)
                for row in answer["ack"]["rows"]:
                    self.compare(row, account)
            except Failed as failed:
                wrong = wrong or failed
                continue
            self.account = account
            return keys, seq, versions
        raise wrong

    def judge_verdicts(self, operations, verdicts, expected):
        for op in operations:
            is_, should = verdicts.get(op["n"], "ok"), expected.get(op["n"], "ok")
            equal(is_, should, "verdict on", op)

    def find_versions(self, versions, seq):
        """The versions that the model wants must be in the feed, with the very words."""
        reply = self.user.sync({"proto": 1, "acct": self.user.sub, "dev": READER, "cursor": seq - 1,
                                "epoch": self.epoch, "now": 0, "max": 2000000})
        equal(reply.status, 200, reply)
        rows = [row for row in reply.json["rows"] if row["k"] == "x" and row["q"] == seq]
        left = [(row["f"]["field"], words(row["f"]["text"])) for row in rows]
        for _, field, value in versions:
            check((field, words(value)) in left, "words were lost:", field, words(value)[:80], left)
            left.remove((field, words(value)))
        equal(left, [], "versions that nobody asked for")
        for row in rows:
            self.account.adopt(row)

    def compare(self, row, account=None):
        mine = (account or self.account).rows[(row["k"], row["id"])]
        what = (row["k"], row["id"])
        equal(row["q"], mine.q, what, "q")
        equal({k: plain(v) for k, v in row["f"].items()}, mine.fields, what, "fields")
        equal((row.get("x", False), row.get("c", False)), (mine.deleted, mine.purged), what, "deleted")
        stamps, expected = read_stamps(row), dict(mine.stamps)
        if "x" not in stamps:  # "" may stand for that of a row that is back, too
            expected.pop("x", None)
        equal({name: (seq, device, n) for name, (seq, _, device, n) in stamps.items()},
              {name: (seq, device, n) for name, (seq, _, device, n) in expected.items()},
              what, "stamps")
        for name, (_, clock, _, _) in stamps.items():
            difference = abs((clock >> 16) - (expected[name][1] >> 16))
            check(difference <= NEAR_MS, what, name, f"is {difference} ms from what it should be")
        # The service's clock is only known to be between two moments; what it read is so.
        mine.stamps.update(stamps)

    def hear_feed(self, request, answer, named):
        since, until = request.get("cursor", 0), answer["cursor"]
        rows = {(row["k"], row["id"]): row for row in answer["rows"]}
        equal(len(rows), len(answer["rows"]), "rows twice in one page")
        due = {key for key, row in self.account.rows.items() if since < row.q <= until}
        check(due - named <= set(rows) <= due, "rows of the feed", due - named - set(rows),
              set(rows) - due)
        for row in answer["rows"]:
            self.compare(row)
        if not answer["more"]:
            equal(until, answer["head"], "cursor of the last page")
            equal(answer["dig"], self.account.digest(), "digest")
            equal({k: n for k, n in answer["cnt"].items() if n}, self.account.count(), "counts")
