#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others have published, and what can be done with the own account, in the window."""

import rafilm_e2e
from rafilm_e2e import equal, wait_until
from test_reviews import Caller
from window_deeds import log_film, open_account, sign_up
from window_desk import Window

HEAT = 949


def publish(world, cloud):
    """Ben publishes two reviews of Heat, the later one with a spoiler."""
    ben = world.person("ben", cloud)
    ben.sign_up("ben@example.org")
    ben = Caller(ben, "BBBBBBBB")
    ben.call("PUT", "/v1/profile", {"handle": "ben"})
    ben.write("v1", film=HEAT, public=True, rating=9, on="2026-01-02", rv={"text": "Loud and sad."})
    wait_until(lambda: len(ben.get_reviews(f"/v1/films/{HEAT}/reviews")) == 1, what="the first")
    ben.write("v2", film=HEAT, public=True, rv={"text": "He does not get away.", "spoiler": True})
    wait_until(lambda: len(ben.get_reviews(f"/v1/films/{HEAT}/reviews")) == 2, what="the second")


def story_reviews_by_others(world):
    cloud = world.cloud()
    publish(world, cloud)
    with Window(world.person("ana", cloud)) as window:
        sign_up(window, cloud, "ana@example.org")
        window.type("Heat")
        window.see("list-item", "Heat, 1995")
        window.press("Down", "Return")
        window.see("list", "Reviews by Others")
        window.see("label", "Loud and sad.")
        window.see("image", "rated 4½ of 5")
        window.miss("label", "He does not get away.")
        window.tab_to("list-item", "Review by @ben")
        window.picture("reviews")
        window.tab_to("list-item", "Review by @ben")
        window.tab_to("button", "Show")
        window.press("space")
        window.see("label", "He does not get away.")

        window.press("Down")
        window.see("list-item", "Review by @ben", ["focused"])
        window.tab_to(name="More about This Review")
        window.press("space")
        window.see(name="Report to Rafilm")
        window.press("Return")
        window.see(name="Reported. The review is hidden here.")
        window.miss("label", "Loud and sad.")


def open_own_account(window):
    open_account(window)
    window.tab_to("button", "Manage the account")
    window.press("space")
    window.see_that(lambda: "Public Name" in getattr(window.get_focus(), "name", ""),
                    "the focus on the public name")
    window.picture("own-account")


def story_own_account(world):
    """A public name, an archive, and the end, after which the diary is still here."""
    cloud = world.cloud()
    ana, ben = world.person("ana", cloud), world.person("ben", cloud)
    with Window(ana) as window:
        sign_up(window, cloud, "ana@example.org")
        log_film(window, "Heat", "9", "Loud and sad.")
        window.see(name="“Heat” is in your diary")
        open_own_account(window)
        window.type("Ana!")
        window.press("Return")
        window.see(name="A public name has 3 to 20 small letters")
        window.press("ctrl+a")
        window.type("ana")
        window.press("Return")
        window.see(name="The public name is yours")

        window.tab_to(name="Make an Archive")
        window.press("Return")
        window.see(name="The archive is ready", seconds=60)
        window.picture("own-account-archive")

        window.tab_to(name="Delete Account…")
        window.press("Return")
        window.see(name="This cannot be undone")
        window.picture("own-account-delete")
        window.tab_to("button", "Delete Account")
        window.press("Return")
        window.take_focus()
        window.press("alt+3")
        window.see("list-item", "Heat", inside="Diary")
        open_account(window)
        window.see("button", "Sign In")
    equal([viewing["review"] for viewing in ana.get_diary()], ["Loud and sad."], "the diary here")
    ben.sign_up("ben@example.org")
    Caller(ben, "BBBBBBBB").call("PUT", "/v1/profile", {"handle": "ana"})


if __name__ == "__main__":
    rafilm_e2e.main()
