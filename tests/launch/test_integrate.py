"""integrate(): what experiment trackers are told, seen with objects that answer like theirs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from queue_app.exceptions import NotATracker

from .conftest import hello


class Recorder:
    """Answers to the given names and keeps what it was told, in order."""

    def __init__(self, *names: str) -> None:
        self.calls: list[tuple[Any, ...]] = []
        for name in names:
            setattr(self, name, lambda *given, _name=name: self.calls.append((_name, *given)))


def experiment() -> Recorder:
    return Recorder("log_other", "log_text", "end")


def test_comet_gets_the_link_as_text(launched: Any) -> None:
    demo, comet = hello(), experiment()
    _, url, _ = launched(demo)
    assert demo.integrate(comet_ml=comet) is None
    assert comet.calls == [("log_other", "Created from", "Gradio"), ("log_text", f"gradio: {url}"), ("end",)]


def test_comet_before_launch() -> None:
    comet = experiment()
    with pytest.raises(ValueError, match="Please run `launch\\(\\)` first."):
        hello().integrate(comet_ml=comet)
    assert comet.calls == [("log_other", "Created from", "Gradio")]


def test_mlflow_gets_the_link_as_a_parameter(launched: Any) -> None:
    demo, mlflow = hello(), Recorder("log_param")
    _, url, _ = launched(demo)
    demo.integrate(mlflow=mlflow)
    assert mlflow.calls == [("log_param", "Gradio Interface Local Link", url)]


def shared(demo: Any, link: str) -> None:
    demo.server.result = demo.server.result._replace(share_url=link)


def test_the_public_link_wins(launched: Any) -> None:
    demo, mlflow, comet = hello(), Recorder("log_param"), experiment()
    launched(demo)
    shared(demo, "https://x.example/")
    demo.integrate(mlflow=mlflow, comet_ml=comet)
    assert mlflow.calls == [("log_param", "Gradio Interface Share Link", "https://x.example/")]
    assert ("log_text", "gradio: https://x.example/") in comet.calls


def test_wandb_gets_a_panel_with_the_shared_app(launched: Any) -> None:
    demo, logged = hello(), list[Any]()
    wandb = SimpleNamespace(log=logged.append, Html=lambda text: ("html", text))
    launched(demo, height=400, width=600)
    shared(demo, "https://x.example/")
    demo.integrate(wandb=wandb)
    frame = '<iframe src="https://x.example/" width="600" height="400" frameBorder="0"></iframe>'
    assert logged == [{"Gradio panel": ("html", frame)}]


def test_wandb_needs_a_shared_app(launched: Any, capsys: pytest.CaptureFixture[str]) -> None:
    demo, logged = hello(), list[Any]()
    launched(demo)
    demo.integrate(wandb=SimpleNamespace(log=logged.append, Html=str))
    assert capsys.readouterr().out == "The WandB integration requires you to `launch(share=True)` first.\n"
    assert logged == []


def test_nothing_happens_without_a_tracker() -> None:
    assert hello().integrate() is None


@pytest.mark.parametrize("argument", ["comet_ml", "wandb", "mlflow"])
def test_anything_else_is_refused_in_words(launched: Any, argument: str) -> None:
    demo = hello()
    launched(demo)
    with pytest.raises(NotATracker, match=rf"integrate\({argument}=...\) takes .*'no tracker' has no"):
        demo.integrate(**{argument: "no tracker"})
    with pytest.raises(TypeError):
        demo.integrate(**{argument: object()})
