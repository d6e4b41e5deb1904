"""What `manage.py check --deploy` says about settings that would let visitors do more than they should."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from blocks_app import conf as page_conf
from queue_app import conf, limits

_PER_PROCESS = ("LocMemCache", "DummyCache")


@register("blocks")
def check_rate(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.E020: the rate limit cannot be read, so that every event would fail."""
    if conf.rate_limit():
        try:
            limits.parse_rate(conf.rate_limit())
        except ValueError as error:
            yield Error(f"BLOCKS_RATE_LIMIT: {error}", hint='Write for instance "60/m".', id="blocks.E020")


@register("blocks", deploy=True)
def check_caches(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W021, W022: what all processes have to count or keep together is in a cache of one process."""
    if conf.rate_limit() and _backend("default").endswith(_PER_PROCESS):
        text = "BLOCKS_RATE_LIMIT is counted in a cache that each process has for itself: visitors get several limits."
        yield Warning(text, hint="Set CACHES['default'] to Redis, Memcached or the database.", id="blocks.W021")
    alias = getattr(settings, "BLOCKS_STATE_CACHE", None)
    if alias and _backend(alias).endswith(_PER_PROCESS):
        text = f"BLOCKS_STATE_CACHE names the cache {alias!r}, which each process has for itself: State would be lost."
        yield Warning(text, hint="Name a cache that all processes share.", id="blocks.W022")


@register("blocks", deploy=True)
def check_policy(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W023: the pages' policy is off, or lets text run as a program."""
    policy = page_conf.content_security_policy("x")
    weak = [word for word in ("'unsafe-eval'", "'unsafe-inline'") if word in _scripts(policy)]
    if not policy or weak:
        told = f"allows {' and '.join(weak)} for scripts" if policy else "is off"
        hint = "Remove BLOCKS_CSP; give page scripts through head=, which get a nonce, or js=."
        yield Warning(f"The Content-Security-Policy of the pages {told}.", hint=hint, id="blocks.W023")


@register("blocks", deploy=True)
def check_uploads(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W024: nothing keeps uploads from filling the disk."""
    if page_conf.upload_quota() is None and not page_conf.disk_reserve():
        text = "Uploads may fill the disk: BLOCKS_DISK_RESERVE is 0 and there is no BLOCKS_UPLOAD_QUOTA."
        yield Warning(text, hint="Set one of them; both are numbers of bytes.", id="blocks.W024")


@register("blocks", deploy=True)
def check_storage(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W025: visitors' files lie where somebody else hands them out, without asking whose they are."""
    for place in _storage_places():
        for name in ("MEDIA_ROOT", "STATIC_ROOT"):
            root = getattr(settings, name, None)
            if root and place.is_relative_to(Path(root).resolve()):
                text = f"Uploaded files are stored in {place}, below {name}: who serves that serves them to anybody."
                hint = "Give BLOCKS_FILE_STORAGE, or GRADIO_TEMP_DIR, a folder that no web server knows."
                yield Warning(text, hint=hint, id="blocks.W025")
    if getattr(_storage(), "querystring_auth", True) is False:
        text = "The storage of BLOCKS_FILE_STORAGE gives out addresses without signatures: files are public."
        yield Warning(text, hint="Set its option querystring_auth to True, its bucket to private.", id="blocks.W026")


@register("blocks", deploy=True)
def check_hosts(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W027: the site answers to every name, also to one that an attacker points at it."""
    if "*" in settings.ALLOWED_HOSTS:
        text = "ALLOWED_HOSTS contains '*': a page of another site can make its own name point here."
        yield Warning(text, hint="List the names of the site.", id="blocks.W027")


@register("blocks", deploy=True)
def check_front_end(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.E028: the browser's part was not built."""
    from blocks_app.served import BUNDLES  # only for this

    if not any(BUNDLES.rglob("*.js")):
        yield Error("The front end is not built: pages stay empty.", hint="Run `make build`.", id="blocks.E028")


def _backend(alias: str) -> str:
    return str(settings.CACHES.get(alias, {}).get("BACKEND", "DummyCache"))


def _scripts(policy: str) -> str:
    """The part of a policy that decides about scripts."""
    parts = {part.split()[0]: part for part in policy.split(";") if part.strip()}
    return parts.get("script-src", parts.get("default-src", "'unsafe-inline'"))


def _storage() -> Any:
    from blocks_app.filestore import default_store  # makes its folder

    return default_store().storage


def _storage_places() -> list[Path]:
    from django.core.files.storage import FileSystemStorage  # with the storage alone

    from blocks_app.filestore import temp_root

    storage = _storage()
    places = [temp_root().resolve()]
    if isinstance(storage, FileSystemStorage):
        places.append(Path(storage.path("")).resolve())
    return list(dict.fromkeys(places))
