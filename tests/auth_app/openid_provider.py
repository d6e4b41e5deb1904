"""A small OpenID provider on this machine: people are sent to it, and come back with who they are."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT, SECRET = "site", "between us"


class Provider(ThreadingHTTPServer):
    """Knows who may log in, which codes it gave for whom, and which tokens."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.codes: dict[str, tuple[str, str]] = {}
        self.tokens: dict[str, str] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answers(BaseHTTPRequestHandler):
    """One request."""

    server: Provider

    def log_message(self, *args: Any) -> None:
        return

    def do_GET(self) -> None:
        """Where things are; the page that people are sent to, where `login_hint` has clicked; who has a token."""
        place = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(place.query).items()}
        here = self.server.address
        if place.path == "/.well-known/openid-configuration":
            endpoints = {name: f"{here}/{name[:5]}" for name in ("authorization_endpoint", "token_endpoint")}
            self.say({"issuer": here, "jwks_uri": f"{here}/keys", "userinfo_endpoint": f"{here}/who", **endpoints})
        elif place.path == "/autho":
            assert asked["client_id"] == CLIENT and asked["response_type"] == "code"
            code = secrets.token_urlsafe()
            self.server.codes[code] = asked["login_hint"], asked["redirect_uri"]
            self.send_response(302)
            self.send_header(
                "Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
            )
            self.end_headers()
        else:
            name = self.server.tokens[self.headers["Authorization"].removeprefix("Bearer ")]
            claims = {"sub": f"id-{name}", "preferred_username": name, "name": f"{name.title()} Lee"}
            self.say({**claims, "picture": f"https://example.org/{name}.png", "email": f"{name}@example.org"})

    def do_POST(self) -> None:
        """A token for a code, once, for the site that the code was given to."""
        form = {
            name: values[0]
            for name, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()
        }
        person, redirect = self.server.codes.pop(form["code"])
        assert (form["client_id"], form["client_secret"], form["redirect_uri"]) == (CLIENT, SECRET, redirect)
        token = f"token-of-{person}"
        self.server.tokens[token] = person
        self.say({"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def say(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def provider() -> Iterator[Provider]:
    """One that answers until the block ends."""
    with Provider() as served:
        thread = threading.Thread(target=served.serve_forever, daemon=True)
        thread.start()
        yield served
        served.shutdown()
        thread.join()
