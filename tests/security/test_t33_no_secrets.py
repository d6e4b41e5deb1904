"""T33: no key or password stands in the repository; what is signed is signed with the site's SECRET_KEY."""

from __future__ import annotations

import math
import re
import subprocess
from collections import Counter

import pytest

from project.secret import secret_key
from tests.security.sources import ROOT, calls

KNOWN = re.compile(
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|hf_[A-Za-z]{34}|sk-[A-Za-z0-9]{32}"
    r"|xox[abpr]-[0-9A-Za-z-]{20}|AIza[0-9A-Za-z_-]{35}|eyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}"
)
ASSIGNED = re.compile(r"""(?i)\b\w*(?:secret|token|password|api_?key)\w*\s*[:=]\s*["']([^"'\s{}$<>%]{20,})["']""")
TEXTS = {
    ".py",
    ".ts",
    ".js",
    ".mjs",
    ".json",
    ".toml",
    ".yml",
    ".yaml",
    ".md",
    ".cfg",
    ".ini",
    ".sh",
    ".html",
    ".mk",
    "",
}


def tracked() -> list[str]:
    """Text files of the repository, without locks of packages, which are full of checksums."""
    ran = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = [name for name in ran.stdout.decode().split("\0") if name]
    return [name for name in names if (ROOT / name).suffix in TEXTS and "lock" not in name and (ROOT / name).is_file()]


def random_looking(text: str) -> bool:
    """Whether a text has the entropy of a key rather than that of words."""
    counts = Counter(text)
    bits = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    return bits > 4 and bool(re.search(r"\d", text)) and bool(re.search(r"[A-Za-z]", text))


def test_no_key_in_the_repository() -> None:
    found = []
    for name in tracked():
        text = (ROOT / name).read_text(errors="ignore")
        found += [f"{name}: {match[0][:20]}" for match in KNOWN.finditer(text) if not name.endswith(__file__[-20:])]
        found += [f"{name}: {match[1][:20]}" for match in ASSIGNED.finditer(text) if random_looking(match[1])]
    assert not found


def test_the_site_makes_a_key_of_its_own_that_only_its_user_can_read(tmp_path: object) -> None:
    from pathlib import Path

    place = Path(str(tmp_path)) / "var" / "secret_key"
    first = secret_key(place)
    assert secret_key(place) == first and len(first) >= 50
    assert place.stat().st_mode & 0o077 == 0


def test_a_script_gets_a_new_key_at_each_start() -> None:
    from queue_app.server.minimal_project import minimal_settings

    assert minimal_settings()["SECRET_KEY"] != minimal_settings()["SECRET_KEY"]


@pytest.mark.parametrize("name", ["hmac.new", "hashlib.md5", "hashlib.sha1", "random.random", "random.choice"])
def test_signing_is_left_to_django(name: str) -> None:
    assert not [f"{file}: {ast_name}" for file, ast_name, _ in calls() if ast_name == name]
