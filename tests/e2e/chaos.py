#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chaos: computers, the local cloud and the network between them, killed, cut off, copied and put
back at random; afterwards nothing is lost, nothing doubled, and all are alike.

usage: chaos.py [--minutes N | --worlds N] [--seed S] [--steps N] [--keep] [--quiet]

A world is one seed; the next world has the next seed. "--seed S --worlds 1" tells a world again:
the same computers and the same sequence of steps, though not the same moments. Prints TAP.
"""

import argparse
import collections
import os
import random
import sys
import time
import traceback

from chaos_plan import Plan
from chaos_world import ChaosWorld

STEPS = 60


def comment(text):
    print("".join(f"# {line}\n" for line in str(text).splitlines()), end="", flush=True)


def summarize(counts):
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))


def tell(number, seed, arguments, total):
    """One world; returns whether all came out right."""
    plan = Plan(seed, arguments.steps)
    lines = []

    def say(step, *words):
        lines.append(f"{step.number:3} {step.action} {' '.join(str(word) for word in words)}")
        if arguments.verbose:
            comment(lines[-1])

    begin = time.monotonic()
    world = None
    passed = False
    try:
        world = ChaosWorld(plan, say)
        world.populate()
        for step in plan.steps:
            world.step(step)
        world.check_all()
        seconds = time.monotonic() - begin
        print(f"ok {number} seed {seed}", flush=True)
        comment(f"clocks {plan.clocks}, {len(world.devices)} computers, {world.proxy.requests} "
                f"requests, weather {summarize(world.proxy.counts)}; {seconds:.0f} s")
        passed = True
    except Exception:  # noqa: BLE001 - whatever it is, it is reported and the next world told
        print(f"not ok {number} seed {seed}")
        comment("\n".join(lines[-200:]))
        comment(traceback.format_exc())
        comment(f"again: build-aux/dev chaos --seed {seed} --worlds 1 --steps {arguments.steps}")
        if world is not None:
            comment(f"weather {summarize(world.proxy.counts)}\ncloud: {world.the_cloud.read_log()}")
            if arguments.keep:
                comment(f"kept: {world.folder}")
    finally:
        if world is not None:
            total.update(world.counts)
            total["requests"] += world.proxy.requests
            total.update({f"weather {k}": v for k, v in world.proxy.counts.items()})
            world.end(keep=arguments.keep and not passed)
    return passed


def main():
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--minutes", type=float, help="begin worlds for so long")
    parser.add_argument("--worlds", type=int, help="so many worlds")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--steps", type=int, default=STEPS, help=f"of each world; {STEPS}")
    parser.add_argument("--keep", action="store_true", help="keep a failing world's files")
    parser.add_argument("--verbose", action="store_true", help="print each step")
    arguments = parser.parse_args()

    seed = arguments.seed
    if seed is None:
        seed = int(os.environ.get("RAFILM_TEST_SEED") or random.randrange(1_000_000))
    worlds = arguments.worlds
    if worlds is None and arguments.minutes is None:
        worlds = 1
    comment(f"seed {seed}")
    end = time.monotonic() + (arguments.minutes or 0) * 60
    total = collections.Counter()
    failed = []
    number = 0
    while number < worlds if worlds is not None else time.monotonic() < end:
        if not tell(number + 1, seed + number, arguments, total):
            failed.append(seed + number)
        number += 1
    print(f"1..{number}")
    comment(f"{number} worlds, {len(failed)} failed {failed or ''}: {summarize(total)}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
