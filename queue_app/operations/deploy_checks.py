"""What `manage.py check --deploy` says about settings that would let visitors do more than they should."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.urls import URLResolver, get_resolver

from auth_app.conf import login_required
from blocks_app import conf as page_conf
from blocks_app.web import views
from queue_app import conf
from queue_app.access import guards, throttling

if TYPE_CHECKING:
    from blocks_app.web.registry import Mount

_SHORTEST_TOKEN = 16
_NAMED = 5  # apps in one message
_PER_PROCESS = ("LocMemCache", "DummyCache")
_CULLING = ("LocMemCache", "FileBasedCache", "DatabaseCache")  # Django's own drop entries beyond a number
_ENTRIES = 20_000  # for 10,000 sessions, as many as keep State by default


@register("blocks")
def check_rate(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.E034: the rate limit cannot be read, so that every event would fail."""
    if conf.rate_limit():
        try:
            throttling.parse_rate(conf.rate_limit())
        except ValueError as error:
            yield Error(f"BLOCKS_RATE_LIMIT: {error}", hint='Write for instance "60/m".', id="blocks.E034")


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
def check_state_room(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W029: the cache with the State of sessions drops entries at random long before there are many sessions."""
    alias = conf.state_cache()
    if not alias or not _backend(alias).endswith(_CULLING):
        return
    options = {**settings.CACHES[alias], **settings.CACHES[alias].get("OPTIONS", {})}
    room = int(options.get("MAX_ENTRIES", 300))  # Django's default
    if room < _ENTRIES:
        yield Warning(
            f"The cache {alias!r}, where State is kept, drops entries at random when it has more than {room:,}.",
            hint=f"Set its OPTIONS to {{'MAX_ENTRIES': 1_000_000}}, at least {_ENTRIES:,}: each session takes two and "
            "more. Redis needs no such number.",
            id="blocks.W029",
        )


@register("blocks", deploy=True)
def check_policy(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W023: the pages' policy is off, or lets text run as a program."""
    policy = page_conf.content_security_policy("x")
    weak = [word for word in ("'unsafe-eval'", "'unsafe-inline'") if word in _scripts(policy)]
    if not policy or weak:
        state = f"allows {' and '.join(weak)} for scripts" if policy else "is off"
        hint = "Remove BLOCKS_CSP; give page scripts through head=, which get a nonce, or js=."
        yield Warning(f"The Content-Security-Policy of the pages {state}.", hint=hint, id="blocks.W023")


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
def check_open_apps(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W030: a site that has users serves apps to everybody, and nobody has said that this is meant."""
    if not apps.is_installed("django.contrib.auth") or _all_decided():
        return
    found = [place for place, mount in _mounts(get_resolver()) if mount.blocks not in guards.decided]
    if found:
        named = ", ".join(f"/{place}" for place in found[:5]) + (
            f" and {len(found) - 5} more" if len(found) > 5 else ""
        )
        text = f"Everybody may use {named}, also without being logged in."
        hint = (
            "Say who may: demo.protect(...) for one app, demo.protect(auth=None) where everybody is meant, or the "
            "setting BLOCKS_LOGIN_REQUIRED = True or False for all."
        )
        yield Warning(text, hint=hint, id="blocks.W030")


@register("blocks", deploy=True)
def check_direct_calls(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W035: programs may run functions of an app as often at once as they like."""
    found = [place for place, mount in _mounts(get_resolver()) if mount.blocks.queue_options.api_open]
    if found:
        named = ", ".join(f"/{place}" for place in found[:_NAMED])
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        yield Warning(
            f"Direct calls of programs to {named}{more} heed no limit and no turn: api_open=True.",
            hint="Remove api_open=True from queue(): direct calls then wait for a slot as everybody does.",
            id="blocks.W035",
        )


@register("blocks", deploy=True)
def check_processes(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W031: the server is told to start several processes, of which each has a queue and sessions of its own."""
    number = os.environ.get("WEB_CONCURRENCY", "")
    if number.isdecimal() and int(number) > 1:
        text = (
            f"WEB_CONCURRENCY={number}: each process has its own queue and sessions, and pages may reach the wrong one."
        )
        hint = "Start one process per address, and let the proxy send each visitor to the same one."
        yield Warning(text, hint=hint, id="blocks.W031")


@register("blocks", deploy=True)
def check_monitoring(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W032: what monitors say to be let in can be guessed."""
    token = conf.monitoring_token()
    if token and len(token) < _SHORTEST_TOKEN:
        text = f"BLOCKS_MONITORING_TOKEN has {len(token)} characters: it can be guessed."
        hint = 'Take one from python -c "import secrets; print(secrets.token_urlsafe())".'
        yield Warning(text, hint=hint, id="blocks.W032")


@register("blocks", deploy=True)
def check_prefix(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W033: two sources name the site's prefix, one of them a header."""
    if conf.trust_root_path() and settings.FORCE_SCRIPT_NAME:
        text = (
            "BLOCKS_TRUST_ROOT_PATH is on although FORCE_SCRIPT_NAME tells the prefix: a visitor may send another one."
        )
        yield Warning(text, hint="Remove one of them.", id="blocks.W033")


@register("blocks", deploy=True)
def check_front_end(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.E028: the browser's part was not built."""
    from blocks_app.web.static_responses import BUNDLES  # only for this

    if not any(BUNDLES.rglob("*.js")):
        yield Error("The front end is not built: pages stay empty.", hint="Run `make build`.", id="blocks.E028")


def _all_decided() -> bool:
    """Whether the site says for all its apps whether a login is needed."""
    return login_required() or hasattr(settings, "BLOCKS_LOGIN_REQUIRED")


def _mounts(resolver: URLResolver, place: str = "") -> Iterator[tuple[str, Mount]]:
    """Every app of the site and where its page is."""
    for each in resolver.url_patterns:
        at = place + str(each.pattern).removeprefix("^")
        if isinstance(each, URLResolver):
            yield from _mounts(each, at)
        elif (mount := each.default_args.get("blocks_mount")) is not None and getattr(
            each.callback, "view", None
        ) is views.page:
            yield at, mount


def _backend(alias: str) -> str:
    return str(settings.CACHES.get(alias, {}).get("BACKEND", "DummyCache"))


def _scripts(policy: str) -> str:
    """The part of a policy that decides about scripts."""
    parts = {part.split()[0]: part for part in policy.split(";") if part.strip()}
    return parts.get("script-src", parts.get("default-src", "'unsafe-inline'"))


def _storage() -> Any:
    from blocks_app.files.filestore import default_store  # makes its folder

    return default_store().storage


def _storage_places() -> list[Path]:
    from django.core.files.storage import FileSystemStorage  # with the storage alone

    from blocks_app.files.filestore import temp_root

    storage = _storage()
    places = [temp_root().resolve()]
    if isinstance(storage, FileSystemStorage):
        places.append(Path(storage.path("")).resolve())
    return list(dict.fromkeys(places))
