"""The arguments of `launch()`: what they mean, their checks, and what becomes of them."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blocks_app.diagnostics.mistakes import meant
from blocks_app.i18n import I18n
from blocks_app.web.mounting import LOOK
from blocks_app.web.registry import Mount, MountOptions, checked_hosts
from queue_app.exceptions import LaunchError, UnknownLaunchOption
from queue_app.server import notebook
from queue_app.server.network.ssh_tunnel import Relay

if TYPE_CHECKING:
    from queue_app.server.backends import Backend

_UNITS = {"b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3, "tb": 1024**4}
_SIZE = re.compile(r"(\d+)\s*([a-z]+)", re.IGNORECASE)

#: What the environment says where an argument is not given. Read at each launch.
_ENVIRONMENT: dict[str, tuple[str, Callable[[str], Any]]] = {
    "share": ("GRADIO_SHARE", lambda text: text.strip().lower() == "true"),
    "share_server_address": ("GRADIO_SHARE_SERVER_ADDRESS", str),
    "server_name": ("GRADIO_SERVER_NAME", str),
    "root_path": ("GRADIO_ROOT_PATH", str),
    "mcp_server": ("GRADIO_MCP_SERVER", lambda text: text.strip().lower() == "true"),
    "allowed_paths": ("GRADIO_ALLOWED_PATHS", lambda text: [part.strip() for part in text.split(",") if part.strip()]),
    "blocked_paths": ("GRADIO_BLOCKED_PATHS", lambda text: [part.strip() for part in text.split(",") if part.strip()]),
}


@dataclass(frozen=True)
class LaunchArguments:
    """The arguments of one `launch()`, checked; what each means stands in blocks_app.launch_options.LaunchOptions."""

    inline: bool | None = None
    inbrowser: bool = False
    share: bool | None = None
    debug: bool = False
    max_threads: int = 40
    auth: Any = None
    auth_message: str | None = None
    prevent_thread_lock: bool = False
    show_error: bool = False
    server_name: str | None = None
    server_port: int | None = None
    height: int = 500
    width: int | str = "100%"
    favicon_path: str | None = None
    ssl_keyfile: str | None = None
    ssl_certfile: str | None = None
    ssl_keyfile_password: str | None = None
    ssl_verify: bool = True
    quiet: bool = False
    show_api: bool = True
    allowed_paths: list[str] | None = None
    blocked_paths: list[str] | None = None
    root_path: str | None = None
    app_kwargs: dict[str, Any] | None = None
    state_session_capacity: int = 10_000
    share_server_address: str | None = None
    share_server_protocol: str | None = None
    auth_dependency: Callable[[Any], Any] | None = None
    max_file_size: str | int | None = None
    permission: Any = None
    api_open: bool | None = None
    allowed_origins: list[str] | None = None
    mcp_server: bool | None = None
    pwa: bool | None = None
    i18n: I18n | None = None
    theme: Any = None
    css: str | None = None
    css_paths: Any = None
    js: str | None = None
    head: str | None = None
    head_paths: Any = None

    def __post_init__(self) -> None:
        if self.auth is not None and self.auth_dependency is not None:
            raise LaunchError("You cannot provide both `auth` and `auth_dependency` in launch(). Please choose one.")
        for name in ("allowed_paths", "blocked_paths"):
            paths = getattr(self, name)
            if paths is not None and (isinstance(paths, (str, bytes, Mapping)) or not isinstance(paths, Iterable)):
                raise LaunchError(f"`{name}` must be a list of directories.")
            object.__setattr__(self, name, None if paths is None else list(paths))
        for name in ("max_threads", "state_session_capacity"):
            number = getattr(self, name)
            if isinstance(number, bool) or not isinstance(number, int) or number < 1:
                raise LaunchError(f"`{name}` must be a whole number from 1 on, not {number!r}.")
        if self.favicon_path is not None and not Path(self.favicon_path).is_file():
            raise LaunchError(f"`favicon_path` names no file: {self.favicon_path!r}.")
        if self.ssl_keyfile is not None and self.ssl_certfile is None:
            raise LaunchError("ssl_certfile must be provided if ssl_keyfile is provided.")
        if self.ssl_keyfile_password is not None and self.ssl_certfile is None:
            raise LaunchError("`ssl_keyfile_password` is given without a key: give `ssl_certfile`, `ssl_keyfile` too.")
        port = self.server_port
        if port is not None and (not isinstance(port, int) or isinstance(port, bool) or not 0 <= port < 65536):
            raise LaunchError(f"`server_port` must be a number up to 65535, not {port!r}.")
        if self.share_server_protocol not in (None, "http", "https"):
            raise LaunchError(f'`share_server_protocol` must be "http" or "https", not {self.share_server_protocol!r}.')
        if self.share_server_address is not None:
            Relay.parse(self.share_server_address)
        if self.i18n is not None and not isinstance(self.i18n, I18n):
            raise LaunchError(f"`i18n` must be a gr.I18n with the app's texts, not {self.i18n!r}.")
        parse_size(self.max_file_size)
        if self.mcp_server and find_spec("mcp") is None:
            raise LaunchError(
                "mcp_server=True needs the package `mcp`, which is not installed: pip install 'blocks-on-django[mcp]'."
            )
        try:
            hosts = checked_hosts(self.allowed_origins, "`allowed_origins`")
        except ValueError as error:
            raise LaunchError(str(error)) from None
        object.__setattr__(self, "allowed_origins", None if self.allowed_origins is None else list(hosts))

    def mount_options(self) -> MountOptions:
        """What the app's mount has to know."""
        return MountOptions(
            show_error=self.show_error,
            show_api=self.show_api,
            root_path=self.root_path or None,
            favicon_path=self.favicon_path,
            max_file_size=parse_size(self.max_file_size),
            max_threads=self.max_threads,
            allowed_paths=list(self.allowed_paths or ()),
            blocked_paths=list(self.blocked_paths or ()),
            allowed_origins=tuple(self.allowed_origins or ()),
            state_session_capacity=self.state_session_capacity,
            shared=self.shared,
            mcp_server=None if self.mcp_server is None else bool(self.mcp_server),
            pwa=bool(self.pwa),
        )

    @property
    def shared(self) -> bool:
        """Whether a public link is wanted."""
        return notebook.is_remote() if self.share is None else self.share

    @property
    def protocol(self) -> str:
        """The scheme of the public link."""
        return self.share_server_protocol or ("http" if self.share_server_address else "https")

    @property
    def name(self) -> str:
        """The address to listen on, IPv6 in brackets, as in a URL."""
        bare = (self.server_name or "127.0.0.1").strip().removeprefix("[").removesuffix("]")
        return f"[{bare}]" if ":" in bare else bare

    def admit(self, mount: Mount) -> None:
        """Give the app's mount its guard. Raises LaunchError for an `auth` that makes no sense."""
        from auth_app.exceptions import PolicyError  # Django, ready by now
        from queue_app.access import guards

        try:
            policy = guards.policy(
                self.auth,
                auth_message=self.auth_message,
                auth_dependency=self.auth_dependency,
                permission=self.permission,
            )
            guards.guard(mount, policy)
        except PolicyError as error:
            raise LaunchError(str(error)) from error

    @property
    def look(self) -> dict[str, Any]:
        """What is said of the page's look, in place of what `gr.Blocks()` says."""
        return {name: value for name in LOOK if (value := getattr(self, name)) is not None}

    def tls(self, backend: Backend) -> Any:
        """The server's context for https, None for http. Raises LaunchError for files that do not work together."""
        if self.ssl_certfile is None:
            return None
        return backend.tls_context(self.ssl_certfile, self.ssl_keyfile, self.ssl_keyfile_password)


def launch_options(args: Sequence[Any], options: Mapping[str, Any]) -> LaunchArguments:
    """The arguments of one launch() call. Raises UnknownLaunchOption for one that does not exist."""
    known = {field.name for field in fields(LaunchArguments)}
    for name in options:
        if name not in known:
            raise UnknownLaunchOption(f"launch() has no argument {name!r}.{elsewhere(name) or meant(name, known)}")
    try:
        bound = inspect.signature(LaunchArguments).bind(*args, **options)
    except TypeError as error:
        raise UnknownLaunchOption(f"launch(): {error}.") from None
    return LaunchArguments(**{**_from_environment(), **{k: v for k, v in bound.arguments.items() if v is not None}})


#: What Gradio's launch() and Blocks take besides, and where that is said here.
_ELSEWHERE = {
    **dict.fromkeys(("ssr_mode", "node_server_name", "node_port"), "pages are drawn in the browser, without Node"),
    **dict.fromkeys(("run_history", "footer_links"), "there is no such thing here; show_api=False leaves the API out"),
    **dict.fromkeys(("title", "fill_height", "fill_width", "delete_cache"), "say it in gr.Blocks({name}=…)"),
    **dict.fromkeys(("concurrency_count", "enable_queue"), "say it in demo.queue(default_concurrency_limit=…)"),
    **dict.fromkeys(("max_size", "default_concurrency_limit", "status_update_rate"), "say it in demo.queue({name}=…)"),
    "enable_monitoring": "Django's admin shows what runs, see docs/howto/admin.md",
    "strict_cors": "name other origins in the setting BLOCKS_ALLOWED_HOSTS, see docs/security.md",
    "num_workers": "see docs/howto/scale.md for more than one process",
    "share_server_tls_certificate": "links go through SSH, see docs/howto/share.md",
}


def elsewhere(name: str) -> str:
    """Where Gradio's argument of this name belongs; nothing when nobody has it."""
    where = _ELSEWHERE.get(name)
    return f" {where[0].upper()}{where[1:]}.".replace("{name}", name) if where else ""


def _from_environment() -> dict[str, Any]:
    return {name: read(text) for name, (key, read) in _ENVIRONMENT.items() if (text := os.environ.get(key))}


def parse_size(given: str | int | None) -> int | None:
    """Bytes from a number or a text such as "5 MB" (powers of 1024). Raises LaunchError for anything else."""
    if given is None or (isinstance(given, int) and not isinstance(given, bool) and given >= 0):
        return given
    found = _SIZE.fullmatch(given.strip()) if isinstance(given, str) else None
    if found is None or found[2].lower() not in _UNITS:
        raise LaunchError(f"Invalid file size unit: {given}. Write bytes as a number, or for instance '5mb'.")
    return int(found[1]) * _UNITS[found[2].lower()]
