"""One exchange on /ws/chat, with the package `websockets` (pip install websockets).

    python3 examples/chat_websockets.py "Hello Sarah!"

PERSONA_URL names the service (http://127.0.0.1:8000), PERSONA_TOKEN its access token where it demands one.
"""

import asyncio
import json
import os
import sys

import websockets
from websockets.exceptions import WebSocketException

ADDRESS = os.environ.get("PERSONA_URL", "http://127.0.0.1:8000").replace("http", "ws", 1) + "/ws/chat"
TOKEN = os.environ.get("PERSONA_TOKEN")


async def main():
    words = sys.argv[1] if len(sys.argv) > 1 else "Hello Sarah!"
    # The way in which a browser shows its token too; every version of the package can do it.
    protocols = ["companion.v1", f"bearer.{TOKEN}"] if TOKEN else None
    async with websockets.connect(ADDRESS, subprotocols=protocols) as socket:
        await socket.send(json.dumps({"message": words, "character_id": "default", "user_id": "user123"}))
        async for text in socket:
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
        asyncio.run(main())
    except (OSError, WebSocketException) as error:
        sys.exit(f"{ADDRESS} cannot be reached, or it demands its token in PERSONA_TOKEN: {error}")
