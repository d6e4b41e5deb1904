"""Themes: variables, references, the dark, palettes, dumps, and what `theme=` accepts."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from blocks_app import themes
from blocks_app.exceptions import DeclarationError, UnknownOptionError
from blocks_app.page.theming import resolve_theme
from blocks_app.themes import BUILT_IN
from blocks_app.themes.variables import LATER, NAMES, VALUES


def parts(css: str) -> tuple[dict[str, str], dict[str, str]]:
    light, dark = (dict(re.findall(r"(--[\w-]+): (.*);", part)) for part in css.split(".dark {"))
    return light, dark


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_theme_gives_every_variable(name: str) -> None:
    light, _ = parts(resolve_theme(name).css_text())
    assert len(NAMES) == 238
    assert {"--" + known.replace("_", "-") for known in NAMES if not known.endswith("_dark")} <= light.keys()
    assert next(iter(light)) == "--name"
    assert light["--name"] == name


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_reference_is_defined(name: str) -> None:
    light, dark = parts(resolve_theme(name).css_text())
    used = re.findall(r"var\((--[\w-]+)\)", " ".join([*light.values(), *dark.values()]))
    assert set(used) <= light.keys()


def test_reference_becomes_a_css_variable_and_is_repeated_in_the_dark() -> None:
    theme = themes.Base().set(block_radius="calc(2 * *radius_lg)")
    light, dark = parts(theme.css_text())
    assert light["--block-radius"] == dark["--block-radius"] == "calc(2 * var(--radius-lg))"


def test_dark_value_and_none_in_the_dark() -> None:
    theme = themes.Base().set(body_text_color="red", body_text_color_dark=None, link_text_color_dark="pink")
    light, dark = parts(theme.css_text())
    assert light["--body-text-color"] == "red"
    assert "--body-text-color" not in dark
    assert dark["--link-text-color"] == "pink"


def test_light_none_is_refused() -> None:
    with pytest.raises(
        DeclarationError, match="Cannot set 'body_text_color' to None - only dark mode variables can be"
    ):
        themes.Base().set(body_text_color=None)
    theme = themes.Base()
    theme.body_text_color = None  # type: ignore[attr-defined]
    with pytest.raises(DeclarationError, match="Cannot set 'body_text_color' to None"):
        theme.css_text()


def test_dark_reference_is_refused() -> None:
    with pytest.raises(DeclarationError, match=r"write '\*body_text_color'"):
        themes.Base().set(link_text_color="*body_text_color_dark")


def test_unknown_variable_names_the_near_one() -> None:
    with pytest.raises(UnknownOptionError, match="Did you mean 'body_text_color'"):
        themes.Base().set(body_text_colour="red")
    with pytest.warns(UserWarning, match="Did you mean"):
        themes.Base().set(body_text_color="*body_text_siz")


def test_static_token_may_be_referred_to() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        theme = themes.Base().set(block_padding="*size_4", button_primary_shadow="none")
    assert "--block-padding: var(--size-4);" in theme.css_text()


def test_hues_and_sizes_by_object_and_by_name() -> None:
    theme = themes.Soft(primary_hue="red", neutral_hue=themes.colors.stone, radius_size="none", text_size="text_lg")
    light, _ = parts(theme.css_text())
    assert light["--primary-500"] == "#ef4444"
    assert light["--neutral-50"] == themes.colors.stone.c50
    assert (light["--radius-xl"], light["--text-md"]) == ("0px", "16px")


def test_wrong_names_list_the_right_ones() -> None:
    with pytest.raises(DeclarationError, match=r"There is no color 'rot'.*amber, blue"):
        themes.Base(primary_hue="rot")
    with pytest.raises(DeclarationError, match="Choose one of lg, md, none, sm"):
        themes.Base(radius_size="huge")


def test_fonts_are_never_fetched() -> None:
    theme = themes.Base(font=[themes.GoogleFont("Montserrat"), "My Font", "sans-serif"])
    light, _ = parts(theme.css_text())
    assert light["--font"].startswith("'Montserrat', ")
    assert light["--font"].endswith("'My Font', sans-serif")
    assert "http" not in re.sub(r"http://www.w3.org/2000/svg", "", theme.css_text())
    assert theme._stylesheets == []


def test_dump_and_load(tmp_path: Path) -> None:
    theme = themes.Soft(primary_hue="rose", font=themes.GoogleFont("Lato", weights=(300, 900)))
    theme.set(body_text_color="navy", block_padding="9px")
    theme.dump(tmp_path / "mine.json")
    loaded = themes.Base.load(tmp_path / "mine.json")
    assert loaded.css_text() == theme.css_text()
    assert loaded.hash == theme.hash != themes.Soft().hash
    with pytest.raises(DeclarationError, match=r"\.json"):
        theme.dump(tmp_path / "mine.txt")


def test_the_style_sheet_is_made_once_and_again_after_a_change() -> None:
    theme = themes.Soft()
    first, digest = theme.css_text(), theme.hash
    assert theme.css_text() is first
    theme.set(body_text_color="#123456")
    changed = theme.css_text()
    assert "--body-text-color: #123456;" in changed and theme.hash != digest
    theme.name = "mine"
    assert "--name: mine;" in theme.css_text()
    del theme.body_text_color  # type: ignore[attr-defined]
    assert "--body-text-color" not in parts(theme.css_text())[0]


def test_own_theme_by_subclass() -> None:
    class Seafoam(themes.Base):
        def __init__(self) -> None:
            super().__init__(primary_hue=themes.colors.teal)
            super().set(body_background_fill="*primary_50")

    assert "--body-background-fill: var(--primary-50)" in resolve_theme(Seafoam()).css_text()


def test_names_without_regard_to_case() -> None:
    assert resolve_theme("SOFT").name == "soft"
    assert resolve_theme(None).name == "default"


@pytest.mark.parametrize(
    ("given", "text"),
    [("no/such", "Cannot load no/such. Caught Exception: "), (3, "Theme should be a class loaded from")],
)
def test_anything_else_warns_and_is_the_default(given: object, text: str) -> None:
    with pytest.warns(UserWarning, match=text):
        assert resolve_theme(given).name == "default"


def test_hub_is_refused_with_advice() -> None:
    with pytest.raises(DeclarationError, match="load"):
        themes.Base.from_hub("someone/theme")
    with pytest.raises(DeclarationError, match="dump"):
        themes.Base().push_to_hub("theme")


def luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def computed(variables: dict[str, str], name: str) -> list[str]:
    """The colours of a variable: those of each stop of a gradient."""
    value = variables[name].replace("white", "#ffffff").replace("black", "#000000")
    if value == "none":
        return computed(variables, "--block-background-fill")
    found = re.findall(r"var\((--[\w-]+)\)|(#[0-9a-f]{6})", value)
    assert found, (name, value)
    return [colour for other, plain in found for colour in ([plain] if plain else computed(variables, other))]


APP = Path(themes.__file__).parents[1]
#: No page has what they are for: an app in a frame of Gradio's own, a label at the other side, a shadow for themes.
UNUSED = {"embed_radius", "block_label_right_radius", "shadow_inset"}
MORE_PAIRS = [
    ("button-primary-text-color-hover", "button-primary-background-fill-hover"),
    ("button-secondary-text-color-hover", "button-secondary-background-fill-hover"),
    ("button-cancel-text-color-hover", "button-cancel-background-fill-hover"),
    ("checkbox-label-text-color", "checkbox-label-background-fill-hover"),
    ("block-title-text-color", "block-title-background-fill"),
    ("body-text-color", "block-background-fill"),
    ("body-text-color", "background-fill-primary"),
    ("body-text-color", "background-fill-secondary"),
    ("body-text-color", "input-background-fill"),
    ("body-text-color", "input-background-fill-focus"),
    ("body-text-color-subdued", "block-background-fill"),
    ("body-text-color-subdued", "background-fill-secondary"),
    ("table-text-color", "table-even-background-fill"),
    ("table-text-color", "table-odd-background-fill"),
    ("table-text-color", "table-row-focus"),
    ("accordion-text-color", "block-background-fill"),
]
PAIRS = [
    ("body-text-color", "body-background-fill"),
    ("body-text-color-subdued", "body-background-fill"),
    ("body-text-color-subdued", "panel-background-fill"),
    ("block-title-text-color", "block-background-fill"),
    ("block-label-text-color", "block-label-background-fill"),
    ("block-info-text-color", "block-background-fill"),
    ("link-text-color", "block-background-fill"),
    ("link-text-color", "body-background-fill"),
    ("input-placeholder-color", "input-background-fill"),
    ("button-primary-text-color", "button-primary-background-fill"),
    ("button-primary-text-color", "button-primary-background-fill-hover"),
    ("button-secondary-text-color", "button-secondary-background-fill"),
    ("button-cancel-text-color", "button-cancel-background-fill"),
    ("button-cancel-text-color", "button-cancel-background-fill-hover"),
    ("checkbox-label-text-color", "checkbox-label-background-fill"),
    ("checkbox-label-text-color-selected", "checkbox-label-background-fill-selected"),
    ("error-text-color", "error-background-fill"),
]


@pytest.mark.parametrize("hue", [colour.name for colour in themes.Color.all if colour.name])
@pytest.mark.parametrize(("text", "fill"), PAIRS)
def test_text_is_readable_with_every_palette(hue: str, text: str, fill: str) -> None:
    assert weakest(themes.Default(primary_hue=hue), text, fill) >= 4.5


@pytest.mark.parametrize("name", sorted(set(BUILT_IN) - {"glass"}))  # one sees through its fills
def test_text_is_readable_in_every_theme(name: str) -> None:
    found = {pair: weakest(resolve_theme(name), *pair) for pair in (*PAIRS, *MORE_PAIRS)}
    assert {pair: contrast for pair, contrast in found.items() if contrast < 4.5} == {}


def weakest(theme: themes.ThemeClass, text: str, fill: str) -> float:
    """The lowest contrast of a text on a fill, in the light and in the dark."""
    light, dark = parts(theme.css_text())
    return min(
        contrast(one, other)
        for variables in (light, {**light, **dark})
        for one in computed(variables, f"--{text}")
        for other in computed(variables, f"--{fill}")
    )


def test_themes_that_few_use_are_loaded_when_they_are_used() -> None:
    asked = "import sys, blocks_app; print([m for m in sys.modules if m.endswith(('.citrus', '.neon', '.mario'))])"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
    assert resolve_theme("Citrus").name == "citrus" and isinstance(themes.Citrus(), themes.Base)
    with pytest.raises(AttributeError, match="gr.themes has no Lemon. Its themes are Base, Default"):
        themes.Lemon  # type: ignore[attr-defined]


def test_every_variable_can_be_set_and_is_used_by_a_sheet() -> None:
    """The 267 names of the newest Gradio, and three older ones; each does something, or says below why not."""
    assert len(NAMES | LATER) == 270
    sheets = [path for path in APP.rglob("*.*") if path.suffix in (".css", ".ts") and "static" not in path.parts]
    used = set(re.findall(r"--([\w-]+)", "".join(path.read_text() for path in sheets)))
    referred = set(re.findall(r"\*(\w+)", str(VALUES)))
    plain = {name for name in NAMES | LATER if not name.endswith("_dark")}
    unused = {name for name in plain - referred if name.replace("_", "-") not in used}
    assert unused == UNUSED
