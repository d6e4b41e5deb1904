"""T36: the session or event id of another user opens, reads, stops and changes nothing."""

from __future__ import annotations

import threading
from typing import Any

import blocks_app as gr
from tests.auth_app.socket import EVENT, socket
from tests.auth_app.visitor import Visitor, site


class Diary:
    """Keeps what a session has said, and can be made to wait."""

    def __init__(self) -> None:
        self.gate, self.began = threading.Event(), threading.Event()
        with gr.Blocks() as demo:
            text, kept, out = gr.Textbox(), gr.State([]), gr.Textbox()
            gr.Button().click(self.write, [text, kept], [out, kept], api_name="write")
        self.demo = demo.protect(auth=[("ann", "a"), ("eve", "e")])

    def write(self, text: str, kept: list[str]) -> tuple[str, list[str]]:
        if text == "wait":
            self.began.set()
            self.gate.wait(10)
        return ",".join([*kept, text]), [*kept, text]


async def users(client: Any) -> tuple[Visitor, Visitor]:
    ann, eve = (Visitor(client, origin="http://testserver") for _ in range(2))
    await ann.login("ann", "a"), await eve.login("eve", "e")
    return ann, eve


def body(text: str, session: str = "ann-1") -> dict[str, Any]:
    return {"data": [text, None], "fn_index": 0, "session_hash": session}


async def test_a_strangers_endpoints_are_closed() -> None:
    diary = Diary()
    async with site(diary.demo) as client:
        ann, eve = await users(client)
        async with socket(ann, "ann-1") as page:
            page.submit(0, "wait", None)
            await page.message("process_starts")
            for path in ("queue/join", "call/write", "run/write"):
                refused = await eve.post(f"/app/{path}", body("mine"))
                assert (refused.status, refused.json["detail"]) == (404, "Session not found."), path
            assert (await eve.get("/app/heartbeat/ann-1")).status == 404
            stream = await eve.get("/app/queue/data?session_hash=ann-1")
            assert (
                stream.messages
                == [
                    {
                        "msg": "unexpected_error",
                        "message": "404: Not Found",
                        "success": False,
                        "session_not_found": True,
                    }
                ]
                or stream.messages[0]["session_not_found"]
            )
            async with socket(eve, "ann-1") as other:
                assert (await other.until("refused"))["status"] == 404
                await other.until("closed")
            stopped = await eve.post("/app/cancel", {"session_hash": "ann-1", "event_id": EVENT, "fn_index": 0})
            assert stopped.json == {"success": True}  # ids cannot be probed
            async with socket(eve, "eve-1") as own:
                await own.until("welcome")
                own.send(type="cancel", event_id=EVENT)
                own.send(type="ping")
                await own.until("pong")
            diary.gate.set()
            completed = await page.message("process_completed")
            assert completed["success"] and completed["output"]["data"][0] == "wait"


async def test_the_result_of_a_call_is_its_callers() -> None:
    async with site(Diary().demo) as client:
        ann, eve = await users(client)
        event_id = (await ann.post("/app/call/write", {"data": ["secret"]})).json["event_id"]
        assert (await eve.get(f"/app/call/write/{event_id}")).body == b'event: error\ndata: "404: Not Found"\n\n'
        assert b"secret" in (await ann.get(f"/app/call/write/{event_id}")).body


async def test_state_is_per_user_even_under_one_name() -> None:
    async with site(Diary().demo) as client:
        ann, eve = await users(client)
        assert (await ann.post("/app/run/write", body("one"))).json["data"][0] == "one"
        assert (await eve.post("/app/run/write", body("two"))).status == 404
        assert (await ann.post("/app/run/write", body("three"))).json["data"][0] == "one,three"
