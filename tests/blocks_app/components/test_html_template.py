"""Templates of gr.HTML: what they become, and which mistakes are told. What they draw is tested in the page's tests."""

from __future__ import annotations

import pytest

from blocks_app.components.html_template import compile_template


def made(text: str) -> str:
    """The body of the template literal."""
    whole = compile_template("html_template", text)
    start, end = "(function ($$scope, $$h) { with ($$scope) { return `", "`; } })"
    assert whole.startswith(start) and whole.endswith(end)
    return whole[len(start) : -len(end)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>${value}</p>", "<p>${value}</p>"),
        ("${rows.map(r => `<li>${({a: {b: r}}).a.b}</li>`)}", "${rows.map(r => `<li>${({a: {b: r}}).a.b}</li>`)}"),
        ("{{name}}", '${$$h.escape($$h.get($$scope, ["name"]))}'),
        ("{{{name}}}{{&a.[0]}}", '${$$h.raw($$h.get($$scope, ["name"]))}${$$h.raw($$h.get($$scope, ["a", "0"]))}'),
        ("a{{! no }}b{{!-- {{no}} --}}c", "abc"),
        ("{{#if a}}x{{else}}y{{/if}}", '${$$h.truthy($$h.get($$scope, ["a"])) ? `x` : `y`}'),
        ("{{#unless a}}x{{/unless}}", '${$$h.truthy($$h.get($$scope, ["a"])) ? `` : `x`}'),
        ("{{^a}}x{{/a}}", '${$$h.truthy($$h.get($$scope, ["a"])) ? `` : `x`}'),
        ("{{#if true}}x{{/if}}", "${$$h.truthy(true) ? `x` : ``}"),
        (
            "{{#each a}}{{this}}{{@index}}{{../b}}{{@root.c}}{{/each}}",
            '${$$h.each($$h.get($$scope, ["a"]), ($$c1, $$d1) => `${$$h.escape($$c1)}${$$h.escape($$d1.index)}'
            '${$$h.escape($$h.get($$scope, ["b"]))}${$$h.escape($$h.get($$scope, ["c"]))}`, () => ``)}',
        ),
        (
            "{{#each a as |x i|}}{{x.n}}{{i}}{{/each}}",
            '${$$h.each($$h.get($$scope, ["a"]), ($$c1, $$d1) => `${$$h.escape($$h.get($$c1, ["n"]))}'
            "${$$h.escape($$d1.key)}`, () => ``)}",
        ),
        (
            "{{#with a}}{{b}}{{/with}}",
            '${$$h.with($$h.get($$scope, ["a"]), ($$c1) => `${$$h.escape($$h.get($$c1, ["b"]))}`, () => ``)}',
        ),
        ("a  {{~#if b~}}  x  {{~/if~}}  c", 'a${$$h.truthy($$h.get($$scope, ["b"])) ? `x` : ``}c'),
    ],
)  # fmt: skip
def test_what_it_becomes(text: str, expected: str) -> None:
    assert made(text) == expected


def test_else_if_is_a_chain() -> None:
    assert made("{{#if a}}1{{else if b}}2{{else}}3{{/if}}").endswith(
        ') ? `1` : `${$$h.truthy($$h.get($$scope, ["b"])) ? `2` : `3`}`}'
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{#each a}}", "is not closed"),
        ("{{#each a}}{{/if}}", "is not closed"),
        ("{{/if}}", "closes nothing"),
        ("{{else}}", "closes nothing"),
        ("{{format a}}", "is not understood"),
        ("{{#format a}}{{/format}}", "is not understood"),
        ("{{#if}}{{/if}}", "is not understood"),
        ("{{@index}}", "is not known here"),
        ("{{../a}}", "names nothing"),
        ("{{}}", "names nothing"),
    ],
)
def test_mistakes_are_told(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"html_template: .*{message}"):
        compile_template("html_template", text)
