"""PageUser uses an app wherever its functions run."""

from __future__ import annotations

from pathlib import Path

import blocks_app as gr
from queue_app.testing import AsyncPageUser
from tests.engine_contract.apps import LINKED


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
