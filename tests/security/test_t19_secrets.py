"""T19: secrets are compared in constant time; no `==` on anything that is called like one."""

from __future__ import annotations

import ast
import re
import time

import pytest

from auth_app.policies.credentials import Pairs
from tests.house.sources import modules, tree

SECRET = re.compile(r"(password|secret|token|signature|digest|hmac|stamp)$", re.IGNORECASE)
SERVER = [name for name in modules() if name.split(".")[0] in ("auth_app", "blocks_app", "queue_app", "project")]


@pytest.mark.parametrize("module", SERVER)
def test_no_secret_is_compared_with_equals(module: str) -> None:
    wrong = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Compare)
        and any(isinstance(each, (ast.Eq, ast.NotEq, ast.In, ast.NotIn)) for each in node.ops)
        and any(_is_secret(side) for side in (node.left, *node.comparators))
    ]
    assert not wrong


def _is_secret(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return bool(SECRET.search(name))


@pytest.mark.parametrize(
    ("name", "password", "fits"),
    [
        ("ann", "secret", True),
        ("ann", "secre", False),
        ("ann", "secret2", False),
        ("ann", "", False),
        ("ANN", "secret", False),
        ("bob", "secret", False),
        ("bob", "pässwörd", True),
        ("bob", "pässwörd\0", False),
    ],
)
async def test_pairs(name: str, password: str, fits: bool) -> None:
    assert await Pairs([("ann", "secret"), ("bob", "pässwörd")]).fits(name, password) is fits


async def test_every_pair_is_looked_at_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that neither the place in the list nor an unknown name shows in the time that it takes."""
    compared: list[int] = []

    def count(one: str, other: str) -> bool:
        compared.append(len(one) - len(other))
        return one == other

    monkeypatch.setattr("auth_app.policies.credentials.constant_time_compare", count)
    pairs = Pairs([("ann", "secret"), ("bob", "other"), ("eve", "third")])
    for name in ("ann", "eve", "nobody", "x" * 1000):
        compared.clear()
        await pairs.fits(name, "y" * len(name))
        assert compared == [0] * 6


async def test_a_huge_password_costs_little() -> None:
    began = time.process_time()
    await Pairs([("ann", "secret")]).fits("ann", "x" * 60_000)
    assert time.process_time() - began < 0.1
