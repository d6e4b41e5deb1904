"""`gr.themes.builder()`: choose a theme's palettes, sizes and variables, see a page wear them, and copy the code."""

from __future__ import annotations

from typing import Any

from blocks_app import components, layouts, themes
from blocks_app.blocks import Blocks
from blocks_app.exceptions import DeclarationError
from blocks_app.listeners.events import on
from blocks_app.page.theming import resolve_theme
from blocks_app.themes.variables import LATER, NAMES

#: What leaves a choice to the theme.
OWN = "as the theme has it"
HUES = ("primary_hue", "secondary_hue", "neutral_hue")
SIZES = ("text_size", "spacing_size", "radius_size")
#: The sheet is made by script, which a strict policy for styles allows too.
WEAR = """(css) => {
  window.themeTried ??= new CSSStyleSheet();
  window.themeTried.replaceSync(css);
  const sheets = document.adoptedStyleSheets;
  if (!sheets.includes(window.themeTried)) document.adoptedStyleSheets = [...sheets, window.themeTried];
  return [];
}"""
DARK = "() => { document.body.classList.toggle('dark'); return []; }"


def builder(**options: Any) -> None:
    """Serve the app; `options` are those of `launch()`."""
    builder_page().launch(**options)


def builder_page() -> Blocks:
    """The app, for those who serve it themselves."""
    with Blocks(title="Theme builder") as demo:
        with layouts.Sidebar("Theme", width=420):
            base = components.Dropdown(list(themes.BUILT_IN.values()), value="Default", label="Theme")
            hues = [_choice(name, [color.name for color in themes.Color.all]) for name in HUES]
            sizes = [_choice(name, _sizes(name)) for name in SIZES]
            fonts = [components.Textbox(label=_label(name), placeholder=OWN) for name in ("font", "font_mono")]
            table = components.Dataframe(
                _rows(themes.Default()),
                headers=["variable", "value"],
                datatype=["str", "str"],
                static_columns=[0],
                show_search="filter",
                row_count=(len(NAMES | LATER), "fixed"),
                column_count=(2, "fixed"),
                max_height=480,
                interactive=True,
                label="Variables",
            )
            dark = components.Button("Light or dark", size="sm")
        _samples()
        code = components.Code(_code("Default", {}, {}), language="python", label="The theme")
        sheet = components.Textbox(visible=False)
        chosen: list[Any] = [base, *hues, *sizes, *fonts]
        base.input(lambda name: _rows(resolve_theme(name)), base, table, api_name=False).then(
            _made, [*chosen, table], [sheet, code], api_name=False
        )
        on(
            [*(each.input for each in chosen[1:]), table.input],
            _made,
            [*chosen, table],
            [sheet, code],
            api_name=False,
            show_progress="hidden",
        )
        sheet.change(None, sheet, None, js=WEAR)
        dark.click(None, js=DARK)
    return demo


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _choice(name: str, names: list[Any]) -> components.Dropdown:
    return components.Dropdown([OWN, *names], value=OWN, label=_label(name))


def _sizes(name: str) -> list[str]:
    kind = f"{name.partition('_')[0]}_"
    return [size.name.removeprefix(kind) for size in themes.Size.all if size.name and size.name.startswith(kind)]


def _rows(theme: themes.ThemeClass) -> list[tuple[str, str]]:
    return [(name, getattr(theme, name, None) or "") for name in sorted(NAMES | LATER)]


def _samples() -> None:
    components.Markdown("# A page\n\nText with a [link](#), `code` and what is *meant*.")
    with layouts.Row():
        components.Textbox(label="Name", info="What you are called", placeholder="Ada")
        components.Slider(0, 10, 4, label="How many")
        components.Dropdown(["one", "two"], value="one", label="Which")
    with layouts.Row():
        components.CheckboxGroup(["red", "green", "blue"], value=["red"], label="Colours")
        components.Radio(["yes", "no"], value="yes", label="Sure")
    with layouts.Row():
        components.Button("Go", variant="primary")
        components.Button("Look")
        components.Button("Stop", variant="stop")
    with layouts.Accordion("Results"):
        components.Label({"cat": 0.7, "dog": 0.3}, label="What it is")
        components.Dataframe([["a", 1], ["b", 2]], headers=["name", "number"], label="Table")


def _made(*given: Any) -> tuple[str, str]:
    """The style sheet and the code of what is chosen.

    Raises:
        DeclarationError: a variable refers to what does not exist.
    """
    name, *choices, table = given
    options = dict(zip((*HUES, *SIZES), (None if choice == OWN else choice for choice in choices[:6])))
    options |= {
        kind: [part.strip() for part in text.split(",") if part.strip()] if text and text.strip() else None
        for kind, text in zip(("font", "font_mono"), choices[6:])
    }
    options = {key: value for key, value in options.items() if value is not None}
    if name not in themes.BUILT_IN.values():
        raise DeclarationError(f"There is no theme {name!r}.")
    theme = getattr(themes, name)(**options)
    rows = table.values.tolist() if hasattr(table, "values") else table
    own = dict(_rows(resolve_theme(name)))
    changed = {variable: value for variable, value in rows if value and value != own.get(variable, value)}
    return theme.set(**changed).css_text(), _code(name, options, changed)


def _code(name: str, options: dict[str, Any], changed: dict[str, str]) -> str:
    def call(values: dict[str, Any]) -> str:
        return "(\n" + "".join(f"    {key}={value!r},\n" for key, value in values.items()) + ")" if values else "()"

    made = f"theme = gr.themes.{name}{call(options)}" + (f".set{call(changed)}" if changed else "")
    return f"import blocks_app as gr\n\n{made}\n\nwith gr.Blocks(theme=theme) as demo:\n    ..."
