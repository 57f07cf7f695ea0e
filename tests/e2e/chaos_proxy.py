# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to the cloud, and its weather: requests and answers get lost, late, doubled or spoilt."""

import http.client
import http.server
import random
import socket
import struct
import threading
import time
import urllib.parse

ANSWER_SECONDS = 60

# For each weather how often, of 100 requests.
WEATHERS = {
    "calm": {},
    "rough": {"refuse": 4, "cut-request": 4, "lose-answer": 8, "half-answer": 5, "late": 8,
              "twice": 6, "again-later": 4, "500": 4, "503": 3, "429": 3, "garbage": 3, "502-after": 4},
    "answers-lost": {"lose-answer": 40, "half-answer": 20},
    "down": {"refuse": 100},
}


def answer_bytes(status, body, *headers):
    lines = [f"HTTP/1.1 {status} Weather", f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


PROBLEM = "Content-Type: application/problem+json"
SPOILT = {
    "500": answer_bytes(500, b'{"title":"Internal Server Error","status":500}', PROBLEM),
    "503": answer_bytes(503, b"<html>Service Unavailable</html>", "Content-Type: text/html"),
    "429": answer_bytes(429, b'{"status":429}', PROBLEM, "Retry-After: 1"),
    "garbage": answer_bytes(200, b'\x00{"acct": "nobody", "rows": [1,', "Content-Type: application/json"),
    "502-after": answer_bytes(502, b"Bad Gateway", "Content-Type: text/plain"),
}


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _cut(self):
        """As a pulled plug: not even the end of the connection is told in good order."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _send(self, data):
        self.close_connection = True
        self.connection.sendall(data)

    def _handle(self):
        proxy = self.server.proxy
        fault = proxy.draw(self.path)
        if fault == "refuse":
            self._cut()
            return
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length // 2 if fault == "cut-request" else length)
        if fault == "cut-request":
            self._cut()
            return
        if fault in ("500", "503", "429", "garbage"):
            self._send(SPOILT[fault])
            return
        self._pass(proxy, fault, body)

    def _pass(self, proxy, fault, body):
        request = (self.command, self.path, body, dict(self.headers.items()))
        if fault == "late":
            time.sleep(proxy.delay())
        answer = proxy.forward(*request)
        if fault == "twice":
            answer = proxy.forward(*request) or answer
        if fault == "again-later":
            proxy.forward_later(*request)
        if answer is None or fault == "lose-answer":
            self._cut()
        elif fault == "502-after":
            self._send(SPOILT[fault])
        elif fault == "half-answer":
            self._send(answer[: len(answer) * 2 // 3])
            self._cut()
        else:
            self._send(answer)

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (OSError, ValueError):  # the client has gone, or was cut off
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _handle

    def log_message(self, *_):
        pass


class Proxy:
    """Listens on one port as long as it lives, wherever the cloud is meanwhile."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.weather = "calm"
        self.target = None
        self.counts = {}
        self.requests = 0
        self.under_way = 0
        self.later = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.server.daemon_threads = True
        self.server.proxy = self
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def endpoints(self, cloud):
        """The cloud's addresses as the computers are to know them."""
        self.target = urllib.parse.urlsplit(cloud["RAFILM_API_URL"]).netloc
        own = f"127.0.0.1:{self.server.server_address[1]}"
        names = ("RAFILM_API_URL", "RAFILM_SOCKET_URL", "RAFILM_COGNITO_URL", "RAFILM_IMAGES_URL")
        return cloud | {name: cloud[name].replace(self.target, own) for name in names}

    def draw(self, path):
        with self.lock:
            self.requests += 1
            faults = WEATHERS[self.weather]
            drawn = self.random.random() * 100
            for fault, share in faults.items():
                drawn -= share
                if drawn < 0:
                    # Signing in again and again is no story: of it only the way there may break.
                    if path == "/" and fault not in ("refuse", "late", "500", "503"):
                        return None
                    self.counts[fault] = self.counts.get(fault, 0) + 1
                    return fault
            return None

    def delay(self):
        with self.lock:
            return 0.1 + 1.5 * self.random.random()

    def forward(self, method, path, body, headers):
        """The answer as bytes; None when there is none."""
        with self.lock:
            self.under_way += 1
        connection = http.client.HTTPConnection(self.target, timeout=ANSWER_SECONDS)
        try:
            headers = {k: v for k, v in headers.items() if k.lower() not in ("connection", "host")}
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            data = answer.read()
            kept = [f"{k}: {v}" for k, v in answer.getheaders()
                    if k.lower() not in ("content-length", "transfer-encoding", "connection")]
            return answer_bytes(answer.status, data, *kept)
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
            with self.lock:
                self.under_way -= 1

    def forward_later(self, *request):
        """A request that was long under way comes once more, when nobody expects it."""
        timer = threading.Timer(1 + self.delay(), self.forward, request)
        timer.daemon = True
        timer.start()
        self.later.append(timer)

    def settle(self, weather="down"):
        """Waits until nothing is under way any more; nothing new begins in that weather."""
        self.weather = weather
        for timer in self.later:
            timer.join()
        self.later.clear()
        end = time.monotonic() + ANSWER_SECONDS
        while self.under_way > 0 and time.monotonic() < end:
            time.sleep(0.02)

    def close(self):
        self.settle()
        self.server.shutdown()
        self.server.server_close()
