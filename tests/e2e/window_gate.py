# SPDX-License-Identifier: GPL-3.0-or-later
"""A gate before the cloud that holds requests, answers in its stead, or spoils what is sent."""

import gzip
import json
import re
import threading

from chaos_proxy import Proxy, answer_bytes
from rafilm_e2e import wait_until

HOLD_SECONDS = 60
SYNC = "/v1/sync"
JSON = "Content-Type: application/problem+json"


class Gate(Proxy):
    def __init__(self, cloud):
        super().__init__(0)
        self.status = None
        self.spoil = False
        self.page = None
        self.passes = None
        self.held = 0
        self.opened = threading.Condition()
        self.known = self.endpoints(cloud.endpoints)
        # A WebSocket is more than a request and its answer, so it goes past the gate.
        self.known["RAFILM_SOCKET_URL"] = cloud.endpoints["RAFILM_SOCKET_URL"]

    def close_after(self, requests):
        """Lets so many requests of synchronisation through, and holds the next."""
        with self.opened:
            self.passes = requests

    def open(self):
        with self.opened:
            self.passes = None
            self.opened.notify_all()

    def see_held(self):
        wait_until(lambda: self.held > 0, what="a request at the gate")

    def _await_opening(self):
        with self.opened:
            if self.passes is None:
                return
            if self.passes > 0:
                self.passes -= 1
                return
            self.held += 1
            self.opened.wait_for(lambda: self.passes is None, HOLD_SECONDS)
            self.held -= 1

    def forward(self, method, path, body, headers):
        if self.status == 401 and path == "/":
            answer = {"__type": "NotAuthorizedException", "message": "Refresh Token has been revoked"}
            return answer_bytes(400, json.dumps(answer).encode(), JSON)
        if path.endswith(SYNC):
            self._await_opening()
            if self.status is not None:
                problem = {"status": self.status}
                if self.status == 410:
                    problem["code"] = "account_deleted"
                return answer_bytes(self.status, json.dumps(problem).encode(), JSON)
            # Longer requests come compressed.
            if any(k.lower() == "content-encoding" for k in headers):
                body = gzip.decompress(body)
            headers = {k: v for k, v in headers.items()
                       if k.lower() not in ("content-length", "content-encoding")}
            if self.spoil:
                # Eleven stars of five, which the server refuses for good.
                body = re.sub(rb'"rating":[0-9]+', b'"rating":22', body)
            if self.page is not None:
                body = b'{"max":%d,' % self.page + body[1:]
        return super().forward(method, path, body, headers)
