"""The page that tells how to call an app from a program."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr
from tests.browser.conftest import ROOT


def app():
    with gr.Blocks(title="Sums") as demo:
        a, b = gr.Number(2, label="A"), gr.Number(label="B")
        total = gr.Number(label="Sum")

        def add(a, b):
            """Add two numbers."""
            return a + b

        gr.Button().click(add, [a, b], total)
        gr.Button().click(lambda: None, api_name=False)
    return demo


def every_kind():
    with gr.Blocks(title="Kinds") as demo:
        number, text, out = gr.Number(3, label="N"), gr.Textbox(label="Text"), gr.Textbox(label="Out")
        files, colour, on = gr.File(file_count="multiple"), gr.Radio(["red", "green"], label="Colour"), gr.Checkbox()

        def sizes(files: list[str], colour: str, on: bool) -> str:
            return f"{[Path(file).stat().st_size for file in files or []]} {colour} {on}"

        def count(number: float):
            for each in range(int(number)):
                yield str(each)

        def fail(text: str) -> str:
            raise gr.Error(f"No {text}")

        gr.Button().click(sizes, [files, colour, on], out)
        gr.Button().click(count, number, out)
        gr.Button().click(fail, text, out)
        demo.load(lambda: str(time.monotonic()), None, out, every=0.2, api_name="clock")
    return demo


def code(page: Page, endpoint: str, language: str) -> str:
    section = page.locator("section", has=page.get_by_role("heading", name=endpoint, exact=True))
    found = section.locator("details", has=page.get_by_text(language, exact=True)).locator("code").first
    return found.text_content() or ""


def ran(command: list[str], folder: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "client")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_footer_leads_to_the_endpoints(serve, page, axe):
    page.goto(serve(app()))
    page.get_by_role("link", name="Use via API").click()
    expect(page.get_by_role("heading", name="/add")).to_be_visible()
    expect(page.get_by_text("Add two numbers.")).to_be_visible()
    expect(page.get_by_role("row", name="b float required B (Number)")).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_have_count(1)
    axe(page)


def test_the_curl_lines_work_as_they_stand(serve, page):
    page.goto(serve(app()) + "?view=api")
    page.get_by_text("curl", exact=True).click()
    code = page.locator("details", has_text="curl").last.locator("code").inner_text()
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, timeout=20, check=True)
    assert "event: complete\ndata: [5" in done.stdout, shlex.quote(done.stdout)


def test_examples_run_as_they_are_pasted_also_with_files_and_many_values(serve, page, tmp_path):
    page.goto(serve(every_kind()) + "?view=api")
    (tmp_path / "text.txt").write_text("twelve bytes")
    python = code(page, "/sizes", "Python")
    assert python.startswith("# pip install blocks-client\nfrom blocks_client import Client, handle_file\n")
    assert ran([sys.executable, "-c", python], tmp_path).endswith("[12] red False\n")
    assert "[12] red False" in ran(["bash", "-c", code(page, "/sizes", "curl")], tmp_path)
    assert ran([sys.executable, "-c", code(page, "/count", "Python")], tmp_path).endswith("0\n1\n2\n")
    assert (
        ran([sys.executable, "-c", code(page, "/clock", "Python")], tmp_path).count("\n") == 4
    )  # one of them "Loaded"


def test_endless_and_streaming_endpoints_are_not_offered_as_if_they_ended(serve, page):
    page.goto(serve(every_kind()) + "?view=api")
    expect(page.get_by_text("It goes on for ever: programs")).to_be_visible()
    for language in ("Python", "Python, gradio_client", "JavaScript"):
        assert "predict(" in code(page, "/sizes", language)
        assert "predict(" not in code(page, "/count", language) + code(page, "/clock", language)
        assert "job.cancel()" in code(page, "/clock", language)


def test_an_app_with_a_login_says_so_in_each_language(serve, page, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"  # as a script without a project has them
    url = serve(app(), auth=("ada", "lace"))
    page.goto(url)
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("lace")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Use via API")).to_be_visible()
    page.goto(url + "?view=api")
    assert 'auth=("NAME", "PASSWORD")' in code(page, "/add", "Python")
    assert 'auth: ["NAME", "PASSWORD"]' in code(page, "/add", "JavaScript")
    curl = code(page, "/add", "curl").replace("NAME", "ada").replace("PASSWORD", "lace")
    done = subprocess.run(["bash", "-c", f"cd $(mktemp -d)\n{curl}"], capture_output=True, text=True, timeout=60)
    assert "event: complete\ndata: [5" in done.stdout, done.stderr


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 800}}])
def test_an_endpoint_can_be_tried_by_keyboard(serve, new_page, axe, look, tmp_path):
    page = new_page(**look)
    page.goto(serve(every_kind()) + "?view=api")
    page.get_by_text("Try /fail", exact=True).focus()
    page.keyboard.press("Enter")
    form = page.locator("form[data-endpoint='/fail']")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("luck")
    page.keyboard.press("Enter")
    expect(form.get_by_role("status")).to_contain_text("It has failed after")
    expect(form.locator(".answer")).to_have_text("No luck")
    page.get_by_text("Try /sizes", exact=True).click()
    form = page.locator("form[data-endpoint='/sizes']")
    (tmp_path / "two.txt").write_text("22")
    form.locator("input[type=file]").set_input_files(str(tmp_path / "two.txt"))
    form.get_by_role("combobox").select_option("green")
    form.get_by_role("checkbox").check()
    form.get_by_role("button", name="Run").click()
    expect(form.get_by_role("status")).to_contain_text("The answer after")
    expect(form.locator(".answer")).to_contain_text("[2] green True")
    page.get_by_text("Try /clock", exact=True).click()
    form = page.locator("form[data-endpoint='/clock']")
    form.get_by_role("button", name="Run").click()
    expect(form.locator(".answer")).to_contain_text(".")
    form.get_by_role("button", name="Stop").click()
    expect(form.get_by_role("status")).to_contain_text("Stopped after")
    expect(form.get_by_role("button", name="Run")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)


def test_examples_are_copied(serve, new_page):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(serve(app()) + "?view=api")
    page.get_by_role("button", name="Copy").first.click()
    expect(page.locator("p.sr-only[role=status]")).to_have_text("Copied")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == code(page, "/add", "Python")
    expect(page.get_by_role("button", name="Copied")).to_have_count(0)


def test_without_show_api_there_is_no_link(serve, page):
    page.goto(serve(app(), show_api=False))
    expect(page.get_by_role("button").first).to_be_visible()
    expect(page.get_by_role("link", name="Use via API")).to_have_count(0)
