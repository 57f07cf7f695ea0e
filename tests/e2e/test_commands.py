#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of rafilm-cli that other stories don't tell of, without and with a service."""

import json
import os

import rafilm_e2e
from rafilm_e2e import check, contains, equal

EMAIL = "ana@example.org"
HEAT = 949
COLLATERAL = 1538
THE_INSIDER = 9008


def films_of(entries):
    return [entry["film"]["id"] for entry in entries["films"]]


def story_lists(world):
    ana = world.person("ana")
    nights = ana.ask("lists", "create", "Nights", "--description", "In Los Angeles", "--ranked")
    equal((nights["name"], nights["description"], nights["ranked"]),
          ("Nights", "In Los Angeles", True))
    ana.run("lists", "add", "nights", str(HEAT), "--note", "the coffee")
    ana.run("lists", "add", nights["id"][:6], str(COLLATERAL))
    ana.run("lists", "add", "nights", str(THE_INSIDER))
    equal(films_of(ana.ask("lists", "move", "nights", str(THE_INSIDER), "1")),
          [THE_INSIDER, HEAT, COLLATERAL])
    equal(films_of(ana.ask("lists", "remove", "Nights", str(HEAT))), [THE_INSIDER, COLLATERAL])
    ana.run("lists", "edit", "nights", "--name", "Days", "--unranked")
    shown = ana.ask("lists", "show", "days")
    equal((shown["name"], shown["ranked"], shown["description"]), ("Days", False, "In Los Angeles"))
    for words in (["show", "nights"], ["add", "nights", "1"], ["move", "days", "1", "1"]):
        ana.run("lists", *words, status=1)
    for words in (["move", "days", str(HEAT), "0"], ["frobnicate"], ["add", "days"], ["create"]):
        ana.run("lists", *words, status=2)


def story_lists_are_undone(world):
    ana = world.person("ana")
    ana.run("lists", "create", "Nights", "--ranked")
    for film in (HEAT, COLLATERAL, THE_INSIDER):
        ana.run("lists", "add", "nights", str(film), "--note", f"note {film}")
    before = ana.ask("lists")
    for words in (["move", "nights", str(HEAT), "3"], ["move", "nights", str(THE_INSIDER), "1"],
                  ["remove", "nights", str(COLLATERAL)], ["add", "nights", "1"],
                  ["edit", "nights", "--name", "Days", "--description", "Long"],
                  ["add", "nights", str(HEAT), "--note", "another note"], ["delete", "nights"]):
        ana.run("lists", *words)
        check(ana.ask("lists") != before, words, "changes nothing")
        ana.run("undo")
        equal(ana.ask("lists"), before, "after the undo of", words)
    for _ in range(4):
        ana.run("undo")
    equal(ana.ask("lists"), [])
    ana.run("undo", status=1)


def story_trash(world):
    ana = world.person("ana")
    viewing = ana.ask("log", str(HEAT), "--review", "Kept")["id"]
    ana.run("delete", viewing)
    equal([v["id"] for v in ana.ask("trash")], [viewing])
    equal(ana.ask("trash", "restore", viewing[:8]), {"restored": viewing})
    equal([v["review"] for v in ana.get_diary()], ["Kept"])
    equal(ana.ask("trash"), [])
    ana.run("undo")
    equal(ana.get_diary(), [])
    ana.run("trash", "restore", "nothing", status=1)
    ana.run("trash", "empty", status=2)


def story_marks_and_profile(world):
    ana = world.person("ana")
    marked = ana.ask("mark", str(HEAT), "--like", "--hide")
    equal((marked["like"], marked["hidden"]), (True, True))
    ana.run("undo")
    film = ana.get_film(HEAT)
    equal((film["like"], film["hidden"]), (False, False))
    ana.run("mark", str(HEAT), status=2)
    ana.run("mark", str(HEAT), "--like", "--unlike", status=2)
    equal(ana.ask("profile", "--name", "Ana", "--bio", "Films at night"),
          {"name": "Ana", "bio": "Films at night"})
    equal(ana.ask("profile", "--bio", "")["name"], "Ana")


def story_export(world):
    ana = world.person("ana")
    ana.learn_films()
    ana.run("lists", "create", "Nights")
    ana.run("lists", "add", "nights", str(HEAT))
    deleted = ana.ask("log", str(HEAT), "--review", "To the trash")["id"]
    ana.run("delete", deleted)
    whole = ana.run("export").json
    equal(whole["format"], "rafilm-export-1")
    equal(len(whole["viewings"]), 300)
    equal([v["review"] for v in whole["trash"]], ["To the trash"])
    check("Nights" in [entries["name"] for entries in whole["lists"]], whole["lists"])
    equal({f["id"] for f in whole["films"] if f["watchlist"]},
          {f["id"] for f in ana.ask("watchlist")})
    path = os.path.join(world.folder, "export.json")
    ana.run("export", path)
    with open(path, encoding="utf-8") as file:
        written = json.load(file)
    equal(written | {"exported_at": 0}, whole | {"exported_at": 0})
    ana.run("export", os.path.join(world.folder, "no", "such", "folder"), status=1)


def story_a_clock_that_is_wrong(world):
    ana = world.person("ana")
    ahead, behind = 73 * 365 * 86400, -56 * 365 * 86400
    equal(ana.ask("log", str(HEAT), RAFILM_CLOCK_OFFSET=str(ahead))["date"][:3], "209")
    equal(ana.ask("log", str(HEAT), RAFILM_CLOCK_OFFSET=str(behind))["date"][:3], "197")
    contains(ana.run("trash", RAFILM_CLOCK_OFFSET="soon").err, "RAFILM_CLOCK_OFFSET")


def story_changes_that_wait(world):
    cloud = world.cloud()
    ana = world.person("ana", cloud)
    ana.sign_up(EMAIL)
    ana.run("log", str(HEAT), "--review", "On the train")
    status = ana.get_status()
    waiting = status["waiting_changes"]
    equal(len(waiting), status["pending"])
    change = next(c for c in waiting if c["kind"] == "d")
    equal((change["film"], change["text"], change["code"]), (HEAT, "On the train", None))
    equal(ana.ask("changes"), {"waiting": waiting, "refused": []})
    contains(ana.run("status").out, "On the train")
    equal(ana.ask("sign-out")["pending"], len(waiting), "what the sign-out says of unsent changes")
    ana.sign_in(EMAIL)
    ana.sync()
    equal(ana.ask("changes"), {"waiting": [], "refused": []})
    ana.run("changes", "retry", "1", status=1)
    ana.run("changes", "discard", "first", status=2)


def story_sign_in_asks(world):
    """The numbers come first, and nothing is merged before the answer."""
    cloud = world.cloud()
    first = world.person("a", cloud)
    first.sign_up(EMAIL)
    first.run("log", str(HEAT), "--date", "2026-03-01")
    first.sync()

    second = world.person("b", cloud)
    second.run("log", str(HEAT), "--date", "2026-03-01")
    second.run("log", str(COLLATERAL))
    shown, status = second.run_on_terminal("? ", "c", "sign-in", EMAIL,
                                           password=True)
    equal(status, 1, shown)
    contains(shown, "2 here, 1 in the account, 1 the same, 1 to add")
    equal(second.get_status()["signed_in"], False, "after cancelling")
    equal(len(second.get_diary()), 2, "the diary after cancelling")

    shown, status = second.run_on_terminal("? ", "m", "sign-in", EMAIL,
                                           password=True)
    equal(status, 0, shown)
    equal(len(second.get_diary()), 2, "the diary after merging")

    third = world.person("c", cloud)
    third.run("log", str(THE_INSIDER))
    shown, status = third.run_on_terminal("? ", "use", "sign-in", EMAIL,
                                           password=True)
    equal(status, 0, shown)
    third.sync()
    check(THE_INSIDER not in [v["film"]["id"] for v in third.get_diary()], "merged all the same")
    check(any("diary" in name for _, _, names in os.walk(os.path.join(third.folder, "aside"))
              for name in names), "nothing was put aside")


rafilm_e2e.main()
