# SPDX-License-Identifier: GPL-3.0-or-later
"""A WebSocket (RFC 6455) that may also send what no client should."""

import base64
import json
import os
import socket
import struct
import time
import urllib.parse

from rafilm_e2e import check

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Refused(Exception):
    def __init__(self, status):
        super().__init__(status)
        self.status = status


class Closed(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Socket:
    def __init__(self, service, token, authorization=None, query="", dev="SocketAA"):
        url = urllib.parse.urlsplit(service.endpoints["RAFILM_SOCKET_URL"])
        self.wire = socket.create_connection((url.hostname, url.port), 20)
        self.read = b""
        key = base64.b64encode(os.urandom(16)).decode()
        if token is not None:
            authorization = "Bearer " + token
        lines = [f"GET {url.path}{query} HTTP/1.1", f"Host: {url.netloc}", "Upgrade: websocket",
                 "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
                 f"X-Rafilm-Device: {dev}"]
        if authorization is not None:
            lines.append("Authorization: " + authorization)
        self.wire.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace"))
        while b"\r\n\r\n" not in self.read:
            piece = self.wire.recv(65536)
            check(piece, "the handshake was cut")
            self.read += piece
        head, _, self.read = self.read.partition(b"\r\n\r\n")
        status = int(head.split()[1])
        if status != 101:
            self.close()
            raise Refused(status)

    def send_frame(self, opcode, data, final=True, masked=True, reserved=0, length=None):
        length = len(data) if length is None else length
        first = (0x80 if final else 0) | reserved << 4 | opcode
        mask = 0x80 if masked else 0
        if length < 126:
            head = struct.pack("!BB", first, mask | length)
        elif length < 65536:
            head = struct.pack("!BBH", first, mask | 126, length)
        else:
            head = struct.pack("!BBQ", first, mask | 127, length)
        if masked:  # with zeros, which change nothing
            head += bytes(4)
        self.wire.sendall(head + data)

    def send(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        self.send_frame(TEXT, data)

    def send_json(self, value):
        self.send(json.dumps(value))

    def take(self, count):
        while len(self.read) < count:
            piece = self.wire.recv(65536)
            if not piece:
                raise Closed(0)
            self.read += piece
        data, self.read = self.read[:count], self.read[count:]
        return data

    def receive(self, seconds=15):
        """The next message; raises Closed when it is over and TimeoutError when nothing comes."""
        end, message = time.monotonic() + seconds, b""
        while True:
            self.wire.settimeout(max(0.05, end - time.monotonic()))
            try:
                first, second = self.take(2)
                length = second & 0x7F
                if length > 125:
                    (length,) = struct.unpack("!H" if length == 126 else "!Q",
                                              self.take(2 if length == 126 else 8))
                data = self.take(length)
            except ConnectionError as error:
                raise Closed(0) from error
            opcode = first & 0x0F
            if opcode == CLOSE:
                raise Closed(struct.unpack("!H", data[:2])[0] if len(data) > 1 else 1005)
            if opcode == PING:
                self.send_frame(PONG, data)
            elif opcode in (0, TEXT, BINARY):
                message += data
                if first & 0x80:
                    return message.decode()

    def receive_json(self, seconds=15):
        return json.loads(self.receive(seconds))

    def close(self):
        self.wire.close()
