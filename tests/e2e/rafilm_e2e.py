# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stories share: a cloud on this computer, people with profiles of their own, and TAP.

A story is a script of functions whose names begin with "story_"; main() runs them in order. They
get a World: a temporary folder, in which Cloud and Person keep everything, so that no story sees
another one's data, nor the person's who runs the tests.

The programs' paths come from the environment: RAFILM_CLI, RAFILM_LOCAL, RAFILM_FUNCTIONS,
RAFILM_DEMO, RAFILM_TRAIN and RAFILM_SAMPLE.
"""

import contextlib
import inspect
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse
import urllib.request

PASSWORD = "Correct-Horse-7-Battery"
START_SECONDS = 40
COMMAND_SECONDS = 60


class Failed(AssertionError):
    """Something was not as the story tells it."""


class Skipped(Exception):
    """This computer cannot tell the story."""


def check(condition, *what):
    if not condition:
        raise Failed(" ".join(str(part) for part in what) or "not so")


def equal(value, expected, *what):
    check(value == expected, *what, f"is {value!r}, should be {expected!r}")


def contains(text, part):
    check(part.lower() in text.lower(), f"{part!r} is not in {text!r}")


def wait_until(condition, seconds=20, what="it"):
    """Asks again until it is so; the programs are other processes, whose ends cannot be awaited."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise Failed(f"{what} did not happen within {seconds} s")


def clean_environment():
    """The environment without what would lead to a cloud or to the person's own data."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("RAFILM_", "XDG_", "AWS_"))}
    env["LC_ALL"] = "C.UTF-8"
    env.pop("DBUS_SESSION_BUS_ADDRESS", None)
    env.pop("DISPLAY", None)
    return env


class Cloud:
    """rafilm-local with a state of its own."""

    def __init__(self, folder, **env):
        self.state = os.path.join(folder, "cloud")
        self.log = os.path.join(folder, "cloud.log")
        self.env = {key: str(value) for key, value in env.items()}
        self.endpoints = {}
        self.process = None
        self.start()

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [os.environ["RAFILM_LOCAL"], "--port", "0", "--state", self.state,
                 "--functions", os.environ["RAFILM_FUNCTIONS"],
                 "--sample", os.environ["RAFILM_SAMPLE"], "--log", self.log],
                stdout=subprocess.PIPE, stderr=log, text=True, env=clean_environment() | self.env,
                start_new_session=True)
        # A cloud that says nothing must not keep the story waiting for ever.
        timer = threading.Timer(START_SECONDS, self.process.kill)
        timer.start()
        try:
            self.endpoints = {}
            for line in self.process.stdout:
                if line == "\n":
                    return
                name, _, value = line.rstrip("\n").partition("=")
                self.endpoints[name] = value
        finally:
            timer.cancel()
        raise Failed("the cloud did not start: " + self.read_log())

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()[-2000:]

    def stop(self):
        """In good order, as with Ctrl+C."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
        self._reap()

    def kill(self):
        """As a power cut does it: everything it started goes at once."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)
        self._reap()

    def _reap(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.stdout.close()
        self.process = None

    def get_code(self, email):
        """The code in the mail that Cognito would have sent."""
        url = self.endpoints["RAFILM_MAIL_URL"] + "?to=" + urllib.parse.quote(email)
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["code"]


class Answer:
    """What a command came to."""

    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout
        # What the sanitizer says of itself at each start is not the program's.
        self.err = "".join(line for line in done.stderr.splitlines(keepends=True)
                           if "ASan doesn't fully support" not in line)

    @property
    def json(self):
        return json.loads(self.out)


class Person:
    """A profile on a computer of its own, used through rafilm-cli."""

    def __init__(self, world, name, cloud=None):
        self.folder = os.path.join(world.folder, name)
        self.home = os.path.join(world.folder, name + "-home")
        os.makedirs(self.home, exist_ok=True)
        self.cloud = cloud
        self.endpoints = None
        self.email = None

    def get_environment(self, **more):
        """Where the cloud is, or was: a computer that is offline knows its address, too."""
        env = clean_environment() | {"HOME": self.home, "XDG_DATA_HOME": self.home,
                                     "XDG_CACHE_HOME": self.home, "XDG_RUNTIME_DIR": self.home,
                                     "RAFILM_KEYRING": "file", "RAFILM_PASSWORD": PASSWORD}
        endpoints = self.endpoints or (self.cloud.endpoints if self.cloud else {})
        return env | {k: v for k, v in endpoints.items() if k.startswith("RAFILM_")} | more

    def run(self, *arguments, status=0, text=None, prefix=(), profile=True, **env):
        command = [*prefix, os.environ["RAFILM_CLI"], *arguments]
        if profile:
            command += ["--profile", self.folder]
        done = subprocess.run(command, input=text, capture_output=True, text=True,
                              timeout=COMMAND_SECONDS, env=self.get_environment(**env), check=False)
        if done.returncode != status:
            raise Failed(f"rafilm-cli {' '.join(arguments)}: status {done.returncode}, "
                         f"should be {status}\n{done.stdout}{done.stderr}")
        answer = Answer(done)
        check("Sanitizer" not in answer.err and "runtime error" not in answer.err
              and "CRITICAL" not in answer.err, arguments, answer.err)
        if status != 0:
            check(answer.err.strip() != "", arguments, "fails without a word")
        return answer

    def run_on_terminal(self, question, reply, *arguments, password=False):
        """On a terminal, where @reply is typed whenever what is shown ends in @question; with
        @password the environment gives that. Returns what the terminal showed, and the status."""
        env = self.get_environment()
        if not password:
            del env["RAFILM_PASSWORD"]
        child, terminal = pty.fork()
        if child == 0:
            os.execve(os.environ["RAFILM_CLI"],
                      ["rafilm-cli", *arguments, "--profile", self.folder], env)
        # It is killed in time whatever it does, or the story would wait for its end for ever.
        timer = threading.Timer(COMMAND_SECONDS, os.kill, (child, signal.SIGKILL))
        timer.start()
        shown, answered = b"", 0
        try:
            while True:
                piece = os.read(terminal, 4096)
                if not piece:
                    break
                shown += piece
                if piece.endswith(question.encode()) and shown.count(question.encode()) > answered:
                    answered += 1
                    os.write(terminal, reply.encode() + b"\n")
        except OSError:  # the program has closed the terminal
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        timer.cancel()
        os.close(terminal)
        return shown.decode(), status

    def ask(self, *arguments, **more):
        """The command's JSON."""
        return self.run(*arguments, "--json", **more).json

    def get_diary(self):
        return self.ask("diary", "--limit", "0")

    def get_film(self, film):
        return self.ask("show", str(film))

    def get_status(self):
        return self.ask("status")

    def get_database(self):
        return self.get_status()["diary"]

    def sync(self, **more):
        return self.ask("sync", "--wait", "30", **more)

    def sign_up(self, email):
        self.run("sign-up", email)
        self.run("confirm", email, self.cloud.get_code(email))
        self.sign_in(email)

    def sign_in(self, email):
        self.run("sign-in", email)
        self.email = email

    def learn_films(self):
        """Gives the profile the sample films' facts and a demo diary, before it signs in. The diary
        is that of one day, or what has been seen and listed would change with the days."""
        subprocess.run([os.environ["RAFILM_DEMO"], "--sample", os.environ["RAFILM_SAMPLE"],
                        "--profile", self.folder, "--today", "2026-11-22"], check=True, capture_output=True,
                       timeout=COMMAND_SECONDS, env=clean_environment())


class World:
    """A temporary folder and what runs in it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="rafilm-e2e-")
        self.clouds = []

    def cloud(self, **env):
        cloud = Cloud(tempfile.mkdtemp(dir=self.folder), **env)
        self.clouds.append(cloud)
        return cloud

    def person(self, name, cloud=None):
        return Person(self, name, cloud)

    def pair(self, cloud, email):
        """Two computers of one person, both signed in."""
        first, second = self.person("a", cloud), self.person("b", cloud)
        first.sign_up(email)
        second.sign_in(email)
        return first, second

    def end(self):
        for cloud in self.clouds:
            cloud.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def tell(number, story):
    """Runs one story; returns whether it came out right."""
    name = story.__name__.removeprefix("story_").replace("_", "-")
    world = World()
    try:
        story(world)
        print(f"ok {number} {name}")
        return True
    except Skipped as reason:
        print(f"ok {number} {name} # SKIP {reason}")
        return True
    except Exception:  # noqa: BLE001 - whatever it is, it is reported and the next story told
        print(f"not ok {number} {name}")
        text = traceback.format_exc()
        for cloud in world.clouds:
            text += "\ncloud:\n" + cloud.read_log()
        print("".join(f"# {line}\n" for line in text.splitlines()), end="")
        return False
    finally:
        world.end()
        sys.stdout.flush()


def main():
    module = inspect.getmodule(inspect.stack()[1].frame)
    wanted = sys.argv[1:]
    stories = [value for name, value in vars(module).items()
               if name.startswith("story_") and (not wanted or name in wanted)]
    print(f"1..{len(stories)}")
    sys.stdout.flush()
    results = [tell(number, story) for number, story in enumerate(stories, 1)]
    sys.exit(0 if all(results) else 1)
