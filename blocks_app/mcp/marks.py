"""`gr.mcp`: what a function is for programs that speak MCP, where it is not simply a tool.

    @gr.mcp.resource("notes://{name}")
    def note(name: str) -> str: ...

The marks are read where an app serves MCP (`launch(mcp_server=True)`), and mean nothing elsewhere. Nothing is imported
for them: the official `mcp` package is loaded by the first request.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, overload

from blocks_app.exceptions import DeclarationError

F = TypeVar("F", bound=Callable[..., Any])

__all__ = ["Mark", "mark_of", "prompt", "resource", "tool"]

_ATTRIBUTE = "_mcp_mark"
_MOST = 20  # wrappers around one another that are looked into


@dataclass(frozen=True, slots=True)
class Mark:
    """What was said of a function; see the decorators."""

    kind: Literal["tool", "resource", "prompt"] = "tool"
    name: str | None = None
    description: str | None = None
    #: Of a tool.
    structured_output: bool = False
    meta: dict[str, Any] | None = None
    #: Of a resource.
    uri_template: str = ""
    mime_type: str = "text/plain"


@overload
def tool(name: F) -> F: ...
@overload
def tool(
    name: str | None = None,
    description: str | None = None,
    structured_output: bool = False,
    _meta: dict[str, Any] | None = None,
) -> Callable[[F], F]: ...
def tool(
    name: Any = None,
    description: str | None = None,
    structured_output: bool = False,
    _meta: dict[str, Any] | None = None,
) -> Any:
    """Say more of a tool. Every public endpoint is one without it.

    Args:
        name: how agents call it; the function's own name unless given.
        description: what agents read of it; the function's docstring unless given.
        structured_output: give the result as JSON, too: `{"result": value}`.
        _meta: sent along with the tool and its results, for clients that know what it means.
    """
    if callable(name):
        return _marked(name, Mark())
    return lambda fn: _marked(fn, Mark("tool", name, description, structured_output, _meta))


def resource(uri_template: str, description: str | None = None, mime_type: str | None = None) -> Callable[[F], F]:
    """Make a function a resource, which agents read by its address, and no tool.

    Args:
        uri_template: the address, such as "notes://all", or "notes://{name}" for a function of `name`.
        description: what agents read of it; the function's docstring unless given.
        mime_type: what the function returns, "text/plain" unless given. Of what is no text it returns base64, or a
            file by a component.
    """
    if not isinstance(uri_template, str) or ":" not in uri_template:
        raise DeclarationError('gr.mcp.resource() takes an address with a scheme, such as "notes://{name}".')
    mark = Mark("resource", None, description, uri_template=uri_template, mime_type=mime_type or "text/plain")
    return lambda fn: _marked(fn, mark)


@overload
def prompt(name: F) -> F: ...
@overload
def prompt(name: str | None = None, description: str | None = None) -> Callable[[F], F]: ...
def prompt(name: Any = None, description: str | None = None) -> Any:
    """Make a function a prompt, whose text people choose in their client, and no tool.

    Args:
        name: how people call it; the function's own name unless given.
        description: what they read of it; the function's docstring unless given.
    """
    if callable(name):
        return _marked(name, Mark("prompt"))
    return lambda fn: _marked(fn, Mark("prompt", name, description))


def mark_of(fn: Any) -> Mark:
    """What was said of a function, whatever has been put around it since."""
    for _ in range(_MOST):
        found = getattr(fn, _ATTRIBUTE, None)
        if isinstance(found, Mark):  # a mock has every name
            return found
        inner = fn.func if isinstance(fn, functools.partial) else getattr(fn, "_same_as", None)
        if inner is None:
            break
        fn = inner
    return Mark()


def _marked(fn: F, mark: Mark) -> F:
    try:
        setattr(fn, _ATTRIBUTE, mark)
    except AttributeError as error:
        raise DeclarationError(
            f"gr.mcp.{mark.kind}() cannot mark {fn!r}. Write a function of your own that calls it, and mark that."
        ) from error
    return fn
