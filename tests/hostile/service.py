# SPDX-License-Identifier: GPL-3.0-or-later
"""The service as a stranger sees it: its addresses, accounts by SRP, and calls whose every answer
is held to infra/openapi.yaml."""

import http.client
import json
import os
import re
import time
import urllib.parse

import jsonschema
import yaml

from rafilm_e2e import check, equal
from srp import SignIn

PASSWORD = "Correct-Horse-7-Battery"
SECONDS = 60
# What API Gateway answers by itself, whatever the route.
GATEWAY = {401: {"unauthorized"}, 403: {"forbidden"}, 404: {"not_found"}, 405: {"not_found"},
           413: {"too_large"}, 415: {"bad_request"}, 429: {"throttled"}}


class Reply:
    def __init__(self, answer, body):
        self.status = answer.status
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json.get("code")

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Specification:
    """infra/openapi.yaml as a judge of answers."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.text = yaml.safe_load(file)
        self.routes = []
        for path_name, methods in self.text["paths"].items():
            pattern = re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path_name) + "$")
            for method, operation in methods.items():
                self.routes.append((path_name.count("{"), method.upper(), pattern, operation))
        self.routes.sort(key=lambda route: route[0])
        self.validators = {}

    def find(self, method, path):
        for _, name, pattern, operation in self.routes:
            if name == method and pattern.match(path):
                return operation
        return None

    def resolve(self, node):
        while "$ref" in node:
            target = self.text
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def validate(self, schema, value):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            whole = schema | {"components": self.text["components"]}
            self.validators[key] = jsonschema.Draft202012Validator(whole)
        error = jsonschema.exceptions.best_match(self.validators[key].iter_errors(value))
        check(error is None, "not as openapi.yaml says:", error and error.message,
              error and list(error.absolute_path), json.dumps(value)[:300])

    def judge(self, method, path, reply):
        """The status is one of those told, and the body is as told; a refusal has a code told."""
        problem = self.text["components"]["schemas"]["Problem"]
        if reply.status >= 400:
            equal(reply.headers.get("content-type"), "application/problem+json", method, path, reply)
            self.validate(problem, reply.json)
            equal(reply.json["status"], reply.status)
        operation = self.find(method, path)
        told = operation and operation["responses"].get(str(reply.status))
        if told is None:
            check(reply.code in GATEWAY.get(reply.status, ()), method, path, "is not told of:", reply)
            return
        response = self.resolve(told)
        media = "application/json" if reply.status < 400 else "application/problem+json"
        self.validate(response["content"][media]["schema"], reply.json)
        if reply.status >= 400:
            codes = set(re.findall(r"`([a-z_]+)`", response["description"]))
            schema = json.dumps(response["content"][media]["schema"])
            check(reply.code in codes or "SyncConflict" in schema, method, path,
                  "a code that is not told of:", reply)


class User:
    """An account with its tokens."""

    def __init__(self, service, email):
        self.service = service
        self.email = email
        self.tokens = {}
        self.sub = None

    @property
    def token(self):
        return self.tokens["AccessToken"]

    def sync(self, request, **more):
        return self.service.call("POST", "/v1/sync", request, token=self.token, **more)

    def call(self, method, path, body=None, **more):
        return self.service.call(method, path, body, token=self.token, **more)


class Service:
    def __init__(self, cloud):
        self.cloud = cloud
        self.endpoints = cloud.endpoints
        self.api = urllib.parse.urlsplit(self.endpoints["RAFILM_API_URL"])
        self.specification = Specification(os.environ["RAFILM_OPENAPI"])

    def call(self, method, path, body=None, **more):
        """As a client that is told to come again later does, it does so a few times."""
        for turn in range(5):
            reply = self.call_once(method, path, body, **more)
            if reply.status != 503:
                break
            time.sleep(0.5 * (turn + 1))
        check(reply.status < 500, "failed:", method, path[:200], len(body or b""), "bytes:", reply)
        return reply

    def call_once(self, method, path, body=None, token=None, headers=None, judged=True):
        """A body that is no bytes is sent as JSON."""
        if body is not None and not isinstance(body, (bytes, bytearray)):
            body = json.dumps(body, ensure_ascii=False).encode()
        sent = {"Content-Type": "application/json"}
        if token is not None:
            sent["Authorization"] = "Bearer " + token
        sent |= headers or {}
        connection = http.client.HTTPConnection(self.api.hostname, self.api.port, timeout=SECONDS)
        try:
            connection.request(method, self.api.path + path, body, sent)
            answer = connection.getresponse()
            reply = Reply(answer, answer.read())
        finally:
            connection.close()
        if judged and reply.status != 502:
            self.specification.judge(method, path.partition("?")[0], reply)
        return reply

    # ---- Cognito ----------------------------------------------------------------------------

    def post(self, url, target, version, parameters, headers=None):
        """A call of AWS's JSON protocol."""
        url = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=SECONDS)
        try:
            connection.request("POST", url.path or "/", json.dumps(parameters), {
                "Content-Type": "application/x-amz-json-" + version,
                "X-Amz-Target": target} | (headers or {}))
            answer = connection.getresponse()
            return Reply(answer, answer.read())
        finally:
            connection.close()

    def try_cognito(self, name, **parameters):
        return self.post(self.endpoints["RAFILM_COGNITO_URL"], "AWSCognitoIdentityProviderService." + name,
                         "1.1", parameters | {"ClientId": self.endpoints["RAFILM_COGNITO_CLIENT"]})

    def cognito(self, name, **parameters):
        reply = self.try_cognito(name, **parameters)
        equal(reply.status, 200, name, reply)
        return reply.json

    def sign_in(self, email):
        attempt = SignIn(self.endpoints["RAFILM_COGNITO_POOL"], PASSWORD)
        begun = self.cognito("InitiateAuth", AuthFlow="USER_SRP_AUTH",
                             AuthParameters=attempt.get_parameters(email))
        equal(begun["ChallengeName"], "PASSWORD_VERIFIER")
        return self.cognito("RespondToAuthChallenge", ChallengeName="PASSWORD_VERIFIER",
                            Session=begun.get("Session"),
                            ChallengeResponses=attempt.answer(begun["ChallengeParameters"])
                            )["AuthenticationResult"]

    def sign_up(self, name):
        user = User(self, f"{name}@example.org")
        made = self.cognito("SignUp", Username=user.email, Password=PASSWORD,
                            UserAttributes=[{"Name": "email", "Value": user.email}])
        self.cognito("ConfirmSignUp", Username=user.email,
                     ConfirmationCode=self.cloud.get_code(user.email))
        user.sub = made["UserSub"]
        user.tokens = self.sign_in(user.email)
        return user

    # ---- the table --------------------------------------------------------------------------

    def dynamodb(self, name, **parameters):
        """What an operator may see; moto asks for no right signature."""
        reply = self.post(self.endpoints["RAFILM_DYNAMODB_URL"], "DynamoDB_20120810." + name, "1.0",
                          parameters | {"TableName": self.endpoints["RAFILM_TABLE"]},
                          {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/"
                                            "dynamodb/aws4_request, SignedHeaders=host, Signature=0"})
        equal(reply.status, 200, name, reply)
        return reply.json

    def get_items(self, user):
        """All items of a person's partition."""
        items, more = [], {}
        while True:
            page = self.dynamodb("Query", KeyConditionExpression="pk = :p",
                                 ExpressionAttributeValues={":p": {"S": "U#" + user.sub}}, **more)
            items += page["Items"]
            if "LastEvaluatedKey" not in page:
                return sorted(items, key=lambda item: item["sk"]["S"])
            more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
