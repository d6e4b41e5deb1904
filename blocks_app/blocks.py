"""Blocks: a declared page with everything that can be done with it: serve, mount, call, protect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Self, Unpack

from blocks_app.declaration.declared_page import DeclaredPage
from blocks_app.files import file_retention
from blocks_app.hosting import host
from blocks_app.launch_options import Launched, LaunchOptions


class Blocks(DeclaredPage):
    """A page: layouts, components and the events between them.

    Declare inside `with Blocks() as demo:`; then `demo.launch()` serves it alone, `path("chat/", demo.urls)` as a part
    of a Django site.
    """

    wire_name: ClassVar[str] = "column"

    #: What `launch()` started, which also sets the following.
    server: Any = None
    is_running: bool = False
    share: bool = False
    local_url: str | None = None
    share_url: str | None = None
    #: Events wait in the queue, whatever is set here; kept for programs that ask.
    enable_queue: bool = True

    def protect(
        self,
        auth: Any = None,
        *,
        permission: Any = None,
        auth_message: str | None = None,
        auth_dependency: Callable[[Any], Any] | None = None,
    ) -> Self:
        """Say who may use the app wherever it is mounted: `path("chat/", demo.protect(auth="django").urls)`.

        Args:
            auth: "django" for the site's logged-in users, a (name, password) pair, a list of pairs, or a function of
                name and password, sync or async, that answers True or False.
            permission: what a user of the site needs besides: a permission's name, a list of names, or a function of
                the user, sync or async, that answers True or False.
            auth_message: HTML for the login page.
            auth_dependency: a function of the request, sync or async, that gives the visitor's id; None is refused.

        Raises ValueError for arguments that contradict each other. Returns the Blocks.
        """
        host().protect(self, auth, permission=permission, auth_message=auth_message, auth_dependency=auth_dependency)
        return self

    def serving(self, **options: Any) -> Self:
        """Say how the app is served wherever it is mounted: `path("chat/", demo.serving(show_error=True).urls)`.

        Args:
            options: `show_error` (BLOCKS_SHOW_ERROR unless given), `show_api`, `max_file_size`, `max_threads`,
                `allowed_paths`, `blocked_paths`, `allowed_origins`, `favicon_path`, `pwa`, `mcp_server`
                (BLOCKS_MCP_SERVER unless given) and `state_session_capacity`, as in `launch()`.

        Raises ValueError, TypeError for an option that does not exist or makes no sense. Returns the Blocks.
        """
        host().serve_with(self, **options)
        return self

    # -- looking -----------------------------------------------------------------------------------------------------

    def get_config_file(self) -> dict[str, Any]:
        """The config as the browser gets it."""
        from blocks_app.page.config import build_config

        return build_config(self)

    @property
    def config(self) -> dict[str, Any]:
        """The same, as programs written for Gradio read it."""
        return self.get_config_file()

    def get_api_info(self, all_endpoints: bool = False) -> dict[str, Any]:
        """The endpoints that programs can call; with `all_endpoints` also those that are not listed."""
        from blocks_app.page.api_schema import api_info

        return api_info(self, all_endpoints)

    #: Django's templates call what can be called, and an app is named in them: `{% blocks demo %}`.
    do_not_call_in_templates = True

    def __call__(self, *inputs: Any, fn_index: int = 0, api_name: str | None = None) -> Any:
        """Run an endpoint here and now, with pre- and postprocessing; files are paths."""
        from blocks_app.running.local_call import call_endpoint

        return call_endpoint(self, inputs, fn_index, api_name)

    # -- serving ------------------------------------------------------------------------------------------------------

    @property
    def allowed_paths(self) -> list[str]:
        """Files and folders that are served where they lie, as in `launch()`, which sets them anew; may be added to."""
        from blocks_app.web.registry import mount

        return mount(self).options.allowed_paths

    @allowed_paths.setter
    def allowed_paths(self, paths: list[str]) -> None:
        from blocks_app.web.registry import mount

        mount(self).options.allowed_paths = list(paths)

    @property
    def urls(self) -> tuple[list[Any], str, str]:
        """For a URLconf: `path("chat/", demo.urls)`, as with admin.site.urls."""
        from blocks_app.web.mounting import name_as_in_project
        from blocks_app.web.registry import mount

        name_as_in_project(self)
        return self.addresses(), "blocks", mount(self).key

    def addresses(self) -> list[Any]:
        """Django's patterns of all that is below its `urls`."""
        from blocks_app.web.registry import mount
        from blocks_app.web.urls import patterns

        return patterns(mount(self))

    def launch(self, *args: Any, **options: Unpack[LaunchOptions]) -> Launched:
        """Serve this page alone, in this process, until it is interrupted; see LaunchOptions for the arguments.

        Returns at once in a notebook and with `prevent_thread_lock`: a server, its address and the public link.
        """
        return host().launch(self, *args, **options)

    def close(self, verbose: bool = True) -> None:
        """Stop serving and free the port; tell so unless `verbose` is False."""
        host().close(self, verbose)
        if self.mount is not None:
            file_retention.stop(self.mount)

    def block_thread(self) -> None:
        """Wait until the program is interrupted."""
        host().block_thread(self)

    def integrate(self, comet_ml: Any = None, wandb: Any = None, mlflow: Any = None) -> None:
        """Leave the launched app's address with experiment trackers: a run of `comet_ml`, `wandb` or `mlflow`."""
        host().integrate(self, comet_ml=comet_ml, wandb=wandb, mlflow=mlflow)

    def startup_events(self) -> bool:
        """Do what has to be done before the app is served, once; `launch()` and `runblocks` call it."""
        events, self.extra_startup_events = self.extra_startup_events, []
        for event in events:
            event()
        return True


def close_all(verbose: bool = True) -> None:
    """Stop every app that was launched in this program, and tell so unless `verbose` is False."""
    host().close_all(verbose)
