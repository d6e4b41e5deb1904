"""Apps that tests serve from their own process, each on a port of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import blocks_app as gr

Serve = Callable[..., str]


def serving() -> Iterator[Serve]:
    """The body of a fixture: `serve = pytest.fixture(serving)`, then `url = serve(demo, **options_of_launch)`."""
    launched: list[gr.Blocks] = []

    def start(demo: gr.Blocks, **options: Any) -> str:
        launched.append(demo)
        return str(demo.launch(prevent_thread_lock=True, quiet=True, **options).local_url)

    yield start
    for demo in launched:
        demo.close(verbose=False)


@contextmanager
def served(demo: gr.Blocks, **options: Any) -> Iterator[str]:
    """The address of one app, for as long as it is needed."""
    try:
        yield str(demo.launch(prevent_thread_lock=True, quiet=True, **options).local_url)
    finally:
        demo.close(verbose=False)
