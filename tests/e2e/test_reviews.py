#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Public reviews and the end of an account, through the gateway, the functions and the table's stream."""

import json
import os
import time
import urllib.error
import urllib.request

import rafilm_e2e
from rafilm_e2e import equal, wait_until


class Caller:
    """A client of the API with a person's token, and a device of its own."""

    def __init__(self, person, device):
        self.person = person
        self.device = device
        self.account = person.get_status()["account"]
        self.n = 0
        with open(os.path.join(person.folder, "sign-in"), encoding="utf-8") as file:
            refresh = json.load(file)["refresh"]
        endpoints = person.cloud.endpoints
        request = urllib.request.Request(
            endpoints["RAFILM_COGNITO_URL"],
            json.dumps({"ClientId": endpoints["RAFILM_COGNITO_CLIENT"],
                        "RefreshToken": refresh}).encode(),
            {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target":
             "AWSCognitoIdentityProviderService.GetTokensFromRefreshToken"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            self.token = json.load(answer)["AuthenticationResult"]["AccessToken"]

    def call(self, method, path, body=None, status=200, signed_in=True):
        headers = {"Content-Type": "application/json"}
        if signed_in:
            headers["Authorization"] = "Bearer " + self.token
        request = urllib.request.Request(
            self.person.cloud.endpoints["RAFILM_API_URL"] + path,
            json.dumps(body).encode() if body is not None else None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                equal(answer.status, status, method, path)
                return json.load(answer)
        except urllib.error.HTTPError as error:
            equal(error.code, status, method, path)
            return json.load(error)

    def write(self, viewing, base=0, **fields):
        """Pushes one operation; returns the row's new sequence number."""
        self.n += 1
        now = int(time.time() * 1000)
        clock = f"{now << 16:016x}"
        answer = self.call("POST", "/v1/sync", {
            "proto": 1, "acct": self.account, "dev": self.device, "cursor": 0, "now": now,
            "epoch": None, "batch": {"id": f"b_{self.n}", "ops": [
                {"n": self.n, "k": "d", "id": viewing, "base": base, "full": base == 0,
                 "h": clock, "set": fields}]}})
        equal(answer["ack"]["res"], {}, "verdicts")
        return answer["ack"]["rows"][0]["q"]

    def get_reviews(self, path):
        return self.call("GET", path, signed_in=False)["reviews"]


def story_publish_and_withdraw(world):
    cloud = world.cloud()
    ana = world.person("ana", cloud)
    ana.sign_up("ana@example.org")
    bob = world.person("bob", cloud)
    bob.sign_up("bob@example.org")
    ana, bob = Caller(ana, "AAAAAAAA"), Caller(bob, "BBBBBBBB")
    film = "/v1/films/603/reviews"

    seq = ana.write("v1", film=603, public=True, rv={"text": "He is the one.", "spoiler": True})
    equal(ana.get_reviews(film), [], "without a handle")
    ana.call("PUT", "/v1/profile", {"handle": "ana"})
    review = wait_until(lambda: ana.get_reviews(film), what="the publication")[0]
    equal(review["handle"], "ana")
    equal(review["spoiler"], True)
    equal(ana.get_reviews("/v1/people/ana/reviews"), [review])

    equal(bob.call("PUT", "/v1/profile", {"handle": "ana"}, 409)["code"], "handle_taken")
    bob.call("POST", f"/v1/reviews/{review['id']}/report", status=202)
    bob.call("POST", f"/v1/reviews/{review['id']}/report", status=409)
    bob.call("POST", f"/v1/reviews/{review['id']}/report", status=401, signed_in=False)

    ana.write("v1", base=seq, public=False)
    wait_until(lambda: ana.get_reviews(film) == [], what="the withdrawal")
    equal(ana.get_reviews("/v1/people/ana/reviews"), [])


def story_delete_the_account(world):
    cloud = world.cloud()
    people = world.person("ana", cloud), world.person("bob", cloud)
    for person, name in zip(people, ("ana", "bob"), strict=True):
        person.sign_up(f"{name}@example.org")
    ana, bob = Caller(people[0], "AAAAAAAA"), Caller(people[1], "BBBBBBBB")
    film = "/v1/films/603/reviews"
    for caller, name in ((ana, "ana"), (bob, "bob")):
        caller.call("PUT", "/v1/profile", {"handle": name})
        caller.write("v1", film=603, public=True, rv="Of " + name)
    wait_until(lambda: len(ana.get_reviews(film)) == 2, what="the publication")

    ana.call("DELETE", "/v1/account", status=202)
    wait_until(lambda: len(ana.get_reviews(film)) == 1, what="the deletion of the review")
    equal(ana.get_reviews(film)[0]["handle"], "bob")
    wait_until(lambda: people[0].run("sign-in", "ana@example.org", status=1).err,
               what="the deletion of the user")
    equal(ana.call("GET", "/v1/people/ana/reviews", status=404)["code"], "not_found")
    equal(bob.call("GET", "/v1/profile"), {"handle": "bob"})
    bob.call("PUT", "/v1/profile", {"handle": "ana"})


if __name__ == "__main__":
    rafilm_e2e.main()
