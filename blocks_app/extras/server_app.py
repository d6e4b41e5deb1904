"""`gr.Server`: the queue and the protocol of an app for programs alone, with addresses of its own beside them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, ClassVar, Literal, TypeVar, Unpack, cast

from django.urls import path

from blocks_app.blocks import Blocks
from blocks_app.components.api import api
from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import DeclarationError
from blocks_app.extras.server_views import Handler, answering
from blocks_app.launch_options import Launched, LaunchOptions
from blocks_app.tree.block import own_signature
from blocks_app.web.captures import private
from blocks_app.web.endpoint import Endpoint
from blocks_app.web.registry import mount
from blocks_app.web.urls import template

F = TypeVar("F", bound=Callable[..., Any])

#: What FastAPI has, and where its like is in Django.
_ELSEWHERE = {
    "add_middleware": "put middleware into the setting MIDDLEWARE, or into launch(app_kwargs={'MIDDLEWARE': […]})",
    "middleware": "put middleware into the setting MIDDLEWARE, or into launch(app_kwargs={'MIDDLEWARE': […]})",
    "include_router": "put other views beside `server.urls` into urlpatterns",
    "mount": "put other apps beside `server.urls` into urlpatterns",
    "exception_handler": "write a middleware with process_exception",
    "add_exception_handler": "write a middleware with process_exception",
    "websocket": "write a consumer of Channels",
    "on_event": "do it in AppConfig.ready(), or where the program starts",
    "dependency_overrides": "call what you need in the function",
}


class Server(Blocks):
    """An app without a page: functions that programs call through the queue, and views of its own.

        server = gr.Server()

        @server.api(name="hello")
        def hello(name: str) -> str:
            return f"Hello {name}"

        @server.get("/items/{number}")
        def item(number: int, full: bool = False):
            return {"number": number, "full": full}

        server.launch()  # or path("api/", server.urls) in a project

    In Gradio it is a FastAPI application; here it is a Blocks, served by Django. What its functions take is read from
    their hints as there: parts of the path, the query, the JSON of the body (a dict, a list, a dataclass), or the
    `django.http.HttpRequest`. They return data, or a response of Django's. They are asked as the app is: who may not
    use it, may not call them (`server.protect()`). Middleware, routers, dependencies and sockets are Django's own.
    """

    is_template: ClassVar[bool] = True

    def __init__(
        self,
        *,
        debug: bool = False,
        title: str = "Server",
        summary: str | None = None,
        description: str = "",
        version: str = "0.1.0",
        openapi_url: str | None = None,
        openapi_tags: Any = None,
        servers: Any = None,
        dependencies: Any = None,
        default_response_class: Any = None,
        redirect_slashes: bool = True,
        docs_url: str | None = None,
        redoc_url: str | None = None,
        middleware: Any = None,
        exception_handlers: Any = None,
        on_startup: Any = None,
        on_shutdown: Any = None,
        lifespan: Any = None,
        terms_of_service: str | None = None,
        contact: Any = None,
        license_info: Any = None,
        root_path: str = "",
        root_path_in_servers: bool = True,
        responses: Any = None,
        callbacks: Any = None,
        webhooks: Any = None,
        deprecated: bool | None = None,
        include_in_schema: bool = True,
        generate_unique_id_function: Any = None,
        separate_input_output_schemas: bool = True,
    ) -> None:
        """Begin a server.

        Args:
            title: how documents and the page at its address call it.
            on_startup: functions that are called once before it is served.
            root_path: its public path, as in `launch()`.
            debug, summary, description, version, servers, responses, callbacks: of FastAPI; see below.
            openapi_url, openapi_tags, docs_url, redoc_url, include_in_schema: of FastAPI; see below.
            terms_of_service, contact, license_info, deprecated, webhooks: of FastAPI; see below.
            redirect_slashes, root_path_in_servers, generate_unique_id_function: of FastAPI; see below.
            separate_input_output_schemas, default_response_class, dependencies: of FastAPI; see below.
            middleware, exception_handlers, on_shutdown, lifespan: of FastAPI. They mean nothing to Django, and a
                warning says so where one is given: `openapi.json` tells of the functions by itself.
        """
        theirs = {
            "debug": debug, "summary": summary, "description": description, "version": version, "servers": servers,
            "responses": responses, "callbacks": callbacks, "openapi_url": openapi_url, "openapi_tags": openapi_tags,
            "docs_url": docs_url, "redoc_url": redoc_url, "include_in_schema": include_in_schema, "contact": contact,
            "terms_of_service": terms_of_service, "license_info": license_info, "deprecated": deprecated,
            "webhooks": webhooks, "redirect_slashes": redirect_slashes, "root_path_in_servers": root_path_in_servers,
            "generate_unique_id_function": generate_unique_id_function, "dependencies": dependencies,
            "separate_input_output_schemas": separate_input_output_schemas, "middleware": middleware,
            "default_response_class": default_response_class, "exception_handlers": exception_handlers,
            "on_shutdown": on_shutdown, "lifespan": lifespan,
        }  # fmt: skip
        defaults = own_signature(Server).parameters
        unused = sorted(name for name, value in theirs.items() if value != defaults[name].default)
        if unused:
            warn(
                f"gr.Server is an app of Django's, where {', '.join(unused)} of FastAPI mean nothing: use the settings "
                "MIDDLEWARE and ROOT_URLCONF, and AppConfig.ready().",
            )
        super().__init__(title=title, mode="server")
        self._root_path = root_path
        self.extra_startup_events.extend(on_startup or ())
        self._handlers: dict[str, dict[str, Handler]] = {}

    @property
    def mcp(self) -> Any:
        """`server.mcp.tool()`, `.resource()` and `.prompt()`, as `gr.mcp` has them."""
        return importlib.import_module("blocks_app.mcp")

    def api(
        self,
        fn: Callable[..., Any] | None = None,
        *,
        name: str | None = None,
        description: str | None = None,
        concurrency_limit: int | Literal["default"] | None = "default",
        concurrency_id: str | None = None,
        queue: bool = True,
        batch: bool = False,
        max_batch_size: int = 4,
        api_visibility: Literal["public", "undocumented", "private"] = "public",
        time_limit: float | None = None,
        stream_every: float = 0.5,
        permission: Any = None,
        retries: int = 0,
    ) -> Any:
        """Offer a function to programs, by the queue. Decorates, or takes the function.

        Args:
            fn: a function whose parameters all have hints, or a generator.
            name: how programs call it; the function's name unless given.
            description: what is told of it; its docstring unless given.
            concurrency_limit, concurrency_id, queue, batch, max_batch_size: as for every listener.
            api_visibility, time_limit, stream_every, permission, retries: as for `gr.api`.
        """

        def offer(function: F) -> F:
            with self:
                api(
                    function,
                    api_name=name,
                    api_description=description,
                    concurrency_limit=concurrency_limit,
                    concurrency_id=concurrency_id,
                    queue=queue,
                    batch=batch,
                    max_batch_size=max_batch_size,
                    api_visibility=api_visibility,
                    time_limit=time_limit,
                    stream_every=stream_every,
                    permission=permission,
                    retries=retries,
                )
            return function

        return offer if fn is None else offer(fn)

    # -- addresses of its own ------------------------------------------------------------------------------------------

    def get(self, path: str, **options: Any) -> Callable[[F], F]:
        """Decorate what answers a GET. `path` is as in FastAPI: "/items/{number}", "/files/{rest:path}"."""
        return cast("Callable[[F], F]", self.add_api_route(path, methods=("GET",), **options))

    def post(self, path: str, **options: Any) -> Callable[[F], F]:
        """Decorate what answers a POST of `path`."""
        return cast("Callable[[F], F]", self.add_api_route(path, methods=("POST",), **options))

    def put(self, path: str, **options: Any) -> Callable[[F], F]:
        """Decorate what answers a PUT of `path`."""
        return cast("Callable[[F], F]", self.add_api_route(path, methods=("PUT",), **options))

    def patch(self, path: str, **options: Any) -> Callable[[F], F]:
        """Decorate what answers a PATCH of `path`."""
        return cast("Callable[[F], F]", self.add_api_route(path, methods=("PATCH",), **options))

    def delete(self, path: str, **options: Any) -> Callable[[F], F]:
        """Decorate what answers a DELETE of `path`."""
        return cast("Callable[[F], F]", self.add_api_route(path, methods=("DELETE",), **options))

    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any] | None = None,
        *,
        methods: Any = ("GET",),
        status_code: int = 200,
        **options: Any,
    ) -> Any:
        """Let a function answer an address.

        Args:
            path: the address below the server's, with parts in braces.
            endpoint: the function, plain or async; left out to decorate one.
            methods: what may be asked of it.
            status_code: of an answer that is no response of Django's.
            options: what FastAPI writes into its documents; not needed here.

        Raises:
            DeclarationError: the path does not begin with "/", or a parameter has no place in a request.
        """
        if not path.startswith("/"):
            raise DeclarationError(f"A path of gr.Server begins with '/', not {path!r}.")

        def add(function: F) -> F:
            handler = Handler(function, path, status_code)
            for method in methods:
                self._handlers.setdefault(path, {})[str(method).upper()] = handler
            self.version += 1
            return function

        return add if endpoint is None else add(endpoint)

    def addresses(self) -> list[Any]:
        """Django's patterns: its own addresses first, then those of every app."""
        mounted = mount(self)
        own = []
        for handlers in self._handlers.values():
            route = next(iter(handlers.values())).route
            methods = (*handlers, *(("HEAD",) if "GET" in handlers else ()))
            view = Endpoint(answering(handlers), methods=methods, takes_values=True)
            own.append(path(private(route), view.at(template(route)), {"blocks_mount": mounted}))
        return [*own, *super().addresses()]

    def launch(self, *args: Any, **options: Unpack[LaunchOptions]) -> Launched:
        """Serve it alone, as every app; see LaunchOptions for the arguments."""
        if self._root_path:
            options.setdefault("root_path", self._root_path)
        return super().launch(*args, **options)

    def __getattr__(self, name: str) -> Any:
        if name in _ELSEWHERE:
            raise AttributeError(f"gr.Server is an app of Django's and has no {name}: {_ELSEWHERE[name]}.")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
