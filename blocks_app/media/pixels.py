"""How many pixels one picture may have, and how many of all pictures a process holds decoded for functions at once.

A picture of a few kilobytes may be a gigabyte of pixels. One with too many is refused before it is decoded; large ones
wait until others have been worked on. What a function was given counts until it has ended, whoever called it and
through whichever endpoint.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from blocks_app import conf
from blocks_app.exceptions import Error
from blocks_app.i18n import gettext_lazy

#: Pictures below count for nothing: what they take, threads bound.
SMALL = 1_000_000
#: Seconds that a picture waits for others; half of it while its function holds others already.
PATIENCE = 60.0

BUSY = gettext_lazy(
    "The server is working on too many large pictures, sounds or films at the moment. Try again in a while."
)
TOO_MANY = gettext_lazy("The pictures have too many pixels together: {most:,} are allowed. Send fewer or smaller ones.")


#: Formats whose decoder takes more than a PNG's 7 bytes for a pixel, the array included: how many times as much.
_DEAR = {"WEBP": 2.3, "AVIF": 1.3, "JPEG2000": 2.8}


def most_pixels(slowness: int = 1) -> int:
    """Of one picture that takes so many times as long as others, see `picture_checks.slow_pictures`."""
    from PIL import Image  # heavy; only when there is a picture

    most = conf.max_image_pixels() // slowness
    return most if Image.MAX_IMAGE_PIXELS is None else min(most, Image.MAX_IMAGE_PIXELS)


class Budget:
    """The pixels that are held; who wants more than there is room for waits in line."""

    def __init__(self) -> None:
        self.held = 0
        self._changed = threading.Condition()
        self._line: deque[object] = deque()

    def take(self, pixels: int, own: int = 0) -> bool:
        """Wait for room, at most PATIENCE seconds; whether there is some. A picture may always be the only one.

        Args:
            pixels: how many.
            own: how many of those that are held are held by whoever asks.
        """
        place, until = object(), time.monotonic() + (PATIENCE if not own else PATIENCE / 2)
        with self._changed:
            self._line.append(place)
            try:
                while not self._fits(place, pixels, own):
                    if not self._changed.wait(max(until - time.monotonic(), 0)) and time.monotonic() >= until:
                        return False
                self.held += pixels
                return True
            finally:
                self._line.remove(place)
                self._changed.notify_all()

    def give(self, pixels: int) -> None:
        """They are held no longer."""
        with self._changed:
            self.held -= pixels
            self._changed.notify_all()

    def _fits(self, place: object, pixels: int, own: int) -> bool:
        if self._line[0] is not place and not own:  # who holds some already must not wait for who waits for these
            return False
        return self.held <= own or self.held + pixels <= conf.image_pixels_at_once()


budget = Budget()


class Holding:
    """What one call holds. Ends with `release`, or when nobody knows it any more."""

    __slots__ = ("pixels",)

    def __init__(self) -> None:
        #: How many.
        self.pixels = 0

    def __del__(self) -> None:
        self.release()

    def add(self, pixels: int) -> None:
        """Hold more; raises Error when there is no room for them, or one call wants twice of what all may have."""
        if pixels < SMALL:
            return
        if self.pixels:
            _check_together(self.pixels + pixels, 2 * conf.image_pixels_at_once())
        if not budget.take(pixels, self.pixels):
            raise Error(str(BUSY))
        self.pixels += pixels

    def release(self) -> None:
        """Hold nothing."""
        if pixels := self.pixels:
            self.pixels = 0
            budget.give(pixels)


#: What the running call holds; None outside of one.
current: ContextVar[Holding | None] = ContextVar("blocks_pixels", default=None)


@contextmanager
def held(pixels: int, *, while_working: bool = False) -> Iterator[None]:
    """Hold pixels until the running call's function has ended; outside of one, or `while_working`, until this ends."""
    holding = None if while_working else current.get()
    if holding is not None:
        holding.add(pixels)
        yield
        return
    around = current.get()
    taken = pixels if pixels >= SMALL else 0
    if taken and not budget.take(taken, around.pixels if around is not None else 0):
        raise Error(str(BUSY))
    try:
        yield
    finally:
        if taken:
            budget.give(taken)


@contextmanager
def held_together(pixels: list[int]) -> Iterator[None]:
    """As `held`, for the pictures of one value: small ones count as well, since they may be many.

    Raises:
        Error: they would take more than a process may hold; a picture may always be the only one.
    """
    if len(pixels) > 1:
        _check_together(sum(pixels), conf.image_pixels_at_once())
    with held(sum(pixels)):
        yield


def _check_together(pixels: int, most: int) -> None:
    if pixels > most:
        raise Error(str(TOO_MANY).format(most=most))


def of(image: Any) -> int:
    """The pixels of an opened picture."""
    return int(image.width) * int(image.height)


def to_decode(image: Any) -> int:
    """As how many pixels an opened picture counts: more where its format's decoder makes copies."""
    return int(of(image) * _DEAR.get(image.format or "", 1))
