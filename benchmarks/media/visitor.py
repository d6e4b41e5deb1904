"""A visitor of an app that knows Gradio's protocol: uploads, events of the queue, and the files of an answer."""

from __future__ import annotations

import json
import uuid
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import urlopen


class Visitor:
    """One page's worth of requests. Each answer is read whole; files are fetched as often as they are named."""

    def __init__(self, base: str, prefix: str) -> None:
        parts = urlsplit(base)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._base, self._prefix = base, prefix
        self._session = uuid.uuid4().hex[:12]
        self._requests = HTTPConnection(self._host, self._port, timeout=120)
        with urlopen(f"{base}/config", timeout=60) as response:
            listeners = json.load(response)["dependencies"]
        self._functions = {each.get("api_name"): each.get("id", at) for at, each in enumerate(listeners)}

    def upload(self, name: str, content: bytes, kind: str) -> dict[str, Any]:
        """Send a file; how a value names it."""
        border = uuid.uuid4().hex
        about = f'Content-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        body = f"--{border}\r\n{about}".encode() + content + f"\r\n--{border}--\r\n".encode()
        answer = self._ask(f"{self._prefix}/upload", body, f"multipart/form-data; boundary={border}")
        return {"path": json.loads(answer)[0], "orig_name": name, "meta": {"_type": "gradio.FileData"}}

    def call(self, name: str, *data: Any) -> list[Any]:
        """Join the queue and follow the event to its end; its last values."""
        event = {"data": data, "fn_index": self._functions[name], "session_hash": self._session}
        self._ask(f"{self._prefix}/queue/join", json.dumps(event).encode(), "application/json")
        stream = HTTPConnection(self._host, self._port, timeout=120)
        stream.request("GET", f"{self._prefix}/queue/data?session_hash={self._session}")
        try:
            return self._followed(stream.getresponse())
        finally:
            stream.close()

    def fetch(self, value: Any) -> int:
        """Get every file that a value names; how many bytes they are. A list of pieces is followed to the pieces."""
        if isinstance(value, list):
            return sum(map(self.fetch, value))
        if not isinstance(value, dict):
            return 0
        if "path" not in value:
            return sum(map(self.fetch, value.values()))
        address = value.get("url") or f"{self._prefix}/file={quote(value['path'])}"
        return self._fetched(urljoin(f"{self._base}/", address))

    def _fetched(self, address: str) -> int:
        with urlopen(address, timeout=60) as response:
            content = response.read()
        if not content.startswith(b"#EXTM3U"):
            return len(content)
        pieces = [line for line in content.decode().splitlines() if line and not line.startswith("#")]
        return sum(self._fetched(urljoin(address, piece)) for piece in pieces)

    def _followed(self, stream: HTTPResponse) -> list[Any]:
        for line in stream:
            if not line.startswith(b"data:"):
                continue
            message = json.loads(line[5:])
            if message["msg"] == "process_completed":
                if not message["success"]:
                    raise RuntimeError(f"The event failed: {message['output']}")
                values: list[Any] = message["output"]["data"]
                return values
        raise RuntimeError("The stream of events ended before its event did.")

    def _ask(self, path: str, body: bytes, kind: str) -> bytes:
        self._requests.request("POST", path, body, {"Content-Type": kind})
        response = self._requests.getresponse()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path} gave {response.status}: {content[:300]!r}")
        return content
