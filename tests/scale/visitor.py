"""Somebody who uses an app from outside, and what they are told: without what differs from one run to the next."""

from __future__ import annotations

import html
import json
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

PATIENCE = 60.0
#: What tells of times, names and places.
VARIES = frozenset(("event_id", "eta", "rank_eta", "avg_time", "duration_s", "time", "render_id", "average_duration"))


class Visitor:
    """One page of an app at `url`, which ends with "/". Each request is one of its own: nothing leads it anywhere.

    Attributes:
        session: the page's session.
        seen: the number of the last message that its socket has brought.
        welcome: what its socket has said first.
    """

    def __init__(self, url: str, app: str, **headers: str) -> None:
        self.url = f"{url}{app}"
        self.session = secrets.token_hex(8)
        self.headers = {"user-agent": "visitor", **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.http = httpx.Client(base_url=self.url, timeout=PATIENCE, headers=self.headers, follow_redirects=False)
        self.config: dict[str, Any] = {}
        self.seen = 0
        self.welcome: dict[str, Any] = {}

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, tail: str, **query: str) -> Any:
        """What an endpoint answers."""
        return self._checked(self.http.get(tail, params=query))

    def post(self, tail: str, **body: Any) -> Any:
        """POST JSON."""
        return self._checked(self.http.post(tail, json=body))

    def status(self, tail: str, **body: Any) -> tuple[int, Any]:
        """POST JSON where that may be refused."""
        answer = self.http.post(tail, json=body)
        return answer.status_code, answer.json()

    def log_in(self, name: str, password: str) -> Visitor:
        """By the app's own form, as Gradio's clients do."""
        answer = self.http.post("login", data={"username": name, "password": password})
        assert answer.status_code in (200, 302, 303), answer.text
        return self

    def fn(self, name: str) -> int:
        """The number of a function."""
        if not self.config:
            self.config = self.get("config")
        [found] = [each["id"] for each in self.config["dependencies"] if each["api_name"] == name]
        return int(found)

    def block(self, kind: str, at: int = 0) -> int:
        """The number of a component."""
        if not self.config:
            self.config = self.get("config")
        return int([each["id"] for each in self.config["components"] if each["type"] == kind][at])

    # By two requests, as Gradio's clients

    def join(self, name: str | int, *data: Any, **more: Any) -> str:
        """Begin an event; its id."""
        number = name if isinstance(name, int) else self.fn(name)
        return str(
            self.post("queue/join", fn_index=number, data=list(data), session_hash=self.session, **more)["event_id"]
        )

    def told(self, *events: str) -> list[dict[str, Any]]:
        """All messages until these have ended."""
        left, found = set(events), []
        with self.http.stream("GET", "queue/data", params={"session_hash": self.session}) as stream:
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    message = json.loads(line[6:])
                    found.append(message)
                    if message["msg"] == "process_completed":
                        left.discard(message["event_id"])
                if not left:
                    return found
        raise AssertionError(f"The stream has ended without {left}: {found}")

    def messages(self, name: str | int, *data: Any, **more: Any) -> list[dict[str, Any]]:
        """Everything that is told of one event."""
        event = self.join(name, *data, **more)
        return [plain(each) for each in self.told(event) if each["msg"] not in ("estimation", "close_stream")]

    def values(self, name: str | int, *data: Any) -> Any:
        """What one event gives, or how it has failed."""
        end = self.messages(name, *data)[-1]
        return end["output"]["data"] if end["success"] else end["output"]

    def file(self, name: str | int, *data: Any) -> tuple[Any, httpx.Response]:
        """What one event gives that gives a file, and that file."""
        given = self.told(self.join(name, *data))[-1]["output"]["data"][0]
        return plain(given), self.fetch(given)

    def fetch(self, file: dict[str, Any]) -> httpx.Response:
        """A file, as its address says it."""
        answer = self.http.get(file["url"])
        assert answer.status_code == 200, answer.text
        return answer

    # By the page's socket

    @contextmanager
    def page(self, query: str = "", after: int | None = None) -> Iterator[ClientConnection]:
        """The page's socket, welcomed."""
        origin: Any = "/".join(self.url.split("/")[:3])
        asked = f"session_hash={self.session}&after={self.seen if after is None else after}{query}"
        cookie = "; ".join(f"{each.name}={each.value}" for each in self.http.cookies.jar)
        headers = {**self.headers, **({"cookie": cookie} if cookie else {})}
        agent = headers.pop("user-agent")
        address = f"{self.url.replace('http', 'ws', 1)}queue/ws?{asked}"
        with connect(
            address, origin=origin, open_timeout=PATIENCE, additional_headers=headers, user_agent_header=agent
        ) as socket:
            self.welcome = self.frames(socket, "welcome")[-1]
            yield socket

    def submit(self, socket: ClientConnection, name: str | int, *data: Any) -> str:
        """Begin an event by a socket; its id."""
        event, number = secrets.token_hex(16), name if isinstance(name, int) else self.fn(name)
        socket.send(json.dumps({"type": "submit", "event_id": event, "fn_index": number, "data": list(data)}))
        return event

    def frames(self, socket: ClientConnection, kind: str) -> list[dict[str, Any]]:
        """Frames up to the first of this type."""
        found: list[dict[str, Any]] = []
        while not found or found[-1]["type"] != kind:
            found.append(json.loads(socket.recv(PATIENCE)))
        return found

    def until(self, socket: ClientConnection, kind: str, event: str) -> list[dict[str, Any]]:
        """Messages up to the first of this kind that an event has."""
        found: list[dict[str, Any]] = []
        while True:
            for number, message in json.loads(socket.recv(PATIENCE)).get("items", ()):
                self.seen = max(self.seen, number)
                found.append(message)
            if any((each["msg"], each["event_id"]) == (kind, event) for each in found):
                return found

    @staticmethod
    def _checked(answer: httpx.Response) -> Any:
        assert answer.status_code == 200, f"{answer.url} {answer.status_code} {answer.text}"
        return answer.json()


class Operator:
    """Somebody in the admin of a site; each request goes to whichever process is next."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=PATIENCE, follow_redirects=True, headers={"referer": url})
        self.http.get("operator/").raise_for_status()
        self.http.get("admin/login/")
        self._post("admin/login/", username="root", password="everything", next="/admin/")
        assert "sessionid" in self.http.cookies

    def __enter__(self) -> Operator:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def row(self, model: str, term: str, shows: str) -> str:
        """The number of the row that a search finds, once the list shows what it should: rows are written behind."""
        until = time.monotonic() + PATIENCE
        while True:
            page = self.http.get(f"admin/queue_app/{model}/", params={"q": term}).text
            found = re.search(r'name="_selected_action" value="(\d+)"', page)
            if found and shows in page:
                return found[1]
            assert time.monotonic() < until, f"{model} {term} never shows {shows!r}"
            time.sleep(0.05)  # other processes: nothing here to wait on

    def act(self, model: str, action: str, row: str) -> str:
        """Do something to a row; what the page then says."""
        return self._said(self._post(f"admin/queue_app/{model}/", action=action, _selected_action=row, confirmed="1"))

    @staticmethod
    def _said(page: str) -> str:
        return html.unescape(" ".join(re.findall(r'<li class="(?:success|error)">(.*?)</li>', page, re.DOTALL)))

    def processes(self) -> str:
        """The list of all processes and workers, as it is now."""
        return self.http.get("admin/queue_app/worker/now/").raise_for_status().text

    def control(self, action: str, name: str) -> str:
        """Do something to a process; what the page then says."""
        return self._said(self._post("admin/queue_app/worker/control/", action=action, name=name, confirmed="1"))

    def nobody_works(self) -> list[str]:
        """What `ready` says of groups that nobody works, with a status that fits."""
        answer = self.http.get("ready")
        found = answer.json().get("problems", [])
        assert answer.status_code == (503 if found else 200)
        return [each for each in found if "Nobody works" in each]

    def _post(self, path: str, **fields: str) -> str:
        answer = self.http.post(path, data={"csrfmiddlewaretoken": self.http.cookies["csrftoken"], **fields})
        answer.raise_for_status()
        return answer.text


def plain(value: Any) -> Any:
    """Without what differs from one run to the next."""
    if isinstance(value, dict):
        kept = {name: plain(each) for name, each in value.items() if name not in VARIES}
        if "path" in kept and "url" in kept:  # a file: its place is its own
            kept |= {"path": str(kept["path"]).rpartition("/")[2], "url": str(kept["url"]).rpartition("/")[2]}
        if "duration" in kept and "is_generating" in kept:
            del kept["duration"]
        return kept
    return [plain(each) for each in value] if isinstance(value, list) else value
