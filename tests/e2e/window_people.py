#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others have published, in the window."""

import rafilm_e2e
from rafilm_e2e import wait_until
from test_reviews import Caller
from window_deeds import sign_up
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


if __name__ == "__main__":
    rafilm_e2e.main()
