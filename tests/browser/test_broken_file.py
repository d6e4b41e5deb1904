"""`runblocks` follows a file: one that is broken is told in the open page, which goes on when it is mended."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.launch import test_script as scripts
from tests.ports import free_port

SOURCE = scripts.SCRIPT.replace("PLACE", "")


def told(address: str, **headers: str) -> tuple[int, str]:
    """What a browser is answered while the file is broken."""
    request = urllib.request.Request(address, headers=headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    return refused.value.code, refused.value.read().decode()


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_a_broken_file_is_told_in_the_open_page_which_goes_on_with_what_was_typed(
    page: Page, complaints: Complaints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    monkeypatch.setitem(scripts.ENVIRONMENT, "BLOCKS_SERVER", server)
    script = tmp_path / "app.py"
    script.write_text(SOURCE)
    with scripts.running(tmp_path, "-m", "queue_app", "app.py", "--port", str(free_port())) as process:
        url = scripts.address(process)
        page.goto(url)
        page.get_by_label("Name").fill("Ann")
        script.write_text(SOURCE.replace("demo.launch()", "helper()\ndemo.launch()"))
        shown = page.get_by_role("alert").filter(has_text="The app cannot be loaded")
        expect(shown).to_contain_text("NameError: name 'helper' is not defined")
        expect(shown).to_contain_text('File "app.py", line')
        assert str(tmp_path) not in shown.inner_text()
        expect(page.get_by_label("Name")).to_have_value("Ann")
        if server == "daphne":
            assert told(url) == (
                503,
                json.dumps({"detail": "The app cannot be loaded: NameError. The server's log says more."}),
            )
            status, whole = told(url, Accept="text/html")
            assert status == 500 and "helper()" in whole and str(tmp_path) not in whole
            status, short = told(f"{url}blocks-broken", **{"X-Forwarded-For": "192.0.2.1"})
            assert status == 500 and "helper" not in short  # somebody else than who sits here
        script.write_text(
            SOURCE.replace("Hello", "Good evening").replace(
                "with gr.Blocks() as demo:\n", "with gr.Blocks() as demo:\n    gr.Markdown('Mended')\n"
            )
        )
        expect(page.get_by_text("Mended")).to_be_visible()
        expect(shown).to_have_count(0)
        expect(page.get_by_label("Name")).to_have_value("Ann")
        page.get_by_role("button", name="Run").click()
        expect(page.get_by_label("Greeting")).to_have_value("Good evening Ann!")
    complaints.forgive("")  # the server was away, and then answered that it is broken
