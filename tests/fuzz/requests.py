"""Makes up requests from the app's own routes and the types of its bodies: right ones, nearly right ones, and noise."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, get_args
from urllib.parse import quote, urlencode

import msgspec
from hypothesis import strategies as st

from blocks_app.protocol import ClientFrame
from blocks_app.web.endpoint import Endpoint
from queue_app.execution.job_factory import EventBody
from queue_app.transport.routing import CONSUMERS
from queue_app.transport.session_endpoints import CancelBody, ResetBody
from tests.fuzz.served import declare

EVIL = [
    "../../etc/passwd", "/etc/passwd", "..%2f..%2fetc%2fpasswd", "\\\\host\\x", "C:\\win.ini", "\0", "\u202e", "%00",
    "__class__", "__init__.__globals__", "<script>", "' OR 1=1 --", "{{7*7}}", "${7*7}", "\ud83d\ude00" * 50,
    "A" * 5000,
    "http://127.0.0.1:1/", "file:///etc/passwd", "nan", "1e999", "-0", "\r\nX-Bad: 1", "null", "%", "%zz", "=", "?",
    "#",
]  # fmt: skip
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"]
SESSIONS = [f"session{n}" for n in range(20)]
BODIES = [msgspec.json.schema(each) for each in (EventBody, CancelBody, ResetBody)]
FRAMES = [msgspec.json.schema(each) for each in get_args(ClientFrame)]

#: Stands for the cookie of somebody who is logged in.
LOGGED_IN = b"sessionid=LOGGED-IN"


class Made(NamedTuple):
    """One request, whether it goes to the app behind a login, its body as it is meant, and whether it trickles in."""

    request: bytes
    private: bool
    body: bytes = b""
    trickles: bool = False


text = st.sampled_from(EVIL) | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
scalar = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | text
path_record = st.fixed_dictionaries(
    {"path": text}, optional={"url": text, "meta": st.just({"_type": "gradio.FileData"})}
)
#: What looks like what the app's own code says, and numbers at the edges of what readers hold.
marked = st.fixed_dictionaries(
    {"__type__": st.sampled_from(["update", "validate", "state"])},
    optional={"value": text, "label": text, "type": st.just("password"), "is_valid": st.booleans(), "message": text},
)
edge = st.sampled_from([2**53 + 1, 2**63, 2**64, -(2**64), 10**400])
#: What is no name of a session: other kinds, other characters, other lengths.
no_session = st.sampled_from([0, 7.5, True, [], ["s"], {"a": 1}, "", " ", "a b", "\n", "ä", "a" * 201, "a" * 200_000])
#: Names of files that no folder takes as they are, and halves of characters.
file_names = st.sampled_from([
    b"", b".", b"..", b"a" * 300, b"\xff\xfe.txt", b"what?.txt", b"a#b%2f.txt", b"NUL", b"con.txt", b"a\x00b", b"../x",
    "🙂".encode() * 80, b"\xed\xa0\xbd.txt", b'quo"te', b"a;b", b"line\nend", b"txt.\xe2\x80\xaeexe",
])  # fmt: skip
#: Many brackets, deep or wide, and a text that only looks like it.
brackets = st.sampled_from(
    [b"[" * 3_000, b"[" * 250 + b"]" * 250, b"[" + b"[]," * 30_000 + b"1]", b"[" + b'{"a":1},' * 9_000 + b"1]"]
)
anything = st.recursive(
    scalar | path_record | marked | edge,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=8,
)


def _routes() -> list[tuple[str, tuple[str, ...]]]:
    """Every address as a format string with the methods that it knows."""
    from importlib import import_module

    found = []
    for pattern in declare().urls[0]:
        view: Any = pattern.callback
        if isinstance(view, Endpoint):
            methods = view.methods
        else:
            module, _, name = CONSUMERS[view.hot].partition(":")
            methods = getattr(getattr(import_module(f"queue_app.{module}"), name), "methods", ("GET",))
        found.append((view.tail, methods))
    return found


ROUTES = _routes()
NAMES = sorted({each.api_name for each in declare().dependencies.values() if isinstance(each.api_name, str)})


def from_schema(schema: dict[str, Any], definitions: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a JSON schema; now and then one that is not."""
    if "$ref" in schema:
        return from_schema(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return st.one_of([from_schema(each, definitions) for each in schema["anyOf"]])
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        fields = {name: _field(name, each, definitions) for name, each in schema["properties"].items()}
        needed = {name: value for name, value in fields.items() if name in schema.get("required", ())}
        return st.fixed_dictionaries(needed, optional={n: v for n, v in fields.items() if n not in needed})
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    known = {
        "array": st.lists(anything, max_size=4),
        "integer": st.integers(-2, 2 * len(NAMES)) | st.integers(),
        "boolean": st.booleans(),
        "string": text,
        "null": st.none(),
    }
    return known.get(str(kind), anything)


def _field(name: str, schema: dict[str, Any], definitions: dict[str, Any]) -> st.SearchStrategy[Any]:
    right = st.sampled_from(SESSIONS) if name == "session_hash" else from_schema(schema, definitions)
    return st.one_of(right, right, right, no_session if name == "session_hash" else anything)


structured = st.one_of([from_schema(each, each.get("$defs", {})) for each in BODIES])
frame = st.one_of([from_schema(each, each.get("$defs", {})) for each in FRAMES])
form = st.dictionaries(
    st.sampled_from(["username", "password", "next"]) | text,
    st.sampled_from(["ann", "secret", "/", "//evil.example"]) | text,
    max_size=4,
).map(lambda fields: urlencode(fields, errors="replace").encode())
named = st.dictionaries(
    st.sampled_from(["value", "text", "param_0", "session_hash"]) | text, anything | no_session, max_size=3
)


def dump(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "replace")


multipart = st.builds(
    lambda field, name, content, end: (
        b'--b\r\nContent-Disposition: form-data; name="' + field.encode("utf-8", "replace")
        + b'"; filename="' + name + b'"\r\n\r\n' + content + end
    ),
    st.sampled_from(["files", "files", "files", "other"]) | text,
    file_names | text.map(lambda name: name.encode("utf-8", "replace")),
    st.binary(max_size=200) | st.just(b"x" * 90_000),
    st.sampled_from([b"\r\n--b--\r\n", b"\r\n--b\r\n", b"", b"\r\n--b--"]),
)  # fmt: skip
json_kind = st.sampled_from(["application/json", "application/json", "text/plain", ""])
body = st.one_of(
    st.tuples(json_kind, structured.map(dump)),
    st.tuples(json_kind, structured.map(dump)),
    st.tuples(json_kind, named.map(dump)),
    st.tuples(json_kind, st.lists(frame, max_size=5).map(dump)),
    st.tuples(json_kind, brackets),
    st.tuples(json_kind, brackets.map(lambda value: b'{"data":[' + value + b"]}")),
    st.tuples(st.just("application/x-www-form-urlencoded"), form),
    st.tuples(json_kind, anything.map(dump) | st.binary(max_size=100)),
    st.tuples(json_kind, structured.map(dump).map(lambda whole: whole[: len(whole) // 2])),
    st.tuples(st.sampled_from(["multipart/form-data; boundary=b", "multipart/form-data"]), multipart),
)


def chunked(content: bytes, size: int) -> bytes:
    """A body in chunks, few at most."""
    size = max(size, len(content) // 50 + 1)
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in pieces) + b"0\r\n\r\n"


#: Values of query parts and headers: the sensible ones and noise.
QUERY = [
    "session_hash", "after", "upload_id", "all_endpoints", "download", "view", "next", "__theme", "__watch", "hello",
    "all_session",
]  # fmt: skip
query = st.dictionaries(st.sampled_from(QUERY), st.sampled_from(SESSIONS) | st.sampled_from(["0", "true", "-1"]) | text)
header_text = text.map(lambda value: "".join(c for c in value if " " <= c <= "~")[:2000])
ranges = st.from_regex(r"bytes=[0-9]{0,5}-[0-9]{0,5}(,[0-9]{0,3}-)?", fullmatch=True)
headers = st.fixed_dictionaries(
    {},
    optional={
        "Range": ranges | header_text,
        "If-Range": header_text,
        "If-None-Match": header_text,
        "Last-Event-ID": st.sampled_from(["0", "5", "99999999999999999999"]) | header_text,
        "X-Blocks-Numbers": st.just("1"),
        "Accept-Encoding": st.sampled_from(["br", "gzip", "identity;q=0"]) | header_text,
        "Origin": st.sampled_from(["null", "http://evil.example", "http://localhost"]) | header_text,
        "Cookie": st.sampled_from([LOGGED_IN.decode()] * 3 + ["sessionid=x; csrftoken=y"]) | header_text,
        "Authorization": st.just("Bearer x") | header_text,
        "X-Forwarded-Host": st.just("evil.example") | header_text,
        "X-Forwarded-Proto": st.just("https") | header_text,
        "Accept-Language": header_text,
        "User-Agent": header_text,
    },
)


@st.composite
def requests(draw: Any) -> Made:
    """One HTTP request."""
    tail, methods = draw(st.sampled_from(ROUTES))
    names = {
        "name": st.sampled_from(NAMES) | text,
        "session_hash": st.sampled_from(SESSIONS) | text,
        "number": st.sampled_from(["0", "1", "-1", "9" * 30]) | text,
        "size": st.sampled_from(["192", "512", "0", "9" * 30]) | text,
    }
    values = {
        part: quote(draw(names.get(part, text)), safe=draw(st.sampled_from(["", "/"])), errors="replace")
        for part in ("name", "session_hash", "event_id", "address", "number", "size")
        if f"{{{part}}}" in tail
    }
    method = draw(st.sampled_from([*methods * 6, *METHODS]))
    asked = draw(query)
    target = "/" + tail.format_map(values) + (f"?{urlencode(asked, errors='replace')}" if asked else "")
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in draw(headers).items()]
    content = sent = b""
    if method not in ("GET", "HEAD") or draw(st.integers(0, 20)) == 0:
        kind, content = draw(body)
        sent = content
        lines.append(f"Content-Type: {kind}")
        if draw(st.integers(0, 3)) == 0:
            lines.append("Transfer-Encoding: chunked")
            sent = chunked(content, draw(st.sampled_from([1, 7, 1000, 70_000])))
        else:
            lines.append(f"Content-Length: {len(content)}")
    request = "\r\n".join([*lines, "", ""]).encode("utf-8", "replace") + sent
    return Made(request, draw(st.integers(0, 3)) == 0, content, draw(st.integers(0, 9)) == 0)
