#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chat and the recommendations, with the service and without it."""

import json
import os
import subprocess
import time

import rafilm_e2e
from rafilm_e2e import check, contains, equal

EMAIL = "ana@example.org"
HEAT = 949
QUESTION = "something like Heat, but shorter"


def read_catalogue():
    films = {}
    folder = os.path.join(os.environ["RAFILM_SAMPLE"], "films")
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            films.update({film["id"]: film for film in json.load(file)})
    return films


def check_answer(answer):
    """Films that exist, and that are what was asked for."""
    catalogue = read_catalogue()
    suggested = [film for film in answer["films"] if film["id"] != HEAT]
    check(len(suggested) >= 1, "no film was suggested:", answer["answer"])
    for film in suggested:
        check(film["id"] in catalogue, "there is no film", film["id"])
        equal(film["title"], catalogue[film["id"]]["title"])
        check(catalogue[film["id"]]["runtime"] < catalogue[HEAT]["runtime"],
              film["title"], "is not shorter than Heat")
        contains(answer["answer"], film["title"])
    check("[[" not in answer["answer"], "a bare handle is in", answer["answer"])


def make_ana(world, cloud):
    ana = world.person("ana", cloud)
    ana.learn_films()
    ana.sign_up(EMAIL)
    ana.sync()
    return ana


def story_the_service_answers(world):
    ana = make_ana(world, world.cloud())
    answer = ana.ask("chat", QUESTION)
    equal(answer["source"], "cloud")
    check_answer(answer)


def story_the_answer_streams(world):
    """The first words are there before the last ones."""
    ana = make_ana(world, world.cloud())
    command = [os.environ["RAFILM_CLI"], "chat", QUESTION, "--profile", ana.folder]
    times = []
    with subprocess.Popen(command, env=ana.get_environment(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as chat:
        while True:
            piece = os.read(chat.stdout.fileno(), 65536)
            if not piece:
                break
            times.append((time.monotonic(), piece.decode("utf-8", errors="replace")))
        equal(chat.wait(30), 0)
    check(len(times) >= 3, "the answer came in", len(times), "pieces")
    text = "".join(piece for _, piece in times)
    contains(text, "Heat")
    check("[[" not in text, "a bare handle is in", text)


def story_this_computer_answers_offline(world):
    cloud = world.cloud()
    ana = make_ana(world, cloud)
    cloud.stop()
    answer = ana.ask("chat", QUESTION)
    equal(answer["source"], "device")
    check_answer(answer)
    contains(ana.run("chat", QUESTION).out, "on this computer")


def story_nobody_is_signed_in(world):
    ana = world.person("ana")
    ana.learn_films()
    answer = ana.ask("chat", QUESTION)
    equal(answer["source"], "device")
    check_answer(answer)
    ana.run("chat", " ", status=1)
    ana.run("chat", "x" * 5000, status=1)


def story_the_diary_is_known(world):
    cloud = world.cloud()
    ana = make_ana(world, cloud)
    ana.run("log", "9008", "--review", "The lawyers are the monsters here.")
    ana.sync()
    answer = ana.ask("chat", "what did I watch lately?")
    equal(answer["source"], "cloud")
    check(9008 in [film["id"] for film in answer["films"]], answer["answer"])

    cloud.stop()
    answer = ana.ask("chat", "what did I think of The Insider?")
    equal(answer["source"], "device")
    contains(answer["answer"], "The lawyers are the monsters here.")


def story_recommendations_say_why(world):
    ana = world.person("ana")
    ana.learn_films()
    ratings = os.path.join(world.folder, "ratings.csv")
    model = os.path.join(world.folder, "model")
    subprocess.run([os.environ["RAFILM_DEMO"], "--sample", os.environ["RAFILM_SAMPLE"],
                    "--neighbours", ratings], check=True)
    subprocess.run([os.environ["RAFILM_TRAIN"], ratings, model], check=True)
    seen = {viewing["film"]["id"] for viewing in ana.get_diary()}
    for env in ({}, {"RAFILM_MODEL": model}):
        items = ana.ask("recommend", "--limit", "10", **env)
        equal(len(items), 10)
        for item in items:
            check(item["film"]["id"] not in seen, item["film"]["title"], "was seen")
            check(item["reason"], item["film"]["title"], "has no reason")
            check(item["because"] is None or item["because"] in seen, "an unknown reason", item)
    check(any(item["because"] for item in items), "no film of the diary speaks for any of them")


rafilm_e2e.main()
