"""One exchange on /ws/chat, with the package `websockets` (pip install websockets).

    python3 examples/chat_websockets.py "Hello Sarah!"

PERSONA_URL names the service (http://127.0.0.1:8000), PERSONA_TOKEN its access token where it demands one.
"""

import json
import os
import sys

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

ADDRESS = os.environ.get("PERSONA_URL", "http://127.0.0.1:8000").replace("http", "ws", 1) + "/ws/chat"
TOKEN = os.environ.get("PERSONA_TOKEN")


def main():
    words = sys.argv[1] if len(sys.argv) > 1 else "Hello Sarah!"
    headers = {"Authorization": f"Bearer {TOKEN}"} if TOKEN else {}
    with connect(ADDRESS, additional_headers=headers) as socket:
        socket.send(json.dumps({"message": words, "character_id": "default", "user_id": "user123"}))
        for text in socket:
            frame = json.loads(text)
            if frame["type"] == "status":
                print(f"status: {frame['task']}")
            elif frame["type"] == "token":
                print(frame["content"], end="", flush=True)
            elif frame["type"] == "complete":
                print(f"\nsentiment: {json.dumps(frame['sentiment'])}")
                return  # The socket takes the next message as well; this program has none.
            elif frame["type"] == "error":
                sys.exit(f"{frame['code']}: {frame['message']}")


if __name__ == "__main__":
    try:
        main()
    except (OSError, WebSocketException) as error:
        sys.exit(f"{ADDRESS} cannot be reached, or it demands its token in PERSONA_TOKEN: {error}")
