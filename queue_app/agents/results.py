"""From an endpoint's last message to what MCP says of it: texts, pictures, addresses of files, errors in words."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from blocks_app import jsonable
from blocks_app.files.filestore import default_store
from queue_app.agents.calls import Failed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blocks_app.mcp.tools import Tool
    from queue_app.agents.request import AgentRequest

#: Most bytes of a picture that is sent with the answer; of a larger one the address is told.
LARGEST_PICTURE = 4_000_000


def values(tool: Tool, message: bytes) -> list[Any]:
    """The values of the outputs that programs get. Raises Failed with the function's own words, if it may tell them."""
    decoded = jsonable.loads(message)
    output = decoded["output"]
    if not decoded["success"]:
        title, text = output.get("title"), output.get("error")
        if not text:
            raise Failed(f"{tool.name} failed. The server's log says why.")
        raise Failed(text if title in (None, "", "Error") else f"{title}: {text}")
    shown = (
        each for each, block in zip(output["data"], tool.dependency.outputs) if not getattr(block, "skip_api", False)
    )
    return [_unwrapped(each) for each in shown]


def content(request: AgentRequest, found: Iterable[Any]) -> list[dict[str, Any]]:
    """Values as MCP's content. Reads pictures: not for the loop."""
    made: list[dict[str, Any]] = []
    for value in found:
        if is_file(value):
            if (picture := _picture(request, value)) is not None:
                made.append(picture)
            made.append(_text(str(value.get("url") or value["path"])))
        else:
            made.append(_text(text_of(value)))
    return made


def whole_file(request: AgentRequest, value: dict[str, Any]) -> bytes:
    """What is in a file that a function gave. Raises Failed where it is no file of ours."""
    store = default_store()
    record = store.find(value["path"], request.identity.key)
    if record is None:
        raise Failed("The file is not there any more.")
    with store.open(record) as stream:
        return bytes(stream.read())


def is_file(value: Any) -> bool:
    """Whether a value on the wire is a file."""
    meta = value.get("meta") if isinstance(value, dict) else None
    return isinstance(meta, dict) and meta.get("_type") == "gradio.FileData" and isinstance(value.get("path"), str)


def text_of(value: Any) -> str:
    """A value as models read it: JSON, unless it is a text already."""
    return value if isinstance(value, str) else jsonable.dumps(value).decode()


def _picture(request: AgentRequest, value: dict[str, Any]) -> dict[str, Any] | None:
    store = default_store()
    record = store.find(value["path"], request.identity.key)
    if record is None or not record.mime.startswith("image/") or record.size > LARGEST_PICTURE:
        return None
    try:
        with store.open(record) as stream:
            data = base64.b64encode(stream.read()).decode()
    except OSError:
        return None
    return {"type": "image", "data": data, "mimeType": record.mime}


def _unwrapped(value: Any) -> Any:
    """Of a change of a component its value; one that changes only looks has none."""
    if isinstance(value, dict) and value.get("__type__") == "update":
        return value.get("value")
    return value


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}
