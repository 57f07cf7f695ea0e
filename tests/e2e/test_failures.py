#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong on computers: wrong use, hostile servers, full disks, damaged files."""

import contextlib
import http.server
import json
import os
import resource
import signal
import sqlite3
import subprocess
import threading

import rafilm_e2e
from rafilm_e2e import Skipped, check, contains, equal

EMAIL = "ana@example.org"
HEAT = 949


# ---- use ------------------------------------------------------------------------------------

def story_wrong_use(world):
    ana = world.person("ana")
    for command in (["frobnicate"], ["log"], ["log", "949", "1538"], ["diary", "--frobnicate"],
                    ["log", "949", "--rating", "7"], ["log", "949", "--rating", "0.3"],
                    ["log", "949", "--date", "2026-02-30"], ["rate", "949", "lots"],
                    ["watchlist", "add"], ["watchlist", "keep", "949"], ["versions", "use"],
                    ["diary", "--limit", "many"], ["sign-in"], ["confirm", EMAIL]):
        answer = ana.run(*command, status=2)
        equal(answer.out, "", command)
    ana.run(status=2, profile=False)
    equal(ana.get_diary(), [], "the diary after wrong uses")


def story_help(world):
    ana = world.person("ana")
    overview = ana.run("--help", profile=False).out
    contains(overview, "Exit status")
    names = [line.split()[0] for line in overview.splitlines() if line.startswith("  ")
             and line[2:3].islower() and len(line) > 14 and line[13:14] == " "]
    check(len(names) >= 15, "the commands are", names)
    for name in names:
        text = ana.run(name, "--help", profile=False).out
        contains(text, "Usage:")
        contains(text, "--json")
        contains(text, "Exit status")
    contains(ana.run("--version", profile=False).out, "rafilm-cli")


def story_json_is_json(world):
    ana = world.person("ana")
    ana.learn_films()
    viewing = ana.ask("log", "Heat", "--review", 'A "quote", a \\ and a\nnew line\t✓', "--tag", "x")
    equal(viewing["review"], 'A "quote", a \\ and a\nnew line\t✓')
    equal(viewing["film"]["id"], HEAT)
    equal(ana.ask("edit", viewing["id"], "--rating", "½")["rating"], 1)
    equal(ana.ask("rate", "Heat", "9/10")["rating"], 9)
    equal(ana.ask("delete", viewing["id"]), {"deleted": viewing["id"]})
    check("undone" in ana.ask("undo"))
    check(isinstance(ana.ask("watchlist", "list"), list))
    equal(ana.ask("watchlist", "add", "The Thin Man", "--note", "é")["note"], "é")
    check(len(ana.ask("search", "director:mann")) >= 2)
    check(len(ana.ask("diary", "--limit", "7")) == 7)
    equal(ana.ask("versions"), [])
    status = ana.get_status()
    for name in ("signed_in", "expired", "email", "account", "online", "pending", "refused",
                 "cursor", "last_synced", "profile", "diary"):
        check(name in status, name, "is not in the status")
    equal(status["last_synced"], None)


def story_films_by_name(world):
    ana = world.person("ana")
    ana.learn_films()
    equal(ana.ask("show", "heat")["id"], HEAT)
    contains(ana.run("log", "Nosferatu", status=1).err, "653")
    equal(ana.ask("show", "Nosferatu (1922)")["id"], 653)
    equal(ana.ask("show", "title:1917")["id"], 530915)
    contains(ana.run("log", "No such film at all", status=1).err, "No such film at all")
    contains(ana.run("edit", "nothing", "--like", status=1).err, "nothing")


def story_undo_reaches_back(world):
    ana = world.person("ana")
    ana.learn_films()
    before = ana.get_film(HEAT)
    n_before = len(ana.get_diary())
    ana.run("watchlist", "add", "Heat")
    viewing = ana.ask("log", "Heat", "--rating", "1", "--like", "--review", "One")["id"]
    equal(ana.get_film(HEAT)["watchlist"], False)
    ana.run("edit", viewing, "--review", "Two", "--tag", "a")
    ana.run("delete", viewing)
    ana.run("undo")
    equal(ana.get_diary()[0]["review"], "Two")
    ana.run("undo")
    equal((ana.get_diary()[0]["review"], ana.get_diary()[0]["tags"]), ("One", []))
    ana.run("undo")
    equal(len(ana.get_diary()), n_before)
    equal(ana.get_film(HEAT)["watchlist"], True, "on the watchlist, as before it was logged")
    ana.run("undo")
    equal(ana.get_film(HEAT), before)
    ana.run("undo", status=1)


# ---- servers --------------------------------------------------------------------------------

class Hostile(http.server.BaseHTTPRequestHandler):
    """Answers as it is told to."""

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        self.server.asked += 1
        status, headers, body = self.server.answers
        with contextlib.suppress(ConnectionError):
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            for piece in body() if callable(body) else [body]:
                self.wfile.write(piece)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


def endless():
    while True:
        yield b" " * 65536


JSON = ("Content-Type", "application/json")
ANSWERS = {
    "nothing": (200, [JSON, ("Content-Length", "0")], b""),
    "no JSON": (200, [JSON], b"<html>Welcome to the hotel's network</html>"),
    "half of it": (200, [JSON], b'{"acct": "x", "rows": ['),
    "another shape": (200, [JSON], b'[1, 2, {"rows": 3}]'),
    "wrong types": (200, [JSON], b'{"acct": 1, "epoch": [], "rows": "no", "cursor": "x"}'),
    "numbers that are none": (200, [JSON], b'{"cursor": 1e999, "head": -5, "rows": null}'),
    "deep nesting": (200, [JSON], b"[" * 200000),
    "no UTF-8": (200, [JSON], b'{"acct": "\xff\xfe\xfd"}'),
    "without end": (200, [JSON], endless),
    "a lie on its length": (200, [JSON, ("Content-Length", "1000000")], b"{}"),
    "not gzip": (200, [JSON, ("Content-Encoding", "gzip")], b"this is no gzip"),
    "a redirect": (302, [("Location", "http://127.0.0.1:9/elsewhere")], b""),
    "an error without words": (500, [], b""),
    "an unknown status": (599, [JSON], b'{"code": 7}'),
    "too many requests": (429, [JSON, ("Retry-After", "99999999999")], b"{}"),
}


def story_hostile_answers(world):
    """Whatever a server says, nothing is lost, nothing crashes, and a reason is told."""
    cloud = world.cloud()
    ana = world.person("ana", cloud)
    ana.sign_up(EMAIL)
    ana.sync()
    viewing = ana.ask("log", str(HEAT), "--review", "Mine")["id"]
    pending = ana.get_status()["pending"]

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    server.daemon_threads = True
    server.asked = 0
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    good = dict(cloud.endpoints)
    try:
        ana.endpoints = good | {
            "RAFILM_API_URL": f"http://127.0.0.1:{server.server_address[1]}/prod"}
        for name, answers in ANSWERS.items():
            server.answers = answers
            before = server.asked
            answer = ana.run("sync", "--wait", "15", status=1)
            check(server.asked > before, "nobody asked for", name)
            check("CRITICAL" not in answer.err and "Traceback" not in answer.err, name, answer.err)
            ana.run("search", "heat")
            ana.run("log", "No such film", status=1)
            equal(ana.get_status()["pending"], pending, name, "what waits")
            equal([v["id"] for v in ana.get_diary()], [viewing], name, "the diary")
    finally:
        ana.endpoints = None
        server.shutdown()
        server.server_close()
    ana.sync()
    equal(ana.get_status()["pending"], 0, "what waits at last")
    equal(ana.get_diary()[0]["review"], "Mine")


def story_no_password_to_strangers(world):
    """Without TLS only this very computer is talked to."""
    ana = world.person("ana", world.cloud())
    ana.endpoints = dict(ana.cloud.endpoints) | {"RAFILM_COGNITO_URL": "http://example.org/"}
    ana.run("sign-in", EMAIL, status=1)
    ana.endpoints = dict(ana.cloud.endpoints) | {"RAFILM_API_URL": "http://example.org/prod"}
    ana.run("sync", status=1)


# ---- files ----------------------------------------------------------------------------------

def limit_files():
    """Every write that makes a file longer fails, as on a full disk; and no signal for that."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def run_limited(person, *arguments):
    return subprocess.run([os.environ["RAFILM_CLI"], *arguments, "--profile", person.folder],
                          preexec_fn=limit_files, capture_output=True, text=True, timeout=60,
                          env=person.get_environment(), check=False)


def story_files_cannot_grow(world):
    ana = world.person("ana")
    ana.run("log", str(HEAT), "--review", "Before")
    done = run_limited(ana, "log", "1538", "--review", "x" * 30000)
    equal(done.returncode, 1, done.stdout, done.stderr)
    check(done.stderr.strip(), "no reason is told")
    equal([v["film"]["id"] for v in ana.get_diary()], [HEAT], "the diary")
    ana.run("log", "1538")
    equal(len(ana.get_diary()), 2, "viewings once there is space again")


def story_full_disk(world):
    """A file system of its own, as small as that, where this computer allows it."""
    folder = os.path.join(world.folder, "small")
    os.mkdir(folder)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder],
                      capture_output=True, check=False).returncode != 0:
        raise Skipped("no file system may be mounted here")
    try:
        ana = world.person("ana")
        ana.folder = os.path.join(folder, "ana")
        logged = []
        while len(logged) < 100:
            answer = subprocess.run(
                [os.environ["RAFILM_CLI"], "log", str(1000 + len(logged)), "--review", "x" * 30000,
                 "--profile", ana.folder], capture_output=True, text=True, timeout=60,
                env=ana.get_environment(), check=False)
            if answer.returncode != 0:
                break
            logged.append(1000 + len(logged))
        equal(answer.returncode, 1)
        contains(answer.stderr, "full")
        check(logged, "nothing fitted")
        subprocess.run(["mount", "-o", "remount,size=16m", folder], check=True)
        equal(sorted(v["film"]["id"] for v in ana.get_diary()), logged)
        ana.run("log", "949")
    finally:
        subprocess.run(["umount", folder], check=False)


def story_damaged_diary(world):
    """It is moved aside and never deleted; what was on the server comes back."""
    cloud = world.cloud()
    first = world.person("a", cloud)
    first.sign_up(EMAIL)
    first.run("log", str(HEAT), "--review", "On the server")
    first.sync()
    path = first.get_database()
    for name in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path + name)
    with open(path, "wb") as file:
        file.write(b"This is no database. " * 500)

    answer = first.run("diary", "--json")
    equal(json.loads(answer.out), [])
    contains(answer.err, "moved")
    asides = [name for name in os.listdir(os.path.dirname(path)) if "unreadable" in name]
    equal(len(asides), 1, "files that were moved aside")
    with open(os.path.join(os.path.dirname(path), asides[0]), "rb") as file:
        check(file.read().startswith(b"This is no database."), "another file is aside")
    first.sync()
    equal([v["review"] for v in first.get_diary()], ["On the server"])


def story_newer_diary_is_left_alone(world):
    ana = world.person("ana")
    ana.run("log", str(HEAT))
    path = ana.get_database()
    with contextlib.closing(sqlite3.connect(path)) as db:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        db.execute(f"PRAGMA user_version = {version + 1000}")
        db.commit()
    ana.run("diary", status=1)
    ana.run("log", "1538", status=1)
    check(os.path.exists(path), "the diary is gone")
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {version}")
        db.commit()
    equal(len(ana.get_diary()), 1)


def story_unwritable_profile(world):
    if os.geteuid() == 0:
        target = os.path.join(world.folder, "file")
        with open(target, "w", encoding="utf-8") as file:
            file.write("in the way")
    else:
        target = os.path.join(world.folder, "closed")
        os.mkdir(target, 0o500)
    ana = world.person("ana")
    ana.folder = os.path.join(target, "profile")
    ana.run("log", str(HEAT), status=1)


def story_two_at_a_time(world):
    """Several programs write to one diary at once, and each waits for its turn."""
    ana = world.person("ana")
    ana.run("diary")
    running = [subprocess.Popen([os.environ["RAFILM_CLI"], "log", str(2000 + i), "--profile",
                                 ana.folder], env=ana.get_environment(), stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True) for i in range(8)]
    for process in running:
        _, err = process.communicate(timeout=60)
        equal(process.returncode, 0, err)
    equal(sorted(v["film"]["id"] for v in ana.get_diary()), list(range(2000, 2008)))


def story_default_folder(world):
    """Without --profile the diary is where XDG says."""
    ana = world.person("ana")
    ana.run("log", str(HEAT), profile=False)
    check(os.path.exists(os.path.join(ana.home, "rafilm", "local", "diary.db")))


rafilm_e2e.main()
