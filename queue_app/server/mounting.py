"""An app inside a FastAPI or Starlette application: what `gr.mount_gradio_app` does. Neither of them is imported."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from blocks_app.diagnostics.mistakes import meant
from blocks_app.web import registry
from queue_app.exceptions import LaunchError, UnknownLaunchOption
from queue_app.server.launch_options import LaunchArguments, elsewhere

if TYPE_CHECKING:
    from blocks_app.blocks import Blocks
    from queue_app.asgi_types import Receive, Scope, Send

#: The arguments of launch() that mean something where somebody else serves.
OPTIONS = (
    "allowed_origins", "allowed_paths", "app_kwargs", "auth", "auth_dependency", "auth_message", "blocked_paths",
    "favicon_path", "i18n", "max_file_size", "max_threads", "mcp_server", "permission", "pwa", "root_path",
    "show_api", "show_error", "state_session_capacity",
)  # fmt: skip

#: Those of them that a project's settings and `protect()` do not say.
SERVING = (
    "allowed_origins", "allowed_paths", "blocked_paths", "favicon_path", "max_file_size", "max_threads", "mcp_server",
    "pwa", "show_api", "show_error", "state_session_capacity",
)  # fmt: skip

#: What Gradio takes besides, and why it is not taken here.
_ELSEWHERE = {
    **dict.fromkeys(("server_name", "server_port"), "whoever serves the outer application decides that"),
    **dict.fromkeys(("ssr_mode", "node_server_name", "node_port"), "pages are drawn in the browser, without Node"),
    **dict.fromkeys(("run_history", "footer_links"), "there is no such thing here"),
    "enable_monitoring": "see the guide on Django's admin",
}


class MountedApp:
    """The ASGI application of one app below a path of another one."""

    def __init__(self, application: Any, urls: object) -> None:
        """Serve `application` with the urlconf `urls`."""
        self.application = application
        self.urls = urls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry point; the outer application has put its path into `root_path`."""
        inner = {**scope, "blocks.urlconf": self.urls}
        prefix = str(scope.get("root_path", "")).rstrip("/")
        if prefix and not inner["path"].startswith(f"{prefix}/"):
            inner["path"] = prefix + inner["path"]  # old versions of Starlette take it away
        await self.application(inner, receive, send)


def mount_gradio_app(app: Any, blocks: Blocks, path: str, **options: Any) -> Any:
    """See blocks_app.web.mounting. Raises LaunchError, a ValueError; UnknownLaunchOption is a TypeError, too."""
    wanted = _options({"show_error": True, **options})
    if not (hasattr(app, "mount") and hasattr(getattr(app, "router", None), "lifespan_context")):
        raise LaunchError(
            f"mount_gradio_app needs an application with mount(), as of FastAPI or Starlette, not {app!r}. "
            'In a Django project write path("ui/", demo.urls) instead.'
        )
    if not isinstance(path, str) or "{" in path:
        raise LaunchError(f"mount_gradio_app takes a plain path such as '/ui', not {path!r}.")
    # Django's settings before what reads them, as in launch().
    from queue_app.server.minimal_project import AppHandler, AppUrls, ensure_django

    ensure_django(wanted.app_kwargs)
    from queue_app.transport.routing import BlocksASGI

    mount = registry.mount(blocks)
    wanted.admit(mount)
    mount.options = wanted.mount_options()
    urls = AppUrls(blocks)
    stripped = path.strip("/")
    app.mount(f"/{stripped}" if stripped else "", MountedApp(BlocksASGI(AppHandler(urls)), urls))
    _end_with(app, mount)
    return app


def serve_with(blocks: Blocks, **options: Any) -> None:
    """See Blocks.serving. Raises LaunchError, which is a ValueError; UnknownLaunchOption is a TypeError, too."""
    unknown = sorted(set(options) - set(SERVING))
    if unknown:
        raise UnknownLaunchOption(f"serving() has no argument {unknown[0]!r}.{meant(unknown[0], SERVING)}")
    wanted = LaunchArguments(**options).mount_options()
    if "show_error" not in options:
        wanted.show_error = None
    registry.mount(blocks).options = wanted


def _options(given: Mapping[str, Any]) -> LaunchArguments:
    chosen = {}
    for name, value in given.items():
        if name in OPTIONS:
            chosen[name] = value
        elif name not in _ELSEWHERE:
            known = meant(name, OPTIONS)
            raise UnknownLaunchOption(f"mount_gradio_app() has no argument {name!r}.{elsewhere(name) or known}")
        elif value not in (None, False):
            raise UnknownLaunchOption(f"mount_gradio_app() does not take {name!r}: {_ELSEWHERE[name]}.")
    return LaunchArguments(**{name: value for name, value in chosen.items() if value is not None})


def _end_with(app: Any, mount: registry.Mount) -> None:
    """When the outer application ends, what is pending here ends with a message, so that nobody waits for ever."""
    outer = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(started: Any) -> AsyncIterator[Any]:
        async with outer(started) as state:
            try:
                yield state
            finally:
                from queue_app.execution.engine import close_engine  # not before the first engine exists

                await close_engine(mount)

    app.router.lifespan_context = lifespan
