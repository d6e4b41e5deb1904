"""What visitors' uploads take: a quota for each, and a part of the disk that stays free."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from blocks_app import conf
from blocks_app.filestore import default_store

if TYPE_CHECKING:
    from blocks_app.filestore import FileStore

#: Bytes of a request that are not its files.
OVERHEAD = 64 * 1024


def payer_of(identity: Any, address: str) -> str:
    """On whose account an upload goes: the person, or the address of somebody unknown. Not told in clear."""
    from django.utils.crypto import salted_hmac  # not loaded by declaring a page

    key = address if identity is None or identity.is_anonymous else f"{identity.key}"
    named = "address" if identity is None or identity.is_anonymous else "identity"
    return salted_hmac("blocks_app.usage", f"{named}:{key}", algorithm="sha256").hexdigest()[:32]


def problem_with(payer: str, coming: int, store: FileStore | None = None) -> tuple[int, str] | None:
    """Status and sentence that refuse so many more bytes; None when there is room for them."""
    store = store if store is not None else default_store()
    quota = conf.upload_quota()
    if quota is not None:
        used = store.used_by(payer)
        if used + max(coming - OVERHEAD, 0) > quota:
            return 413, f"Your uploads may take {quota} bytes; {used} are used. Ask for older files to be deleted."
    reserve = conf.disk_reserve()
    if reserve:
        store.local.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(store.local).free - coming < reserve:
            return 507, "The server's disk is full. Try again later."
    return None


def over_quota(payer: str, store: FileStore) -> str | None:
    """The sentence that refuses what was just stored; None when it is within the quota."""
    quota = conf.upload_quota()
    if quota is None or store.used_by(payer) <= quota:
        return None
    return f"Your uploads may take {quota} bytes, and with these they would take more. Nothing was stored."
