# SPDX-License-Identifier: GPL-3.0-or-later
"""A computer that speaks RS1, written from the design alone: mirror, pending operations, recovery."""

import copy
import json
import random
import time

from rafilm_e2e import check, equal
from rs1_digest import digest

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
MAX_OPERATIONS = 90
MAX_COST = 96
MAX_BYTES = 250 * 1024
PROSE = {("d", "rv"), ("l", "desc"), ("w", "note"), ("i", "note"), ("p", "bio")}


class Lost(Exception):
    """The network lost the request or its answer."""


class Device:
    """`post` takes a request and returns the reply; it may raise Lost."""

    def __init__(self, user, post=None, chance=None, skew_ms=0):
        self.user = user
        self.post = post or user.sync
        self.chance = chance or random.Random()
        self.skew_ms = skew_ms
        self.ago_ms = 0  # edits are made as if so long ago
        self.dev = self.make_id(8)
        self.epoch = None
        self.cursor = 0
        self.mirror = {}   # (kind, id) -> row as received
        self.outbox = []   # operations in the order of n
        self.batch = None  # (id, how many operations): committed before it is sent
        self.next_n = 1
        self.hlc = 0
        self.dead = []
        self.max = 1000000
        self.full_loads = 0
        self.verdicts = []
        self.batch_size = MAX_OPERATIONS

    def make_id(self, length=22):
        return "".join(self.chance.choice(BASE62) for _ in range(length))

    def now(self):
        return int(time.time() * 1000) + self.skew_ms

    def tick(self):
        if self.ago_ms:
            return f"{(self.now() - self.ago_ms) << 16:016x}"
        self.hlc = max(self.now() << 16, self.hlc + 1)
        return f"{self.hlc:016x}"

    # ---- editing ----------------------------------------------------------------------------

    def get_base(self, key, names):
        """That of a pending operation on the same field, else the mirror's; never "now"."""
        for op in self.outbox:
            if (op["k"], op["id"]) == key and names & (set(op.get("set", {})) | (
                    {"x"} if "x" in op else set())):
                return op["base"]
        return self.mirror[key]["q"] if key in self.mirror else 0

    def add(self, kind, row_id, **members):
        op = {"n": self.next_n, "k": kind, "id": row_id} | members
        self.next_n += 1
        self.outbox.append(op)
        return op

    def edit(self, kind, row_id, full=False, **fields):
        """`fields` as in "set"; a tag is "tag:name". A field that is already pending and not in a
        batch is joined into its operation."""
        key, h = (kind, row_id), self.tick()
        fresh = self.outbox[self.batch[1]:] if self.batch else self.outbox
        if fresh and not full:
            last = [op for op in fresh if (op["k"], op["id"]) == key][-1:]
            if last and "x" not in last[0] and "s" not in last[0] \
                    and last[0]["base"] == self.get_base(key, set(fields)):
                op = last[0]
                if not isinstance(op["h"], dict):
                    op["h"] = dict.fromkeys(list(op["set"]) + list(op.get("fill", {})), op["h"])
                op["set"] |= fields
                op["h"] |= dict.fromkeys(fields, h)
                return op
        return self.add(kind, row_id, base=self.get_base(key, set(fields)), h=h, set=fields,
                        **({"full": True} if full else {}))

    def create(self, kind, **fields):
        row_id = self.make_id()
        self.edit(kind, row_id, full=True, **fields)
        return row_id

    def delete(self, kind, row_id):
        key = (kind, row_id)
        return self.add(kind, row_id, base=self.get_base(key, {"x"}), h=self.tick(), set={}, x=True)

    def restore(self, kind, row_id):
        key = (kind, row_id)
        return self.add(kind, row_id, base=self.get_base(key, {"x"}), h=self.tick(), set={}, x=False)

    def log(self, film, **fields):
        """A viewing, and the film off the watchlist, in one batch."""
        viewing = self.create("d", film=film, **fields)
        if self.view().get(("w", str(film)), {}).get("on"):
            self.edit("w", str(film), on=False)
        return viewing

    # ---- what is shown ----------------------------------------------------------------------

    def view(self, deleted=False):
        """mirror + pending operations: (kind, id) -> fields."""
        rows = {key: (dict(row["f"]), row.get("x", False)) for key, row in self.mirror.items()}
        for op in self.outbox:
            fields, gone = rows.get((op["k"], op["id"]), ({}, False))
            for name, value in op.get("fill", {}).items():
                fields.setdefault(name, value)
            fields |= op.get("set", {})
            gone = op["x"] if "x" in op else False if op.get("set") else gone
            rows[(op["k"], op["id"])] = (fields, gone)
        return {key: fields for key, (fields, gone) in rows.items() if gone is deleted}

    def get_list(self, list_id):
        """Its films in order."""
        items = [(fields.get("pos", ""), int(row_id.partition(":")[2]))
                 for (kind, row_id), fields in self.view().items()
                 if kind == "i" and row_id.startswith(list_id + ":") and fields.get("on")]
        return [film for _, film in sorted(items)]

    # ---- asking -----------------------------------------------------------------------------

    def take_batch(self):
        """Commits the oldest operations to a batch; the same one until it is answered."""
        if self.batch is None and self.outbox:
            cost = count = size = 0
            for op in self.outbox[:self.batch_size]:
                texts = any((op["k"], name) in PROSE for name in op.get("set", {}))
                cost += 2 if texts else 1
                size += len(json.dumps(op, ensure_ascii=False).encode())
                if cost > MAX_COST or size > MAX_BYTES:
                    break
                count += 1
            self.batch = ("b_" + self.make_id(12), count)
        return self.batch

    def build_request(self):
        request = {"proto": 1, "schema": 1, "app": "stranger/1", "acct": self.user.sub,
                   "dev": self.dev, "name": "Stranger", "cursor": self.cursor, "now": self.now(),
                   "max": self.max}
        if self.epoch:
            request["epoch"] = self.epoch
        if self.take_batch():
            request["batch"] = {"id": self.batch[0],
                                "ops": copy.deepcopy(self.outbox[:self.batch[1]])}
        return request

    def cycle(self):
        """One request and its answer; returns whether more is to be fetched or sent."""
        request = self.build_request()
        reply = self.post(request)
        if reply.status == 200:
            answer = reply.json
            self.take_answer(request, answer)
            return answer["more"] or bool(self.outbox)
        code = reply.code
        if reply.status == 409 and code == "fork":
            self.fork()
        elif reply.status == 409 and code == "epoch":
            self.take_epoch(reply.json)
        elif reply.status == 413 and code == "batch_too_large":
            self.batch = ("b_" + self.make_id(12), max(1, self.batch[1] // 2))
        else:
            check(False, "refused for no reason:", json.dumps(request)[:500], reply)
        return True

    def sync(self, turns=60):
        """Until nothing waits and everything is there; turns that the network lost count, too."""
        for _ in range(turns):
            try:
                if not self.cycle() and not self.outbox:
                    return self
            except Lost:
                continue
        check(False, "does not come to an end:", len(self.outbox), "wait")
        return self

    # ---- answers ----------------------------------------------------------------------------

    def take_answer(self, request, answer):
        equal(answer["acct"], self.user.sub)
        equal(answer["proto"], 1)
        check(self.epoch in (None, answer["epoch"]), "the epoch changed without a word")
        self.epoch = answer["epoch"]
        shown = self.view() | self.view(deleted=True)
        if "batch" in request:
            ack = answer.get("ack")
            check(ack, "no acknowledgement")
            equal(ack["batch"], request["batch"]["id"])
            equal(ack["n"], request["batch"]["ops"][-1]["n"])
            self.settle(request["batch"]["ops"], ack["res"], shown)
            named = {(row["k"], row["id"]) for row in ack["rows"]}
            for op in request["batch"]["ops"]:
                check((op["k"], op["id"]) in named or str(op["n"]) in ack["res"],
                      "acknowledged without its row:", op)
            self.take_rows(ack["rows"], shown)
        check(answer["rows"] == sorted(answer["rows"], key=lambda row: row["q"]), "rows out of order")
        self.take_rows(answer["rows"], shown)
        check(self.cursor <= answer["cursor"] <= answer["head"] or not answer["rows"],
              "the cursor went astray", answer["cursor"], answer["head"])
        self.cursor = answer["cursor"]
        self.hlc = max(row_clock(self.mirror), 0)
        if not answer["more"] and "dig" in answer:
            self.check_digest(answer)

    def settle(self, operations, verdicts, shown):
        numbers = {op["n"] for op in operations}
        check({int(n) for n in verdicts} <= numbers, "verdicts of other operations", verdicts)
        self.outbox = [op for op in self.outbox if op["n"] not in numbers]
        self.batch = None
        for op in operations:
            verdict = verdicts.get(str(op["n"]))
            if verdict:
                self.verdicts.append((op, verdict))
            if verdict == "need_full":
                fill = {k: v for k, v in shown.get((op["k"], op["id"]), {}).items()
                        if k not in op.get("set", {})}
                again = {k: v for k, v in op.items() if k not in ("n", "full", "fill")}
                if "x" not in again or not again["x"]:
                    again |= {"full": True, "fill": fill}
                    self.add(again.pop("k"), again.pop("id"), **again)
            elif verdict and verdict.startswith("bad:"):
                self.dead.append((op, verdict))

    def take_rows(self, rows, shown):
        for row in rows:
            key = (row["k"], row["id"])
            if row["q"] <= self.mirror.get(key, {"q": 0})["q"]:
                continue
            self.mirror[key] = row
            if row.get("x"):
                self.fill_pending(key, shown.get(key, {}))

    def fill_pending(self, key, shown):
        """The edit will win over the deletion, so it gets along what was seen before."""
        waiting = self.outbox[self.batch[1]:] if self.batch else self.outbox
        for op in waiting:
            if (op["k"], op["id"]) == key and "x" not in op and "s" not in op:
                op["full"] = True
                op["fill"] = {k: v for k, v in shown.items() if k not in op["set"]} | op.get("fill", {})
                if isinstance(op["h"], dict):
                    latest = max(op["h"].values())
                    op["h"] |= {k: latest for k in op["fill"] if k not in op["h"]}

    def check_digest(self, answer):
        equal(self.digest(), answer["dig"], "digest")
        counts = {}
        for (kind, _), row in self.mirror.items():
            if not row.get("x"):
                counts[kind] = counts.get(kind, 0) + 1
        equal({k: n for k, n in answer["cnt"].items() if n}, counts, "counts")

    def digest(self):
        return digest((k, i, row["q"]) for (k, i), row in self.mirror.items())

    # ---- recovery ---------------------------------------------------------------------------

    def fork(self):
        """The file was copied or put back: a new device, whose numbers begin at 1."""
        self.dev = self.make_id(8)
        self.batch = None
        for n, op in enumerate(self.outbox, 1):
            op["n"] = n
        self.next_n = len(self.outbox) + 1

    def take_epoch(self, problem):
        low, lost = problem["low"], []
        if not problem.get("reset"):
            lost = [row for row in self.mirror.values() if row["q"] > low]
        self.fork()
        waiting, self.outbox, self.next_n = self.outbox, [], 1
        for row in lost:
            # A deletion sets nothing else; the row comes first, with its own stamps.
            extra = {"x": row["x"]} if "x" in row["f"] or row.get("x") else {}
            self.add(row["k"], row["id"], base=0, full=True, s=row["s"], set=row["f"], **extra)
        for op in waiting:
            self.outbox.append(op | {"n": self.next_n})
            self.next_n += 1
        self.epoch, self.cursor, self.mirror = problem["epoch"], 0, {}
        self.full_loads += 1

    def reload(self):
        """As after a digest that differs: everything anew, and the outbox is kept."""
        self.cursor, self.mirror = 0, {}
        self.full_loads += 1


def row_clock(mirror):
    """The newest clock that was seen."""
    newest = 0
    for row in mirror.values():
        for stamp in row.get("s", {}).values():
            newest = max(newest, int(stamp.split(".")[1], 16))
    return newest
