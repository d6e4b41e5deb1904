"""Nothing is remembered from one test to the next."""

from tests.unnoted import no_event_log, nobody_yet

__all__ = ["no_event_log", "nobody_yet"]
