# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do in the window by keys, for more than one group of stories."""

import rafilm_e2e


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
