"""Whether the answer to an event is kept: then it needs no work, and need not wait behind what does.

Only a function knows, and only with its arguments. So one that keeps answers says whom to ask, and a listener of it
gets a second one, as with a validator, whose run says by an exception that there is an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from blocks_app.exceptions import AnswerKept
from blocks_app.listeners.dependency import Dependency


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """What a function has as `_kept_answers`.

    Attributes:
        function: the function itself: a decorator of the app's own that copies attributes says nothing of answers.
        has: takes the same arguments, and says whether the answer to them is kept.
        is_quick: whether arguments cost nothing to make, whatever the inputs are.
    """

    function: Callable[..., Any]
    has: Callable[..., bool]
    is_quick: bool = False


def asking(dependency: Dependency) -> Dependency | None:
    """The listener that asks, with the inputs of another, whether an answer is kept; None where nobody knows.

    Arguments are made once more for it. So nobody is asked where that is work, as with pictures, or would be seen.
    """
    known, info = getattr(dependency.fn, "_kept_answers", None), dependency.info
    if not isinstance(known, KeptAnswers) or known.function is not dependency.fn or info is None:
        return None
    if dependency.batch or dependency.every is not None or dependency.renders is not None:
        return None
    if not known.is_quick and any(each.heavy or each.stateful for each in dependency.inputs):
        return None
    has = known.has

    def fn(*args: Any, **more: Any) -> None:
        if has(*args, **more):
            raise AnswerKept

    return replace(
        dependency,
        fn=fn,
        info=replace(info, is_async=False, is_generator=False),
        outputs=(),
        validator=None,
    )
