#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window says of synchronisation, and what can be done about it by keys."""

import contextlib

import rafilm_e2e
from rafilm_e2e import check, equal, wait_until
from window_deeds import check_names, log_film
from window_desk import Window
from window_gate import Gate

EMAIL = "ana@example.org"
REVIEW = "Seen on a rainy evening"


def signed_in(world, **more):
    """Somebody with a demo diary in an account, and the gate on their way to the cloud."""
    cloud = world.cloud()
    gate = Gate(cloud)
    ana = world.person("ana", cloud)
    ana.endpoints = gate.known
    ana.learn_films()
    ana.sign_up(EMAIL)
    ana.sync(**more)
    return ana, gate, cloud


def open_sync(window, title):
    """The popover of the button that tells the state."""
    window.see("toggle-button", title)
    window.tab_to("toggle-button", title, key="shift+Tab")
    window.press("space")
    return window.see("label", title)


def toggle_watchlist(window, title):
    """Puts a film on the watchlist by key, or takes it off."""
    window.press("ctrl+f")
    window.see("entry", "Search films", ["focused"])
    window.type(title.lower())
    window.see("list-item", title, inside="Films found")
    window.press("Return")
    window.see("slider", "Rating", ["focused"])
    window.press("ctrl+d")
    window.see(name=f"“{title}” ")


def story_synced(world):
    ana, _, _ = signed_in(world)
    with Window(ana) as window:
        window.press("alt+3")
        open_sync(window, "Synced")
        window.see("label", "Last synced")
        check_names(window, "the state of synchronisation")
        window.picture("sync-synced")
        window.press("Escape")
        window.miss("label", "Last synced")


def story_waiting(world):
    """What was edited shortly after something else waits for two seconds."""
    ana, _, _ = signed_in(world)
    with Window(ana) as window:
        window.press("alt+3")
        window.see("list-item", inside="Diary")
        window.tab_to("list-item")
        window.press("Delete")
        window.see(name="The viewing was deleted")
        for keys in ("ctrl+z", "shift+ctrl+z") * 10:
            window.press(keys)
            with contextlib.suppress(rafilm_e2e.Failed):
                window.see("toggle-button", "Waiting to Send. ", seconds=0.5)
                window.picture("sync-waiting")
                break
        else:
            raise rafilm_e2e.Failed("no edit was seen waiting")
        window.see("toggle-button", "Synced")


def story_sending(world):
    """Of a long one it is seen how far it is."""
    cloud = world.cloud()
    gate = Gate(cloud)
    ana = world.person("ana", cloud)
    ana.endpoints = gate.known
    ana.learn_films()
    ana.sign_up(EMAIL)
    gate.close_after(3)
    with Window(ana) as window:
        gate.see_held()
        window.press("alt+3")
        open_sync(window, "Syncing")
        bar = window.see("progress-bar", "Progress of the synchronisation")
        check(0 < bar.get_value() < 1, "the progress is", bar.get_value())
        window.picture("sync-sending")
        gate.open()
        window.see("label", "Synced", seconds=30)
        window.miss("progress-bar", "Progress of the synchronisation")


def story_first_sync(world):
    """A long diary comes piece by piece; what came is seen, and the window answers meanwhile."""
    first, _, cloud = signed_in(world)
    gate = Gate(cloud)
    gate.page = 30000
    ana = world.person("new", cloud)
    ana.endpoints = gate.known
    ana.sign_in(EMAIL)
    gate.close_after(3)
    with Window(ana) as window:
        window.press("alt+3")
        gate.see_held()
        open_sync(window, "Syncing")
        window.see("label", "Getting your diary from the server.")
        bar = window.see("progress-bar", "Progress of the synchronisation")
        check(0 < bar.get_value() < 1, "the progress is", bar.get_value())
        window.picture("sync-first")
        window.press("Escape")
        newest = window.see("list-item", inside="Diary").name
        window.type("heat")
        window.see("list-item", "Heat", inside="Films found")
        window.press("Escape")
        gate.open()
        window.see("toggle-button", "Synced", seconds=30)
        window.see("list-item", newest, inside="Diary")
    equal(len(ana.get_diary()), len(first.get_diary()), "the viewings in the end")


def story_offline(world):
    """It is said once, without getting in the way, and everything goes on."""
    ana, gate, cloud = signed_in(world)
    gate.weather = "down"
    with Window(ana) as window:
        toggle_watchlist(window, "White Heat")
        window.press("alt+Left", "Escape", "alt+3")
        window.see(name="You are offline")
        window.picture("sync-offline-banner")
        open_sync(window, "Offline")
        window.see("label", "1 change waits on this computer")
        window.picture("sync-offline")
        window.see("button", "1 Waiting Change", ["focused"])
        window.press("space")
        window.see("dialog", "Changes")
        window.see("list-item", "White Heat", inside="Waiting to Be Sent")
        check_names(window, "the changes")
        window.picture("changes-waiting")
        window.press("Escape")
        window.miss("dialog", "Changes")
        gate.weather = "calm"


def tell_state(world, status, title, words, name):
    ana, gate, _ = signed_in(world)
    gate.status = status
    with Window(ana) as window:
        window.press("alt+3")
        open_sync(window, title)
        window.see("label", words)
        window.picture(name)
    return ana, gate


def story_needs_sign_in(world):
    tell_state(world, 401, "Sign In Again", "Your sign-in has expired", "sync-sign-in")


def story_deleted_elsewhere(world):
    """Nothing is sent any more; the diary goes on here without an account."""
    ana, gate, _ = signed_in(world)
    before = len(ana.get_diary())
    gate.status = 410
    with Window(ana) as window:
        window.press("alt+3")
        open_sync(window, "Account Deleted")
        window.see("label", "The account was deleted")
        window.picture("sync-deleted")
        window.see("button", "Account…", ["focused"])
        window.miss("button", "Sync Now")
        window.press("space")
        window.see("dialog", "Account")
        window.see("label", "You can go on without it")
        window.picture("account-deleted")
        window.tab_to("button", "Go on without the account")
        window.press("space")
        window.take_focus()
        window.press("alt+3")
        window.see("list-item", inside="Diary")
        window.see("toggle-button", "On This Computer Only")
    equal(len(ana.get_diary()), before, "the viewings in the end")


def story_upgrade(world):
    tell_state(world, 426, "Rafilm Is Too Old to Sync", "Update Rafilm", "sync-upgrade")


def story_failed(world):
    tell_state(world, 500, "Sync Failed", "Rafilm keeps trying", "sync-failed")


def story_refused(world):
    """What the server does not take stays until somebody decides; all by keys."""
    ana, gate, _ = signed_in(world)
    gate.spoil = True
    with Window(ana) as window:
        log_film(window, "White Heat", "7", REVIEW)
        window.see("toggle-button", "Changes Were Refused", seconds=30)
        window.press("alt+3")
        window.picture("sync-refused-toast")
        open_sync(window, "Changes Were Refused")
        window.see("button", "2 Refused Changes", ["focused"])
        window.picture("sync-refused")
        window.press("space")
        window.see("dialog", "Changes")
        window.miss("label", "Changes Were Refused")
        window.see_that(lambda: len(window.find_all("list-item", "White Heat",
                                                    inside="Refused by the Server")) == 2,
                        "the viewing and the rating")
        window.see("label", "The server does not accept this value.")
        check_names(window, "the changes")
        window.picture("changes-refused")

        # As long as nothing is different, sending again comes to the same.
        window.tab_to("button", "Send again")
        window.press("space")
        window.see("list-item", "White Heat", inside="Refused by the Server")
        gate.spoil = False
        focus = window.see_that(window.get_focus, "a focus")
        check(any(a.role == "dialog" for a in focus.get_ancestors()), "the focus is on", focus)
        window.tab_to("button", "Copy the text")
        window.press("space")
        window.tab_to("button", "Send again")
        window.press("space")
        window.see_that(lambda: len(window.find_all("button", "Send again")) == 1, "one refused")
        window.tab_to("button", "Discard")
        window.press("space")
        window.see(name="Nothing Waits")
        check_names(window, "no changes")
        window.picture("changes-none")
        window.press("Escape")
        window.miss("dialog", "Changes")
        window.see("toggle-button", "Synced", ["focused"])


# ---- two versions of one text


def two_versions(world):
    """A review that was written anew on two computers, of which neither knew of the other."""
    cloud = world.cloud()
    ana, other = world.pair(cloud, EMAIL)
    viewing = ana.ask("log", "949", "--review", "Draft")["id"]
    ana.sync()
    other.sync()
    ana.run("edit", viewing, "--review", "Seen at home, in the first row.")
    other.run("edit", viewing, "--review", "Seen on the train, in the first row.")
    for person in (ana, other, ana):
        person.sync()
    return ana


def open_versions(window):
    """From the diary, by keys."""
    window.press("alt+3")
    window.see("list-item", "another version of the review waits", inside="Diary")
    window.tab_to("list-item", "another version of the review waits")
    window.press("Return")
    window.see("list-item", "Another version of this review waits")
    window.picture("versions-viewing")
    window.tab_to("list-item", "Another version of this review waits")
    window.press("Return")
    window.see("heading", "Shown Now")


def story_two_versions(world):
    """Both are seen beside each other, one is chosen by keys, and that is undone again."""
    ana = two_versions(world)
    texts = {ana.get_diary()[0]["review"], ana.ask("versions")[0]["text"]}
    with Window(ana) as window:
        window.press("alt+3")
        window.see("list-item", "another version of the review waits", inside="Diary")
        window.picture("versions-diary")
        open_versions(window)
        for text in texts:
            window.see("label", text)
        window.see_that(lambda: window.get_focus().role == "button", "a button with the focus")
        check_names(window, "two versions")
        window.picture("versions")
        window.tab_to("button", "Use")
        window.press("space")
        window.see(name="The other version is shown now")
        window.miss("heading", "Shown Now")
        window.see_that(window.get_focus, "a focus after the choice")
        window.press("ctrl+z")
        window.see(name="Undone: ")
    equal({ana.get_diary()[0]["review"], ana.ask("versions")[0]["text"]}, texts, "both texts")


rafilm_e2e.main()
