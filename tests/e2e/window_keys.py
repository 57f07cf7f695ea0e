#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each key of the shortcuts window does what it says there, and nobody gets lost on the way."""

import rafilm_e2e
from rafilm_e2e import check, equal
from window_deeds import check_names, choose_from_menu, walk_pages
from window_desk import Window, run_xdotool


def demo(world):
    ana = world.person("ana")
    ana.learn_films()
    return ana


def open_film(window, title):
    """A film's page, by searching for it."""
    window.press("ctrl+f")
    window.see("entry", "Search films", ["focused"])
    window.type(title.lower())
    window.see("list-item", title, inside="Films found")
    window.press("Return")
    window.see("heading", title)


def check_dialog(window, keys, name, where=None):
    """It opens by KEYS, has the focus, names all that is in it, and Escape ends it."""
    window.press(keys)
    window.see("dialog", name)
    focus = window.see_that(window.get_focus, "a focus in " + name)
    check(any(a.role == "dialog" for a in focus.get_ancestors()), "the focus is outside", name,
          "on", focus)
    check_names(window, name)
    window.press("Escape")
    window.miss("dialog", name)
    if where is not None:
        window.see(*where)


def story_pages_have_names(world):
    with Window(demo(world)) as window:
        walk_pages(window)


def story_dialogs(world):
    with Window(demo(world)) as window:
        window.see("page-tab", "For You", ["selected"])
        check_dialog(window, "ctrl+n", "Log a Film")
        check_dialog(window, "ctrl+comma", "Preferences")
        check_dialog(window, "ctrl+question", "Keyboard Shortcuts")
        window.press("F10")
        window.see("menu-item", "Keyboard Shortcuts")
        window.press("Escape")
        window.miss("menu-item", "Keyboard Shortcuts")


def story_keys_of_a_film(world):
    with Window(demo(world)) as window:
        window.see("page-tab", "For You", ["selected"])
        open_film(window, "White Heat")
        check_names(window, "a film's page")
        window.press("ctrl+d")
        window.see(name="“White Heat” is on your watchlist")
        window.press("ctrl+d")
        window.see(name="“White Heat” left your watchlist")
        window.press("ctrl+e")
        window.see(name="This film has no viewing yet")
        window.press("ctrl+n")
        window.see("slider", states=["focused"])
        for key, value in ("7", 7), ("Right", 8), ("Left", 7), ("0", 10), ("Delete", 0), ("5", 5):
            window.press(key)
            window.see_that(lambda v=value: window.find("slider", states=["focused"]).get_value()
                            == v, f"{value} half stars after {key}")
        window.press("Return")
        window.see(name="“White Heat” is in your diary")
        window.miss("dialog", "Log a Film")
        window.press("ctrl+e")
        window.see("dialog", "Edit")
        window.press("Escape")
        window.press("alt+Left")
        window.see("list-item", "White Heat", inside="Films found")


def story_log_in_a_narrow_window(world):
    """Dialogs are sheets there; what is typed first is the rating all the same."""
    with Window(demo(world)) as window:
        window.see("page-tab", "For You", ["selected"])
        open_film(window, "White Heat")
        run_xdotool("windowsize", "--sync", window.x_window, "400", "720")
        window.press("ctrl+n")
        window.see("slider", states=["focused"])
        window.press("shift+Tab")
        window.see("button", "Save", ["focused"])


def story_keys_of_the_diary(world):
    ana = demo(world)
    before = len(ana.get_diary())
    with Window(ana) as window:
        window.press("alt+3")
        first = window.see("list-item", inside="Diary")
        window.tab_to("list-item")
        window.press("Delete")
        window.see(name="The viewing was deleted")
        window.press("ctrl+z")
        # A message is there for five seconds, unless another takes its place.
        window.see(name="Undone: ", seconds=4)
        window.see("list-item", first.name, inside="Diary")
        window.press("shift+ctrl+z")
        window.see(name="Redone: ")
        choose_from_menu(window, "Trash")
        window.see("button", "Restore the viewing")
        check_names(window, "the trash")
        window.tab_to("button", "Restore the viewing")
        window.press("space")
        window.miss("button", "Restore the viewing")
        window.press("alt+Left")
        window.see("list-item", first.name, inside="Diary")
        window.press("ctrl+w")
        window.await_end()
    equal(len(ana.get_diary()), before, "the viewings in the end")


def story_trash(world):
    """Lists and viewings come back from it, and the focus is somewhere when it is empty."""
    ana = demo(world)
    name = ana.ask("lists")[0]["name"]
    with Window(ana) as window:
        window.press("alt+3")
        first = window.see("list-item", inside="Diary")
        window.tab_to("list-item")
        window.press("Delete")
        window.see(name="The viewing was deleted")
        window.press("alt+5")
        window.see("list-item", name)
        window.tab_to("list-item", name)
        window.press("Return")
        window.see("list", "Films of the list")
        window.picture("list")
        window.tab_to("toggle-button", "More")
        window.press("space")
        window.tab_to("menu-item", "Delete List", key="Down")
        window.press("Return")
        window.see(name="The list was deleted")
        choose_from_menu(window, "Trash")
        window.see("button", "Restore the list " + name)
        window.see("button", "Restore the viewing")
        check_names(window, "the trash")
        window.picture("trash")
        for what in "Restore the list", "Restore the viewing":
            window.tab_to("button", what)
            window.press("space")
            window.miss("button", what)
        window.see(name="The Trash Is Empty")
        window.see("button", "Back", ["focused"])
        window.picture("trash-empty")
        window.press("space")
        window.press("alt+3")
        window.see("list-item", first.name, inside="Diary")
        window.press("alt+5")
        window.see("list-item", name)


def story_poster_sizes(world):
    with Window(demo(world)) as window:
        window.press("alt+2")

        def get_width():
            cell = window.find("list-item", inside="Films") or window.find("table-cell")
            return cell.get_size()[0] if cell else 0

        window.see_that(get_width, "a poster")
        usual = window.see_that(get_width, "a poster")
        window.press("ctrl+plus", "ctrl+plus")
        window.see_that(lambda: get_width() > usual, "larger posters")
        window.press("ctrl+0")
        window.see_that(lambda: get_width() == usual, "posters of the usual size")
        window.press("ctrl+minus", "ctrl+minus", "ctrl+minus")
        window.see_that(lambda: 0 < get_width() < usual, "smaller posters")


def story_chat(world):
    with Window(demo(world)) as window:
        window.see("page-tab", "For You", ["selected"])
        window.press("F9")
        entry = window.see(name="Message", states=["focused"])
        check_names(window, "the chat")
        window.type("How many films")
        window.press("shift+Return")
        window.type("have I seen?")
        window.see_that(lambda: "\n" in window.get_focus().get_text(), "a second line")
        window.press("Return")
        window.see(name="How many films")
        window.press("F9")
        window.miss(name=entry.name, states=["focused"])
        window.press("ctrl+l")
        window.see(name=entry.name, states=["focused"])
        window.press("ctrl+period")


rafilm_e2e.main()
