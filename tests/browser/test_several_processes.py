"""A page behind a proxy without stickiness: its web process dies, and it goes on at the other one."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.browser.story import out
from tests.browser.test_resume import SEEN, forgive_network
from tests.browser.test_ways_in import BLOCKED
from tests.scale.arrangement import Arrangement, arranged


@pytest.fixture(scope="module")
def arrangement(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arrangement]:
    folder = tmp_path_factory.mktemp("page")
    os.environ["PAGE_FOLDER"] = str(folder)
    try:
        with arranged(folder, "tests.scale.page_site") as site:
            yield site
    finally:
        del os.environ["PAGE_FOLDER"]


@pytest.fixture
def site(arrangement: Arrangement) -> Iterator[Arrangement]:
    (arrangement.folder / "words").unlink(missing_ok=True)
    yield arrangement
    tell(arrangement.folder, ".")
    arrangement.revive()


def tell(folder: Path, words: str) -> None:
    with (folder / "words").open("a") as file:
        file.write(words)


def count(page: Page, expected: int) -> None:
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_label("Total")).to_have_value(str(expected))


def test_whichever_web_process_is_killed_a_stream_goes_on_and_state_stays(
    page: Page, site: Arrangement, complaints: Complaints
) -> None:
    page.add_init_script(SEEN)
    page.goto(site.url)
    count(page, 1)
    expect(page.locator(".link-notice")).to_have_count(0)  # whoever serves its socket did not serve the page
    page.get_by_role("button", name="Start").click()
    tell(site.folder, "one ")
    out(page).to_have_value("one ")
    told = "one "
    for number, name in enumerate(("web1", "web2")):
        site.kill(name)
        tell(site.folder, f"{name} ")
        told += f"{name} "
        out(page).to_have_value(told, timeout=60_000)
        count(page, number + 2)
        site.start(name)
    tell(site.folder, "end.")
    out(page).to_have_value(f"{told}end.")
    expect(page.get_by_test_id("status-tracker")).to_have_count(0)
    seen = page.evaluate("seen")
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(seen)), seen
    expect(page.get_by_test_id("toast-text")).to_have_count(0)
    expect(page.locator(".link-notice")).to_have_count(0)
    complaints[:] = [each for each in complaints if "502 (Bad Gateway)" not in each]  # what the proxy says meanwhile
    forgive_network(complaints)


@pytest.mark.parametrize("network", ["socket", "polling"])
def test_a_page_that_is_loaded_at_one_process_and_uploads_at_another_is_served_by_both(
    page: Page, site: Arrangement, network: str, complaints: Complaints
) -> None:
    if network == "polling":
        page.add_init_script(BLOCKED)
    page.goto(site.url)
    page.locator("input[type=file]").set_input_files({"name": "bag.txt", "mimeType": "text/plain", "buffer": b"socks"})
    expect(page.get_by_label("Text")).to_have_value("SOCKS")
    count(page, 1)
    tell(site.folder, "now")
    page.get_by_role("button", name="Start").click()
    out(page).to_have_value("now")
    page.reload()
    out(page).to_have_value("now")
    count(page, 2)
    tell(site.folder, ".")
    out(page).to_have_value("now.")
    forgive_network(complaints)
