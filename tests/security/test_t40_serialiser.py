"""T40: what is read back from a cache, a database or the wire is JSON; nothing that is read can run."""

from __future__ import annotations

from typing import Any

import pytest

from queue_app.sessions import state_codec
from tests.security.sources import calls, imported

RUNNING = ("pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "jsonpickle")
#: `gr.cache` keeps what functions return in Django's cache, which pickles whatever it is given: who can write there can
#: run code without our help. Nothing of a visitor's is unpickled; State, the database and the wire are JSON.
OF_FUNCTIONS = {"blocks_app/caching/contents.py", "blocks_app/caching/memo.py", "blocks_app/caching/store.py"}


class Evil:
    def __reduce__(self) -> Any:
        return print, ("pwned",)


def test_nothing_of_ours_unpickles() -> None:
    running = {(file, name) for file, name in imported() if name.split(".")[0] in RUNNING}
    assert running <= {(file, "pickle") for file in OF_FUNCTIONS}
    loads = [
        (file, name)
        for file, name, _ in calls()
        if name in ("yaml.load", "numpy.load", "torch.load", "pandas.read_pickle")
    ]
    assert set(loads) <= {("queue_app/sessions/state_codec.py", "numpy.load")}
    for file, name, node in calls():
        if name == "numpy.load":
            assert any(
                each.arg == "allow_pickle" and getattr(each.value, "value", None) is False for each in node.keywords
            ), file


def test_an_object_that_would_run_is_not_written() -> None:
    with pytest.raises(state_codec.Unstorable):
        state_codec.encode({"a": [Evil()]})


@pytest.mark.parametrize(
    "text", ["cos\nsystem\n(S'id'\ntR.", '{"!":"eval","of":"1"}', '{"!":"__import__"}', "[", '{"!":5}']
)
def test_a_text_that_somebody_else_wrote_runs_nothing(text: str) -> None:
    try:
        state_codec.decode(text)
    except (ValueError, LookupError, TypeError, state_codec.Unstorable):
        return
    pytest.fail(f"{text!r} was read as a value")
