"""How an operation of an OpenAPI document is called: its parameters and its body as a request of HTTP."""

from __future__ import annotations

import json
import mimetypes
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Any

from blocks_app.exceptions import DeclarationError, Error
from blocks_app.extras.openapi_fields import FORM, JSON, RAW, UPLOAD, Operation, RequestBody

PATIENCE = 60  # seconds for one call
MOST = 20_000_000  # bytes of one answer


def call_of(operation: Operation, base_url: str, token: str | None) -> Callable[..., Any]:
    """What the form of an operation calls: with its parameters in their order, then what the body is made of."""
    if not base_url.startswith(("http://", "https://")):
        raise DeclarationError(f"gr.load_openapi() needs an http or https address as base_url, not {base_url!r}.")

    def call(*values: Any) -> Any:
        path, query, rest = operation.path, [], list(values)
        headers, cookies = {"Accept": "application/json"}, []
        for parameter in operation.parameters:
            name, place, value = parameter.get("name", ""), parameter.get("in"), rest.pop(0)
            if place == "path":
                path = path.replace(f"{{{name}}}", urllib.parse.quote(_text(value), safe=""))
            elif value is None or value == "":
                continue
            elif place == "query":
                query += [(name, _text(each)) for each in _several(value, parameter)]
            elif place == "header":
                headers[name] = _text(value).replace("\r", " ").replace("\n", " ")
            elif place == "cookie":
                cookies.append(f"{name}={urllib.parse.quote(_text(value))}")
        address = base_url.rstrip("/") + path + (f"?{urllib.parse.urlencode(query)}" if query else "")
        body, kind = _body(operation.body, rest) if operation.body is not None else (None, "")
        if body is not None:
            headers["Content-Type"] = kind
        if cookies:
            headers["Cookie"] = "; ".join(cookies)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return _answer(urllib.request.Request(address, body, headers, method=operation.method.upper()))

    call.__name__ = call.__qualname__ = operation.name
    call.__doc__ = operation.described.get("summary") or operation.described.get("description")
    return call


def read(address: str) -> bytes:
    """The document at an address that the app's author wrote. Raises OSError, ValueError."""
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        found: bytes = answer.read(MOST)
        return found


def _several(value: Any, parameter: dict[str, Any]) -> list[Any]:
    """A query's value; a list stands there item by item."""
    if (parameter.get("schema") or {}).get("type") != "array" or not isinstance(value, str):
        return [value]
    try:
        found = json.loads(value)
    except ValueError:
        raise Error(f"{parameter.get('name')} is no JSON list.", print_exception=False) from None
    return found if isinstance(found, list) else [found]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _body(body: RequestBody, values: list[Any]) -> tuple[bytes | None, str]:
    """The body and its Content-Type."""
    if body.form == JSON:
        return _json(values[0]), body.kind
    if body.form == RAW:
        return (Path(values[0]).read_bytes(), body.kind) if values[0] else (None, "")
    named = [(name, value) for name, value in zip(body.names, values) if value is not None and value != ""]
    if body.form == FORM:
        return urllib.parse.urlencode([(name, _text(value)) for name, value in named]).encode(), body.kind
    assert body.form == UPLOAD
    boundary = os.urandom(16).hex()
    parts = [part for name, value in named for part in _parts(name, value, name in body.files, boundary)]
    return b"".join([*parts, f"--{boundary}--\r\n".encode()]), f"{body.kind}; boundary={boundary}"


def _json(text: str | None) -> bytes | None:
    if not text or not text.strip():
        return None
    try:
        return json.dumps(json.loads(text)).encode()
    except ValueError as error:
        raise Error(f"The request body is no JSON: {error}") from None


def _parts(name: str, value: Any, is_file: bool, boundary: str) -> list[bytes]:
    """A field of a form with uploads: one part, or one for each of several files."""
    if not is_file:
        return [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{_text(value)}\r\n'.encode()
        ]
    made = []
    for each in value if isinstance(value, list) else [value]:
        place = Path(each)
        kind = mimetypes.guess_type(place.name)[0] or "application/octet-stream"
        head = f'form-data; name="{_quoted(name)}"; filename="{_quoted(place.name)}"\r\nContent-Type: {kind}\r\n\r\n'
        made += [f"--{boundary}\r\nContent-Disposition: {head}".encode(), place.read_bytes(), b"\r\n"]
    return made


def _quoted(name: str) -> str:
    """A name as browsers write it into a form."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A redirect is told and not followed: the token is for the API alone."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


_opener = urllib.request.build_opener(_StayHere)


def _answer(request: urllib.request.Request) -> Any:
    try:
        with _opener.open(request, timeout=PATIENCE) as answer:
            text = answer.read(MOST).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            text = error.read(1000).decode("utf-8", "replace")
        raise Error(f"The API answered {error.code} {error.reason}. {text}".strip()) from None
    except (OSError, ValueError) as error:
        raise Error(f"The API cannot be reached: {getattr(error, 'reason', error)}.") from None
    try:
        return json.loads(text) if text.strip() else None
    except ValueError:
        return text
