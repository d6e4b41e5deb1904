"""From an agent's arguments to the values of an endpoint's inputs."""

from __future__ import annotations

import base64
import binascii
import mimetypes
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_to_bytes

from auth_app.databases import in_thread
from blocks_app import jsonable
from blocks_app.files import quotas
from blocks_app.files.file_registry import QuotaExceeded
from blocks_app.files.filestore import default_store
from blocks_app.mcp.schemas import with_files
from blocks_app.running.call import FileContext, files_for
from queue_app.exceptions import Refusal
from queue_app.execution.job_factory import positional

if TYPE_CHECKING:
    from blocks_app.mcp.tools import Tool
    from queue_app.agents.request import AgentRequest

_LONGEST = 300  # characters of a sentence about one argument


async def wire_data(request: AgentRequest, tool: Tool, arguments: dict[str, Any]) -> list[Any]:
    """One value per parameter of the endpoint; files that came as text are stored as the caller's uploads.

    Raises Refusal with a sentence for what does not fit.
    """
    data = positional(tool.parameters, arguments)
    simple = not tool.takes_files and all(isinstance(each, str | int | float | None) for each in data)
    work = partial(_checked, request, tool, arguments, data)
    return work() if simple else await in_thread(work)  # what is large may take its time


def typed(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of a resource or a prompt, texts on the wire, as the numbers and truth values that they mean."""
    return {name: _meant(value, tool.schema["properties"].get(name, {})) for name, value in arguments.items()}


def _meant(value: Any, schema: dict[str, Any]) -> Any:
    if not isinstance(value, str) or schema.get("type") not in ("integer", "number", "boolean"):
        return value
    try:
        found = jsonable.loads(value)
    except ValueError:
        return value  # which the check tells in words
    return found if isinstance(found, int | float) else value


def _checked(request: AgentRequest, tool: Tool, arguments: dict[str, Any], data: list[Any]) -> list[Any]:
    for parameter, value in zip(tool.parameters, data):
        name = parameter["parameter_name"]
        known = isinstance(value, str | int | float) or request.arguments is None  # of a large one each part takes time
        if name in arguments and value is not None and known:
            _check(name, value, tool.schema["properties"][name])
    return _stored(request, tool, data) if tool.takes_files else data


def _check(name: str, value: Any, schema: dict[str, Any]) -> None:
    import jsonschema  # comes with the `mcp` package

    error = next(jsonschema.Draft202012Validator(schema).iter_errors(value), None)
    if error is not None:
        where = "".join(f"[{each!r}]" for each in error.absolute_path)
        text = error.message if len(error.message) <= _LONGEST else f"{error.message[:_LONGEST]}…"
        raise Refusal(400, f"The argument `{name}{where}` does not fit: {text}.")


def _stored(request: AgentRequest, tool: Tool, data: list[Any]) -> list[Any]:
    info = request.request_info
    address = info.client[0] if info.client else ""
    context = files_for(request.mount, owner=request.identity.key, root=info.root, address=address, session="")
    take = partial(_file, context)
    schemas = (tool.schema["properties"][each["parameter_name"]] for each in tool.parameters)
    return [with_files(value, schema, take) for value, schema in zip(data, schemas)]


def _file(context: FileContext, text: str) -> dict[str, Any]:
    """What a text means that stands where a file goes. Whether the caller may have it is asked when it is read."""
    if text[:5].lower() == "data:":
        return dict(_saved(context, text))
    own = f"{context.url_prefix}/file="
    path = unquote(text.removeprefix(own)) if text.startswith(own) else text
    return {"path": path, "meta": {"_type": "gradio.FileData"}}


def _saved(context: FileContext, text: str) -> Any:
    head, comma, body = text[5:].partition(",")
    kind, *options = (part.strip() for part in head.split(";"))
    packed = "base64" in (each.lower() for each in options)
    largest = context.largest
    if not comma:
        raise Refusal(400, "A data: URL has a comma before its content, as in data:text/plain;base64,SGk=.")
    if largest is not None and len(body) * (3 / 4 if packed else 1 / 3) > largest:
        raise Refusal(413, f"File size exceeded maximum allowed size of {largest} bytes.")
    try:
        content = base64.b64decode("".join(unquote(body).split()), validate=True) if packed else unquote_to_bytes(body)
    except (binascii.Error, ValueError):
        raise Refusal(400, "A data: URL holds something that is no base64.") from None
    if largest is not None and len(content) > largest:
        raise Refusal(413, f"File size exceeded maximum allowed size of {largest} bytes.")
    payer = quotas.account(context.owner, context.address)
    if (problem := quotas.problem_with(payer, len(content), default_store())) is not None:
        raise Refusal(*problem)
    try:
        return context.data(context.save(content, _name(kind, options), made=False))
    except QuotaExceeded as error:
        raise Refusal(413, str(error)) from error


def _name(kind: str, options: list[str]) -> str:
    named = next((unquote(each[5:]) for each in options if each.lower().startswith("name=")), "")
    return named or f"file{mimetypes.guess_extension(kind.lower()) or ''}"
