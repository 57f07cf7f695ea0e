#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A diary that waits beside an account's until somebody chooses, and an account that is no more."""

import os
import shutil
import sqlite3

import rafilm_e2e
from rafilm_e2e import check, contains, equal

EMAIL = "ana@example.org"
HEAT = 949
COLLATERAL = 1538
THE_INSIDER = 9008


def films_of(viewings):
    return sorted(viewing["film"]["id"] for viewing in viewings)


def make_undecided(world):
    """Signed in, with COLLATERAL in the account's diary and HEAT in one without an account, as the
    window leaves it when it is closed before anything was chosen."""
    cloud = world.cloud()
    ana = world.person("ana", cloud)
    ana.run("log", str(HEAT))
    kept = os.path.join(world.folder, "kept")
    shutil.move(os.path.join(ana.folder, "local"), kept)
    ana.sign_up(EMAIL)
    ana.run("log", str(COLLATERAL))
    ana.sync()
    shutil.move(kept, os.path.join(ana.folder, "local"))
    return ana


def story_nothing_is_merged_unasked(world):
    ana = make_undecided(world)
    equal(films_of(ana.get_diary()), [HEAT])
    ana.run("log", str(THE_INSIDER))
    for command in (["sync"], ["watch", "--wait", "5"]):
        refused = ana.run(*command, status=1)
        contains(refused.err, "--merge")
        contains(refused.err, "--use-account")
        contains(refused.out, "2 here, 1 in the account")
    ana.run("sync", "--merge", "--use-account", status=2)
    status = ana.get_status()
    equal((status["undecided"], status["signed_in"]), (True, True))
    contains(ana.run("status").out, "--use-account")
    equal(films_of(ana.get_diary()), [HEAT, THE_INSIDER])
    equal(ana.ask("sign-out")["pending"], 0)
    equal(films_of(ana.get_diary()), [HEAT, THE_INSIDER])


def story_merge(world):
    ana = make_undecided(world)
    equal(ana.ask("sync", "--merge")["pending"], 0)
    equal(films_of(ana.get_diary()), [HEAT, COLLATERAL])
    equal(ana.get_status()["undecided"], False)
    other = world.person("other", ana.cloud)
    other.sign_in(EMAIL)
    other.sync()
    equal(films_of(other.get_diary()), [HEAT, COLLATERAL])


def story_use_account(world):
    ana = make_undecided(world)
    ana.run("sync", "--use-account")
    equal(films_of(ana.get_diary()), [COLLATERAL])
    equal(len(os.listdir(os.path.join(ana.folder, "aside"))), 1)
    ana.sync()


def story_account_deleted_elsewhere(world):
    cloud = world.cloud()
    first, second = world.pair(cloud, EMAIL)
    first.run("log", str(HEAT), "--review", "Before")
    first.sync()
    second.sync()
    second.run("log", str(COLLATERAL), "--review", "Never sent")
    first.run("delete-account", EMAIL)
    equal(films_of(first.get_diary()), [HEAT])

    # Either it is told, or its tokens are no good any more and it never will be.
    contains(second.run("sync", status=1).err, "--keep-diary")
    status = second.get_status()
    check((status["expired"] or status["account_deleted"]) and status["pending"] > 0, status)
    second.run("log", str(THE_INSIDER))

    # What it was told it remembers.
    database = sqlite3.connect(status["diary"])
    database.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('account_deleted', 1)")
    database.commit()
    database.close()
    check(second.get_status()["account_deleted"])
    contains(second.run("status").out, "was deleted")

    second.run("sign-out", "--keep-diary")
    status = second.get_status()
    equal((status["signed_in"], status["account_deleted"]), (False, False))
    equal(films_of(second.get_diary()), [HEAT, COLLATERAL, THE_INSIDER])
    equal(sorted(v["review"] or "" for v in second.get_diary()), ["", "Before", "Never sent"])


def story_keep_the_diary_of_an_account_that_is(world):
    """Whoever changes their mind signs in again, and nothing is there twice."""
    cloud = world.cloud()
    ana = world.person("ana", cloud)
    ana.sign_up(EMAIL)
    ana.run("log", str(HEAT))
    ana.sync()
    ana.run("sign-out", "--keep-diary")
    equal(films_of(ana.get_diary()), [HEAT])
    ana.run("log", str(COLLATERAL))
    ana.run("sign-in", EMAIL, "--merge")
    ana.sync()
    equal(films_of(ana.get_diary()), [HEAT, COLLATERAL])


rafilm_e2e.main()
