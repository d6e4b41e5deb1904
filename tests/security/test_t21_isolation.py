"""T21: visitors at the same time never see each other's values, names or addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import blocks_app as gr
from tests.security.live import Live

VISITORS = 50


def app() -> gr.Blocks:
    def slowly(text: str, kept: str, request: gr.Request) -> Iterator[tuple[str, str]]:
        for _ in range(3):
            yield f"{text}|{kept}|{request.headers.get('x-visitor')}|{request.session_hash}", kept or text

    with gr.Blocks() as demo:
        text, kept, out = gr.Textbox(), gr.State(""), gr.Textbox()
        gr.Button().click(slowly, [text, kept], [out, kept], api_name="slowly", concurrency_limit=20)
    return demo


def visit(live: Live, number: int) -> list[str]:
    """Ask three times in a session of one's own; give what came."""
    found = []
    for _ in range(3):
        body = {"data": [f"v{number}"], "session_hash": f"s{number}"}
        started = live.post("call/slowly", body, X_Visitor=f"v{number}")
        result = live.ask(f"call/slowly/{started.json['event_id']}", X_Visitor=f"v{number}")
        found.append(result.body.decode())
    return found


def test_fifty_visitors_at_once(serve: Callable[..., Live]) -> None:
    live = serve(app())
    with ThreadPoolExecutor(VISITORS) as pool:
        answers = list(pool.map(lambda number: visit(live, number), range(VISITORS)))
    for number, answer in enumerate(answers):
        assert set(re.findall(r"\bv\d+\b", " ".join(answer))) == {f"v{number}"}
        assert set(re.findall(r"\bs\d+\b", " ".join(answer))) == {f"s{number}"}
        assert f"v{number}|v{number}|v{number}|s{number}" in answer[-1]


def test_fifty_addresses_at_once(serve: Callable[..., Live], settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    live = serve(app(), server_name="0.0.0.0")

    def asked(number: int) -> tuple[int, str, str]:
        host = f"host{number}.example:{live.port}"
        return number, live.ask("config", Host=host).json["root"], live.ask("", Host=host).body.decode()

    with ThreadPoolExecutor(VISITORS) as pool:
        for number, root, page in pool.map(asked, range(VISITORS)):
            assert root == f"http://host{number}.example:{live.port}"
            assert set(re.findall(r"host\d+\.example", page)) <= {f"host{number}.example"}


def test_every_page_has_a_nonce_of_its_own(serve: Callable[..., Live]) -> None:
    live = serve(app())
    with ThreadPoolExecutor(10) as pool:
        policies = list(pool.map(lambda _: live.ask("").headers["content-security-policy"], range(VISITORS)))
    assert len(set(policies)) == VISITORS
