# SPDX-License-Identifier: GPL-3.0-or-later
"""rafilm-cli and the client that was written from the design, on one account."""

import base64
import contextlib
import os
import sqlite3
import tempfile
import types

from judge import Judge
from rafilm_e2e import Person, check, equal
from rs1_device import Device
from rs1_digest import digest


def meet(service, name):
    """(user, a stranger's computer, a person with rafilm-cli), all of one account."""
    user = service.sign_up(name)
    world = types.SimpleNamespace(folder=tempfile.mkdtemp(dir=service.folder))
    person = Person(world, "cli", service.cloud)
    person.sign_in(user.email)
    return user, Device(user, Judge(user)), person


def agree(device, person):
    """Both have the same rows, told by number as the digest tells them."""
    person.sync()
    device.sync()
    person.sync()
    status = person.get_status()
    equal((status["pending"], status["refused"]), (0, 0), "what waits or was refused")
    with contextlib.closing(sqlite3.connect(f"file:{status['diary']}?mode=ro", uri=True)) as db:
        rows = {(kind, row_id): q for kind, row_id, q in db.execute("SELECT kind, id, q FROM mirror")}
    equal(rows, {key: row["q"] for key, row in device.mirror.items()}, "the program's mirror")


def test_both_ways(service):
    user, device, person = meet(service, "program")
    device.post = user.sync  # the program is no client of the judge
    person.run("watchlist", "add", "603", "--note", "Soon")
    viewing = person.ask("log", "949", "--rating", "4.5", "--like", "--review", "Heat ✓\n\"quoted\"",
                         "--tag", "cinema", "--tag", "mit Ümläut", "--spoiler", "--date", "2026-03-01")["id"]
    person.run("log", "603", "--rating", "0.5")
    person.run("rate", "11", "5")
    person.run("lists", "create", "Nights", "--ranked")
    for film in ("949", "603", "11"):
        person.run("lists", "add", "Nights", film)
    person.run("lists", "move", "Nights", "11", "1")
    agree(device, person)
    shown = device.view()
    equal(shown[("d", viewing)]["rv"], {"text": "Heat ✓\n\"quoted\"", "spoiler": True})
    equal([shown[("d", viewing)][name] for name in ("rating", "liked", "on", "tag:cinema", "tag:mit Ümläut")],
          [9, True, "2026-03-01", True, True])
    equal(shown[("w", "603")], {"on": False, "note": "Soon"}, "what was logged is off the watchlist")
    (films,) = [row_id for kind, row_id in shown if kind == "l"]
    equal(device.get_list(films), [11, 949, 603])

    device.edit("d", viewing, rating=2, rv="Changed", **{"tag:cinema": False, "tag:new": True})
    device.edit("i", f"{films}:603", pos="0V")
    mine = device.log(278, rating=7, on=None, rv="Undated")
    agree(device, person)
    diary = {one["id"]: one for one in person.get_diary()}
    equal((diary[viewing]["rating"], diary[viewing]["review"]), (2, "Changed"))
    equal(sorted(diary[viewing]["tags"]), ["mit Ümläut", "new"])
    equal(diary[mine]["review"], "Undated")
    order = [item["film"]["id"] for item in person.ask("lists", "show", "Nights")["films"]]
    equal(order, device.get_list(films))


def test_conflicts(service):
    user, device, person = meet(service, "program-conflicts")
    device.post = user.sync
    viewing = person.ask("log", "949", "--review", "Base")["id"]
    other = person.ask("log", "603", "--review", "Another")["id"]
    agree(device, person)
    device.edit("d", viewing, rv="Of the stranger")
    person.run("edit", viewing, "--review", "Of the program")
    device.edit("d", other, rating=3)
    person.run("delete", other)
    agree(device, person)
    texts = {device.view()[("d", viewing)]["rv"]} | {fields["text"] for (kind, _), fields in
                                                   device.view().items() if kind == "x"}
    equal(texts, {"Of the stranger", "Of the program"}, "both texts")
    equal(len(person.ask("versions")), 1)
    check(other in {one["id"] for one in person.get_diary()}, "deleted what it had not seen")
    device.delete("d", viewing)
    agree(device, person)
    equal([one["id"] for one in person.get_diary()], [other])
    person.run("trash", "restore", viewing)
    agree(device, person)
    check(("d", viewing) in device.view(), "not restored")


def test_of_the_future(service):
    """Rows and fields of a newer version: kept by the program, and no reason to fetch anew."""
    user, device, person = meet(service, "program-future")
    device.post = user.sync
    viewing = person.ask("log", "949")["id"]
    agree(device, person)
    (meta,) = [item for item in service.get_items(user) if item["sk"]["S"] == "M"]
    head = int(meta["h"]["N"]) + 1
    stamp = f"{head}.01a204b1a64c0000.NewerAAA.1"
    service.dynamodb("PutItem", Item={
        "pk": meta["pk"], "sk": {"S": "zz#some-id"}, "q": {"N": str(head)},
        "f": {"M": {"deep": {"M": {"a": {"L": [{"N": "1"}, {"S": "✓"}, {"NULL": True}]}}}}},
        "s": {"M": {"*": {"S": stamp}}}})
    old = int.from_bytes(base64.b64decode(meta["dg"]["B"]), "big")
    new = old ^ int(digest([("zz", "some-id", head)]), 16)
    meta |= {"h": {"N": str(head)}, "hc": {"N": "1"}, "v": {"N": str(int(meta["v"]["N"]) + 1)},
             "dg": {"B": base64.b64encode(new.to_bytes(16, "big")).decode()}}
    meta["ct"]["M"]["zz"] = {"N": "1"}
    service.dynamodb("PutItem", Item=meta)
    agree(device, person)
    equal(device.view()[("zz", "some-id")], {"deep": {"a": [1, "✓", None]}})
    person.run("edit", viewing, "--rating", "3")
    agree(device, person)
    equal(device.full_loads, 0)
    check(os.path.getsize(person.get_database()) > 0, "no diary")
