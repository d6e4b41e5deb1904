"""T40: what is read back from a cache, a database or the wire is JSON; nothing that is read can run."""

from __future__ import annotations

from typing import Any

import pytest

from blocks_app.serialising import codec
from tests.security.sources import calls, imported

RUNNING = ("pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "jsonpickle")


class Evil:
    def __reduce__(self) -> Any:
        return print, ("pwned",)


def test_nothing_of_ours_unpickles() -> None:
    assert [(file, name) for file, name in imported() if name.split(".")[0] in RUNNING] == []
    loads = [
        (file, name)
        for file, name, _ in calls()
        if name in ("yaml.load", "numpy.load", "torch.load", "pandas.read_pickle")
    ]
    assert set(loads) <= {("blocks_app/serialising/codec.py", "numpy.load")}
    for file, name, node in calls():
        if name == "numpy.load":
            assert any(
                each.arg == "allow_pickle" and getattr(each.value, "value", None) is False for each in node.keywords
            ), file


def test_an_object_that_would_run_is_not_written() -> None:
    with pytest.raises(codec.Unstorable):
        codec.encode({"a": [Evil()]})


@pytest.mark.parametrize(
    "text", ["cos\nsystem\n(S'id'\ntR.", '{"!":"eval","of":"1"}', '{"!":"__import__"}', "[", '{"!":5}']
)
def test_a_text_that_somebody_else_wrote_runs_nothing(text: str) -> None:
    try:
        codec.decode(text)
    except (ValueError, LookupError, TypeError, codec.Unstorable):
        return
    pytest.fail(f"{text!r} was read as a value")
