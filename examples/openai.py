"""Talks with a character the way any OpenAI client does, with nothing but Python's standard library.

    python3 examples/openai.py "How was your day?"

PERSONA_URL names the service (http://127.0.0.1:8000), PERSONA_TOKEN its access token where it demands one.
A client of your own needs the same two: base URL "$PERSONA_URL/v1", and the token as its API key.
"""

import json
import os
import sys
import urllib.error
import urllib.request

BASE = os.environ.get("PERSONA_URL", "http://127.0.0.1:8000") + "/v1"
TOKEN = os.environ.get("PERSONA_TOKEN")


def ask(path, body=None):
    """Opens the answer to a GET, or to a POST where there is a body."""
    headers = {"Content-Type": "application/json"}
    if TOKEN:
        headers["Authorization"] = f"Bearer {TOKEN}"
    data = None if body is None else json.dumps(body).encode()
    try:
        return urllib.request.urlopen(urllib.request.Request(BASE + path, data, headers))
    except urllib.error.HTTPError as refusal:
        error = json.load(refusal)["error"]
        sys.exit(f"{refusal.code} {error['code']}: {error['message']}")


def words_of(answer):
    """The words of a streamed answer as they come."""
    for line in answer:
        data = line.decode().strip().removeprefix("data: ")
        if data == "[DONE]":
            return
        if data == "":
            continue
        chunk = json.loads(data)
        if "error" in chunk:
            sys.exit(f"{chunk['error']['code']}: {chunk['error']['message']}")
        for choice in chunk["choices"]:
            yield choice["delta"].get("content", "")


def main():
    question = sys.argv[1] if len(sys.argv) > 1 else "How was your day?"
    model = json.load(ask("/models"))["data"][0]["id"]
    print(f"model: {model}")

    messages = [
        {"role": "system", "content": "Answer in one or two sentences."},
        {"role": "user", "content": question},
    ]
    whole = json.load(ask("/chat/completions", {"model": model, "messages": messages}))
    reply = whole["choices"][0]["message"]["content"]
    print(f"whole: {reply}")
    print(f"tokens: {whole['usage']['total_tokens']}")

    # The service keeps nothing of this: what was said before is sent again.
    messages += [{"role": "assistant", "content": reply}, {"role": "user", "content": "And then?"}]
    print("streamed: ", end="")
    for words in words_of(ask("/chat/completions", {"model": model, "messages": messages, "stream": True})):
        print(words, end="", flush=True)
    print()


if __name__ == "__main__":
    main()
