# SPDX-License-Identifier: GPL-3.0-or-later
"""What the design of RS1 says that a server does, written from the design alone: the judge.

An Account takes each request that the service accepted, and says what the answer must be.
"""

import copy
import re

from rs1_digest import digest

MAX_MS = 2**47 - 1  # clocks after the year 6429 are taken for that
DERIVED = "fwip"
PROSE = {("d", "rv"), ("l", "desc"), ("w", "note"), ("i", "note"), ("p", "bio")}
STAMP = re.compile(r"([0-9]+)\.([0-9a-f]{16})\.([0-9A-Za-z]{8})(?:\.([0-9]+))?")


def read_stamp(text):
    fseq, h, dev, n = STAMP.fullmatch(text).groups()
    return int(fseq), int(h, 16), dev, int(n or 0)


def read_stamps(row):
    """Of every field, "" being for all that have none of their own."""
    given = dict(row.get("s", {}))
    default = given.pop("", None)
    names = set(row["f"]) | set(given) | ({"x"} if row.get("x") else set())
    return {name: read_stamp(given.get(name, default)) for name in names}


def plain(value):
    """A review without marks is its text."""
    if isinstance(value, dict):
        rest = {k: v for k, v in value.items() if k == "text" or (k == "spoiler" and v)
                or (k == "lang" and v)}
        return rest["text"] if list(rest) == ["text"] else rest
    return value


def words(value):
    value = plain(value)
    return value["text"] if isinstance(value, dict) else value or ""


class Row:
    def __init__(self):
        self.q = 0
        self.fields = {}
        self.stamps = {}
        self.deleted = False
        self.purged = False


class Merge:
    """One operation into one row."""

    def __init__(self, kind, row_id, row, op, dev, seq, to_server_time):
        self.kind, self.id, self.row, self.op = kind, row_id, row, op
        self.dev, self.seq, self.to_server_time = dev, seq, to_server_time
        self.changed = False
        self.lost = False
        self.versions = []  # (field, value)

    def clock(self, name):
        h = self.op.get("h", "0" * 16)
        return self.to_server_time(int(h[name] if isinstance(h, dict) else h, 16))

    def concurrent(self, name):
        stamp = self.row.stamps.get(name)
        return stamp is not None and stamp[0] > self.op["base"] and stamp[2] != self.dev

    def stamp(self, name, h):
        old = self.row.stamps.get(name)
        if old:
            h = max(h, old[1] + 1)
        self.row.stamps[name] = (self.seq, h, self.dev, self.op["n"])
        self.changed = True

    def keep(self, name, value, other):
        """Words that would be lost become a version."""
        if not words(value) or words(value) == words(other):
            return False
        self.versions.append((name, plain(value)))
        return True

    def set(self, name, value):
        row, h, value = self.row, self.clock(name), plain(value)
        old, prose = row.fields.get(name), (self.kind, name) in PROSE
        if self.concurrent(name):
            stamp = row.stamps[name]
            if (h, self.dev) < (stamp[1], stamp[2]):
                kept = prose and self.keep(name, value, old)
                self.lost = self.lost or (value != old and not kept)
                return
            if prose:
                self.keep(name, old, value)
        row.fields[name] = value
        self.stamp(name, h)

    def delete(self):
        row = self.row
        content = [name for name in row.stamps if name != "x"]
        if any(self.concurrent(name) for name in content):
            return "kept"
        if self.concurrent("x") and not row.deleted:
            return "kept"
        if self.concurrent("x"):  # somebody else deleted it, too
            return "noop"
        row.deleted = True
        self.stamp("x", self.clock("x"))
        return "ok"

    def run(self):
        op, row = self.op, self.row
        if op.get("x") is True:
            return self.delete()
        if row.purged and not op.get("full"):
            return "need_full"
        if row.deleted:
            row.deleted = False
            self.stamp("x", max(map(self.clock, list(op.get("set", {})) + ["x"] * ("x" in op))))
        for name, value in op.get("fill", {}).items():
            if name not in row.fields and name not in op["set"]:
                row.fields[name] = plain(value)
                self.stamp(name, 1)  # older than anything that was edited
        for name, value in op.get("set", {}).items():
            self.set(name, value)
        if self.versions:
            return "copy"
        return "lost" if self.lost else "ok" if self.changed else "noop"


class Account:
    """The rows of one person as the service must have them."""

    def __init__(self):
        self.rows = {}
        self.head = 0
        self.devices = {}  # dev -> (n, batch id, verdicts, seq, keys)

    def copy(self):
        return copy.deepcopy(self)

    def apply(self, request, server_now):
        """Takes a batch that follows; returns (verdicts, touched keys, seq, expected versions)."""
        dev, batch = request["dev"], request["batch"]
        skew = min(request["now"], MAX_MS) - server_now

        def to_server_time(h):
            return max(1, min(min(h, 2**63 - 1) - (skew << 16), (server_now << 16) | 0xFFFF))

        verdicts, keys, versions, changed = {}, [], [], False
        seq = self.head + 1
        for op in batch["ops"]:
            key = (op["k"], op["id"])
            keys.append(key)
            row = self.rows.get(key)
            if row is None and not (op.get("full") or op["k"] in DERIVED):
                verdicts[op["n"]] = "need_full"
                continue
            fresh = copy.deepcopy(row) if row else Row()
            merge = Merge(*key, fresh, op, dev, seq, to_server_time)
            verdict = merge.run()
            if verdict != "ok":
                verdicts[op["n"]] = verdict
            versions += [(key, *version) for version in merge.versions]
            if merge.changed:
                fresh.q = seq
                fresh.purged = fresh.deleted and not fresh.fields
                self.rows[key] = fresh
            changed = changed or merge.changed or bool(merge.versions)
        if changed:
            self.head = seq
        self.devices[dev] = (batch["ops"][-1]["n"], batch["id"], verdicts, self.head, keys)
        return verdicts, keys, self.head, versions

    def adopt(self, row):
        """Takes over what the design leaves to the service: a version's id."""
        mine = Row()
        mine.q, mine.fields, mine.stamps = row["q"], row["f"], read_stamps(row)
        self.rows[(row["k"], row["id"])] = mine

    def digest(self):
        return digest((k, i, row.q) for (k, i), row in self.rows.items())

    def count(self):
        counts = {}
        for (kind, _), row in self.rows.items():
            if not row.deleted:
                counts[kind] = counts.get(kind, 0) + 1
        return counts
