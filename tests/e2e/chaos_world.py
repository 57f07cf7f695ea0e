# SPDX-License-Identifier: GPL-3.0-or-later
"""One world of chaos: computers, the cloud, the weather between them, and what happens."""

import collections
import itertools
import shutil

import chaos_check
from chaos_actions import ASIDE, FILMS, Actions
from chaos_device import Device
from chaos_plan import EDITS, choose
from chaos_proxy import Proxy
from chaos_table import Table
from rafilm_e2e import World, check

MAX_DEVICES = 6
WEATHER = ("calm", "rough", "rough", "rough", "rough", "answers-lost", "down")


class ChaosWorld(World):
    def __init__(self, plan, say):
        super().__init__()
        self.plan = plan
        self.say = say
        self.counts = collections.Counter()
        self.devices = []
        self.accounts = {}
        self.snapshots = []
        self.unsure = set()
        self.proxy = Proxy(plan.seed)
        self.the_cloud = self.cloud()
        self.connect()

    def connect(self):
        self.endpoints = self.proxy.endpoints(self.the_cloud.endpoints)
        for device in self.devices:
            device.endpoints = self.endpoints

    # ---- computers --------------------------------------------------------------------------

    def add(self, account, clock):
        device = Device(self, f"{account}{len(self.devices)}", clock)
        device.endpoints = self.endpoints
        self.devices.append(device)
        self.accounts.setdefault(account, []).append(device)
        return device

    def sign_up(self, account):
        device = self.accounts[account][0]
        email = f"{account}@example.org"
        device.run("sign-up", email)
        device.run("confirm", email, self.the_cloud.get_code(email))

    def sign_in(self, device):
        """Whoever is told to sign in does."""
        status = device.get_status()
        if status["signed_in"]:
            return
        self.counts["signed in anew"] += 1
        device.run("sign-in", f"{device.name[0]}@example.org")
        device.look()

    def populate(self):
        for clock in self.plan.clocks:
            self.add("a", clock)
        if self.plan.second_account:
            self.add("b", 0)
            self.add("b", self.plan.clocks[-1])
        for number, device in enumerate(self.devices):
            if self.plan.begins_alone:
                # A day of its own each, or signing in would take the viewings for the same.
                mark = f"{device.name[0]}x{device.name}"
                answer = device.edit("log", "949", "--date", f"2025-01-{number + 1:02}",
                                     "--review", f"Before «{mark}»")
                device.logged.add(answer.json["id"])
        for account, devices in self.accounts.items():
            self.sign_up(account)
            for device in devices:
                device.run("sign-in", f"{account}@example.org")
                device.look()
            for number, film in enumerate(FILMS[:3]):
                mark = f"{account}xbegin{number}"
                answer = devices[0].edit("log", str(film), "--review", f"At first «{mark}»")
                devices[0].logged.add(answer.json["id"])
            for device in devices:
                check(device.sync_now(), device.name, "does not sync in fair weather")
                device.look()
        self.proxy.weather = "rough"

    # ---- what happens -----------------------------------------------------------------------

    def step(self, step):
        device = choose(self.devices, step.dice[0])
        account = device.name[0]
        self.counts[step.action] += 1
        if step.action in EDITS:
            if step.action not in ASIDE:
                self.counts["killed syncs"] += device.finish_aside()
            before = {v["id"] for v in device.ask("diary", "--limit", "0")}
            done = Actions(device, step, account).run()
            if step.action == "kill-log" and done is None:
                device.finish_aside()
                self.unsure |= {v["id"] for v in device.ask("diary", "--limit", "0")} - before
            self.say(step, device.name, "done" if done is not None else "nothing or killed")
        else:
            getattr(self, "do_" + step.action.replace("-", "_"))(step, device)
            self.say(step, device.name, self.proxy.weather)

    def do_sync(self, step, device):
        if not device.sync_now(8):
            self.counts["vain syncs"] += 1
            if self.proxy.weather != "down":
                self.sign_in_if_it_works(device)
        device.look()

    def sign_in_if_it_works(self, device):
        if not device.get_status()["signed_in"]:
            self.counts["signed in anew"] += 1
            device.command("sign-in", f"{device.name[0]}@example.org")

    def do_sync_aside(self, step, device):
        self.counts["killed syncs"] += device.finish_aside()
        device.sync_aside(30)

    def do_sync_killed(self, step, device):
        self.counts["killed syncs"] += device.finish_aside()
        device.sync_aside(0.02 + step.dice[1] ** 2 * 1.2)

    def do_weather(self, step, device):
        self.proxy.weather = choose(WEATHER, step.dice[1])

    def do_cloud_killed(self, step, device):
        self.the_cloud.kill()
        self.the_cloud.start()
        self.connect()

    def do_cloud_restarted(self, step, device):
        self.the_cloud.stop()
        self.the_cloud.start()
        self.connect()

    def do_copy(self, step, device):
        """The folder on another computer; both go on with it."""
        if len(self.devices) >= MAX_DEVICES:
            return
        device.finish_aside()
        copy = self.add(device.name[0], 0)
        shutil.copytree(device.folder, copy.folder)
        copy.seen = dict(device.seen)
        self.counts["copies"] += 1

    def do_snapshot(self, step, device):
        """While others write: it may hold half of what they do."""
        self.snapshots.append(Table(self.the_cloud.endpoints).read())

    def do_table_restored(self, step, device):
        snapshot = choose(self.snapshots, step.dice[1])
        if snapshot is None:
            return
        weather = self.proxy.weather
        self.proxy.settle()
        Table(self.the_cloud.endpoints).put_back(snapshot, f"step-{step.number}")
        self.counts["restores"] += 1
        self.proxy.weather = weather

    # ---- the end ----------------------------------------------------------------------------

    def check_all(self):
        for device in self.devices:
            self.counts["killed syncs"] += device.finish_aside()
        self.proxy.settle("calm")
        table = Table(self.the_cloud.endpoints)
        for account, devices in self.accounts.items():
            chaos_check.settle(devices, self.sign_in)
            chaos_check.check_nothing_refused(devices)
            chaos_check.check_alike(devices)
            logged = set(itertools.chain.from_iterable(d.logged for d in devices))
            chaos_check.check_viewings(devices, logged, self.unsure)
            self.counts["kept unseen"] += chaos_check.check_texts(devices, account)
            self.counts["rows"] += chaos_check.check_server(table, devices)
            for device in devices:
                device.check_file()
            self.counts["viewings"] += len(logged)
            self.counts["texts"] += sum(len(d.written) for d in devices)
            check(logged or not self.plan.begins_alone, "nothing was logged")

    def end(self, keep=False):
        for device in self.devices:
            if device.aside is not None:
                device.aside.kill()
                device.aside.communicate()
        self.proxy.close()
        if not keep:
            super().end()
            return
        for cloud in self.clouds:
            cloud.stop()
