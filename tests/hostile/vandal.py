# SPDX-License-Identifier: GPL-3.0-or-later
"""One who has an account and writes requests by hand; and what must be so afterwards."""

import time

from judge import Judge
from rafilm_e2e import check, equal
from rs1_device import Device


def clock(ms=None):
    return f"{(int(time.time() * 1000) if ms is None else ms) << 16:016x}"


class Vandal:
    """A device whose numbers and batches follow, unless a member is given otherwise."""

    def __init__(self, user, dev="VandalAA", judge=None):
        self.user = user
        self.judge = judge or Judge(user)
        self.dev = dev
        self.n = 0
        self.batches = 0
        self.good = Device(user, self.judge)
        self.good.sync()

    def op(self, kind="f", row_id="603", **members):
        """An operation whose number follows; a member that is ... is left out."""
        self.n += 1
        op = {"n": self.n, "k": kind, "id": row_id, "base": 0, "h": clock()} | members
        if "set" not in op:
            op["set"] = {"like": True}
        return {name: value for name, value in op.items() if value is not ...}

    def request(self, *operations, batch=None, **members):
        self.batches += 1
        request = {"proto": 1, "schema": 1, "acct": self.user.sub, "dev": self.dev, "cursor": 0,
                   "now": int(time.time() * 1000), "epoch": self.good.epoch}
        if operations:
            request["batch"] = {"id": f"b_{self.batches}", "ops": list(operations)} | (batch or {})
        request |= members
        return {name: value for name, value in request.items() if value is not ...}

    def push(self, *operations, **members):
        """What must be taken."""
        reply = self.judge(self.request(*operations, **members))
        equal(reply.status, 200, reply)
        return reply.json

    def refused(self, request, *codes):
        """What must be refused as a whole; the numbers go back to what the service has."""
        before = self.judge.account.head
        reply = self.user.sync(request)
        check(400 <= reply.status < 500, "was not refused:", str(request)[-300:], reply)
        if codes:
            check(reply.code in codes, "should be", codes, reply)
        known = self.judge.account.devices.get(self.dev)
        self.n = known[0] if known else 0
        equal(self.judge.account.head, before)
        return reply

    def verdict(self, *operations):
        """Those of one batch, in the order of its operations."""
        answer = self.push(*operations)
        return [answer["ack"]["res"].get(str(op["n"]), "ok") for op in operations]

    def peace(self):
        """A good computer still synchronises and shows what the model has; returns its diary."""
        film = str(10_000_000 + self.batches)
        self.good.edit("f", film, like=True)
        self.good.sync()
        fresh = Device(self.user, self.judge).sync()
        equal(fresh.view(), self.good.view(), "diaries of two good computers")
        return fresh.view()
