# SPDX-License-Identifier: GPL-3.0-or-later
"""The table put back to an earlier moment, as an operator does it, under everybody's feet."""

import os
import subprocess
import sys

from conformance import pair
from rafilm_e2e import check, equal
from rs1_device import Device


def put_back(service, user, items):
    """The account as it was; then what infra/README.md says: a new epoch for the table."""
    for item in service.get_items(user):
        service.dynamodb("DeleteItem", Key={"pk": item["pk"], "sk": item["sk"]})
    for item in items:
        service.dynamodb("PutItem", Item=item)


def renew(service, word):
    environment = os.environ | {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
                                "AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run([sys.executable, os.environ["RAFILM_RESTORE"], service.endpoints["RAFILM_TABLE"],
                           word, "--endpoint", service.endpoints["RAFILM_DYNAMODB_URL"]],
                          capture_output=True, text=True, timeout=60, env=environment, check=False)
    equal(done.returncode, 0, done.stdout, done.stderr)


def agree(*devices):
    for _ in range(2):
        for device in devices:
            device.sync()
    for device in devices[1:]:
        equal(device.view(), devices[0].view(), "diaries after a restore")
        equal(device.view(deleted=True).keys(), devices[0].view(deleted=True).keys(), "deleted rows")


def test_restored_table(service):
    """What any computer still has comes back; unsent edits go on; a lost deletion, too."""
    _, a, b = pair(service, "restored")
    a.post = b.post = a.user.sync
    kept, gone = a.log(1, rv="Kept"), a.log(2, rv="Deleted later")
    agree(a, b)
    backup = service.get_items(a.user)
    late = a.log(3, rv="Made after the backup")
    a.edit("d", kept, rv="Changed after the backup", **{"tag:late": True})
    films = a.create("l", name="A list")
    a.edit("i", f"{films}:3", on=True, pos="V")
    b.edit("p", "me", bio="Of me")
    a.delete("d", gone)
    agree(a, b)
    before, deleted = a.view(), set(a.view(deleted=True))
    a.edit("d", late, rating=8)  # not sent yet
    b.edit("d", kept, liked=True)
    put_back(service, a.user, backup)
    renew(service, "restored-1")
    agree(a, b)
    check(a.full_loads == b.full_loads == 1, "loads", a.full_loads, b.full_loads)
    before[("d", late)]["rating"], before[("d", kept)]["liked"] = 8, True
    equal(a.view(), before)
    equal(set(a.view(deleted=True)), deleted)
    equal(a.dead + b.dead, [])
    equal(Device(a.user).sync().view(), before, "on a new computer")


def test_restored_twice(service):
    """A computer that slept through two restores gives back what both lost."""
    _, a, b = pair(service, "twice")
    a.post = b.post = a.user.sync
    a.log(1)
    agree(a, b)
    backup = service.get_items(a.user)
    b.log(2, rv="Only b has it")
    b.sync()
    put_back(service, a.user, backup)
    renew(service, "twice-1")
    a.log(3)
    a.sync()
    a.sync()
    backup = service.get_items(a.user)
    a.log(4)
    a.sync()
    put_back(service, a.user, backup)
    renew(service, "twice-2")
    agree(b, a)
    equal(sorted(fields["film"] for fields in a.view().values()), [1, 2, 3, 4])


def test_versions_survive(service):
    """A version that only a computer has is given back like any row."""
    _, a, b = pair(service, "versions")
    a.post = b.post = a.user.sync
    viewing = a.log(1, rv="Base")
    agree(a, b)
    backup = service.get_items(a.user)
    a.edit("d", viewing, rv="From a")
    b.edit("d", viewing, rv="From b")
    agree(a, b)
    words = {str(fields.get("text", fields.get("rv"))) for fields in a.view().values()}
    equal(words, {"From a", "From b"})
    put_back(service, a.user, backup)
    renew(service, "versions-1")
    agree(a, b)
    words = {str(fields.get("text", fields.get("rv"))) for fields in a.view().values()}
    check({"From a", "From b"} <= words, "words that both computers had:", words)
