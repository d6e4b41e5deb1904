"""`gr.load_openapi`: an app with a form for each operation of an API that an OpenAPI document describes."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Any, NamedTuple

from blocks_app import components
from blocks_app.blocks import Blocks
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.tree.component import Component

METHODS = ("get", "post", "put", "patch", "delete")
PATIENCE = 60  # seconds for one call
MOST = 20_000_000  # bytes of one answer


class Operation(NamedTuple):
    """One method of one path, as the document tells of it."""

    method: str
    path: str
    described: dict[str, Any]

    @property
    def name(self) -> str:
        """What its endpoint is called."""
        return re.sub(r"\W", "_", f"{self.method}_{re.sub(r'[{}]', '', self.path)}")


def load_openapi(
    openapi_spec: str | Path | dict[str, Any],
    base_url: str,
    *,
    paths: Iterable[str] | None = None,
    exclude_paths: Iterable[str] | None = None,
    methods: Iterable[str] | None = None,
    auth_token: str | None = None,
) -> Blocks:
    """Make an app of an API: a form for each of its operations, which the server calls for its visitors.

    Args:
        openapi_spec: the OpenAPI 3 document: a dict, or the address or path of a JSON file.
        base_url: what stands before the paths of the document, such as "https://api.example.com/v1".
        paths: patterns of the paths that are taken, as for `re.match`; all unless given.
        exclude_paths: patterns of those that are not; they win.
        methods: of "get", "post", "put", "patch" and "delete" those that are taken; all unless given.
        auth_token: sent with each call as `Authorization: Bearer`; visitors never see it.

    Returns:
        The Blocks.

    Raises:
        DeclarationError: the document is no OpenAPI document, or nothing is left of its paths.
    """
    document = _document(openapi_spec)
    wanted = {method.lower() for method in methods or METHODS}
    found = [
        Operation(method.lower(), path, described)
        for path, item in document.get("paths", {}).items()
        if _taken(path, paths, exclude_paths)
        for method, described in item.items()
        if method.lower() in METHODS and method.lower() in wanted
    ]
    if not found:
        raise DeclarationError("gr.load_openapi() found no operation to offer: look at paths, exclude_paths, methods.")
    about = document.get("info", {})
    with Blocks(title=about.get("title") or "API") as demo:
        components.Markdown(f"# {about.get('title') or 'API'}\n\n{about.get('description') or ''}")
        for operation in found:
            components.Markdown(
                f"## {operation.method.upper()} `{operation.path}`\n\n{operation.described.get('summary', '')}"
            )
            inputs = _inputs(operation, document)
            call = _call(operation, _parameters(operation, document), base_url, auth_token)
            components.Button("Call", variant="primary").click(
                call, inputs, components.JSON(label="Response"), api_name=operation.name
            )
    return demo


def _document(given: str | Path | dict[str, Any]) -> dict[str, Any]:
    if isinstance(given, dict):
        return given
    try:
        if str(given).startswith(("http://", "https://")):
            with urllib.request.urlopen(str(given), timeout=PATIENCE) as answer:
                made = json.loads(answer.read(MOST))
        else:
            made = json.loads(Path(given).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DeclarationError(f"gr.load_openapi() cannot read {str(given)!r} as JSON: {error}") from error
    if not isinstance(made, dict):
        raise DeclarationError(f"gr.load_openapi(): {str(given)!r} is no OpenAPI document, which is a JSON object.")
    return made


def _taken(path: str, paths: Iterable[str] | None, excluded: Iterable[str] | None) -> bool:
    if any(re.match(pattern, path) for pattern in excluded or ()):
        return False
    return paths is None or any(re.match(pattern, path) for pattern in paths)


def _resolved(schema: Any, document: dict[str, Any]) -> dict[str, Any]:
    """A schema, or what its `$ref` names in the document."""
    found: Any = schema
    for _ in range(20):  # references to references, and none that leads to itself
        if not isinstance(found, dict) or not str(found.get("$ref", "")).startswith("#/"):
            break
        place: Any = document
        for part in found["$ref"][2:].split("/"):
            place = place.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(place, dict) else {}
        found = place
    return found if isinstance(found, dict) else {}


def _parameters(operation: Operation, document: dict[str, Any]) -> list[dict[str, Any]]:
    return [_resolved(each, document) for each in operation.described.get("parameters", [])]


def _inputs(operation: Operation, document: dict[str, Any]) -> list[Component]:
    made = [_field(each, document) for each in _parameters(operation, document)]
    body = _resolved(operation.described.get("requestBody"), document)
    if body:
        media: dict[str, Any] = next(
            (each for name, each in body.get("content", {}).items() if name == "application/json"), {}
        )
        schema = _resolved(media.get("schema"), document)
        sample = schema.get("example", {name: _sample(_resolved(each, document)) for name, each in _fields(schema)})
        info = body.get("description") or "JSON"
        made.append(components.Textbox(json.dumps(sample, indent=2), label="Request body", info=info, lines=4))
    return made


def _fields(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from schema.get("properties", {}).items()


def _sample(schema: dict[str, Any]) -> Any:
    samples: dict[str, Any] = {"string": "", "number": 0, "integer": 0, "boolean": False, "array": [], "object": {}}
    return schema.get("example", schema.get("default", samples.get(str(schema.get("type")))))


def _field(parameter: dict[str, Any], document: dict[str, Any]) -> Component:
    schema = _resolved(parameter.get("schema"), document)
    shared: dict[str, Any] = {"label": parameter.get("name"), "info": parameter.get("description")}
    value, kind = schema.get("default"), schema.get("type")
    if "enum" in schema:
        return components.Dropdown(list(schema["enum"]), value=value, **shared)
    if kind in ("number", "integer"):
        return components.Number(value, precision=0 if kind == "integer" else None, **shared)
    if kind == "boolean":
        return components.Checkbox(bool(value), **shared)
    if kind in ("array", "object"):
        return components.Textbox(json.dumps(value if value is not None else []), **shared)
    return components.Textbox(value, **shared)


def _call(
    operation: Operation, parameters: list[dict[str, Any]], base_url: str, token: str | None
) -> Callable[..., Any]:
    """What the form of an operation calls: its parameters in their order, then the body."""
    if not base_url.startswith(("http://", "https://")):
        raise DeclarationError(f"gr.load_openapi() needs an http or https address as base_url, not {base_url!r}.")

    def call(*values: Any) -> Any:
        path, query, headers, rest = operation.path, [], {"Accept": "application/json"}, list(values)
        for parameter in parameters:
            name, place, value = parameter.get("name", ""), parameter.get("in"), rest.pop(0)
            if place == "path":
                path = path.replace(f"{{{name}}}", urllib.parse.quote(_text(value), safe=""))
            elif value is None or value == "":
                continue
            elif place == "query":
                query.append((name, _text(value)))
            elif place == "header":
                headers[name] = _text(value).replace("\r", " ").replace("\n", " ")
        address = base_url.rstrip("/") + path + (f"?{urllib.parse.urlencode(query)}" if query else "")
        body = _body(rest[0]) if rest else None
        if body is not None:
            headers["Content-Type"] = "application/json"
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return _answer(urllib.request.Request(address, body, headers, method=operation.method.upper()))

    call.__name__ = operation.name
    call.__doc__ = operation.described.get("summary") or operation.described.get("description")
    return call


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _body(text: str | None) -> bytes | None:
    if not text or not text.strip():
        return None
    try:
        return json.dumps(json.loads(text)).encode()
    except ValueError as error:
        raise Error(f"The request body is no JSON: {error}") from None


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
