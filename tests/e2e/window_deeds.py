# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do in the window by keys, for more than one group of stories."""

import time

import rafilm_e2e
from rafilm_e2e import check


def log_film(window, film, rating, review):
    """Logs a film by keys: choose it by typing, rate it by a digit, write, save."""
    window.press("ctrl+n")
    window.see("entry", "Search for the film to log", ["focused"])
    window.type(film)
    window.see("list-item", film, inside="Films")
    window.press("Return")
    window.see("slider", states=["focused"])
    window.press(rating)
    window.tab_to(name="Review")
    window.type(review)
    window.press("ctrl+Return")


def choose_from_menu(window, name):
    window.press("F10")
    window.see("menu-item", name)
    window.tab_to(name=name, key="Down")
    window.press("Return")


def open_account(window):
    choose_from_menu(window, "Account")
    window.see("dialog", "Account")


def sign_up(window, cloud, email):
    """By keys alone; the code comes by mail."""
    open_account(window)
    window.tab_to("button", "New here?")
    window.press("space")
    window.see(name="At least 8 characters")
    window.tab_to(name="E-Mail")
    window.type(email)
    window.tab_to(name="Password")
    window.type(rafilm_e2e.PASSWORD)
    window.press("Return")
    window.see(name="A code was sent to " + email)
    window.tab_to(name="Code")
    window.type(cloud.get_code(email))
    window.press("Return")
    # The account's own diary takes the place of the one without an account.
    window.take_focus()


def fill_in_sign_in(window, email):
    """By keys alone, up to the Return that sends it."""
    open_account(window)
    window.tab_to(name="E-Mail")
    window.type(email)
    window.tab_to(name="Password")
    window.type(rafilm_e2e.PASSWORD)
    window.press("Return")


# ---- names

PAGES = ["For You", "Films", "Diary", "Watchlist", "Lists", "Statistics"]


def hands_focus_on(node):
    """A pane that only looks as if it took the focus: it hands it on to what is in it.

    Inside a combo box that is what its button shows, and the list that it would open.
    """
    if node.role == "scroll-pane":
        return True
    if node.role in ("list", "list-item"):
        return any(a.role == "combo-box" for a in node.get_ancestors())
    if node.role != "panel":
        return False
    return any("focusable" in below.states for child in node.children for below in child.walk()) \
        or (node.parent.role in ("panel", "toggle-button")
            and any(a.role == "combo-box" for a in node.get_ancestors()))


def find_nameless(window):
    return [str(node) + " in " + " < ".join(a.name for a in node.get_ancestors() if a.name)
            for node in window.read().walk()
            if "focusable" in node.states and not node.name.strip() and not hands_focus_on(node)]


def check_names(window, where):
    """Whatever takes the focus says what it is."""
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
