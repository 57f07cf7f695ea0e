#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hostile suite: strangers and vandals against the real functions behind the local gateway.

Each function of the modules below whose name begins with "test_" is a test and gets the Service;
arguments choose tests by name. The tests of one module share a cloud and sign up people of their
own. Modules do not share one, since moto copies the whole table at each transaction.
"""

import importlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

from rafilm_e2e import Cloud, Skipped
from service import Service

MODULES = ["conformance", "program", "restoring", "replay", "values", "bodies", "tokens", "people",
           "films", "sockets", "chance"]


def collect(name, wanted):
    for key, value in vars(importlib.import_module(name)).items():
        title = f"{name}: {key.removeprefix('test_').replace('_', '-')}"
        if key.startswith("test_") and (not wanted or any(word in title for word in wanted)):
            yield title, value


def run(number, title, test, service):
    begun = time.monotonic()
    try:
        test(service)
        print(f"ok {number} {title} # {time.monotonic() - begun:.1f} s")
        return True
    except Skipped as reason:
        print(f"ok {number} {title} # SKIP {reason}")
        return True
    except Exception:  # noqa: BLE001 - whatever it is, it is reported and the next one run
        print(f"not ok {number} {title}")
        text = traceback.format_exc() + "\ncloud:\n" + service.cloud.read_log()
        print("".join(f"# {line}\n" for line in text.splitlines()), end="")
        return False
    finally:
        sys.stdout.flush()


def make_pool_key(folder):
    """The user pool's key is made here, so that tests can forge what only the pool could sign."""
    path = os.path.join(folder, "pool.pem")
    subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-out", path], check=True,
                   capture_output=True)
    os.mkdir(os.path.join(folder, "cloud"))
    with open(path, encoding="utf-8") as key, \
            open(os.path.join(folder, "cloud", "users.json"), "w", encoding="utf-8") as file:
        json.dump({"key": key.read()}, file)
    return path


def run_module(tests, numbers):
    folder = tempfile.mkdtemp(prefix="rafilm-hostile-")
    pool_key = make_pool_key(folder)
    cloud = Cloud(folder)
    try:
        service = Service(cloud)
        service.folder, service.pool_key = folder, pool_key
        return [run(next(numbers), title, test, service) for title, test in tests]
    finally:
        cloud.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    modules = [tests for tests in (list(collect(name, sys.argv[1:])) for name in MODULES) if tests]
    print(f"1..{sum(map(len, modules))}")
    sys.stdout.flush()
    numbers = itertools.count(1)
    results = [result for tests in modules for result in run_module(tests, numbers)]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
