"""Views of a gr.Server: what a function takes, by its hints, and what becomes of what it returns."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import re
import types
import typing
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse

from blocks_app import jsonable
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.web.endpoint import EndpointRequest
from blocks_app.web.views import in_thread

_PART = re.compile(r"\{(\w+)(?::(\w+))?\}")
_SCALARS = (str, int, float, bool)
_TRUE, _FALSE = ("1", "true", "on", "yes"), ("0", "false", "off", "no")
_missing = inspect.Parameter.empty


class NotFitting(Exception):
    """A request lacks what the function needs, or has it in another form."""

    def __init__(self, place: str, name: str, text: str) -> None:
        super().__init__(text)
        self.detail = [{"loc": [place, name], "msg": text}]


class Handler:
    """A function that answers an address.

    Attributes:
        route: the address as Django writes it.
    """

    def __init__(self, fn: Callable[..., Any], path: str, status: int) -> None:
        """Raises DeclarationError for a parameter that no request can fill."""
        self._fn, self._status = fn, status
        parts = {name: kind or "str" for name, kind in _PART.findall(path)}
        self.route = _PART.sub(lambda part: f"<{part[2] or 'str'}:{part[1]}>", path).lstrip("/")
        hints = typing.get_type_hints(fn)
        self._places: dict[str, tuple[str, Any, Any]] = {}
        for name, parameter in inspect.signature(fn).parameters.items():
            if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
                raise DeclarationError(f"{fn.__name__}: a request has nothing for *{name}.")
            hint = _without_none(hints.get(name, str))
            place = "path" if name in parts else _place(name, hint)
            self._places[name] = (place, hint, parameter.default)
        if unknown := sorted(parts.keys() - self._places.keys()):
            raise DeclarationError(f"{fn.__name__} has no parameter {unknown[0]!r}, which stands in the path {path!r}.")

    def answer(self, request: HttpRequest, captured: dict[str, Any]) -> HttpResponseBase:
        """Call the function for a request; runs in a thread."""
        try:
            arguments = self._arguments(request, captured)
        except NotFitting as error:
            return JsonResponse({"detail": error.detail}, status=422)
        try:
            made = self._fn(**arguments)
            result = asyncio.run(_awaited(made)) if inspect.isawaitable(made) else made
        except (Http404, PermissionDenied) as error:
            status = 404 if isinstance(error, Http404) else 403
            return JsonResponse({"detail": str(error) or "Not found"}, status=status)
        except Error as error:
            return JsonResponse({"detail": str(error)}, status=400)
        if isinstance(result, HttpResponseBase):
            return result
        return JsonResponse(jsonable.plain(result), safe=False, status=self._status)

    def _arguments(self, request: HttpRequest, captured: dict[str, Any]) -> dict[str, Any]:
        in_body = [name for name, (place, _, _) in self._places.items() if place == "body"]
        body = _body(request) if in_body else None
        found: dict[str, Any] = {}
        for name, (place, hint, default) in self._places.items():
            if place == "request":
                found[name] = request
                continue
            given = self._given(request, captured, body, name, len(in_body) == 1)
            if given is _missing:
                if default is _missing:
                    raise NotFitting(place, name, "Field required")
                given = default
            else:
                given = _converted(given, hint, place, name)
            found[name] = given
        return found

    def _given(self, request: HttpRequest, captured: dict[str, Any], body: Any, name: str, is_whole: bool) -> Any:
        place, hint, _ = self._places[name]
        if place == "path":
            return captured[name]
        if place == "query":
            if name not in request.GET:
                return _missing
            return request.GET.getlist(name) if typing.get_origin(hint) is list or hint is list else request.GET[name]
        if is_whole:
            return body
        return body.get(name, _missing) if isinstance(body, dict) else _missing


def answering(handlers: dict[str, Handler]) -> Any:
    """The view of an address: each method has its function."""

    async def own_view(visit: EndpointRequest, **captured: Any) -> HttpResponseBase:
        method = "GET" if visit.request.method == "HEAD" else str(visit.request.method)
        return await in_thread(lambda: handlers[method].answer(visit.request, captured))

    return own_view


async def _awaited(made: Any) -> Any:
    return await made


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [each for each in typing.get_args(hint) if each is not type(None)]
        return rest[0] if len(rest) == 1 else Any
    return hint


def _place(name: str, hint: Any) -> str:
    if isinstance(hint, type) and issubclass(hint, HttpRequest):
        return "request"
    if hint in _SCALARS:
        return "query"
    if typing.get_origin(hint) is list and typing.get_args(hint)[:1] and typing.get_args(hint)[0] in _SCALARS:
        return "query"
    return "body"


def _body(request: HttpRequest) -> Any:
    text = request.body
    if not text.strip():
        return _missing
    try:
        return jsonable.loads(text)
    except ValueError as error:
        raise NotFitting("body", "", f"JSON decode error: {error}") from error


def _converted(given: Any, hint: Any, place: str, name: str) -> Any:
    """What was sent, as the hint says."""
    try:
        if hint is bool and isinstance(given, str):
            if given.lower() not in _TRUE + _FALSE:
                raise ValueError("Input should be a valid boolean")
            return given.lower() in _TRUE
        if hint in (int, float) and not isinstance(given, bool):
            return hint(given)
        if place == "query" and typing.get_origin(hint) is list:
            inner = typing.get_args(hint)[0]
            return [_converted(each, inner, place, name) for each in given]
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            return hint(**given)
        validate = getattr(hint, "model_validate", None)
        if validate is not None:
            return validate(given)
        if hint in (dict, list) and not isinstance(given, hint):
            raise ValueError(f"Input should be a valid {'object' if hint is dict else 'list'}")
        return given
    except (ValueError, TypeError) as error:
        raise NotFitting(place, name, str(error)) from error
