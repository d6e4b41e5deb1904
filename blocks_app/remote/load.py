"""`gr.load`: an app of another server, or a model of the hub, as an app of this one."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from blocks_app.blocks import Blocks
from blocks_app.components import LoginButton
from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.remote.building import Builder
from blocks_app.remote.connection import RemoteApp, reach
from blocks_app.remote.listening import Listening
from blocks_app.remote.loaded_app import LoadedApp
from blocks_app.remote.wire_files import FirstFiles
from blocks_app.themes import BUILT_IN
from blocks_app.tree import context

if TYPE_CHECKING:
    from blocks_client import PageClient

SOURCES = ("spaces", "models", "huggingface")


def load(
    name: str,
    src: Callable[..., Blocks] | Literal["models", "spaces", "huggingface"] | None = None,
    token: str | None = None,
    accept_token: bool | LoginButton = False,
    provider: str | None = None,
    *,
    hf_token: str | None = None,
    alias: str | None = None,
    **kwargs: Any,
) -> Blocks:
    """Make an app of one that runs elsewhere, or of a model of the hub.

        gr.load("https://example.com/greeter/").launch()  # any app of ours or of Gradio's, from 4.8 on
        gr.load("spaces/owner/name")                      # a Space of the hub at HF_ENDPOINT
        gr.load("models/owner/name")                      # a model, asked at HF_INFERENCE_ENDPOINT

    What happens on the page is asked of the other server, by its queue: values stream, progress and messages are shown,
    files go up and down. Each visitor has a session of one's own there. The other server is told nothing of who visits.
    Its scripts, styles and head are not taken over; its HTML is, so load what you trust. `app("Ada")` calls it.

    Args:
        name: an address, "spaces/owner/name", "owner/name" of a Space, or "models/owner/name".
        src: "spaces" or "models" for a `name` that does not say it; or a function of name and token that makes the app.
        token: for private Spaces, which the Space itself gets to see; for models HF_TOKEN unless given.
        accept_token: True asks each visitor for a token, which is then used in place of `token`; a gr.LoginButton uses
            that of the account with which a visitor has logged in.
        provider: who computes a model; "hf-inference" unless given.
        hf_token: the older name of `token`.
        alias: the name of a model's endpoint; "predict" unless given.
        kwargs: arguments for `src`, where it is a function, or of the gr.Interface or gr.ChatInterface of a model.

    Returns:
        The Blocks.

    Raises:
        DeclarationError: there is no such app or model, or it cannot be reached; the text says why.
        ImportError: the client program is not installed.
    """
    source, name = _source(name, src)
    token = token or hf_token
    if alias is not None and source == "models":
        kwargs.setdefault("api_name", alias)
    if callable(source):
        made: Blocks = source(name, token, **kwargs)
        return made
    if isinstance(accept_token, LoginButton):
        from blocks_app.remote.tokens import with_login

        return with_login(accept_token, lambda given: _loaded(source, name, given, provider, kwargs))
    if accept_token:
        from blocks_app.remote.tokens import with_token

        return with_token(lambda given: _loaded(source, name, given, provider, kwargs))
    return _loaded(source, name, token, provider, kwargs)


def _source(name: str, src: Any) -> tuple[Any, str]:
    """What is loaded, and its name there."""
    if callable(src):
        return src, name
    if not isinstance(name, str) or not name.strip():
        raise DeclarationError(f"gr.load() takes an address or a name such as 'spaces/owner/name', not {name!r}.")
    name = name.strip()
    if name.lower().startswith(("http://", "https://")):
        hub = (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/") + "/spaces/"
        return ("spaces", name.removeprefix(hub).strip("/")) if name.startswith(hub) else ("address", name)
    if src is None:
        first, _, rest = name.partition("/")
        src, name = (first, rest) if first in SOURCES else ("spaces", name)
    if src not in SOURCES:
        raise DeclarationError(
            f"gr.load(src={src!r}): src is 'spaces', 'models', or a function that takes a name and a token."
        )
    if name.count("/") > 1 or not all(name.split("/")) or (src == "spaces" and "/" not in name):
        raise DeclarationError(f"gr.load() takes an address or a name such as 'spaces/owner/name', not {name!r}.")
    return ("models" if src == "huggingface" else src), name


def _loaded(source: str, name: str, token: str | None, provider: str | None, kwargs: dict[str, Any]) -> Blocks:
    if source == "models":
        from blocks_app.remote.models import load_model

        return load_model(name, token or os.environ.get("HF_TOKEN") or None, provider, kwargs)
    if provider is not None:
        warn("gr.load: provider is for models, and means nothing for an app.")
    if kwargs:
        warn(
            f"gr.load: an app that is loaded stays as it is, so {', '.join(sorted(kwargs))} mean nothing. Put it into "
            "a gr.Blocks of your own, or call it as a function there.",
        )
    return load_app(name, token)


def load_app(address: str, token: str | None = None) -> LoadedApp:
    """An app by its address, or a Space by its name."""
    connection = RemoteApp(address, token)
    client = reach(connection, address)
    try:
        return _built(connection, client)
    except DeclarationError:
        raise
    except Error as error:
        raise DeclarationError(f"gr.load() cannot load {address!r}: {error}") from error
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise DeclarationError(
            f"gr.load() cannot load {address!r}: its config tells of an app that makes no sense here ({error!r})."
        ) from error
    finally:
        connection.close()


def _built(connection: RemoteApp, client: PageClient) -> LoadedApp:
    config = client.config
    theme = config.get("theme")
    app = LoadedApp(
        connection,
        title=str(config.get("title") or "Gradio"),
        theme=theme if isinstance(theme, str) and theme.lower() in BUILT_IN else None,
        fill_height=bool(config.get("fill_height")),
        fill_width=bool(config.get("fill_width")),
    )
    layout = config.get("layout") or {}
    app.first_files = FirstFiles(connection)
    builder = Builder(config, app.first_files)
    is_alone = context.root.get() is None
    listening = Listening(connection, app, layout.get("id"), builder)
    parts, (main, *others) = config.get("page") or {}, config.get("pages") or [["", "Home"]]
    with app:
        _declare_page(builder, listening, config, parts.get(main[0]) if others else None)
    for path, title, *shown in others if is_alone else ():
        with app.route(str(title), f"/{path}", show_in_navbar=bool(shown[0]) if shown else True):
            _declare_page(builder, listening, config, parts[path])
    if others and not is_alone:
        warn("gr.load: inside another app there is only the first page of one that has several.")
    app.remote = listening.functions
    return app


def _declare_page(builder: Builder, listening: Listening, config: dict[str, Any], part: dict[str, Any] | None) -> None:
    """What stands on one page of an app, and what listens there; `part` is None for an app that has no other."""
    layout = config.get("layout") if part is None else part["layout"]
    builder.build((layout or {}).get("children") or [])
    listening.declare(
        [
            each
            for number, each in enumerate(config["dependencies"])
            if part is None or each.get("id", number) in part["dependencies"]
        ]
    )
