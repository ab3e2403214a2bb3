"""One exchange on /ws/chat, with nothing but Python's standard library: WebSocket is a handshake and small frames.

    python3 examples/chat.py "Hello Sarah!"

PERSONA_URL names the service (http://127.0.0.1:8000), PERSONA_TOKEN its access token where it demands one.
"""

import base64
import json
import os
import socket
import struct
import sys
import urllib.parse

ADDRESS = urllib.parse.urlsplit(os.environ.get("PERSONA_URL", "http://127.0.0.1:8000"))
TOKEN = os.environ.get("PERSONA_TOKEN")
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


def open_socket(path):
    """Asks for the path as a WebSocket; returns the connection to write to, and the file to read from."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {ADDRESS.netloc}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
    ]
    if TOKEN:
        lines.append(f"Authorization: Bearer {TOKEN}")
    connection = socket.create_connection((ADDRESS.hostname, ADDRESS.port or 80))
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    file = connection.makefile("rb")
    status = file.readline().split()[1]
    while file.readline() not in (b"\r\n", b""):
        pass  # No other header of the answer matters here.
    if status != b"101":
        sys.exit(f"{status.decode()}: {file.read().decode()}")
    return connection, file


def send(connection, kind, data):
    """One frame. What a client sends is masked; no single frame here is longer than 65,535 bytes."""
    length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack("!H", len(data))
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(data))
    connection.sendall(bytes([0x80 | kind]) + length + mask + masked)


def receive(file):
    """Kind and data of the next frame; the service sends each message in one."""
    kind, length = file.read(2)
    if length == 126:
        (length,) = struct.unpack("!H", file.read(2))
    elif length == 127:
        (length,) = struct.unpack("!Q", file.read(8))
    return kind & 0x0F, file.read(length)


def frames(connection, file):
    """The messages of the service as they come; a ping is answered on the way."""
    while True:
        kind, data = receive(file)
        if kind == TEXT:
            yield json.loads(data)
        elif kind == PING:
            send(connection, PONG, data)
        elif kind == CLOSE:
            return


def main():
    words = sys.argv[1] if len(sys.argv) > 1 else "Hello Sarah!"
    connection, file = open_socket("/ws/chat")
    message = {"message": words, "character_id": "default", "user_id": "user123"}
    send(connection, TEXT, json.dumps(message).encode())
    for frame in frames(connection, file):
        if frame["type"] == "status":
            print(f"status: {frame['task']}")
        elif frame["type"] == "token":
            print(frame["content"], end="", flush=True)
        elif frame["type"] == "complete":
            print(f"\nsentiment: {json.dumps(frame['sentiment'])}")
            send(connection, CLOSE, struct.pack("!H", 1000))  # It would take the next message as well; this program has none.
        elif frame["type"] == "error":
            sys.exit(f"{frame['code']}: {frame['message']}")


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"{ADDRESS.geturl()} cannot be reached: {error}")
