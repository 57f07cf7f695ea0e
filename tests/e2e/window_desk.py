# SPDX-License-Identifier: GPL-3.0-or-later
"""Rafilm's window as somebody sees it who has a keyboard and a screen reader, and nothing else.

A Window is one start of the program on the X display of this environment. Keys are pressed by
xdotool, as a keyboard's would be; what is seen is read from the accessibility tree on the AT-SPI
bus, which the session bus of this environment starts. Nothing looks at pixels.

The tree is read over D-Bus and not with libatspi, which asks for one node after the other and
remembers what has changed since: a whole window is read here in a few dozen exchanges, anew each
time.
"""

import contextlib
import os
import re
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402 - the version is asked for first

from rafilm_e2e import Failed, check  # noqa: E402

START_SECONDS = 20
SEE_SECONDS = 10
CALL_MILLISECONDS = 5000
MAX_NODES = 5000
ROOT = "/org/a11y/atspi/accessible/root"
REGISTRY = "org.a11y.atspi.Registry"
ACCESSIBLE = "org.a11y.atspi.Accessible"
PROPERTIES = "org.freedesktop.DBus.Properties"
NAME = GLib.Variant("(ss)", (ACCESSIBLE, "Name"))
DESCRIPTION = GLib.Variant("(ss)", (ACCESSIBLE, "Description"))
# Where pictures are put; RAFILM_WINDOW_SIZE=400x720 and ADW_DEBUG_COLOR_SCHEME=prefer-dark say which.
PICTURES = os.environ.get("RAFILM_OUTPUT_DIR")
# What the program must not write to standard error; some of GTK's warnings are GTK's own business.
COMPLAINTS = re.compile(r"CRITICAL|rafilm[a-z-]*-WARNING")


def _connect_accessibility_bus():
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None,
                                GLib.VariantType("(s)"), Gio.DBusCallFlags.NONE, 20000).unpack()[0]
    flags = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
             | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
    return Gio.DBusConnection.new_for_address_sync(address, flags)


class Bus:
    """The accessibility bus; many calls may be under way at once."""

    def __init__(self):
        self.connection = _connect_accessibility_bus()

    def call(self, name, path, interface, method, arguments=None):
        return self.connection.call_sync(name, path, interface, method, arguments, None,
                                         Gio.DBusCallFlags.NONE, CALL_MILLISECONDS).unpack()

    def call_all(self, calls):
        """Answers in the order of the calls; None for what is gone in the meantime."""
        answers = [None] * len(calls)
        missing = len(calls)

        def done(connection, result, index):
            nonlocal missing
            missing -= 1
            with contextlib.suppress(GLib.Error):
                answers[index] = connection.call_finish(result).unpack()

        for index, (name, path, interface, method, arguments) in enumerate(calls):
            self.connection.call(name, path, interface, method, arguments, None,
                                 Gio.DBusCallFlags.NONE, CALL_MILLISECONDS, None, done, index)
        while missing > 0:
            GLib.MainContext.default().iteration(True)
        return answers

    def find_name(self, pid):
        """The bus name of the process, or None before it has made itself known as accessible."""
        answer = self.call_all([(REGISTRY, ROOT, ACCESSIBLE, "GetChildren", None)])[0]
        known = [n for n, _ in answer[0]] if answer else []
        pids = self.call_all([("org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                               "GetConnectionUnixProcessID", GLib.Variant("(s)", (n,)))
                              for n in known])
        return next((n for n, answer in zip(known, pids) if answer and answer[0] == pid), None)


class Node:
    """One thing that a screen reader can speak of, as it was when the tree was read."""

    def __init__(self, bus, name, path, parent):
        self.bus, self.bus_name, self.path, self.parent = bus, name, path, parent
        self.role = self.name = self.description = ""
        self.states = frozenset()
        self.children = []

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def get_ancestors(self):
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def get_text(self):
        """What is written in an entry or a text view."""
        return self.bus.call(self.bus_name, self.path, "org.a11y.atspi.Text", "GetText",
                             GLib.Variant("(ii)", (0, -1)))[0]

    def get_value(self):
        """Where a slider stands."""
        return self.bus.call(self.bus_name, self.path, PROPERTIES, "Get",
                             GLib.Variant("(ss)", ("org.a11y.atspi.Value", "CurrentValue")))[0]

    def get_size(self):
        return self.bus.call(self.bus_name, self.path, "org.a11y.atspi.Component", "GetSize")

    def __str__(self):
        states = " ".join(sorted(self.states & {"focused", "focusable", "selected", "checked"}))
        return f"{self.role} {self.name!r} {states}".rstrip()


def _name_states(words):
    bits = words[0] | words[1] << 32
    return frozenset(state.value_nick for number, state in Atspi.StateType.__enum_values__.items()
                     if bits >> number & 1)


def read_tree(bus, name):
    """The tree below the application's root; what vanishes while it is read is left out."""
    root = Node(bus, name, ROOT, None)
    level, count = [root], 0
    while level and count < MAX_NODES:
        count += len(level)
        calls = []
        for node in level:
            calls += [(name, node.path, PROPERTIES, "Get", NAME),
                      (name, node.path, PROPERTIES, "Get", DESCRIPTION),
                      (name, node.path, ACCESSIBLE, "GetRole", None),
                      (name, node.path, ACCESSIBLE, "GetState", None),
                      (name, node.path, ACCESSIBLE, "GetChildren", None)]
        answers = bus.call_all(calls)
        below = []
        for index, node in enumerate(level):
            title, description, role, states, children = answers[5 * index:5 * index + 5]
            if None in (title, description, role, states, children):
                if node.parent is not None:
                    node.parent.children.remove(node)
                continue
            node.name, node.description = title[0], description[0]
            node.role = Atspi.Role(role[0]).value_nick
            node.states = _name_states(states[0])
            for child_name, path in children[0]:
                if child_name == name:
                    node.children.append(Node(bus, name, path, node))
            below += node.children
        level = below
    return root


def run_xdotool(*arguments):
    done = subprocess.run(["xdotool", *arguments], capture_output=True, text=True, timeout=20,
                          check=False)
    return done.stdout.split() if done.returncode == 0 else []


class Window:
    """The program, from its start to its end; to be used in a `with`."""

    def __init__(self, person, *arguments, profile=True, **env):
        self.arguments = [os.environ["RAFILM"], *arguments]
        if profile:
            self.arguments += ["--profile", person.folder]
        self.env = person.get_environment(**env)
        for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "GSETTINGS_SCHEMA_DIR"):
            self.env[name] = os.environ[name]
        self.env |= {"GDK_BACKEND": "x11", "GSK_RENDERER": "cairo", "GTK_A11Y": "atspi",
                     "GSETTINGS_BACKEND": "memory"}
        self.log = os.path.join(person.home, "window.log")
        self.size = os.environ.get("RAFILM_WINDOW_SIZE", "1000x720").split("x")
        self._tell_settings(person.home)
        self.bus = Bus()
        self.process = self.bus_name = self.x_window = None

    def _tell_settings(self, home):
        """The font and the window buttons that a desktop would tell."""
        self.env["XDG_CONFIG_HOME"] = home
        os.makedirs(os.path.join(home, "gtk-4.0"), exist_ok=True)
        with open(os.path.join(home, "gtk-4.0", "settings.ini"), "w", encoding="utf-8") as file:
            file.write("[Settings]\ngtk-font-name=Cantarell 11\ngtk-decoration-layout=:close\n")

    # ---- start and end

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.arguments, env=self.env, stderr=log)
        try:
            self.bus_name = self._await(lambda: self.bus.find_name(self.process.pid),
                                        START_SECONDS, "the program on the accessibility bus")
            self.take_focus()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None:
            print(self.describe(), end="")
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if kind is None:
            complaints = [line for line in self.read_log().splitlines()
                          if COMPLAINTS.search(line)]
            check(not complaints, "the program complains:", *complaints)

    def describe(self):
        """For whoever has to find out why a story failed."""
        lines = ["the window:"]
        with contextlib.suppress(GLib.Error, Failed):
            for node in self.read().walk():
                if node.name or "focused" in node.states:
                    lines.append("  " * len(list(node.get_ancestors())) + str(node))
        lines += ["its log:", *self.read_log().splitlines()[-20:]]
        return "".join(f"# {line}\n" for line in lines)

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def _await(self, condition, seconds, what):
        end = time.monotonic() + seconds
        while True:
            value = condition()
            if value:
                return value
            if self.process.poll() is not None:
                raise Failed(f"the program ended with {self.process.returncode} before {what}")
            if time.monotonic() > end:
                raise Failed(f"{what} did not come within {seconds} s")
            time.sleep(0.03)

    def take_focus(self):
        """There is no window manager that would give it. Called again, it awaits a new window."""
        def find():
            return run_xdotool("search", "--onlyvisible", "--pid", str(self.process.pid),
                               "--name", "Rafilm")

        before = self.x_window
        self.x_window = self._await(lambda: next((w for w in find() if w != before), None),
                                    START_SECONDS, "the window")
        run_xdotool("windowsize", "--sync", self.x_window, *self.size)
        run_xdotool("windowfocus", self.x_window)
        self._await(self.has_focus, SEE_SECONDS, "the focus")
        self._await(lambda: self.find("frame", "Rafilm"), SEE_SECONDS, "the frame")

    def has_focus(self):
        return run_xdotool("getwindowfocus") == [self.x_window]

    def picture(self, name):
        """For people to look at, in the folder RAFILM_OUTPUT_DIR; without that, nothing."""
        if PICTURES is None:
            return
        time.sleep(0.7)
        colour = os.environ.get("ADW_DEBUG_COLOR_SCHEME", "light").removeprefix("prefer-")
        path = os.path.join(PICTURES, f"{name}-{self.size[0]}-{colour}.png")
        # The root, since popovers are windows of their own.
        area = f"{int(self.size[0]) + 60}x{self.size[1]}+0+0"
        subprocess.run(["import", "-window", "root", "-crop", area, path], check=True)

    def await_end(self, status=0):
        """Waits until the program has ended by itself."""
        try:
            ended = self.process.wait(SEE_SECONDS)
        except subprocess.TimeoutExpired:
            raise Failed("the program does not end") from None
        check(ended == status, "the program ended with", ended)

    # ---- the keyboard

    def press(self, *keys):
        run_xdotool("key", "--clearmodifiers", "--delay", "6", *keys)

    def type(self, text):
        run_xdotool("type", "--clearmodifiers", "--delay", "6", text)

    # ---- what is to be seen

    def read(self):
        return read_tree(self.bus, self.bus_name)

    def find_all(self, role=None, name=None, states=(), inside=None):
        """The nodes of that role whose name contains NAME, below one whose name is INSIDE."""
        return [node for node in self.read().walk()
                if (role is None or node.role == role) and (name is None or name in node.name)
                and node.states.issuperset(states)
                and (inside is None or any(a.name == inside for a in node.get_ancestors()))]

    def find(self, role=None, name=None, states=(), inside=None):
        return next(iter(self.find_all(role, name, states, inside)), None)

    def see(self, role=None, name=None, states=(), inside=None, seconds=SEE_SECONDS):
        """Waits until there is such a node."""
        what = " ".join(filter(None, [role, name and repr(name), *states]))
        return self._await(lambda: self.find(role, name, states, inside), seconds, what)

    def miss(self, role=None, name=None, states=(), inside=None, seconds=SEE_SECONDS):
        """Waits until there is no such node."""
        what = "the end of " + " ".join(filter(None, [role, name and repr(name), *states]))
        self._await(lambda: not self.find(role, name, states, inside), seconds, what)

    def see_that(self, condition, what, seconds=SEE_SECONDS):
        return self._await(condition, seconds, what)

    def get_focus(self):
        return self.find(states=["focused"])

    def tab_to(self, role=None, name=None, key="Tab", most=40):
        """Goes on with Tab until the focus is there."""
        for _ in range(most):
            node = self.get_focus()
            if node and (role is None or node.role == role) and (name is None or name in node.name):
                return node
            self.press(key)
            # Some stops, such as a page's own scroller, are none that a screen reader speaks of.
            with contextlib.suppress(Failed):
                self.see_that(lambda: (now := self.get_focus())
                              and (not node or now.path != node.path), "another focus", 1)
        raise Failed(f"{key} does not lead to {role} {name!r}; the last was {node}")
