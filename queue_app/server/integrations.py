"""`demo.integrate(...)`: leave the app's address with an experiment tracker. No tracker is imported here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from queue_app.exceptions import LaunchError, NotATracker

if TYPE_CHECKING:
    from blocks_app.blocks import Blocks

_FRAME = '<iframe src="{url}" width="{width}" height="{height}" frameBorder="0"></iframe>'


def integrate(blocks: Blocks, comet_ml: Any = None, wandb: Any = None, mlflow: Any = None) -> None:
    """Tell trackers where the app is.

    Args:
        blocks: the app, launched.
        comet_ml: a `comet_ml.Experiment`; gets the link as text, and is ended.
        wandb: the module `wandb`, or a run; gets a panel that shows the shared app in a frame.
        mlflow: the module `mlflow`, or a client with its `log_param`; gets the link as a parameter.

    Raises NotATracker (a TypeError) for an object that is none of these, LaunchError (a ValueError) before launch().
    """
    if comet_ml is not None:
        _need(comet_ml, "comet_ml", "a comet_ml.Experiment", "log_other", "log_text", "end")
        comet_ml.log_other("Created from", "Gradio")
        comet_ml.log_text(f"gradio: {_link(blocks)}")
        comet_ml.end()
    if wandb is not None:
        _need(wandb, "wandb", "the wandb module", "log", "Html")
        _panel(blocks, wandb)
    if mlflow is not None:
        _need(mlflow, "mlflow", "the mlflow module", "log_param")
        link = _link(blocks)
        kind = "Share" if blocks.server.result.share_url else "Local"
        mlflow.log_param(f"Gradio Interface {kind} Link", link)


def _panel(blocks: Blocks, wandb: Any) -> None:
    _link(blocks)
    share_url = blocks.server.result.share_url
    if share_url is None:
        print("The WandB integration requires you to `launch(share=True)` first.")  # noqa: T201
        return
    wanted = blocks.server.wanted
    wandb.log({"Gradio panel": wandb.Html(_FRAME.format(url=share_url, width=wanted.width, height=wanted.height))})


def _link(blocks: Blocks) -> str:
    if blocks.server is None:
        raise LaunchError("Please run `launch()` first.")
    return str(blocks.server.result.share_url or blocks.server.result.local_url)


def _need(given: Any, argument: str, kind: str, *methods: str) -> None:
    missing = [name for name in methods if not callable(getattr(given, name, None))]
    if missing:
        raise NotATracker(f"integrate({argument}=...) takes {kind}; {given!r} has no {', '.join(missing)}().")
