"""What `Blocks.launch()` takes and gives back. Another app does the serving; this one says the words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

if TYPE_CHECKING:
    from blocks_app.i18n import I18n


class Launched(NamedTuple):
    """What `launch()` returns. Prints as nothing, so that a notebook cell or a REPL stays clean."""

    app: Any
    local_url: str
    share_url: str | None

    def __repr__(self) -> str:
        return ""


class LaunchOptions(TypedDict, total=False):
    """Arguments of `launch()`, in their order: Gradio's names, meanings and defaults."""

    inline: bool | None
    """Show the app below the notebook's cell; None where there is one, True in any IPython, False never."""
    inbrowser: bool
    """Open the app in the default browser."""
    share: bool | None
    """Publish the app by an SSH tunnel; None reads GRADIO_SHARE, and is True in notebooks of Colab, Kaggle and
    SageMaker. Needs share_server_address; without it the app is served here alone, and says so."""
    debug: bool
    """Wait even in a notebook, and even with prevent_thread_lock; GRADIO_DEBUG=1 does the same."""
    max_threads: int
    """How many events are in work at once; 40 unless given."""
    auth: Any
    """Who may use the app: a (name, password) pair, a list of pairs, a function of name and password, sync or
    async, that answers True or False, or "django" for the users of the project that is configured."""
    auth_message: str | None
    """HTML for the login page."""
    prevent_thread_lock: bool
    """Return at once; the server ends with the program."""
    show_error: bool
    """Tell visitors the text of every exception, not only that of gr.Error."""
    server_name: str | None
    """Address to listen on; None reads GRADIO_SERVER_NAME, else 127.0.0.1. "0.0.0.0" is every address."""
    server_port: int | None
    """Port; None reads GRADIO_SERVER_PORT, else takes the first free one from 7860 on."""
    height: int
    """Of the notebook's frame, in pixels; 500 unless given."""
    width: int | str
    """Of the notebook's frame, in pixels or as CSS; "100%" unless given."""
    favicon_path: str | None
    """File of the tab's icon."""
    ssl_keyfile: str | None
    """Private key of the certificate, PEM; turns https on."""
    ssl_certfile: str | None
    """Certificate, PEM; needed with ssl_keyfile."""
    ssl_keyfile_password: str | None
    """Of an encrypted key."""
    ssl_verify: bool
    """Refuse a certificate that visitors' programs would not trust; False for a self-signed one."""
    quiet: bool
    """Print nothing."""
    show_api: bool
    """Link the API in the footer; False leaves the link out."""
    allowed_paths: list[str] | None
    """Files and folders that functions may hand out besides the working and temporary folders."""
    blocked_paths: list[str] | None
    """Files and folders that are never handed out; wins over allowed_paths."""
    root_path: str | None
    """Path or full address under which a proxy publishes the app; None reads GRADIO_ROOT_PATH."""
    app_kwargs: dict[str, Any] | None
    """Django settings by name, for the site that is made where there is no project."""
    state_session_capacity: int
    """How many visitors' State is kept; the one unused for longest goes first; 10_000 unless given."""
    share_server_address: str | None
    """"host:port" or "user@host:port" of an SSH server that forwards ports; None reads
    GRADIO_SHARE_SERVER_ADDRESS."""
    share_server_protocol: str | None
    """Scheme of the public link: "http", or "https" where the relay ends TLS. None is http with a
    share_server_address."""
    auth_dependency: Callable[[Any], Any] | None
    """Function of the request, sync or async, that gives the visitor's id or None: refused. Not together with
    auth."""
    max_file_size: str | int | None
    """Of one upload: bytes, or text such as "5mb"; None is no limit."""
    permission: Any
    """What a user needs besides, with auth="django": a permission's name, a list of names, or a function of the
    user that answers True or False. Not in Gradio."""
    api_open: bool | None
    """As `queue(api_open=...)`; None leaves it as that says."""
    allowed_origins: list[str] | None
    """Hosts besides those in the declaration whose pictures, sounds and films the page shows, such as
    "images.example.org"; not in Gradio. BLOCKS_REMOTE_MEDIA does the same for a site."""
    mcp_server: bool | None
    """Serve agents by MCP at `gradio_api/mcp/`: each public endpoint is a tool. None reads GRADIO_MCP_SERVER, else
    False. Needs the package `mcp`."""
    pwa: bool | None
    """Let visitors install the app on their devices, where it says so when they are offline; False unless given."""
    i18n: I18n | None
    """The gr.I18n with the app's texts, as in Gradio; its texts are found without it, too."""
    theme: Any
    """As in `gr.Blocks()`, instead of what was given there, as in Gradio 6; so with css, js and head."""
    css: str | None
    """Style text."""
    css_paths: Any
    """A path or a list of them, of files with more."""
    js: str | None
    """A JavaScript function that runs once when the page has loaded."""
    head: str | None
    """HTML for the page's head."""
    head_paths: Any
    """A path or a list of them, of files with more."""


class MountingOptions(TypedDict, total=False):
    """Arguments of `gr.mount_gradio_app()`, as in `launch()`, besides where the app is mounted."""

    auth: Any
    """Who may use the app; see LaunchOptions, as for all that stands there too."""
    auth_message: str | None
    """HTML for the login page."""
    auth_dependency: Callable[[Any], Any] | None
    """Function of the request that gives the visitor's id or None: refused."""
    permission: Any
    """What a user needs besides, with auth="django"; not in Gradio."""
    root_path: str | None
    """Path or full address under which a proxy publishes the app."""
    allowed_origins: list[str] | None
    """Hosts whose pictures, sounds and films the page shows; not in Gradio."""
    allowed_paths: list[str] | None
    """Files and folders that functions may hand out."""
    blocked_paths: list[str] | None
    """Files and folders that are never handed out."""
    favicon_path: str | None
    """File of the tab's icon."""
    show_error: bool
    """Tell visitors the text of every exception; True unless given."""
    show_api: bool
    """Link the API in the footer."""
    max_file_size: str | int | None
    """Of one upload."""
    max_threads: int
    """How many events are in work at once."""
    state_session_capacity: int
    """How many visitors' State is kept."""
    theme: Any
    """As in `gr.Blocks()`, instead of what was given there; so with css, js and head."""
    css: str | None
    """Style text."""
    css_paths: Any
    """A path or a list of them, of files with more."""
    js: str | None
    """A JavaScript function that runs once when the page has loaded."""
    head: str | None
    """HTML for the page's head."""
    head_paths: Any
    """A path or a list of them, of files with more."""
    pwa: bool | None
    """Let visitors install the app on their devices."""
    server_name: str | None
    """Gradio's; refused: whoever serves the outer application decides it."""
    server_port: int | None
    """Likewise."""
    ssr_mode: bool | None
    """Gradio's; refused unless false: pages are drawn in the browser, without Node."""
    node_server_name: str | None
    """Likewise."""
    node_port: int | None
    """Likewise."""
    enable_monitoring: bool | None
    """Gradio's; refused unless false: Django's admin shows it."""
    footer_links: list[str] | None
    """Gradio's; refused unless empty, as what follows."""
    run_history: bool | None
    """Likewise."""
    i18n: Any
    """The gr.I18n with the app's texts."""
    mcp_server: bool | None
    """Serve agents by MCP, as in `launch()`."""
