#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One diary on two computers, with and without a network between them."""

import os
import signal
import subprocess
import threading
import time

import rafilm_e2e
from rafilm_e2e import check, contains, equal, wait_until

EMAIL = "ana@example.org"
HEAT = 949
COLLATERAL = 1538
THE_INSIDER = 9008


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def without_marks(viewings):
    """What must be alike on all computers, and in one order."""
    keys = ("id", "date", "rating", "liked", "rewatch", "finished", "review", "spoiler", "tags",
            "versions")
    return sorted(({k: v[k] for k in keys} | {"film": v["film"]["id"],
                                               "film_rating": v["film"]["rating"],
                                               "film_like": v["film"]["like"]}
                   for v in viewings), key=lambda v: v["id"])


def check_alike(*people):
    diaries = [without_marks(person.get_diary()) for person in people]
    for diary in diaries[1:]:
        equal(diary, diaries[0], "the diary of another computer")
    watchlists = [sorted(f["id"] for f in person.ask("watchlist")) for person in people]
    for watchlist in watchlists[1:]:
        equal(watchlist, watchlists[0], "the watchlist of another computer")
    return diaries[0]


def sync_all(*people):
    """Twice around: the first gets to know what the last one sent."""
    for person in people + people[:-1]:
        person.sync()
        equal(person.get_status()["pending"], 0, "what waits after a sync")


def story_log_offline_and_see_it_elsewhere(world):
    cloud = world.cloud()
    first, second = world.pair(cloud, EMAIL)
    second.run("watchlist", "add", str(HEAT), "--note", "Ana says yes")
    sync_all(second, first)
    cloud.stop()

    viewing = first.ask("log", str(HEAT), "--date", "2026-03-01", "--rating", "4.5", "--like",
                        "--tag", "cinema", "--tag", "with Ana", "--review",
                        "Zwei Männer,\nein Kaffee. ☕", "--spoiler")
    check(viewing["pending"], "the viewing isn't said to wait")
    waiting = first.get_status()
    check(waiting["pending"] > 0 and not waiting["online"], waiting)
    first.run("sync", "--wait", "20", status=1)
    equal(first.get_status()["pending"], waiting["pending"], "what waits after a vain sync")

    cloud.start()
    sync_all(first, second)
    diary = check_alike(first, second)
    equal(len(diary), 1)
    equal(diary[0]["review"], "Zwei Männer,\nein Kaffee. ☕")
    equal(diary[0]["rating"], 9)
    equal(diary[0]["film_rating"], 9)
    equal(sorted(diary[0]["tags"]), ["cinema", "with Ana"])
    equal(diary[0]["spoiler"], True)
    film = second.get_film(HEAT)
    equal(film["title"], "Heat", "the facts on the other computer")
    equal(film["watchlist"], False, "a logged film on the watchlist")
    check(first.get_status()["last_synced"] > 0, "no time of the last sync")


def story_edits_both_ways(world):
    cloud = world.cloud()
    first, second = world.pair(cloud, EMAIL)
    viewing = first.ask("log", str(HEAT), "--rating", "4", "--tag", "home")["id"]
    sync_all(first, second)

    first.run("edit", viewing, "--rating", "5", "--tag", "cinema")
    first.run("watchlist", "add", str(COLLATERAL))
    second.run("edit", viewing, "--like", "--tag", "with Ana", "--tag", "-home", "--date",
               "2026-02-02")
    second.run("log", str(THE_INSIDER), "--rewatch")
    sync_all(first, second)

    diary = check_alike(first, second)
    equal(len(diary), 2)
    merged = next(v for v in diary if v["id"] == viewing)
    equal(merged["rating"], 10, "the first one's rating")
    equal(merged["liked"], True, "the second one's like")
    equal(merged["date"], "2026-02-02")
    equal(sorted(merged["tags"]), ["cinema", "with Ana"], "the tags of both")
    equal([f["id"] for f in second.ask("watchlist")], [COLLATERAL])


def story_delete_against_edit(world):
    """What somebody still works on is not deleted under their hands, whoever comes first."""
    cloud = world.cloud()
    first, second = world.pair(cloud, EMAIL)
    kept = first.ask("log", str(HEAT))["id"]
    also_kept = first.ask("log", str(COLLATERAL))["id"]
    gone = first.ask("log", str(THE_INSIDER))["id"]
    sync_all(first, second)

    first.run("delete", kept)
    second.run("edit", kept, "--review", "Not so fast.")
    first.run("edit", also_kept, "--rating", "3")
    second.run("delete", also_kept)
    first.run("delete", gone)
    second.run("delete", gone)
    sync_all(first, second)

    diary = check_alike(first, second)
    equal(sorted(v["id"] for v in diary), sorted([kept, also_kept]))
    equal(next(v for v in diary if v["id"] == kept)["review"], "Not so fast.")


def story_undo_of_a_delete_travels(world):
    cloud = world.cloud()
    first, second = world.pair(cloud, EMAIL)
    viewing = first.ask("log", str(HEAT), "--review", "Keep me")["id"]
    sync_all(first, second)
    first.run("delete", viewing)
    sync_all(first, second)
    equal(second.get_diary(), [])
    first.run("undo")
    sync_all(first, second)
    equal(check_alike(first, second)[0]["review"], "Keep me")


def story_two_reviews_are_both_kept(world):
    cloud = world.cloud()
    first, second = world.pair(cloud, EMAIL)
    viewing = first.ask("log", str(HEAT), "--review", "Draft")["id"]
    sync_all(first, second)
    first.run("edit", viewing, "--review", "Written at home")
    second.run("edit", viewing, "--review", "Written on the train")
    sync_all(first, second)

    shown = check_alike(first, second)[0]
    equal(shown["versions"], 1, "versions")
    versions = first.ask("versions")
    equal(len(versions), 1)
    equal({shown["review"], versions[0]["text"]}, {"Written at home", "Written on the train"})
    equal(versions[0]["record"], viewing)
    equal([v["id"] for v in second.ask("versions")], [versions[0]["id"]])

    second.run("versions", "use", versions[0]["id"])
    sync_all(second, first)
    shown = check_alike(first, second)[0]
    equal(shown["review"], versions[0]["text"], "the review after choosing")
    equal(shown["versions"], 0)


def story_a_diary_of_years(world):
    """300 viewings are sent in several batches, and come in several pages."""
    cloud = world.cloud()
    first, second = world.person("a", cloud), world.person("b", cloud)
    first.learn_films()
    first.sign_up(EMAIL)
    check(first.get_status()["pending"] > 600, "the demo diary is small")
    second.sign_in(EMAIL)
    sync_all(first, second)
    equal(len(check_alike(first, second)), 300)
    check(all(v["film"]["title"] for v in second.get_diary()), "a film without its facts")


def story_power_cut_in_the_cloud(world):
    cloud = world.cloud()
    first, second = world.person("a", cloud), world.person("b", cloud)
    first.learn_films()
    first.sign_up(EMAIL)
    second.sign_in(EMAIL)
    second.ask("log", str(HEAT), "--review", "On the other computer")
    second.sync()
    cursor = first.get_status()["cursor"]
    users = os.path.join(cloud.state, "users.json")
    wait_until(lambda: os.path.exists(users) and EMAIL in read(users), 20, "saving the account")

    pulled = threading.Timer(0.35, cloud.kill)
    pulled.start()
    try:
        first.run("sync", "--wait", "30", status=1)
    finally:
        pulled.join()
    status = first.get_status()
    check(status["pending"] > 0 and status["cursor"] >= cursor, status)

    cloud.start()
    for person in (first, second):
        person.sign_in(EMAIL)
    sync_all(first, second)
    equal(len(check_alike(first, second)), 301, "viewings after the power cut")


def story_killed_in_the_middle_of_a_sync(world):
    cloud = world.cloud()
    first, second = world.person("a", cloud), world.person("b", cloud)
    first.learn_films()
    first.sign_up(EMAIL)
    second.sign_in(EMAIL)
    before = first.get_status()["pending"]
    command = [os.environ["RAFILM_CLI"], "sync", "--profile", first.folder]
    killed = 0
    for delay in (0.1, 0.2, 0.3, 0.4):
        with subprocess.Popen(command, env=first.get_environment(), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            time.sleep(delay)
            killed += process.poll() is None
            process.send_signal(signal.SIGKILL)
    check(killed > 0, "every sync ended before it was killed, with", before, "changes")
    sync_all(first, second)
    equal(len(check_alike(first, second)), 300, "viewings after all that")


def story_restart_keeps_everything(world):
    cloud = world.cloud()
    first, second = world.pair(cloud, EMAIL)
    first.run("log", str(HEAT))
    first.sync()
    cloud.stop()
    cloud.start()
    second.sync()
    equal(len(check_alike(first, second)), 1)
    first.run("log", str(COLLATERAL))
    sync_all(first, second)
    equal(len(check_alike(first, second)), 2)


def story_copied_folder(world):
    """A restored backup, or a copied profile, must not number its changes as the original does."""
    cloud = world.cloud()
    first, second = world.pair(cloud, EMAIL)
    first.run("log", str(HEAT))
    first.sync()
    copy = world.person("copy", cloud)
    subprocess.run(["cp", "-a", first.folder, copy.folder], check=True)
    first.run("log", str(COLLATERAL), "--review", "From the original")
    copy.run("log", str(THE_INSIDER), "--review", "From the copy")
    first.sync()
    copy.sign_in(EMAIL)
    sync_all(copy, first, second)
    equal({v["review"] for v in check_alike(first, copy, second)},
          {None, "From the original", "From the copy"})


def story_changes_are_announced(world):
    cloud = world.cloud()
    first, second = world.pair(cloud, EMAIL)
    command = [os.environ["RAFILM_CLI"], "watch", "--profile", second.folder]
    with subprocess.Popen(command, env=second.get_environment(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as watch:
        lines = []
        # One by one: what a list is being extended by is not seen before the end.
        reader = threading.Thread(target=lambda: [lines.append(line) for line in watch.stdout])
        reader.start()
        try:
            # What its first sync brings is not announced, so there are later ones.
            for _ in range(8):
                time.sleep(2)
                first.run("log", str(HEAT))
                first.sync()
                if any("viewings" in line for line in lines):
                    break
            wait_until(lambda: any("viewings" in line for line in lines), 20, "the announcement")
            watch.send_signal(signal.SIGINT)
            equal(watch.wait(10), 0, "the status of an interrupted watch")
        finally:
            watch.kill()
            reader.join()
    contains(lines[0], str(HEAT))
    second.sync()
    check_alike(first, second)


rafilm_e2e.main()
