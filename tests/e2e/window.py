#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window, driven by the keyboard alone and read as a screen reader reads it."""

import datetime
import subprocess
import time

import rafilm_e2e
from rafilm_e2e import check, equal
from window_deeds import log_film
from window_desk import Window, run_xdotool

REVIEW = "Seen on a rainy evening"


def demo(world):
    """Somebody with a diary and without a cloud."""
    ana = world.person("ana")
    ana.learn_films()
    return ana


def story_search_by_typing(world):
    with Window(demo(world)) as window:
        window.see("page-tab", "For You", ["selected"])
        window.type("heat")
        window.see("entry", "Search films", ["focused"])
        window.see("list-item", "Heat, 1995", inside="Films found")
        window.press("Return")
        window.see("heading", "Heat")
        window.press("alt+Left")
        window.see("list-item", "Heat, 1995", inside="Films found")
        window.press("Escape")
        window.miss("list", "Films found")


def story_log_undo_redo_restart(world):
    ana = demo(world)
    before = len(ana.get_diary())
    today = datetime.date.today()
    logged = f"White Heat, {today.day} {today:%B %Y}, rated 3½ of 5, with a review"
    with Window(ana) as window:
        log_film(window, "White Heat", "7", REVIEW)
        window.see(name="“White Heat” is in your diary")
        window.miss("dialog", "Log a Film")
        window.press("alt+3")
        window.see("list-item", logged, inside="Diary")
        window.press("ctrl+z")
        window.see(name="Undone: “White Heat” is in your diary")
        window.miss("list-item", logged, inside="Diary")
        window.press("shift+ctrl+z")
        window.see("list-item", logged, inside="Diary")
        window.press("ctrl+q")
        window.await_end()

    newest = ana.get_diary()
    equal(len(newest), before + 1, "the diary, read by rafilm-cli,")
    equal([v["review"] for v in newest if v.get("review") == REVIEW], [REVIEW], "the review")
    with Window(ana) as window:
        window.press("alt+3")
        window.see("list-item", logged, inside="Diary")


def story_second_start_shows_the_first(world):
    ana = world.person("ana")
    with Window(ana, profile=False, RAFILM_DATA_DIR=ana.folder) as window:
        run_xdotool("windowfocus", *run_xdotool("search", "--maxdepth", "0", "--name", ".*"))
        window.see_that(lambda: not window.has_focus(), "the loss of the focus")
        second = subprocess.run(window.arguments, env=window.env, timeout=20, check=False)
        equal(second.returncode, 0, "the end of the second start")
        window.see_that(window.has_focus, "the window's return")
        equal(len(window.find_all("frame")), 1, "the number of windows")


# ---- names

PAGES = ["For You", "Films", "Diary", "Watchlist", "Lists", "Statistics"]


def find_nameless(window):
    return [str(node) + " in " + " < ".join(a.name for a in node.get_ancestors() if a.name)
            for node in window.read().walk()
            if "focusable" in node.states and not node.name.strip()
            and node.role != "scroll-pane"
            and not (node.role == "panel" and node.parent.role in ("panel", "toggle-button")
                     and any(a.role == "combo-box" for a in node.get_ancestors()))]


def check_names(window, where):
    """Whatever takes the focus says what it is.

    Two kinds only look as if they took it: a scroll pane hands it on to its child, and the panel
    in a combo box is what its button shows.
    """
    end = time.monotonic() + 3
    # A page that is just going is read in part, so only what stays without a name is a fault.
    while (nameless := find_nameless(window)) and time.monotonic() < end:
        time.sleep(0.1)
    check(not nameless, where, "has controls without a name:", *nameless)


def walk_pages(window):
    for number, page in enumerate(PAGES, 1):
        window.press(f"alt+{number}")
        window.see("page-tab", page, ["selected"])
        check_names(window, page)


def story_empty_profile(world):
    with Window(world.person("ana")) as window:
        window.see("page-tab", "For You", ["selected"])
        walk_pages(window)
        window.type("heat")
        window.see("entry", "Search films", ["focused"])
        check_names(window, "a search without results")


rafilm_e2e.main()
