# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of a world of chaos, once all its computers had time to synchronise."""

import contextlib
import sqlite3

from chaos_device import TEXT, texts_of
from rafilm_e2e import Failed, check

ROUNDS = 8


def comparable(export):
    """Without what differs by design: when it was exported, and what waits."""
    def strip(viewing):
        return {k: v for k, v in viewing.items() if k not in ("pending", "film")} | {
            "film": strip_film(viewing["film"])}

    def strip_film(film):
        return {k: film[k] for k in ("id", "rating", "like", "seen", "hidden", "watchlist", "note")}

    return {
        "viewings": sorted(map(strip, export["viewings"]), key=lambda v: v["id"]),
        "trash": sorted(map(strip, export["trash"]), key=lambda v: v["id"]),
        "films": sorted(map(strip_film, export["films"]), key=lambda f: f["id"]),
        "lists": sorted(({**entries, "films": [(entry["film"]["id"], entry["note"])
                                               for entry in entries["films"]]}
                         for entries in export["lists"]), key=lambda one: one["id"]),
        "versions": sorted(export["versions"], key=lambda v: v["id"]),
        "profile": export["profile"],
    }


def difference(one, other):
    for name, value in one.items():
        if value == other[name]:
            continue
        if not isinstance(value, list):
            return f"{name}: {value} / {other[name]}"
        mine = [item for item in value if item not in other[name]]
        theirs = [item for item in other[name] if item not in value]
        return f"{name}: {mine[:3]} / {theirs[:3]}"
    return "nothing"


def settle(devices, sign_in):
    """Everybody synchronises until nothing waits and nothing changes any more."""
    reason = ""
    before = None
    for _ in range(ROUNDS):
        reason = ""
        for device in devices:
            if not device.sync_now(60):
                sign_in(device)
                answer = device.command("sync", "--wait", "60")
                reason = answer.err if answer.status != 0 else reason
        now = [comparable(device.export()) for device in devices]
        waiting = {device.name: device.get_status()["pending"] for device in devices}
        if not reason and not any(waiting.values()) and now == before:
            return
        before = now
        reason = reason or (f"{waiting} wait" if any(waiting.values()) else "it goes on changing")
    raise Failed(f"no rest after {ROUNDS} rounds of syncs: {reason}")


def check_alike(devices):
    first = comparable(devices[0].export())
    for device in devices[1:]:
        other = comparable(device.export())
        check(other == first, devices[0].name, "and", device.name, "show different diaries:",
              difference(first, other))
    return first


def check_nothing_refused(devices):
    for device in devices:
        refused = device.ask("changes")["refused"]
        check(not refused, device.name, "was refused", refused)


def check_viewings(devices, logged, unsure):
    """Each viewing that a command logged is there once, and nothing that nobody logged."""
    for device in devices:
        export = device.export()
        ids = [v["id"] for name in ("viewings", "trash") for v in export[name]]
        check(len(ids) == len(set(ids)), device.name, "shows a viewing twice")
        check(logged <= set(ids), device.name, "lacks viewings", sorted(logged - set(ids)))
        strangers = [v for name in ("viewings", "trash") for v in export[name]
                     if v["id"] not in logged and v["id"] not in unsure]
        check(not strangers, device.name, "has viewings that nobody logged", strangers)


def texts_in_file(device):
    """Marks of texts that are in the file, seen or not: of what is off the watchlist, or in a deleted list."""
    found = set()
    with contextlib.closing(sqlite3.connect(device.get_database())) as database:
        for query in ("SELECT note FROM item", "SELECT description FROM list",
                      "SELECT note FROM watch"):
            for (text,) in database.execute(query):
                found |= set(TEXT.findall(text or ""))
    return found


def check_texts(devices, account):
    """Every text that a command accepted is shown, a version, or in the trash, unless somebody who
    saw it replaced it. Returns how many are kept, but not shown: notes of what is no longer on the
    watchlist or in a list."""
    written, replaced = {}, set()
    for device in devices:
        written |= device.written
        replaced |= device.replaced
    hidden = 0
    for device in devices:
        found = texts_of(device.export())
        strangers = [mark for mark in found if not mark.startswith(f"{account}x")]
        check(not strangers, device.name, "has another account's texts", strangers)
        lost = {mark: how for mark, how in written.items()
                if mark not in found and mark not in replaced}
        behind = texts_in_file(device) if lost else set()
        really = {mark: how for mark, how in lost.items() if mark not in behind}
        check(not really, device.name, "has lost texts that nobody who saw them replaced:", really)
        hidden = max(hidden, len(lost))
    return hidden


def check_server(table, devices):
    """What the computers show is what the server has."""
    uid = devices[0].get_status()["account"]
    rows = {sk: item for (pk, sk), item in table.rows().items() if pk == f"U#{uid}"}
    export = devices[0].export()
    on_server = {sk[2:] for sk, item in rows.items() if sk.startswith("d#") and not item.get("x")}
    shown = {v["id"] for v in export["viewings"]}
    check(on_server == shown, "the server has", sorted(on_server - shown), "and lacks",
          sorted(shown - on_server))
    versions = {sk[2:] for sk, item in rows.items() if sk.startswith("x#") and not item.get("x")}
    check(versions == {v["id"] for v in export["versions"]}, "versions on the server:", versions)
    return len(rows)
