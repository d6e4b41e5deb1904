"""What stands before every view of a mounted app: method, guard, and the headers that each answer carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from asgiref.sync import markcoroutinefunction
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from blocks_app.addresses import base_of, full_path, origin_of, public_base, public_root
from blocks_app.connections import EveryDatabase
from blocks_app.logs import logger
from blocks_app.outages import RETRY_AFTER, classify_outage
from blocks_app.web.captures import split
from blocks_app.web.languages import language_for, speaking

if TYPE_CHECKING:
    from blocks_app.declaration.mount import Mount

log = logger("blocks_app.endpoint")

View = Callable[..., Awaitable[HttpResponseBase]]

HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


class EndpointRequest:
    """One request to one mounted app: what its view may need to know.

    Attributes:
        request: Django's request.
        mount: the app.
        identity: who asks; None for nobody, which only a view of a public endpoint sees.
        own_base: path prefix of the mount inside this server, before any proxy.
        refused: why somebody who is logged in may not use the app; only a view of a public endpoint sees that.
    """

    refused: str | None = None

    def __init__(self, request: HttpRequest, mount: Mount, identity: Any, own_base: str) -> None:
        self.request = request
        self.mount = mount
        self.identity = identity
        self.own_base = own_base

    @property
    def base(self) -> str:
        """Path prefix of the app as the browser writes it, with a slash at both ends."""
        return public_base(self.mount.options.root_path, self.own_base)

    @property
    def root(self) -> str:
        """Full address of the app without the last slash."""
        return public_root(self.mount.options.root_path, self.own_base, origin_of(self.request))

    @property
    def username(self) -> str | None:
        """The name of the visitor, None when anonymous."""
        return self.identity.username if self.identity is not None else None


#: Views that answer everybody, each visitor something else.
_OF_ONE_VISITOR = ("user", "token")


class Endpoint:
    """A view with its conditions. The view is `async def view(visit: Visit, **captured) -> HttpResponse`."""

    csrf_exempt = True  # programs send no token; the guard checks the origin instead
    _non_atomic_requests = EveryDatabase()
    login_required = False  # for Django's LoginRequiredMiddleware: the guard decides, and it heeds that middleware

    def __init__(
        self,
        view: View,
        *,
        private: bool = True,
        methods: tuple[str, ...] = ("GET", "HEAD"),
        takes_values: bool = False,
    ) -> None:
        """Declare an endpoint.

        Args:
            view: what answers.
            private: answer 401 to those whom the guard does not know.
            methods: what may be asked.
            takes_values: whether bodies are as large as those of events; else they are small.
        """
        self.view = view
        self.private = private
        self.methods = methods
        self.takes_values = takes_values
        self.tail = ""
        self.name = view.__name__
        markcoroutinefunction(self)

    def unknown(self, mount: Mount) -> Any:
        """The `detail` of a 401: programs that ask for the config show the operator's message to their users."""
        text = "Not authenticated"
        return {"error": text, "auth_message": mount.guard.message} if self.name == "config" else text

    def at(self, tail: str) -> Endpoint:
        """The same endpoint under one of its routes, given as a format string."""
        placed = Endpoint(self.view, private=self.private, methods=self.methods, takes_values=self.takes_values)
        placed.tail = tail
        return placed

    def base(self, path: str, captured: dict[str, Any]) -> str:
        """The prefix of the mount in a path that this endpoint matched."""
        return base_of(path, self.tail, captured.items())

    async def __call__(self, request: HttpRequest, /, **captured: Any) -> HttpResponseBase:
        """Admit the visitor and answer."""
        own, around = split(captured)
        request.path_params = around  # type: ignore[attr-defined] # the guard's functions may ask for it
        mount: Mount = own.pop("mount")
        response: HttpResponseBase
        try:
            with speaking(language_for(request)):
                response = await self._answer(request, mount, own)
        except Exception as error:
            outage = classify_outage(error)
            if outage is None:
                raise
            log.exception("request.unavailable", extra={"path": request.path})
            response = _refuse(outage.status, outage.detail, **{"Retry-After": str(RETRY_AFTER)})
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if self.private or self.name in _OF_ONE_VISITOR:
            response.headers.setdefault("Cache-Control", "no-store")  # it is for this visitor alone
        if isinstance(response, HttpResponse) and not response.has_header("Content-Length"):
            response.headers["Content-Length"] = str(len(response.content))
        return response

    async def _answer(self, request: HttpRequest, mount: Mount, own: dict[str, Any]) -> HttpResponseBase:
        if request.method not in self.methods:
            return _refuse(405, f"Method {request.method} is not allowed here.", Allow=", ".join(self.methods))
        identity, refused = None, None
        try:
            identity = await mount.guard(request)
        except PermissionDenied as error:
            if self.private or not getattr(error, "about_account", False):
                return _refuse(403, str(error))
            refused = str(error)
        if identity is None and self.private:
            return _refuse(401, self.unknown(mount))
        visit = EndpointRequest(request, mount, identity, self.base(full_path(request), own))
        visit.refused = refused
        return await self.view(visit, **own)


def _refuse(status: int, detail: Any, **headers: str) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status, headers=headers)
