"""gr.mount_gradio_app: a page inside a FastAPI or Starlette application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from blocks_app.hosting import host

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage

App = TypeVar("App")


def mount_gradio_app(
    app: App, blocks: DeclaredPage, path: str, app_kwargs: dict[str, Any] | None = None, **options: Any
) -> App:
    """Serve a page at `path` of another ASGI application, which is returned.

    `app = gr.mount_gradio_app(app, demo, path="/ui")` for a FastAPI `app`.

    Args:
        app: a FastAPI or Starlette application, or anything with their `mount()` and `router.lifespan_context`.
        blocks: the page.
        path: where it is served, such as "/ui".
        app_kwargs: Django settings by name, for the site that is made where there is no Django project.
        options: `auth`, `auth_message`, `auth_dependency`, `permission`, `root_path`, `allowed_origins`,
            `allowed_paths`, `blocked_paths`, `favicon_path`, `show_error` (True unless given), `show_api`,
            `max_file_size`, `max_threads` and `state_session_capacity`, as in `launch()`.

    Raises:
        ValueError, TypeError: an option that does not exist or makes no sense, or an `app` that cannot mount another.
    """
    mounted: App = host().mount_gradio_app(app, blocks, path, app_kwargs=app_kwargs, **options)
    return mounted
