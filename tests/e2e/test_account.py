#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts: sign-up, confirmation, sign-in, tokens that end, sign-out."""

import os
import stat
import subprocess
import time

import rafilm_e2e
from rafilm_e2e import PASSWORD, check, contains, equal

EMAIL = "ana@example.org"


def story_sign_up_and_in(world):
    cloud = world.cloud()
    ana = world.person("ana", cloud)
    equal(ana.get_status()["signed_in"], False, "before")

    answer = ana.run("sign-up", EMAIL, status=1, RAFILM_PASSWORD="short")
    contains(answer.err, "password")
    ana.run("sign-up", EMAIL)
    contains(ana.run("sign-up", EMAIL, status=1).err, "account")
    contains(ana.run("sign-in", EMAIL, status=1).err, "confirm")

    code = cloud.get_code(EMAIL)
    wrong = "000000" if code != "000000" else "111111"
    contains(ana.run("confirm", EMAIL, wrong, status=1).err, "code")
    equal(ana.get_status()["signed_in"], False, "after a wrong code")
    ana.run("confirm", EMAIL, code)

    contains(ana.run("sign-in", EMAIL, status=1, RAFILM_PASSWORD="Wrong-Horse-7-Battery").err,
             "password")
    contains(ana.run("sign-in", "nobody@example.org", status=1).err, "password")
    ana.run("sign-in", EMAIL)
    status = ana.get_status()
    equal(status["signed_in"], True)
    equal(status["email"], EMAIL)
    equal(status["online"], True)
    check(status["account"], "there is no account id")
    check(status["account"] in status["diary"], "the diary is not the account's own")


def story_secrets_stay_private(world):
    cloud = world.cloud()
    ana = world.person("ana", cloud)
    ana.sign_up(EMAIL)
    path = os.path.join(ana.folder, "sign-in")
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "the sign-in's mode")
    equal(stat.S_IMODE(os.stat(ana.folder).st_mode), 0o700, "the profile's mode")
    for folder, _, names in os.walk(ana.folder):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                check(PASSWORD.encode() not in file.read(), "the password is in", name)
    answer = ana.run("sync", G_MESSAGES_DEBUG="all")
    with open(path, encoding="utf-8") as file:
        secret = file.read()
    for word in secret.replace('"', " ").replace(",", " ").split():
        if len(word) > 40:
            check(word not in answer.out + answer.err, "a token is in the log")


def story_password_from_the_terminal(world):
    cloud = world.cloud()
    ana = world.person("ana", cloud)
    for arguments in (["sign-up", EMAIL], ["sign-in", EMAIL]):
        shown, status = ana.run_on_terminal(": ", PASSWORD, *arguments)
        equal(status, 0, shown)
        contains(shown, "Password")
        check(PASSWORD not in shown, "the terminal shows the password")
        if arguments[0] == "sign-up":
            ana.run("confirm", EMAIL, cloud.get_code(EMAIL))
    equal(ana.get_status()["signed_in"], True)

    env = ana.get_environment()
    del env["RAFILM_PASSWORD"]
    done = subprocess.run([os.environ["RAFILM_CLI"], "sign-in", EMAIL, "--profile", ana.folder],
                          env=env, start_new_session=True, capture_output=True, text=True,
                          timeout=60, check=False)
    equal(done.returncode, 1)
    contains(done.stderr, "RAFILM_PASSWORD")


def story_local_diary_is_adopted(world):
    cloud = world.cloud()
    ana = world.person("ana", cloud)
    viewing = ana.ask("log", "949", "--rating", "4.5", "--date", "2026-03-01")
    ana.sign_up(EMAIL)
    equal([v["id"] for v in ana.get_diary()], [viewing["id"]], "the diary after sign-in")
    ana.sync()
    equal(ana.get_status()["pending"], 0)

    ana.run("sign-out")
    equal(ana.get_diary(), [], "the diary of nobody")
    contains(ana.run("sync", status=1).err, "signed in")
    ana.sign_in(EMAIL)
    equal([v["id"] for v in ana.get_diary()], [viewing["id"]], "the diary after the next sign-in")


def story_token_is_renewed_silently(world):
    cloud = world.cloud(RAFILM_LOCAL_TOKEN_SECONDS=2)
    ana = world.person("ana", cloud)
    ana.sign_up(EMAIL)
    ana.run("log", "949")
    time.sleep(3)
    answer = ana.run("sync")
    equal(answer.err, "", "what a renewal says")
    equal(ana.get_status()["pending"], 0)


def story_revoked_sign_in_is_asked_for(world):
    cloud = world.cloud(RAFILM_LOCAL_TOKEN_SECONDS=2)
    first, second = world.pair(cloud, EMAIL)
    second.run("log", "949", "--review", "Written while signed out elsewhere")
    first.run("sign-out", "--everywhere")
    time.sleep(3)

    contains(second.run("sync", status=1).err, "sign")
    status = second.get_status()
    equal(status["signed_in"], False)
    equal(status["expired"], True)
    equal(status["email"], EMAIL, "who has to sign in again")
    check(status["pending"] > 0, "nothing waits")
    equal(len(second.get_diary()), 1, "the diary while nobody is signed in")
    second.run("log", "1538")
    second.sign_in(EMAIL)
    second.sync()
    equal(second.get_status()["pending"], 0)
    first.sign_in(EMAIL)
    first.sync()
    equal(len(first.get_diary()), 2, "the other computer's diary")


def story_new_password(world):
    cloud = world.cloud()
    ana = world.person("ana", cloud)
    ana.sign_up(EMAIL)
    ana.run("sign-out")
    ana.run("forgot", EMAIL)
    new = "Another-Horse-8-Battery"
    ana.run("reset", EMAIL, cloud.get_code(EMAIL), RAFILM_PASSWORD=new)
    ana.run("sign-in", EMAIL, status=1)
    ana.run("sign-in", EMAIL, RAFILM_PASSWORD=new)


def story_cloud_is_not_there(world):
    cloud = world.cloud()
    ana = world.person("ana", cloud)
    cloud.stop()
    for command in (["sign-up", EMAIL], ["confirm", EMAIL, "123456"], ["sign-in", EMAIL]):
        answer = ana.run(*command, status=1)
        check("traceback" not in answer.err.lower() and answer.out == "", command, answer.err)
    equal(ana.get_status()["online"], False)


rafilm_e2e.main()
