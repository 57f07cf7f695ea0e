#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The merge rules of docs/sync.md a second time, as a judge of the C ones.

Reads one case a line from standard input (JSON) and says on standard error
which one the C merge did otherwise; exits with 1 then."""
import json
import sys

UPSERT = {"f", "w", "i", "p"}
PROSE = {"rv", "desc", "note", "bio"}


def read_stamp(text):
    part = text.split(".")
    return {"fseq": int(part[0]), "h": int(part[1], 16), "dev": part[2],
            "n": int(part[3]) if len(part) > 3 else 0}


def read_fields(record, member):
    values = dict(record.get(member, {}))
    if "x" in record:
        values["x"] = record["x"]
    stamps = record.get("s", {})
    return {name: {"v": value, **read_stamp(stamps.get(name, stamps.get("", "0.0.")))}
            for name, value in values.items()}


def words(value):
    if value is None:
        return ""
    return value["text"] if isinstance(value, dict) else value


def merge(row, op, dev, seq, sender, server):
    """-> (verdict, fields, purged, copies); fields None when unchanged"""
    edits = dict(op.get("set", {}))
    if "x" in op:
        edits["x"] = op["x"]
    fill = op.get("fill", {})
    clocks = op.get("h")
    cap = (server << 16) | 0xFFFF

    def clock(name):
        text = clocks[name] if isinstance(clocks, dict) else clocks
        return max(1, min(int(text, 16) - ((sender - server) << 16), cap))

    if row is None and not op.get("full") and op["k"] not in UPSERT:
        return "need_full", None, None, []
    fields = {name: dict(field) for name, field in read_fields(row, "f").items()} if row else {}
    purged = bool(row and row.get("c"))
    copies, changed, lost = [], False, False

    def concurrent(name):
        return name in fields and fields[name]["fseq"] > op["base"] and fields[name]["dev"] != dev

    def put(name, value, h):
        nonlocal changed
        if name in fields:
            h = max(h, fields[name]["h"] + 1)
        fields[name] = {"v": value, "fseq": seq, "h": h, "dev": dev, "n": op["n"]}
        changed = True

    deleted = fields.get("x", {"v": False})["v"]
    if "s" in op:
        for name, field in read_fields(op, "set").items():
            old = fields.get(name)
            field["h"] = max(1, min(field["h"], cap))
            if old is None or (field["h"], field["dev"]) > (old["h"], old["dev"]):
                fields[name] = {**field, "fseq": seq}
                changed = True
    elif edits.get("x") is True:
        if any(concurrent(name) for name in fields if name != "x") or (concurrent("x")
                                                                     and not deleted):
            return "kept", None, None, []
        if not concurrent("x"):
            put("x", True, clock("x"))
    else:
        if deleted:
            if purged and not op.get("full"):
                return "need_full", None, None, []
            put("x", False, max(clock(name) for name in edits))
        for name, value in fill.items():
            if name not in fields and name not in edits:
                put(name, value, 1)
        for name, value in edits.items():
            if name == "x":
                continue
            h = clock(name)
            if concurrent(name):
                old = fields[name]
                wins = (h, dev) > (old["h"], old["dev"])
                if name in PROSE and words(old["v"]) != words(value):
                    loser = (old["v"], old["dev"], old["n"]) if wins else (value, dev, op["n"])
                    if words(loser[0]):
                        copies.append([name, *loser])
                if not wins:
                    lost = lost or old["v"] != value
                    continue
            put(name, value, h)
    if changed:
        purged = set(fields) == {"x"} and fields["x"]["v"]
    verdict = "copy" if copies else "lost" if lost else "ok" if changed else "noop"
    return verdict, fields if changed else None, purged, copies


def main():
    count = 0
    for line in sys.stdin:
        case = json.loads(line)
        verdict, fields, purged, copies = merge(case["row"], case["op"], case["dev"], case["seq"],
                                                case["sender"], case["server"])
        result = case["result"]
        got = read_fields(result["row"], "f") if result["changed"] else None
        same = (verdict == result["verdict"] and fields == got and sorted(map(str, copies))
                == sorted(map(str, result["copies"])))
        if same and fields is not None:
            same = bool(purged) == bool(result["row"].get("c"))
        if not same:
            print("case %d differs: %s\nmodel: %s %s %s" % (count, line, verdict, fields, copies),
                  file=sys.stderr)
            return 1
        count += 1
    print(count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
