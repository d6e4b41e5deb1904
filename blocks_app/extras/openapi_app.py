"""`gr.load_openapi`: an app with a form for each operation of an API that an OpenAPI document describes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from blocks_app import components
from blocks_app.blocks import Blocks
from blocks_app.exceptions import DeclarationError
from blocks_app.extras.openapi_calls import call_of, read
from blocks_app.extras.openapi_fields import Operation
from blocks_app.interfaces.interface import Interface
from blocks_app.layouts import Sidebar

METHODS = ("get", "post", "put", "patch", "delete")


def load_openapi(
    openapi_spec: str | Path | dict[str, Any],
    base_url: str,
    *,
    paths: Iterable[str] | None = None,
    exclude_paths: Iterable[str] | None = None,
    methods: Iterable[str] | None = None,
    auth_token: str | None = None,
    **interface_kwargs: Any,
) -> Blocks:
    """Make an app of an API: a gr.Interface for each of its operations, which the server calls for its visitors.

    A body of JSON is a text to fill in; a form has a field for each of its names, and takes files where the document
    says so (`multipart/form-data`, `application/octet-stream`).

    Args:
        openapi_spec: the OpenAPI 3 document: a dict, or the address or path of a JSON file.
        base_url: what stands before the paths of the document, such as "https://api.example.com/v1".
        paths: patterns of the paths that are taken, as for `re.match`; all unless given.
        exclude_paths: patterns of those that are not; they win.
        methods: of "get", "post", "put", "patch" and "delete" those that are taken; all unless given.
        auth_token: sent with each call as `Authorization: Bearer`; visitors never see it.
        interface_kwargs: arguments of each gr.Interface, such as `submit_btn` or `flagging_mode`, which is "never"
            unless given.

    Returns:
        The Blocks.

    Raises:
        DeclarationError: the document is no OpenAPI document, or nothing is left of its paths.
    """
    document = _document(openapi_spec)
    wanted = {method.lower() for method in methods or METHODS}
    found = [
        Operation(method.lower(), path, described, document)
        for path, item in document.get("paths", {}).items()
        if _taken(path, paths, exclude_paths)
        for method, described in item.items()
        if method.lower() in METHODS and method.lower() in wanted
    ]
    if not found:
        raise DeclarationError("gr.load_openapi() found no operation to offer: look at paths, exclude_paths, methods.")
    about = document.get("info", {})
    title = about.get("title") or "API"
    with Blocks(title=title) as demo:
        with Sidebar():
            components.Markdown(f"## {title}\n\n{about.get('description') or ''}")
            lines = [f"- [{each.method.upper()} `{each.path}`](#{each.name})" for each in found]
            components.Markdown("\n".join(["### Operations", "", *lines]))
        for operation in found:
            summary = operation.described.get("summary") or ""
            components.Markdown(
                f"## {operation.method.upper()} `{operation.path}`\n\n{summary}", elem_id=operation.name
            )
            options = {
                "flagging_mode": "never",
                "api_name": operation.name,
                "concurrency_limit": None,
                **interface_kwargs,
            }
            call = call_of(operation, base_url, auth_token)
            Interface(call, operation.fields(), components.JSON(label="Response", render=False), **options)
    return demo


def _document(given: str | Path | dict[str, Any]) -> dict[str, Any]:
    if isinstance(given, dict):
        return given
    try:
        if str(given).startswith(("http://", "https://")):
            made = json.loads(read(str(given)))
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
