"""A traceback for whoever has to mend it: the error and the lines of the site's own code first, all of it below.

Reads the text that was kept. What is not understood is shown as it is.
"""

from __future__ import annotations

import re
import sysconfig
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

_FRAME = re.compile(r'^ *(?:[|+]-* *)?  File "([^"\n]*)", line (\d+)(?:, in (.+))?$')
#: Folders whose code is nobody's of this site, on whichever machine: what is installed, and Python's own.
_INSTALLED = re.compile(r"/(?:site|dist)-packages/|/lib/python3[^/]*/|/Lib/(?!site)[^/]+")
#: What Python makes up where there is no file.
_NO_FILE = ("<frozen ", "<string>", "<__array_function__")
OURS = ("auth_app", "blocks_app", "queue_app")


class Frame(NamedTuple):
    """One step of a traceback: where it was, and its lines of code, as Python has printed them."""

    file: str
    line: int
    function: str
    code: str


def frames(text: str) -> list[Frame]:
    """The steps of a traceback, in its order."""
    found: list[tuple[str, int, str, list[str]]] = []
    within = False
    for line in text.splitlines():
        if match := _FRAME.match(line):
            found.append((match[1], int(match[2]), match[3] or "", []))
            within = True
        elif within and line.startswith("    "):
            if line.strip().strip("^~ "):  # Python's marks below a line say nothing alone
                found[-1][3].append(line.strip())
        else:
            within = False
    return [Frame(file, line, function, "\n".join(code)) for file, line, function, code in found]


def own(text: str) -> list[Frame]:
    """Those of them that lie in the site's own code."""
    return [each for each in frames(text) if is_own(each.file)]


def is_own(file: str) -> bool:
    """Whether a file belongs to the site: neither to Python, nor to what is installed, nor to this package."""
    plain = file.replace("\\", "/")
    if plain.startswith(_NO_FILE) or _INSTALLED.search(plain):
        return False
    return not plain.startswith(_elsewhere())


def shown(text: str, error: str) -> SafeString:
    """The error, the site's own lines, the last of them first; then everything, folded."""
    mine = own(text)
    whole = format_html('<pre class="blocks-trace" tabindex="0" aria-label="{}">{}</pre>', gettext("Traceback"), text)
    if not mine:
        return whole
    steps = format_html_join(
        "",
        '<li><span class="blocks-place">{}</span><pre class="blocks-trace" tabindex="0" aria-label="{}">{}</pre></li>',
        ((_place(each), _place(each), each.code or "…") for each in reversed(mine)),
    )
    return format_html(
        '<div class="blocks-failure"><p class="blocks-failed">{}</p><ol class="blocks-steps">{}</ol>'
        "<details><summary>{}</summary>{}</details></div>",
        error,
        steps,
        gettext("The whole traceback"),
        whole,
    )


def _place(frame: Frame) -> str:
    file = Path(frame.file)
    short = "/".join(file.parts[-2:])
    place = gettext("%(file)s, line %(line)s") % {"file": short, "line": frame.line}
    return f"{place}, {frame.function}" if frame.function else place


@cache
def _elsewhere() -> tuple[str, ...]:
    """Folders of Python and of this package, each with a slash at its end."""
    root = Path(__file__).resolve().parents[3]
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib")]
    given = [*(str(root / name) for name in OURS), *(each for each in paths if each)]
    return tuple(f"{each}/".replace("\\", "/").replace("//", "/") for each in given)
