"""Inputs that a validator refuses, in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr

Serve = Callable[..., str]


def sign_up(**options: Any) -> gr.Blocks:
    """Two inputs, a validator that looks at both, and a function that must not run too early."""

    def check(name: str, age: float) -> list[Any]:
        return [
            gr.validate(len(name) > 1, "Write your whole name."),
            gr.validate(age >= 18, "You must be 18 or older."),
        ]

    with gr.Blocks(title="Sign up") as demo:
        gr.Markdown("# Sign up")
        name, age, welcome = gr.Textbox(label="Name"), gr.Number(label="Age"), gr.Textbox(label="Welcome")
        sign = gr.Button("Sign up", variant="primary")
        sign.click(lambda name, age: f"Hello {name}", [name, age], welcome, validator=check, **options)
    return demo


@pytest.mark.parametrize("queue", [True, False])
def test_the_words_stand_at_the_inputs_until_they_are_changed(
    serve: Serve, page: Page, complaints, queue: bool
) -> None:
    page.goto(serve(sign_up(queue=queue)))
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("alert")).to_have_text(["Write your whole name.", "You must be 18 or older."])
    expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Name").fill("Ada")
    expect(page.get_by_role("alert")).to_have_text(["You must be 18 or older."])
    page.get_by_label("Age").fill("36")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_label("Welcome")).to_have_value("Hello Ada")
    if not queue:
        complaints.forgive("status of 422")


def test_refused_inputs_are_accessible_on_a_phone_in_light_and_dark(serve: Serve, new_page, axe) -> None:
    url = serve(sign_up())
    for scheme in ("light", "dark"):
        page = new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
        page.goto(url)
        page.get_by_role("button", name="Sign up").click()
        expect(page.get_by_role("alert")).to_have_count(2)
        axe(page)
