"""Many conversations at once: `python -m benchmarks.chat --sessions 100 --tokens 500`.

Each session gets an answer of so many tokens in a Chatbot, read as Gradio's clients read it. Beside it the same server
sends the same number of events as plain server-sent events; `--url` measures another server, such as Gradio with the
same app, whose listener is called `chat`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx

import blocks_app as gr


def app(tokens: int) -> gr.Blocks:
    """The page that is measured."""

    async def chat(message: str) -> AsyncIterator[list[list[str]]]:
        answer = ""
        for number in range(tokens):
            answer += f"word{number} "
            yield [[message, answer]]
            await asyncio.sleep(0)

    with gr.Blocks() as demo:
        message, talk = gr.Textbox(), gr.Chatbot()
        message.submit(chat, message, talk, api_name="chat", concurrency_limit=None)
    return demo


async def raw(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Plain server-sent events: as many as `?tokens=` says, without anything of Blocks."""
    tokens = int(scope["query_string"].decode().partition("tokens=")[2] or 500)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    for number in range(tokens):
        event = f"data: {json.dumps({'data': f'word{number} '})}\n\n"
        await send({"type": "http.response.body", "body": event.encode(), "more_body": True})
        await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b""})


async def talk(client: httpx.AsyncClient, url: str, number: int) -> int:
    """One session: asks, and reads the answer to its end. Returns the bytes that came."""
    session, size = f"chat{number}", 0
    config = (await client.get(f"{url}config")).json()
    prefix = (config.get("api_prefix") or "").strip("/") + "/"
    fn_index = next(each["id"] for each in config["dependencies"] if each["api_name"] == "chat")
    body = {"data": ["Hi"], "fn_index": fn_index, "session_hash": session}
    (await client.post(f"{url}{prefix.lstrip('/')}queue/join", json=body)).raise_for_status()
    address = f"{url}{prefix.lstrip('/')}queue/data?session_hash={session}"
    async with client.stream("GET", address) as answer:
        async for line in answer.aiter_lines():
            size += len(line)
            if '"process_completed"' in line:
                assert json.loads(line[5:])["success"], line[:300]
                return size
    raise RuntimeError("The stream ended before the answer did.")


async def listen(client: httpx.AsyncClient, url: str, tokens: int) -> int:
    """One stream of plain events. Returns the bytes that came."""
    async with client.stream("GET", f"{url}?tokens={tokens}") as answer:
        return sum([len(line) async for line in answer.aiter_lines()])


async def measured(sessions: int, once: Any) -> dict[str, float]:
    """Seconds and bytes of so many at the same moment."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=600, limits=limits) as client:
        start = time.perf_counter()
        sizes = await asyncio.gather(*(once(client, number) for number in range(sessions)))
        return {"seconds": round(time.perf_counter() - start, 3), "bytes": sum(sizes)}


def main() -> None:
    """Prints one line of JSON for each server."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sessions", type=int, default=100)
    options.add_argument("--tokens", type=int, default=500)
    options.add_argument("--url", help="address of a running server in place of ours, with a slash at the end")
    options.add_argument("--raw", help="address where `benchmarks.chat:raw` is served")
    given = options.parse_args()
    url = given.url
    if url is None:
        _, url, _ = app(given.tokens).launch(prevent_thread_lock=True, quiet=True)
    url = url.rstrip("/") + "/"
    found = asyncio.run(measured(given.sessions, lambda client, number: talk(client, url, number)))
    print(json.dumps({"what": "chat", "sessions": given.sessions, "tokens": given.tokens, **found}))
    if given.raw:
        plain = asyncio.run(measured(given.sessions, lambda client, _: listen(client, given.raw, given.tokens)))
        print(json.dumps({"what": "raw", "sessions": given.sessions, "tokens": given.tokens, **plain}))


if __name__ == "__main__":
    main()
