"""What is wrong with the server's surroundings, in a sentence for whoever asks: its database, its cache, its disk.

An endpoint that cannot answer because something of these is away says so with a status that programs understand, and
never
what the error itself tells: it may name folders, hosts and users. The log has all of it.
"""

from __future__ import annotations

import errno
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from blocks_app.exceptions import Error

if TYPE_CHECKING:
    from collections.abc import Iterator


#: Packages whose errors mean that a cache or a storage elsewhere does not answer.
_ELSEWHERE = ("redis", "valkey", "pymemcache", "pylibmc", "memcache", "botocore", "boto3", "google", "azure")
_DISK = {
    errno.ENOSPC: (507, "The server's disk is full. Try again later."),
    errno.EDQUOT: (507, "The server's disk is full. Try again later."),
    errno.EFBIG: (507, "The server cannot store a file of this size."),
    errno.EROFS: (503, "The server's disk can only be read at the moment. Try again later."),
    errno.EACCES: (503, "The server may not use its own files. Its operator finds why in the log."),
    errno.EPERM: (503, "The server may not use its own files. Its operator finds why in the log."),
    errno.EIO: (503, "The server's disk does not work. Try again later."),
    errno.ENOENT: (503, "A folder of the server is missing. Its operator finds which one in the log."),
    errno.ENOTDIR: (503, "A folder of the server is missing. Its operator finds which one in the log."),
    errno.ENOMEM: (503, "The server has no memory left. Try again later."),
    errno.EMFILE: (503, "The server has too many files open. Try again in a moment."),
    errno.ENFILE: (503, "The server has too many files open. Try again in a moment."),
}
DATABASE = "The site's database does not answer. Try again in a moment."
STORAGE = "The site's storage of files does not answer. Try again in a moment."
CACHE = "The site's cache does not answer. Try again in a moment."
#: Seconds after which a client may try again.
RETRY_AFTER = 5


class Outage(NamedTuple):
    """Status and sentence."""

    status: int
    detail: str


class Unavailable(Error):
    """Something around the server is away. Its text is a sentence for whoever asks; the log has the reason."""

    def __init__(self, outage: Outage) -> None:
        super().__init__(outage.detail)
        self.outage = outage


@contextmanager
def as_unavailable(elsewhere: str = CACHE) -> Iterator[None]:
    """Inside, what is wrong with the surroundings is raised as Unavailable; for work of ours among users' code.

    `elsewhere` is said of a server that does not answer.
    """
    try:
        yield
    except Unavailable:
        raise
    except Exception as error:
        outage = classify_outage(error)
        if outage is None:
            raise
        if outage.detail == CACHE:
            outage = outage._replace(detail=elsewhere)
        raise Unavailable(outage) from error


def classify_outage(error: BaseException) -> Outage | None:
    """What an error says about the surroundings; None when it is about something else."""
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        found = each.outage if isinstance(each, Unavailable) else _classify(each)
        if found is not None:
            return found
        each = each.__cause__
    return None


def _classify(error: BaseException) -> Outage | None:
    database = sys.modules.get("django.db")
    if database is not None and isinstance(error, database.Error) and not isinstance(error, database.IntegrityError):
        return Outage(503, DATABASE)
    if type(error).__module__.partition(".")[0] in _ELSEWHERE or isinstance(error, ConnectionError | TimeoutError):
        return Outage(503, CACHE)
    if isinstance(error, OSError) and (known := _DISK.get(error.errno or 0)) is not None:
        return Outage(*known)
    return None
