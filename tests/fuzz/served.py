"""The app that is fuzzed: every component, each behind an endpoint of its own. Run it to serve it twice, open to all
and behind a login; prints both addresses.

Sessions and files live for seconds here, so that memory that grows is a leak and nothing else.
"""

from __future__ import annotations

import inspect
import signal
from collections.abc import Iterator
from typing import Any

import blocks_app as gr
from blocks_app import components

#: Name and password of the private one.
LOGIN = ("ann", "secret")

#: Arguments without which a component makes no sense.
NEEDED: dict[str, dict[str, Any]] = {
    "CheckboxGroup": {"choices": ["a", ("B", 2)]},
    "Dropdown": {"choices": ["a", ("B", 2)]},
    "Radio": {"choices": ["a", ("B", 2)]},
}


def component_classes() -> list[type[gr.Component]]:
    """Every component class, without second names of the same class."""
    found = {getattr(components, name) for name in components.__all__}
    kept = (each for each in found if inspect.isclass(each) and issubclass(each, gr.Component))
    return sorted(kept, key=lambda each: each.__name__)


def declare() -> gr.Blocks:
    """One endpoint per component that gives back what it gets, a generator, and one that keeps State."""

    def count(text: str) -> Iterator[str]:
        yield from (f"{text}{n}" for n in range(3))

    with gr.Blocks(delete_cache=(5, 5)) as demo:
        go, text, kept = gr.Button("Go"), gr.Textbox(label="text"), gr.State("")
        for cls in component_classes():
            one = cls(**NEEDED.get(cls.__name__, {}))
            go.click(lambda value: value, one, one, api_name=cls.__name__.lower())
            go.click(lambda value: value, one, one, api_name=f"{cls.__name__.lower()}_now", queue=False)
        go.click(count, text, text, api_name="count")
        go.click(lambda a, s: (a, s + str(a)[:1]), [text, kept], [text, kept], api_name="keep")
        go.click(lambda a: a, text, text, api_name=False)
        go.click(None, text, text, js="x => x", api_name="script")
    demo.queue(max_size=200, default_concurrency_limit=8)
    return demo


def main() -> None:
    """Serve until told to stop."""
    from django.conf import settings

    from queue_app.server.minimal_project import minimal_settings
    from queue_app.transport import long_polling, upload_stream

    upload_stream.PATIENCE = 0.05  # type: ignore[assignment]  # most made-up ids are of no upload
    long_polling.WAIT_SECONDS = 0.05
    short: dict[str, Any] = {"SESSION_GRACE": 1, "SESSION_LIFETIME": 2, "UNLOAD_GRACE": 0.2, "ENDLESS_GRACE": 0.5}
    short["LOGIN_ATTEMPTS"] = {"name": (10**6, 300), "address": (10**6, 300)}
    settings.configure(**minimal_settings(), **{f"BLOCKS_{name}": value for name, value in short.items()})
    limits: dict[str, Any] = {"max_file_size": "64kb", "state_session_capacity": 50}
    for access in ({}, {"auth": LOGIN}):
        print(declare().launch(prevent_thread_lock=True, quiet=True, **limits, **access).local_url, flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
