"""What pages ask of the app that serves them, as `blocks_app.hosting.Host` says it; each loads only what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blocks_app.blocks import Blocks
    from blocks_app.launch_options import Launched
    from blocks_app.web.registry import Mount


def launch(blocks: Blocks, *args: Any, **options: Any) -> Launched:
    """See Blocks.launch."""
    from queue_app.server import launching

    return launching.launch(blocks, *args, **options)


def close(blocks: Blocks, verbose: bool = True) -> None:
    """See Blocks.close."""
    from queue_app.server import launching

    launching.close(blocks, verbose)


def close_all(verbose: bool = True) -> None:
    """See blocks_app.close_all."""
    from queue_app.server import launching

    launching.close_all(verbose)


def block_thread(blocks: Blocks) -> None:
    """See Blocks.block_thread."""
    from queue_app.server import launching

    launching.block_thread(blocks)


def integrate(blocks: Blocks, **trackers: Any) -> None:
    """See Blocks.integrate."""
    from queue_app.server import integrations

    integrations.integrate(blocks, **trackers)


def protect(blocks: Blocks, auth: Any, **options: Any) -> None:
    """See Blocks.protect."""
    from queue_app.access import guards

    guards.protect(blocks, auth, **options)


def serve_with(blocks: Blocks, **options: Any) -> None:
    """See Blocks.serving."""
    from queue_app.server import mounting

    mounting.serve_with(blocks, **options)


def mount_gradio_app(app: Any, blocks: Blocks, path: str, **options: Any) -> Any:
    """See blocks_app.mount_gradio_app."""
    from queue_app.server import mounting

    return mounting.mount_gradio_app(app, blocks, path, **options)


def conversations(owner: str, mount: str) -> Any:
    """See `blocks_app.interfaces.chat_histories.Store`, which the answer is; None where there is no database."""
    from django.apps import apps

    if not apps.is_installed("queue_app"):
        return None
    from queue_app.records.conversations import conversations_of

    return conversations_of(owner, mount)


async def shown(mount: Mount, session_hash: str, identity: Any, scope: Any) -> str:
    """What the page of a session shows, see `Engine.shown`; asking for it counts as one event.

    Raises TooMany for one more than `BLOCKS_RATE_LIMIT` allows.
    """
    from django.apps import apps

    if not apps.is_installed("queue_app") or scope is None:
        return "{}"
    from queue_app.access import throttling
    from queue_app.execution.engine import engine_of, has_engine, shares_events

    await throttling.spend(identity, scope)
    engine = engine_of(mount) if has_engine(mount) or shares_events() else None
    return "{}" if engine is None else await engine.shown(session_hash, identity.key)
