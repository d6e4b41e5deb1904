"""Addresses of what the build made, and the page that links it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

import blocks_app as gr
from blocks_app.exceptions import AssetsMissingError
from blocks_app.page import assets
from blocks_app.page.config import build_config
from blocks_app.web.registry import Mount

MANIFEST: dict[str, dict[str, Any]] = {
    "blocks_app/frontend/main.ts": {"file": "main-1.js", "css": ["main-1.css"]},
    "blocks_app/frontend/blocks.ts": {"file": "blocks-1.js"},
    "blocks_app/components/textbox.ts": {"file": "textbox-1.js", "imports": ["_shared.js"], "css": ["textbox-1.css"]},
    "blocks_app/components/number.ts": {"file": "number-1.js"},
    "blocks_app/frontend/deferred.ts": {"file": "deferred-1.js", "isDynamicEntry": True},
    "_shared.js": {"file": "shared-1.js", "css": ["shared-1.css"]},
}


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build of two components."""
    monkeypatch.setattr(assets, "BUNDLES", tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    for name in ("main-1.css", "shared-1.css", "textbox-1.css"):
        (tmp_path / name).write_text(f"/* {name} */")
    return tmp_path


def context(demo: gr.Blocks, base: str = "/") -> dict[str, Any]:
    return assets.page_context(cast(Mount, SimpleNamespace(blocks=demo)), build_config(demo, base=base), base)


class Fancy(gr.Textbox):
    """Drawn by Textbox's element."""


class Rating(gr.Textbox):
    """Draws itself."""

    module = "myapp/rating.js"


def test_a_block_is_drawn_by_the_module_beside_its_class(build: Path) -> None:
    found = assets.block_assets(gr.Textbox, "/chat/")
    assert found["module"] == "/chat/assets/textbox-1.js"
    assert found["tag"] == "gr-textbox"
    assert found["css"] == ["/chat/assets/shared-1.css", "/chat/assets/textbox-1.css"]


def test_a_subclass_is_drawn_by_its_base_unless_it_names_a_module(build: Path) -> None:
    assert assets.block_assets(Fancy, "/")["tag"] == "gr-textbox"
    assert assets.block_assets(Rating, "/") == {"module": "/static/myapp/rating.js", "tag": "gr-rating", "css": []}


def test_state_is_never_drawn(build: Path) -> None:
    assert assets.block_assets(gr.State, "/") == {"module": None, "tag": None, "css": []}


def test_the_page_preloads_what_it_uses_and_nothing_else(build: Path) -> None:
    with gr.Blocks() as demo:
        gr.Textbox()
        gr.Textbox()
    found = context(demo, "/chat/")
    names = ["blocks-1.js", "main-1.js", "shared-1.js", "textbox-1.js"]
    assert found["module_preloads"] == [f"/chat/assets/{name}" for name in names]
    assert json.loads(found["import_map"]) == {"imports": {"blocks": "/chat/assets/blocks-1.js"}}
    assert found["entry"] == "/chat/assets/main-1.js"


def test_modules_of_closed_tabs_are_left_for_later(build: Path) -> None:
    with gr.Blocks() as demo:
        with gr.Tab("Open"):
            gr.Textbox()
        with gr.Tab("Closed"):
            number = gr.Number()
            gr.Textbox()
    mount = cast(Mount, SimpleNamespace(blocks=demo))
    config = build_config(demo)
    config |= assets.deferred(mount, config, "/")
    names = ["blocks-1.js", "main-1.js", "deferred-1.js", "shared-1.js", "textbox-1.js"]
    assert number._id in config["deferred"]
    assert assets.page_context(mount, config, "/")["module_preloads"] == [f"/assets/{name}" for name in names]


def test_a_page_where_everything_is_seen_says_nothing_of_it(build: Path) -> None:
    with gr.Blocks() as demo:
        gr.Number()
    assert assets.deferred(cast(Mount, SimpleNamespace(blocks=demo)), build_config(demo), "/") == {}


def test_the_users_style_comes_last(build: Path) -> None:
    with gr.Blocks(css="p {color: red}") as demo:
        gr.Textbox()
    sheets = context(demo)["stylesheets"]
    assert len(sheets) == 1
    assert sheets[0].startswith("/app/style-")


def test_theme_and_elements_share_one_sheet(build: Path) -> None:
    with gr.Blocks() as demo:
        gr.Textbox()
        gr.Number()
    found = context(demo, "/chat/")
    sheet = assets.page_sheet(cast(Mount, SimpleNamespace(blocks=demo)))
    assert found["sheet"] == f"/chat/app/{sheet.name}"
    assert found["sheet_holds"] == "main-1.css shared-1.css textbox-1.css"
    assert sheet.text.startswith(":root {")
    assert sheet.text.endswith("/* main-1.css */\n/* shared-1.css */\n/* textbox-1.css */")


def test_the_sheet_of_another_page_has_another_name(build: Path) -> None:
    with gr.Blocks() as first:
        gr.Textbox()
    with gr.Blocks() as second:
        gr.Number()
    assert context(first)["sheet"] != context(second)["sheet"]


def test_elements_of_nearly_every_page_are_part_of_the_core(build: Path) -> None:
    (build / "together.json").write_text('["blocks_app/components/slider.ts"]')
    assert assets.block_assets(gr.Slider, "/")["module"] == "/assets/main-1.js"


@pytest.mark.parametrize(("queue", "address"), [(True, "/queue/ws"), (False, None)])
def test_a_page_without_queued_events_opens_no_socket(build: Path, queue: bool, address: str | None) -> None:
    with gr.Blocks() as demo:
        gr.Button().click(lambda: None, queue=queue)
    assert context(demo)["early_socket"] == address


def test_a_new_build_is_noticed(build: Path) -> None:
    assert assets.block_assets(gr.Number, "/")["module"] == "/assets/number-1.js"
    renamed = {**MANIFEST, "blocks_app/components/number.ts": {"file": "number-22.js"}}
    (build / "manifest.json").unlink()
    (build / "manifest.json").write_text(json.dumps(renamed))
    assert assets.block_assets(gr.Number, "/")["module"] == "/assets/number-22.js"


def test_without_a_build_the_page_says_what_to_do_and_the_config_still_answers(build: Path) -> None:
    (build / "manifest.json").unlink()
    with gr.Blocks() as demo:
        gr.Textbox()
    with pytest.raises(AssetsMissingError, match="make build"):
        context(demo)
    assert build_config(demo)["components"][0]["module"] is None


def test_the_users_head_gets_the_nonce() -> None:
    head = '<script>1</script><style>p{}</style><meta name="a"><script nonce="own" src="x"></script>'
    assert assets.with_nonce(head, "N") == (
        '<script nonce="N">1</script><style nonce="N">p{}</style><meta name="a"><script nonce="own" src="x"></script>'
    )
