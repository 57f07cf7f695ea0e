# SPDX-License-Identifier: GPL-3.0-or-later
"""Good and bad devices at random, from a seed; RAFILM_TEST_SEED replays one."""

import json
import os
import random
import time

from judge import Judge
from rafilm_e2e import Failed, check, equal
from rs1_device import Device, Lost
from rs1_model import words
from vandal import clock

STEPS = 150
WORDS = ("", "One", "Two words", "✓", "ä" * 60, "<b>", "\"\\\n\t", "\U0001f3ac" * 40)
JUNK = (None, True, -1, 0, 2**53 + 1, 2**63 - 1, 1.5, 1e300, "", "x", "x" * 70000, "a#b", "M", "é\n", [], {},
        [[[[]]]], {"a": {"b": 1}}, "2026-02-30", "9" * 40)
FIELDS = {"d": ("rating", "liked", "rv", "on", "tag:a", "tag:b"), "f": ("rating", "like", "seen"),
          "w": ("on", "note"), "l": ("name", "desc", "ranked"), "i": ("on", "pos", "note"),
          "p": ("name", "bio")}


class Network:
    """Loses answers, repeats requests and sends old ones again, between a device and the judge."""

    def __init__(self, judge, chance):
        self.judge, self.chance, self.old = judge, chance, []
        self.calm = False

    def __call__(self, request):
        if not self.calm and self.chance.random() < 0.1:
            raise Lost
        reply = self.judge(request)
        if self.calm:
            return reply
        self.old = (self.old + [json.loads(json.dumps(request))])[-20:]
        if self.chance.random() < 0.15:
            self.judge(request)
        if self.chance.random() < 0.15:
            self.judge(self.chance.choice(self.old))
        if self.chance.random() < 0.15:
            raise Lost
        return reply


class World:
    def __init__(self, service, seed, name):
        self.chance = random.Random(seed)
        self.user = service.sign_up(name)
        self.judge = Judge(self.user)
        self.network = Network(self.judge, self.chance)
        self.devices = [self.make_device() for _ in range(3)]
        self.vandal = "Vandal00"
        self.written = {}  # every text that was acknowledged -> how
        self.n = 0

    def make_device(self):
        device = Device(self.user, self.network, self.chance)
        device.skew_ms = self.chance.choice((0, 0, 86400000, -86400000 * 30))
        device.batch_size = self.chance.choice((1, 3, 90))
        device.max = self.chance.choice((0, 500, 1000000))
        return device

    # ---- good behaviour -----------------------------------------------------------------------

    def make_value(self, kind, field):
        chance = self.chance
        if field == "rating":
            return chance.choice((None, *range(1, 11)))
        if field == "on" and kind == "d":
            return chance.choice((None, "2026-03-01", "1999-12-31"))
        if field in ("rv", "desc", "note", "bio", "name"):
            self.n += 1
            text = chance.choice(WORDS)
            text = text and f"{text} {self.n}"
            return {"text": text, "spoiler": True} if field == "rv" and chance.random() < 0.2 else text
        if field == "pos":
            return "".join(chance.choice("0Vz") for _ in range(3)) + "V"
        return chance.random() < 0.5

    def edit(self, device):
        chance = self.chance
        shown = list(device.view(deleted=chance.random() < 0.2))
        kinds = [key for key in shown if key[0] in FIELDS]
        if not kinds or chance.random() < 0.25:
            kind = chance.choice("dfwlip")
            if kind in "dl":
                fields = {"film": chance.randint(1, 5)} if kind == "d" else {"name": "L"}
                device.create(kind, **fields)
                return
            lists = [row_id for kind_, row_id in shown if kind_ == "l"] or ["nolist"]
            film = str(chance.randint(1, 5))
            row_id = {"p": "me", "i": f"{chance.choice(lists)}:{film}"}.get(kind, film)
        else:
            kind, row_id = chance.choice(kinds)
        roll = chance.random()
        if roll < 0.1:
            device.delete(kind, row_id)
        elif roll < 0.15:
            device.restore(kind, row_id)
        else:
            names = chance.sample(FIELDS[kind], chance.randint(1, 2))
            device.edit(kind, row_id, **{name: self.make_value(kind, name) for name in names})

    def copy_file(self):
        """Of a virtual machine or a backup: two computers with one device id."""
        original = self.chance.choice(self.devices)
        twin = self.make_device()
        for name in ("dev", "epoch", "cursor", "batch", "next_n", "hlc"):
            setattr(twin, name, getattr(original, name))
        twin.mirror, twin.outbox = dict(original.mirror), json.loads(json.dumps(original.outbox))
        if len(self.devices) < 5:
            self.devices.append(twin)
        else:
            self.devices[self.devices.index(original)] = twin

    # ---- bad behaviour ------------------------------------------------------------------------

    def mangle(self, value, depth=0):
        """The same with something of it changed."""
        chance = self.chance
        if depth > 0 and chance.random() < 0.15:
            return chance.choice(JUNK)
        if isinstance(value, dict) and value:
            name = chance.choice(list(value))
            changed = dict(value)
            if chance.random() < 0.12:
                del changed[name]
            elif chance.random() < 0.08:
                changed[chance.choice(("x", "fill", "full", "batch", "*", "pk", "q"))] = changed[name]
            else:
                changed[name] = self.mangle(value[name], depth + 1)
            return changed
        if isinstance(value, list) and value:
            place = chance.randrange(len(value))
            return value[:place] + [self.mangle(value[place], depth + 1)] + value[place + chance.randint(0, 1):]
        return chance.choice(JUNK)

    def attack(self):
        """One request that is wrong somewhere. What the service takes of it the model takes, too."""
        chance = self.chance
        known = self.judge.account.devices.get(self.vandal)
        n = (known[0] if known else 0) + 1
        rows = [key for key in self.judge.account.rows if key[0] in FIELDS] or [("f", "1")]
        operations = []
        for number in range(n, n + chance.randint(1, 3)):
            kind, row_id = chance.choice(rows)
            field = chance.choice(FIELDS[kind])
            operations.append({"n": number, "k": kind, "id": row_id, "base": chance.choice((0, 5, 10**6)),
                               "h": chance.choice((clock(), "f" * 16, "0" * 16, clock(4070908800000))),
                               "set": {field: self.make_value(kind, field)}})
        self.n += 1
        request = {"proto": 1, "acct": self.user.sub, "dev": self.vandal, "now": int(time.time() * 1000),
                   "epoch": self.judge.epoch, "cursor": chance.choice((0, self.judge.account.head)),
                   "batch": {"id": f"v_{self.n}", "ops": operations}}
        for _ in range(chance.randint(0, 3)):
            request = self.mangle(request)
        data = json.dumps(request, ensure_ascii=False).encode()
        if chance.random() < 0.1:
            place = chance.randrange(len(data))
            data = data[:place] + bytes([chance.randrange(256)]) + data[place + 1:]
        self.judge.sent_at = int(time.time() * 1000)
        reply = self.user.sync(data)
        if reply.status != 200:
            check(reply.code != "account_deleted", reply)
            return
        request = json.loads(data)
        request.setdefault("cursor", 0)
        if not request.get("epoch"):
            request["cursor"] = 0
        self.judge.hear(request, reply.json)

    # ---- the end ------------------------------------------------------------------------------

    def step(self):
        chance, roll = self.chance, self.chance.random()
        device = chance.choice(self.devices)
        if roll < 0.45:
            self.edit(device)
        elif roll < 0.75:
            try:
                device.cycle()
            except Lost:
                pass
        elif roll < 0.78:
            self.copy_file()
        elif roll < 0.8:
            device.reload()
        else:
            self.attack()

    def finish(self):
        """Peace: the invariants of the design."""
        self.network.calm = True
        for _ in range(3):
            for device in self.devices:
                device.max = 1000000
                device.sync()
        fresh = Device(self.user, self.judge).sync()
        for device in self.devices:
            equal(device.view(), fresh.view(), "I1: diaries")
            equal(device.digest(), fresh.digest(), "I9: digests")
            equal(device.outbox, [], "I11: what waits")
            equal(device.dead, [], "I13: a good device's edits were refused")
        lists = {row_id for kind, row_id in fresh.view() if kind == "l"}
        for one in lists:
            equal({tuple(device.get_list(one)) for device in self.devices}, {tuple(fresh.get_list(one))},
                  "I8: order of a list")
        self.check_words(fresh)

    def check_words(self, fresh):
        """I4: whoever was told of a version finds its words."""
        texts = {words(fields["text"]) for (kind, _), fields in fresh.view().items() if kind == "x"}
        for device in self.devices:
            for op, verdict in device.verdicts:
                if verdict != "copy":
                    continue
                mine = [words(value) for name, value in op["set"].items() if name in ("rv", "desc", "note", "bio")]
                current = {words(value) for value in fresh.view().get((op["k"], op["id"]), {}).values()
                           if isinstance(value, (str, dict))}
                check(texts or current & set(mine), "I4: words that were told of are gone:", op)


def test_random_worlds(service):
    given = os.environ.get("RAFILM_TEST_SEED")
    end = time.monotonic() + float(os.environ.get("RAFILM_HOSTILE_SECONDS", "25"))
    seed = int(given) if given else random.SystemRandom().randrange(2**31)
    worlds = 0
    while worlds == 0 or (not given and time.monotonic() < end):
        world = World(service, seed, f"chance-{seed}")
        steps = 0
        try:
            for steps in range(STEPS):
                world.step()
            world.finish()
        except (Failed, KeyError, TypeError, ValueError) as error:
            raise Failed(f"RAFILM_TEST_SEED={seed}, step {steps}: {error!r}") from error
        worlds += 1
        seed += 1
    print(f"# {worlds} worlds of {STEPS} steps up to seed {seed - 1}")
