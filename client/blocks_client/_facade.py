"""What programs look at on both clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blocks_client._api import App, Endpoint, described, public_info

if TYPE_CHECKING:
    from blocks_client._core import Core
    from blocks_client._session import Session


class Facade:
    """Names that Client and AsyncClient share."""

    _core: Core
    _session: Session | None = None
    verbose: bool
    max_workers: int
    analytics_enabled: bool

    @property
    def _app(self) -> App:
        return self._core.ready()

    def add_zero_gpu_headers(self, headers: dict[str, str]) -> dict[str, str]:
        """Add the visitor's `x-ip-token` when this runs inside a handler of an app and the client talks to a Space.

        Changes and returns `headers`.
        """
        from blocks_client._visitor import ip_token

        token = ip_token() if self.space_id else None
        if token:
            headers["x-ip-token"] = token
        return headers

    def __str__(self) -> str:
        app = self._core.app
        return described(public_info(app.info)) if app is not None else f"{type(self).__name__}({self._core.src!r})"

    __repr__ = __str__

    @property
    def src(self) -> str:
        """The app's address, with a slash at the end."""
        return self._core.src

    @property
    def space_id(self) -> str | None:
        """The Space's name, if it is one."""
        return self._core.space_id

    @space_id.setter
    def space_id(self, value: str | None) -> None:
        self._core.space_id = value

    @property
    def config(self) -> dict[str, Any]:
        """The app's config."""
        return self._app.config

    @property
    def endpoints(self) -> dict[int, Endpoint]:
        """The endpoints by number."""
        return self._app.endpoints

    @property
    def session_hash(self) -> str:
        """Names the session on the server."""
        return self._session.hash if self._session is not None else ""

    @property
    def headers(self) -> dict[str, str]:
        """Of every request to the app."""
        return self._core.headers

    @property
    def cookies(self) -> dict[str, str]:
        """Of every request to the app."""
        return self._core.cookies

    @property
    def protocol(self) -> str:
        """How the server streams."""
        return self._app.protocol

    @property
    def app_version(self) -> str:
        """The version of Gradio that the server speaks."""
        return self._app.version
