"""What makes another function of one: its code, and everything of the app's own that it names."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from blocks_app.caching.function_digest import FunctionDigest

APP = """
LIMIT = 5
TABLE = {"a": 1}
calls = []

class Model:
    size = 3

    def __call__(self, text):
        return clean(text)[: self.size]

def clean(text):
    return text.strip()

def used_by_nobody():
    return 1

model = Model()

def answer(text, most=LIMIT):
    # how it is made
    calls.append(text)
    return [model(part)[:LIMIT] + str(TABLE) for part in text.split()]
"""


def digest(source: str = APP, name: str = "answer") -> str:
    space: dict[str, Any] = {"__name__": "an_app"}
    exec(source, space)
    return FunctionDigest(space[name]).hexdigest()


def test_what_changes_nothing_makes_no_other() -> None:
    assert digest(APP.replace("# how it is made", "# otherwise\n    # or not")) == digest()
    assert digest(APP.replace("return 1", "return 2")) == digest()
    assert digest("\n\n" + APP) == digest()


def test_each_change_that_counts_makes_another() -> None:
    changes = [
        ("text.split()", "text.split(',')"), ("LIMIT = 5", "LIMIT = 6"), ("text.strip()", "text.lower()"),
        ("size = 3", "size = 4"), ("return clean(text)", "return text"), ('"a": 1', '"a": 2'), ("most=LIMIT", "most=7"),
        ("str(TABLE)", "str(TABLE)[:3]"),
    ]  # fmt: skip
    found = {digest(APP.replace(old, new)) for old, new in changes}
    assert len(found | {digest()}) == len(changes) + 1


def test_a_list_that_the_function_fills_makes_no_other() -> None:
    space: dict[str, Any] = {"__name__": "an_app"}
    exec(APP, space)
    seen = FunctionDigest(space["answer"])
    space["answer"]("a b")
    assert seen.hexdigest() == digest()


def test_what_is_defined_below_counts_too() -> None:
    space: dict[str, Any] = {"__name__": "an_app"}
    exec("def first(x):\n    return second(x)", space)
    seen = FunctionDigest(space["first"])
    exec("def second(x):\n    return x", space)
    assert seen.hexdigest() == FunctionDigest(space["first"]).hexdigest()
    assert seen.hexdigest() != digest("def first(x):\n    return second(x)", "first")


def test_closures_partials_and_methods() -> None:
    def made(number: int) -> Any:
        return lambda x: x + number

    class Adder:
        def add(self, x: int) -> int:
            return x

    class Greeter:
        def __init__(self, greeting: str) -> None:
            self.greeting = greeting

        def __call__(self, name: str) -> str:
            return self.greeting + name

        def greet(self, name: str) -> str:
            return self(name)

    def vague(greeting: str) -> Any:
        return functools.lru_cache(lambda name: greeting + name)

    hi, hello = Greeter("Hi"), Greeter("Hello")
    found = [
        hi, hello, hi.greet, hello.greet, vague("Hi"), vague("Hello"), np.vectorize(made(1)), np.vectorize(made(2)),
        made(1), made(2), functools.partial(made(1), 1), functools.partial(made(1), 2), Adder().add, len, str.upper,
    ]  # fmt: skip
    assert len({FunctionDigest(each).hexdigest() for each in found}) == len(found)
    for once, again in ((made(1), made(1)), (vague("Hi"), vague("Hi")), (hi, Greeter("Hi"))):
        assert FunctionDigest(once).hexdigest() == FunctionDigest(again).hexdigest()


def test_functions_that_call_each_other_come_to_an_end() -> None:
    assert digest("def a(x):\n    return b(x)\ndef b(x):\n    return a(x)", "a")


def test_what_an_object_counts_meanwhile_makes_no_other() -> None:
    source = (
        "class A:\n    count = 0\n    def __call__(self, x):\n        self.count += 1\n        return x\nanswer = A()"
    )
    space: dict[str, Any] = {"__name__": "an_app"}
    exec(source, space)
    space["answer"].count = 3
    seen = FunctionDigest(space["answer"])
    space["answer"](1)
    space["answer"].count = 3 + space["answer"].count
    other: dict[str, Any] = {"__name__": "an_app"}
    exec(source, other)
    other["answer"].count = 3
    assert seen.hexdigest() == FunctionDigest(other["answer"]).hexdigest()


def test_a_large_table_counts_by_its_size_and_its_beginning() -> None:
    table = {str(number): number for number in range(50_000)}
    longer = {**table, "more": 1}
    changed = {**table, "0": "another"}
    assert FunctionDigest(lambda x: table[x]).hexdigest() != FunctionDigest(lambda x: changed[x]).hexdigest()
    assert FunctionDigest(lambda x: table[x]).hexdigest() != FunctionDigest(lambda x: longer[x]).hexdigest()
