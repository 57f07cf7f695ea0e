#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in and out in the window, and what becomes of whose diary."""

import os

import rafilm_e2e
from rafilm_e2e import check, equal
from window_deeds import fill_in_sign_in, log_film, open_account, sign_up
from window_desk import Window

REVIEW = "Seen on a rainy evening"
EMAIL = "ana@example.org"


def story_account_and_sync(world):
    cloud = world.cloud()
    ana, other = world.person("ana", cloud), world.person("other", cloud)
    with Window(ana) as window:
        sign_up(window, cloud, EMAIL)
        log_film(window, "Heat", "9", REVIEW)
        window.see(name="“Heat” is in your diary")
        other.sign_in(EMAIL)
        rafilm_e2e.wait_until(lambda: other.sync() and other.get_diary(), what="the film elsewhere")
        viewing = other.get_diary()[0]
        equal([viewing["film"]["title"], viewing["rating"], viewing["review"]],
              ["Heat", 9, REVIEW], "what arrives, the rating in half stars,")

        window.press("alt+3")
        window.see("list-item", "Heat", inside="Diary")
        other.run("log", "949", "--date", "2026-01-02")
        other.sync()
        window.see("list-item", "Heat, 2 January 2026", inside="Diary")


# ---- a diary on this computer, and one in the account

HEAT, ALIEN, FARGO = 949, 348, 275


def two_diaries(world):
    """Ana has two viewings on this computer, and in the account two, of which one is the same."""
    cloud = world.cloud()
    ana, other = world.person("ana", cloud), world.person("other", cloud)
    other.sign_up(EMAIL)
    for film, day in (HEAT, "2026-01-01"), (ALIEN, "2026-01-02"):
        other.run("log", str(film), "--date", day)
    other.sync()
    for film, day in (HEAT, "2026-01-01"), (FARGO, "2026-01-03"):
        ana.run("log", str(film), "--date", day)
    return ana, other


def get_films(person):
    return sorted(viewing["film"]["id"] for viewing in person.get_diary())


def see_numbers(window):
    window.see("list-item", "Add to the Account", ["focused"])
    for name in ("On This Computer", "In the Account", "In Both", "Both Together"):
        window.see("list-item", name)
    texts = [node.name for node in window.read().walk() if node.name.endswith(" viewings")
             or node.name.endswith(" viewing")]
    equal(texts, ["2 viewings", "2 viewings", "1 viewing", "3 viewings"], "the numbers shown")


def story_merge_after_the_numbers(world):
    ana, other = two_diaries(world)
    with Window(ana) as window:
        fill_in_sign_in(window, EMAIL)
        see_numbers(window)
        other.sync()
        equal(get_films(other), sorted([HEAT, ALIEN]), "the account's diary before the choice")
        window.press("Return")
        window.take_focus()
        window.press("alt+3")
        window.see("list", "Diary")
        rafilm_e2e.wait_until(lambda: other.sync() and len(get_films(other)) == 3,
                              what="the merge elsewhere")
    equal(get_films(ana), sorted([HEAT, ALIEN, FARGO]), "the merged diary")
    equal(len(os.listdir(os.path.join(ana.folder, "aside"))), 1, "diaries kept aside")


def story_use_the_account_only(world):
    ana, other = two_diaries(world)
    with Window(ana) as window:
        fill_in_sign_in(window, EMAIL)
        see_numbers(window)
        window.tab_to("list-item", "Use the Account", key="Down")
        window.press("Return")
        window.take_focus()
        window.press("alt+3")
        window.see("list", "Diary")
    equal(get_films(ana), sorted([HEAT, ALIEN]), "the diary here")
    other.sync()
    equal(get_films(other), sorted([HEAT, ALIEN]), "the account's diary")
    aside = os.path.join(ana.folder, "aside")
    kept = [os.path.join(aside, name, "diary.db") for name in os.listdir(aside)]
    check(len(kept) == 1 and os.path.exists(kept[0]), "the diary kept aside is", kept)


def story_choose_later_or_never(world):
    """Closed without a choice, even over a restart, nothing is merged, and signing out ends it."""
    ana, other = two_diaries(world)
    with Window(ana) as window:
        fill_in_sign_in(window, EMAIL)
        see_numbers(window)
        window.press("Escape")
        window.miss("dialog", "Account")
        window.see(name="This computer’s diary and the account’s are apart.")
        window.press("ctrl+r")
        window.press("ctrl+q")
        window.await_end()
    with Window(ana) as window:
        window.see(name="This computer’s diary and the account’s are apart.")
        open_account(window)
        see_numbers(window)
        window.tab_to("list-item", "Cancel", key="Down")
        window.press("Return")
        window.see("text", "E-Mail")
        window.press("Escape")
        window.miss("dialog", "Account")
        window.miss(name="This computer’s diary and the account’s are apart.")
    equal(get_films(ana), sorted([HEAT, FARGO]), "the diary here")
    other.sync()
    equal(get_films(other), sorted([HEAT, ALIEN]), "the account's diary")


# ---- signing out


def sign_out(window, words):
    open_account(window)
    window.see(name=words)
    window.tab_to("button", "Sign Out")
    window.press("space")
    window.take_focus()


def story_sign_out_with_unsent_changes(world):
    """They stay in that account's diary, apart from another account's, and are sent later."""
    cloud = world.cloud()
    ana, other = world.person("ana", cloud), world.person("other", cloud)
    other.sign_up(EMAIL)
    world.person("bob", cloud).sign_up("bob@example.org")
    ana.sign_in(EMAIL)
    cloud.stop()
    ana.run("log", str(HEAT), "--date", "2026-01-01")
    with Window(ana) as window:
        sign_out(window, "changes are not sent yet. When you sign out, they stay")
    cloud.start()
    with Window(ana) as window:
        fill_in_sign_in(window, "bob@example.org")
        window.take_focus()
        window.press("alt+3")
        window.see(name="Your Diary Is Empty")
        sign_out(window, "Everything is on the server")
        fill_in_sign_in(window, EMAIL)
        window.take_focus()
        window.press("alt+3")
        window.see("list-item", "1 January 2026", inside="Diary")
        rafilm_e2e.wait_until(lambda: other.sync() and other.get_diary(), what="the film elsewhere")


rafilm_e2e.main()
