"""What can go wrong in blocks_app.

BlocksError
├── DeclarationError          a mistake in the program that declares the page; told when it is made
│   ├── DuplicateBlockError   the same block placed twice
│   ├── ArgumentTypeError     an argument of a kind that cannot work (also a TypeError)
│   ├── UnknownOptionError    an option that the block does not have (also a TypeError)
│   ├── UncopyableStateError  a State whose value cannot be copied for each visitor (also a TypeError)
│   └── NoContextError        a listener outside a Blocks (also an AttributeError)
├── AssetsMissingError        the page is asked for before `make build`
├── InvalidApiNameError       a call of an endpoint that does not exist
├── Error = gr.Error          raised by a user's function, shown to the visitor
│   ├── NotValid              a validator has found fault with inputs
│   └── AnswerKept            the answer to an event is kept; told to the queue alone
└── CallError                 a call that does not fit the function (also a ValueError)
"""

from __future__ import annotations

from typing import Any


class BlocksError(Exception):
    """Something went wrong in a Blocks app."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message if message is not None else (self.__doc__ or "").strip())


class DeclarationError(BlocksError, ValueError):
    """The declaration of the page is wrong."""


class DuplicateBlockError(DeclarationError):
    """A block has already been rendered in the current Blocks."""


class ArgumentTypeError(DeclarationError, TypeError):
    """An argument is of a kind that cannot work."""


class UnknownOptionError(DeclarationError, TypeError):
    """A block was given an option that it does not have."""


class UncopyableStateError(DeclarationError, TypeError):
    """The initial value of a State cannot be copied for each visitor."""


class NoContextError(BlocksError, AttributeError):
    """A listener was declared outside of a Blocks."""


class InvalidApiNameError(BlocksError, LookupError):
    """No endpoint has this api_name."""


class AssetsMissingError(BlocksError):
    """The page's files are not built. Run `make build` (it needs Node 20) and load the page again."""


class CallError(BlocksError, ValueError):
    """The call does not fit the function."""


class Error(BlocksError):
    """Error raised."""

    # The public name is gr.Error: raised in a function, its text is always shown to the visitor.

    def __init__(
        self,
        message: str = "Error raised.",
        duration: float | None = 10,
        visible: bool = True,
        title: str = "Error",
        print_exception: bool = True,
    ) -> None:
        """Stop the event and tell the visitor why.

        Args:
            message: what to show; plain text.
            duration: seconds that the toast stays, None or 0 until it is closed.
            visible: whether a toast appears at all.
            title: heading of the toast.
            print_exception: whether the server logs the traceback too.
        """
        self.message = message
        self.duration = duration
        self.visible = visible
        self.title = title
        self.print_exception = print_exception
        super().__init__(str(message))

    def __str__(self) -> str:
        return str(self.message)


class NotValid(Error):
    """A validator has found fault with inputs."""

    def __init__(self, problems: list[dict[str, Any]]) -> None:
        """Tell of `problems`: for each input in order what `validate` made of it, with its `parameter_name`."""
        self.problems = problems
        lines = [f"- {each['parameter_name']}: {each['message']}" for each in problems if not each["is_valid"]]
        super().__init__("\n".join((f"{len(lines)} parameter(s) failed validation:", *lines)), print_exception=False)


class AnswerKept(Error):
    """The answer to an event is kept."""
