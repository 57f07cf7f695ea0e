# SPDX-License-Identifier: GPL-3.0-or-later
"""A computer in a world of chaos: rafilm-cli with a profile, and what its owner has seen of it."""

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import time

from rafilm_e2e import COMMAND_SECONDS, Answer, Failed, Person, check

CLOCKS = {"1970": 86400, "2099": 4_090_000_000}
TEXT = re.compile(r"«(\w+)»")


def texts_of(export):
    """{mark: where} of all that somebody wrote and that this computer shows or keeps."""
    found = {}

    def take(where, text):
        for mark in TEXT.findall(text or ""):
            found[mark] = where

    for name in ("viewings", "trash"):
        for viewing in export[name]:
            take(name, viewing["review"])
    for version in export["versions"]:
        take("versions", version["text"])
    for film in export["films"]:
        take("films", film["note"])
    for entries in export["lists"]:
        take("lists", entries["description"])
        for entry in entries["films"]:
            take("lists", entry["note"])
    take("profile", export["profile"]["bio"])
    return found


class Device(Person):
    """Tells what its commands made of the texts: @written gets those that a command accepted,
    @replaced those that went because of what was done here, by somebody who saw them."""

    def __init__(self, world, name, clock=0):
        super().__init__(world, name)
        self.name = name
        seconds = CLOCKS[clock] - int(time.time()) if clock in CLOCKS else clock
        self.clock = {"RAFILM_CLOCK_OFFSET": str(seconds)} if seconds else {}
        self.aside = None
        self.aside_end = 0
        self.seen = {}
        self.written = {}
        self.replaced = set()
        self.logged = set()
        self.forks = 0

    def get_environment(self, **more):
        return super().get_environment(**(self.clock | more))

    # ---- commands ---------------------------------------------------------------------------

    def command(self, *arguments, after=None):
        """Runs it; @after seconds it is killed. None when it was."""
        process = subprocess.Popen(
            [os.environ["RAFILM_CLI"], *arguments, "--json", "--profile", self.folder],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.get_environment())
        try:
            out, err = process.communicate(timeout=COMMAND_SECONDS if after is None else after)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            if after is None:
                raise Failed(f"{self.name}: {arguments} hangs\n{err}") from None
            return None
        answer = Answer(subprocess.CompletedProcess(arguments, process.returncode, out, err))
        check(process.returncode in (0, 1) and "CRITICAL" not in err and "Sanitizer" not in err
              and "runtime error" not in err, self.name, arguments, process.returncode, err)
        return answer

    def export(self):
        return self.run("export", RAFILM_CLOCK_OFFSET="0").json

    def look(self):
        """What the owner sees now."""
        export = self.export()
        self.seen = texts_of(export)
        return export

    def edit(self, *arguments, after=None, may_fail=False):
        """A command that changes the diary; notes which texts came and went by it."""
        if self.aside is None:
            self.look()
        before = self.seen
        answer = self.command(*arguments, after=after)
        if answer is not None:
            check(answer.status == 0 or may_fail, self.name, arguments, answer.err)
        self.look()
        for mark in self.seen.keys() - before.keys():
            self.written[mark] = " ".join(arguments[:2])
        if self.aside is None:
            self.replaced |= before.keys() - self.seen.keys()
        elif answer is not None and answer.status == 0:
            self.written |= {mark: " ".join(arguments[:2])
                             for text in arguments for mark in TEXT.findall(text)}
        return answer

    # ---- synchronising ----------------------------------------------------------------------

    def sync_now(self, wait=20):
        """TRUE when the program says that all is synchronised."""
        self.finish_aside()
        answer = self.command("sync", "--wait", str(wait))
        return answer.status == 0

    def sync_aside(self, seconds):
        """Beside whatever comes next; after so many seconds it is killed, if it still runs."""
        self.finish_aside()
        self.aside = subprocess.Popen(
            [os.environ["RAFILM_CLI"], "sync", "--wait", "20", "--profile", self.folder],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=self.get_environment())
        self.aside_end = time.monotonic() + seconds

    def finish_aside(self):
        """Waits for the sync aside, up to its end; returns whether it had to be killed."""
        process, self.aside = self.aside, None
        if process is None:
            return False
        killed = False
        try:
            _, err = process.communicate(timeout=max(self.aside_end - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            _, err = process.communicate()
            killed = True
        check(killed or process.returncode in (0, 1), self.name, "sync", process.returncode, err)
        self.look()
        return killed

    def check_file(self):
        with contextlib.closing(sqlite3.connect(self.get_database())) as database:
            result = database.execute("PRAGMA integrity_check").fetchall()
        check(result == [("ok",)], self.name, "integrity_check", result)
