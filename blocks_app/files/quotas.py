"""What visitors' files take: a quota for each account, and a part of the disk that stays free."""

from __future__ import annotations

import contextlib
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from blocks_app.files.file_registry import owner_text
from blocks_app.i18n import gettext

if TYPE_CHECKING:
    from blocks_app.files.filestore import FileStore

#: Bytes of a request that are not its files.
OVERHEAD = 64 * 1024

#: Bytes that are on their way to this process, by account.
_arriving: Counter[str] = Counter()


@lru_cache(1024)
def account(owner: str, address: str) -> str:
    """On whose account a file goes: the person's, or that of the address of somebody unknown. Not told in clear.

    "" when neither is known: the file goes on nobody's.
    """
    if not owner and not address:
        return ""
    from django.utils.crypto import salted_hmac  # not loaded by declaring a page

    named = f"identity:{owner_text(owner)}" if owner else f"address:{address}"
    return salted_hmac("blocks_app.usage", named, algorithm="sha256").hexdigest()[:32]


def account_of(identity: Any, address: str) -> str:
    """The account of whoever asks."""
    return account("" if identity is None or identity.is_anonymous else str(identity.key), address)


@contextlib.contextmanager
def arriving(payer: str, coming: int) -> Iterator[None]:
    """While so many announced bytes come in: others that begin meanwhile see them."""
    _arriving[payer] += coming
    try:
        yield
    finally:
        _arriving[payer] -= coming
        if _arriving[payer] <= 0:
            del _arriving[payer]


def problem_with(payer: str, coming: int, store: FileStore) -> tuple[int, str] | None:
    """Status and sentence that refuse so many more bytes, before they come; None when there is room for them.

    It asks beforehand, so that nobody sends in vain; what is stored is counted exactly by the store's register.
    """
    from blocks_app import conf  # Django's settings

    quota = conf.upload_quota()
    if quota is not None and payer:
        used = store.used_by(payer) + _arriving[payer]
        if used + max(coming - OVERHEAD, 0) > quota:
            return 413, gettext(
                "Your files may take %(quota)s bytes; %(used)s are used. Ask for older files to be deleted."
            ) % {"quota": quota, "used": used}
    reserve = conf.disk_reserve()
    if reserve:
        store.local.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(store.local).free - coming - sum(_arriving.values()) < reserve:
            return 507, gettext("The server's disk is full. Try again later.")
    return None
