"""Made-up frames over the page's socket."""

from __future__ import annotations

import json
import random
from typing import Any, get_args
from urllib.parse import quote, urlencode

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from blocks_app.protocol import ClientFrame
from tests.fuzz.requests import EVIL

PATIENCE = 30
NUMBER = ["1e308"]  # or what stands for it: values that json would not write
DEEP: list[Any] = json.loads("[" * 250 + "]" * 250)
#: What a page may say.
KINDS = [each.__struct_config__.tag for each in get_args(ClientFrame)]


def fuzz(port: int, frames: int, seed: int) -> None:
    """Send so many frames over as many sockets as it takes; each socket that is still open must answer a ping."""
    pick = random.Random(seed)
    sent = 0
    while sent < frames:
        asked = urlencode({"session_hash": f"fuzz{pick.randrange(5)}", "after": pick.choice(["0", "-1", *EVIL[-9:]])})
        if pick.random() < 0.1:
            asked += f"&__watch={quote(pick.choice(['e' * 32, *EVIL[:5]]))}"
        address = f"ws://127.0.0.1:{port}/queue/ws?{asked}"
        with connect(address, origin=f"http://127.0.0.1:{port}", open_timeout=PATIENCE) as socket:  # type: ignore[arg-type]
            try:
                for _ in range(20):
                    socket.send(_frame(pick))
                    sent += 1
                _expect_pong(socket)
            except ConnectionClosed as closed:
                assert closed.rcvd is not None and closed.rcvd.code >= 1000, "the socket was cut off"


def _expect_pong(socket: ClientConnection) -> None:
    socket.send('{"type":"ping"}')
    while json.loads(socket.recv(PATIENCE))["type"] != "pong":
        pass


def _frame(pick: random.Random) -> str | bytes:
    kind = pick.choice(["submit", "submit", "submit", *KINDS, "nonsense", None])
    frame: dict[str, Any] = {
        "type": kind,
        "event_id": pick.choice(["e" * 32, "".join(pick.choices("0123456789abcdef", k=32)), *EVIL[:5], 5]),
        "fn_index": pick.choice([pick.randrange(-2, 40), None, "x", 10**30]),
        "data": pick.choice(
            [[], [pick.choice(EVIL)], [None] * 5, {"a": 1}, [{"path": "/etc/passwd"}], ["1e308"], DEEP]
        ),
        "number": pick.choice([0, 1, -5, 2**53, "1"]),
        "index": pick.choice([0, 0, 1, 2, -1, "0"]),
        "text": pick.choice(['{"type":"submit","event_id":"', '{"type":"ping"}', "\ud83d", pick.choice(EVIL)]),
        "more": pick.choice([True, False, None]),
        "length": pick.choice([0, -1, 10, 10**12]),
    }
    text = json.dumps({name: value for name, value in frame.items() if pick.random() > 0.1})
    text = text.replace('"1e308"', pick.choice(["1e308", "1e999", '"\\ud83d"', "[" * 5000 + "]" * 5000]))
    return pick.choice([text] * 6 + [text[:-1], "", "\0", text.encode(), b"\xff\xfe"])
