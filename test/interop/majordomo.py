"""Majordomo clients and workers as the RFCs 7/MDP and 18/MDP have them, written against those texts alone.

majordomo.py worker VERSION ENDPOINT SERVICE HEARTBEAT_MS LIVENESS
    Reverses each frame of a request. In 0.2 each frame is a partial reply, and the final one says how many there were.
    A request that says "die" ends the process in the middle of it.
majordomo.py client VERSION ENDPOINT SERVICE FRAME...
    Sends one request and prints the frames of each reply as JSON, one reply a line.
majordomo.py ahead VERSION ENDPOINT SERVICE COUNT
    Sends so many requests of 0.1 at once, as the guide's asynchronous client does, then reads the replies, and prints how many are what was asked for.
"""
import json
import os
import sys
import time

import zmq

context = zmq.Context()


class Worker:
    def __init__(self, version, endpoint, service, heartbeat_ms, liveness):
        self.version, self.endpoint, self.service = version, endpoint, service.encode()
        self.heartbeat, self.liveness = int(heartbeat_ms) / 1000, int(liveness)
        self.head = [b"", b"MDPW01"] if version == "0.1" else [b"MDPW02"]
        self.codes = dict(zip(["READY", "REQUEST", "REPLY", "HEARTBEAT", "DISCONNECT"], range(1, 6))) if version == "0.1" else dict(
            zip(["READY", "REQUEST", "PARTIAL", "FINAL", "HEARTBEAT", "DISCONNECT"], range(1, 7)))
        self.socket = None

    def connect(self):
        if self.socket is not None:
            self.socket.close(0)
        self.socket = context.socket(zmq.DEALER)
        self.socket.connect(self.endpoint)
        self.say("READY", self.service)
        self.heard = time.monotonic()
        print("ready", flush=True)

    def say(self, command, *frames):
        self.socket.send_multipart([*self.head, bytes([self.codes[command]]), *frames])
        self.told = time.monotonic()

    def run(self):
        self.connect()
        while True:
            if self.socket.poll(self.heartbeat * 1000 / 2):
                self.hear(self.socket.recv_multipart())
            now = time.monotonic()
            if now - self.heard > self.heartbeat * self.liveness:
                self.connect()
            elif now - self.told > self.heartbeat:
                self.say("HEARTBEAT")

    def hear(self, frames):
        self.heard = time.monotonic()
        assert frames[: len(self.head)] == self.head, frames
        (code,), rest = frames[len(self.head)], frames[len(self.head) + 1 :]
        if code == self.codes["REQUEST"]:
            client, empty, *body = rest
            assert empty == b"" and body, frames
            self.work([client, b""], body)
        elif code == self.codes["DISCONNECT"]:
            assert rest == [], frames
            self.connect()
        else:
            assert code == self.codes["HEARTBEAT"] and rest == [], frames

    def work(self, address, body):
        if body == [b"die"]:
            os._exit(1)
        if self.version == "0.1":
            return self.say("REPLY", *address, *[frame[::-1] for frame in body])
        for frame in body:
            self.say("PARTIAL", *address, frame[::-1])
        self.say("FINAL", *address, str(len(body)).encode())


def ask(version, endpoint, service, *body):
    socket = context.socket(zmq.REQ if version == "0.1" else zmq.DEALER)
    socket.setsockopt(zmq.RCVTIMEO, 20_000)
    socket.connect(endpoint)
    # A REQ writes and reads the empty frame of 0.1 by itself.
    head = [b"MDPC01"] if version == "0.1" else [b"MDPC02", b"\x01"]
    socket.send_multipart([*head, service.encode(), *[frame.encode() for frame in body]])
    while True:
        frames = socket.recv_multipart()
        header, *rest = frames
        assert header == head[0], frames
        command = rest.pop(0) if version == "0.2" else b"\x03"
        assert command in (b"\x02", b"\x03") and rest[0] == service.encode(), frames
        print(json.dumps([frame.decode() for frame in rest[1:]]), flush=True)
        if command == b"\x03":
            return socket.close(0)


def ask_ahead(version, endpoint, service, count):
    socket = context.socket(zmq.DEALER)
    socket.setsockopt(zmq.RCVTIMEO, 20_000)
    socket.setsockopt(zmq.SNDHWM, 0)
    socket.connect(endpoint)
    for number in range(int(count)):
        socket.send_multipart([b"", b"MDPC01", service.encode(), str(number).encode()])
    right = 0
    for number in range(int(count)):
        right += socket.recv_multipart() == [b"", b"MDPC01", service.encode(), str(number).encode()[::-1]]
    print(json.dumps([str(right)]), flush=True)
    socket.close(0)


role, *arguments = sys.argv[1:]
if role == "worker":
    Worker(*arguments).run()
elif role == "ahead":
    ask_ahead(*arguments)
else:
    ask(*arguments)
context.destroy(0)
