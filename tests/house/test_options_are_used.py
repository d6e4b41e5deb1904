"""No option is accepted and then forgotten: somebody reads each one, in Python or in the page."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from pathlib import Path

import pytest

import blocks_app as gr
from blocks_app.tree.block import Block, option_names
from tests.house.sources import ROOT

APP = ROOT / "blocks_app"
PUBLIC = [getattr(gr, name) for name in gr.__all__]
BLOCKS = {each for each in PUBLIC if inspect.isclass(each) and issubclass(each, Block)}
CLASSES = sorted(BLOCKS, key=lambda cls: cls.__name__)
#: What reads the options of every block, in the page and in Python.
PARTS = ("element.ts", "container.ts", "tree.ts", "controller.ts", "markdown.ts")
PAGE = "".join((APP / "frontend" / name).read_text() for name in PARTS)
SHARED = (
    "tree/block", "tree/component", "tree/container", "listeners/loading", "page/config", "rendering/render_record",
    "rendering/render_runs", "running/state", "running/updates",
)  # fmt: skip

#: Options that nobody has to read, and why.
NEEDLESS = {
    "Blocks.analytics_enabled": "nothing is ever sent to anybody, so there is nothing to switch off",
    "Dataset.component_props": "a sample is shown by its component, which has its properties",
    "Dataset.proxy_url": "only Gradio's own hosting serves an app through another; no app here is behind one",
    "Interface.thumbnail": "Gradio takes it and shows it nowhere",
    "LoginButton.signed_in_value": "Gradio takes it and shows it nowhere; `logout_value` says who is there",
    "FormComponent.placeholder": "kept for its classes, which say whether they take it",
    "FormComponent.precision": "kept for its classes, which say whether they take it",
    "FormComponent.rtl": "kept for its classes, which say whether they take it",
}


@cache
def read_in_python(path: Path) -> frozenset[str]:
    """Names that are read otherwise than to be kept or passed on under the same name."""
    tree = ast.parse(path.read_text())
    kept: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            kept |= {node.value} if getattr(node.value, "id", None) == node.targets[0].attr else set()
            kept |= {each for each in ast.walk(node.value) if getattr(each, "value", None) == node.targets[0].attr}
        if isinstance(node, ast.keyword) and getattr(node.value, "id", None) == node.arg:
            kept.add(node.value)
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            found.add(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in kept:
            found.add(node.id)
        elif isinstance(node, ast.Call):  # getattr(block, "name", None), options.get("name")
            found |= {
                arg.value
                for arg in node.args
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str) and arg not in kept
            }
    return frozenset(found)


CORE = set[str]().union(*(read_in_python(APP / f"{name}.py") for name in SHARED))
EVERYWHERE = CORE.union(*(read_in_python(path) for path in APP.rglob("*.py")))


def readers(cls: type[Block]) -> tuple[str, set[str]]:
    """What the browser halves and the Python halves of a class and its bases read."""
    page, python = PAGE, set(EVERYWHERE if issubclass(cls, gr.Blocks) else CORE)
    for owner in cls.__mro__:
        source = inspect.getsourcefile(owner) if owner is not object else None
        if source is None or APP not in Path(source).parents:
            continue
        python |= read_in_python(Path(source))
        place = Path(source)
        package = place.parent.name == place.stem  # of its own: the element is several files
        for element in place.parent.glob("*.ts") if package else [place.with_suffix(".ts")]:
            page += element.read_text() if element.exists() else ""
    return page, python


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_option_is_read_somewhere(cls: type[Block]) -> None:
    page, python = readers(cls)
    unread = [
        name
        for name in sorted(option_names(cls))
        if name not in python and not re.search(rf"\b{name}\b", page) and f"{cls.__name__}.{name}" not in NEEDLESS
    ]
    assert not unread, f"{cls.__name__} accepts {unread}, and nobody reads them."
