"""A ZeroMQ peer that another program drives: it reads a command a line, as JSON, and answers each with a line.

["socket", id, type, options]   ["bind", id, endpoint] -> endpoint      ["connect", id, endpoint]
["subscribe", id, prefix]       ["send", id, frames]                    ["receive", id] -> frames
["fill", id, frames, limit]     -> how many it could send until it would have had to wait
["count", id]                   -> how many frames can be received one by one until one says END
Frames and prefixes are base64.
"""
import base64
import json
import sys

import zmq

DEADLINE_MS = 20_000

context = zmq.Context()
sockets = {}


def open_socket(number, kind, options):
    socket = sockets[number] = context.socket(getattr(zmq, kind))
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.RCVTIMEO, DEADLINE_MS)
    socket.setsockopt(zmq.SNDTIMEO, DEADLINE_MS)
    for name, value in options.items():
        socket.setsockopt(getattr(zmq, name), value.encode() if isinstance(value, str) else value)


def bind(number, endpoint):
    sockets[number].bind(endpoint)
    return sockets[number].getsockopt(zmq.LAST_ENDPOINT).rstrip(b"\0").decode()


def connect(number, endpoint):
    sockets[number].connect(endpoint)


def subscribe(number, prefix):
    sockets[number].setsockopt(zmq.SUBSCRIBE, base64.b64decode(prefix))


def send(number, frames):
    sockets[number].send_multipart([base64.b64decode(frame) for frame in frames])


def receive(number):
    return [base64.b64encode(frame).decode() for frame in sockets[number].recv_multipart()]


def fill(number, frames, limit):
    message = [base64.b64decode(frame) for frame in frames]
    for sent in range(limit):
        try:
            sockets[number].send_multipart(message, zmq.NOBLOCK)
        except zmq.Again:
            return sent
    return limit


def count(number):
    frames = 0
    while sockets[number].recv() != b"END":
        frames += 1
    return frames


COMMANDS = {"socket": open_socket, "bind": bind, "connect": connect, "subscribe": subscribe, "send": send, "receive": receive, "fill": fill, "count": count}

print(json.dumps(zmq.zmq_version()), flush=True)
for line in sys.stdin:
    name, *arguments = json.loads(line)
    try:
        answer = {"value": COMMANDS[name](*arguments)}
    except zmq.ZMQError as error:
        answer = {"error": f"{name}: {error}"}
    print(json.dumps(answer), flush=True)
context.destroy(0)
