"""PageUser uses an app wherever its functions run."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import blocks_app as gr
from queue_app.testing import AsyncPageUser
from tests.engine_contract.apps import FORGETFUL, LINKED


async def test_a_simulated_user_sees_streams_state_and_links_of_any_engine(engine_path: str, tmp_path: Path) -> None:
    blocks = list(LINKED.blocks.values())
    [folder, name, out] = [each for each in blocks if type(each) is gr.Textbox]
    [hold, count] = [each for each in blocks if type(each) is gr.Button]
    (tmp_path / "a.go").touch()
    async with AsyncPageUser(LINKED, headers={"x-folder": str(tmp_path)}, timeout=30) as page:
        await page.set(folder, str(tmp_path))
        await page.set(name, "a")
        await page.fire(hold, "click")
        assert page.history(out)[-2:] == ["a", "A"]
        for total in "12":
            await page.fire(count, "click")
            assert page.value(out) == total
        link = await page.link()
        assert type(page.engine).__qualname__ == engine_path.rpartition(".")[2]
    async with AsyncPageUser(LINKED, query=f"deep_link={link}", headers={"x-folder": str(tmp_path)}) as other:
        assert (other.value(name), other.value(out)) == ("a", "2")


async def test_a_simulated_user_finds_parts_and_lets_time_pass_with_any_engine(
    engine_path: str, tmp_path: Path
) -> None:
    [folder, words, out] = [each for each in FORGETFUL.blocks.values() if type(each) is gr.Textbox]
    [count] = [each for each in FORGETFUL.blocks.values() if type(each) is gr.Button]

    async def noted(line: str) -> None:
        async with asyncio.timeout(20):
            while line not in ((tmp_path / "notes").read_text() if (tmp_path / "notes").exists() else ""):
                await asyncio.sleep(0.005)  # perhaps of another process

    async with AsyncPageUser(
        FORGETFUL, headers={"x-folder": str(tmp_path)}, username="ann", session_hash="tab", timeout=30
    ) as page:
        await page.set(folder, str(tmp_path))
        await page.set(words, "a b")
        assert page.find(gr.Textbox, index=1).label == page.prop(page.find(gr.Textbox, "About b"), "label") == "About b"
        await page.set(page.find(gr.Textbox, "About b"), "typed")
        await page.set(words, "b c")
        await page.fire(page.find(gr.Button, "Say b"), "click")
        assert page.value(out) == "b typed"
        for kind, name in ((gr.Textbox, "About a"), (gr.Number, None)):
            with pytest.raises(LookupError, match=kind.__name__):
                page.find(kind, name)
        for seconds, total in ((0, "1"), (3000, "2"), (3601, "1")):
            await page.pass_time(seconds)
            await page.fire(count, "click")
            assert page.value(out) == total
        await noted("forgotten 2")
        await page.disconnect()
        await page.pass_time(3601)
        await noted("left ann tab")
