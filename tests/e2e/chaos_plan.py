# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens in a world of chaos, drawn from a seed before anything of it happens.

A step says what is done and holds numbers from 0 to 1 for whatever is to be chosen when its turn
comes: which computer, which viewing. So the same seed is the same sequence of steps, however
quickly the programs run.
"""

import collections
import random

Step = collections.namedtuple("Step", "number action dice")

DICE = 6

# How often, relative to each other.
EDITS = {
    "log": 10, "review": 12, "shared-review": 8, "rate-viewing": 6, "tag": 5, "like": 3, "day": 3,
    "clear-review": 2, "delete": 5, "restore": 3, "undo": 6, "rate-film": 4, "mark": 3,
    "watch": 5, "unwatch": 3, "list-create": 2, "list-describe": 3, "list-add": 5, "list-move": 4,
    "list-note": 3, "list-remove": 2, "list-delete": 1, "version-use": 3, "version-drop": 2,
    "profile": 3, "kill-log": 3, "kill-edit": 3,
}
SYNCS = {"sync": 14, "sync-aside": 10, "sync-killed": 8}
FAULTS = {"weather": 7, "cloud-killed": 2, "cloud-restarted": 1, "copy": 2, "snapshot": 4,
          "table-restored": 3}


class Plan:
    """The world's computers and steps."""

    def __init__(self, seed, steps):
        self.seed = seed
        self.random = random.Random(seed)
        self.clocks = [0] + [self.random.choice((0, 0, "1970", "2099", -3600, 90000))
                             for _ in range(self.random.randint(1, 3))]
        self.second_account = self.random.random() < 0.4
        self.begins_alone = self.random.random() < 0.5
        self.restores = self.random.random() < 0.5
        weights = EDITS | SYNCS | FAULTS
        if not self.restores:
            weights = {k: v for k, v in weights.items() if k not in ("snapshot", "table-restored")}
        self.steps = [self._draw(number, weights) for number in range(1, steps + 1)]

    def _draw(self, number, weights):
        action = self.random.choices(list(weights), list(weights.values()))[0]
        return Step(number, action, tuple(self.random.random() for _ in range(DICE)))


def choose(items, die):
    """One of them by a number from 0 to 1; None when there are none."""
    return items[min(int(die * len(items)), len(items) - 1)] if items else None
