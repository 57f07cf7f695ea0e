#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window, driven by the keyboard alone and read as a screen reader reads it."""

import datetime
import subprocess
import time

import rafilm_e2e
from rafilm_e2e import check, equal
from window_deeds import check_names, log_film, walk_pages
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


def story_empty_profile(world):
    with Window(world.person("ana")) as window:
        window.see("page-tab", "For You", ["selected"])
        walk_pages(window)
        window.type("heat")
        window.see("entry", "Search films", ["focused"])
        check_names(window, "a search without results")
        window.press("ctrl+n")
        window.see("entry", "Search for the film to log", ["focused"])
        window.type("heat")
        window.see(name="Nothing found. Without a network")
        window.picture("log-nothing")


rafilm_e2e.main()
