"""Settings of blocks_app, read at each use so that `override_settings` holds."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Literal, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

#: The policy of every page. `{nonce}` is replaced per response.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; "
    "script-src 'self' 'nonce-{nonce}'; "
    "style-src-elem 'self' 'nonce-{nonce}'; "
    "style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; "
    "media-src 'self' data: blob:; "
    "worker-src 'self' blob:; "
    "connect-src 'self'; "
    "object-src 'none'; "
    "base-uri 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'self'"
)


def content_security_policy(nonce: str) -> str:
    """`BLOCKS_CSP`: the page's policy, "" or None for none. Write `{nonce}` where the response's nonce belongs."""
    text = getattr(settings, "BLOCKS_CSP", CONTENT_SECURITY_POLICY)
    return str(text or "").replace("{nonce}", nonce)


def remote_media() -> Any:
    """`BLOCKS_REMOTE_MEDIA`: hosts of whose pictures, sounds and films pages show, such as "images.example.org"; none.

    Those that a page's declaration names count by themselves."""
    return getattr(settings, "BLOCKS_REMOTE_MEDIA", None) if settings.configured else None


def show_error() -> bool:
    """`BLOCKS_SHOW_ERROR`: whether visitors of mounted apps are told the text of every exception, instead of only that
    of `gr.Error`; what DEBUG says unless given. `demo.serving(show_error=…)` decides for one app."""
    return settings.configured and bool(getattr(settings, "BLOCKS_SHOW_ERROR", settings.DEBUG))


def mcp_server() -> bool:
    """`BLOCKS_MCP_SERVER`: whether mounted apps serve agents by MCP; what GRADIO_MCP_SERVER says, else False.
    `demo.serving(mcp_server=…)` decides for one app."""
    default = os.environ.get("GRADIO_MCP_SERVER", "").strip().lower() == "true"
    return settings.configured and bool(getattr(settings, "BLOCKS_MCP_SERVER", default))


def browser_language() -> bool:
    """`BLOCKS_BROWSER_LANGUAGE`: whether pages speak the language that the browser asks for, on a site without Django's
    LocaleMiddleware; False: LANGUAGE_CODE. A launched app does. Visitors choose another by Django's cookie."""
    return bool(getattr(settings, "BLOCKS_BROWSER_LANGUAGE", False))


def examples_version() -> str:
    """`BLOCKS_EXAMPLES_VERSION`: a text, such as the version of a model; answers to examples that were kept
    under another are made anew; ""."""
    return str(getattr(settings, "BLOCKS_EXAMPLES_VERSION", "")) if settings.configured else ""


def deep_link_age() -> float:
    """`BLOCKS_DEEP_LINK_AGE`: seconds for which a link of a `gr.DeepLinkButton` works; 2,592,000, which is 30 days."""
    return float(_number("BLOCKS_DEEP_LINK_AGE", 30 * 86_400))


def reload() -> Literal["keep", "anew"]:
    """`BLOCKS_RELOAD`: what a reload of the page does. "keep": what was typed and shown stays, with the session;
    "anew": page and session begin anew, as in Gradio."""
    chosen = getattr(settings, "BLOCKS_RELOAD", "keep")
    if chosen not in ("keep", "anew"):
        raise ImproperlyConfigured(f'BLOCKS_RELOAD must be "keep" or "anew", not {chosen!r}.')
    return cast('Literal["keep", "anew"]', chosen)


def deep_link_size() -> int:
    """`BLOCKS_DEEP_LINK_SIZE`: most bytes of the values of one such link; 1 MiB."""
    return _number("BLOCKS_DEEP_LINK_SIZE", 1024 * 1024)


def deep_link_visitor() -> int:
    """`BLOCKS_DEEP_LINK_VISITOR`: most bytes of all links that one person has made with an app, or one address of
    people unknown; their oldest links make room; 16 MiB."""
    return _number("BLOCKS_DEEP_LINK_VISITOR", 16 * 1024 * 1024)


def deep_link_total() -> int:
    """`BLOCKS_DEEP_LINK_TOTAL`: most bytes of all links to an app; then no more are made until some expire; 512 MiB."""
    return _number("BLOCKS_DEEP_LINK_TOTAL", 512 * 1024 * 1024)


def upload_quota() -> int | None:
    """`BLOCKS_UPLOAD_QUOTA`: most bytes of all files of one person, or of one address of people unknown; None."""
    quota = getattr(settings, "BLOCKS_UPLOAD_QUOTA", None)
    return None if quota is None else int(quota)


def disk_reserve() -> int:
    """`BLOCKS_DISK_RESERVE`: bytes of the disk that uploads leave free; 100 MiB; 0 fills it."""
    return int(getattr(settings, "BLOCKS_DISK_RESERVE", 100 * 1024 * 1024))


def max_json_depth() -> int:
    """`BLOCKS_MAX_JSON_DEPTH`: most levels of lists and objects in what visitors send; 200, at most 250."""
    return min(_number("BLOCKS_MAX_JSON_DEPTH", 200), 250)


def max_json_values() -> int:
    """`BLOCKS_MAX_JSON_VALUES`: most values in all of one request or message; 1,000,000."""
    return _number("BLOCKS_MAX_JSON_VALUES", 1_000_000)


def max_image_pixels() -> int:
    """`BLOCKS_MAX_IMAGE_PIXELS`: most pixels of one picture; 70,000,000, and never more than Pillow's own limit."""
    return _number("BLOCKS_MAX_IMAGE_PIXELS", 70_000_000)


def image_pixels_at_once() -> int:
    """`BLOCKS_IMAGE_PIXELS_AT_ONCE`: pixels of large pictures that a process holds for functions; 100,000,000."""
    return _number("BLOCKS_IMAGE_PIXELS_AT_ONCE", 100_000_000)


def decoders_at_once() -> int:
    """`BLOCKS_DECODERS_AT_ONCE`: how many pictures, sounds and films a process decodes at the same time; as many as
    processors, but two to eight."""
    return max(1, _number("BLOCKS_DECODERS_AT_ONCE", min(8, max(2, os.cpu_count() or 2))))


def max_video_pixels() -> int:
    """`BLOCKS_MAX_VIDEO_PIXELS`: most pixels of one frame of a video; 9,000,000, which 4K is below."""
    return _number("BLOCKS_MAX_VIDEO_PIXELS", 9_000_000)


def max_video_seconds() -> int:
    """`BLOCKS_MAX_VIDEO_SECONDS`: most seconds of one video; 7,200."""
    return _number("BLOCKS_MAX_VIDEO_SECONDS", 7_200)


def max_audio_seconds() -> int:
    """`BLOCKS_MAX_AUDIO_SECONDS`: most seconds of one sound; 14,400, which is four hours."""
    return _number("BLOCKS_MAX_AUDIO_SECONDS", 14_400)


def max_audio_samples() -> int:
    """`BLOCKS_MAX_AUDIO_SAMPLES`: most samples of all channels of one sound that is decoded; 160,000,000, which is an
    hour at 44,100 a second, and 320 MB."""
    return _number("BLOCKS_MAX_AUDIO_SAMPLES", 160_000_000)


def max_audio_channels() -> int:
    """`BLOCKS_MAX_AUDIO_CHANNELS`: most channels of one sound; 8."""
    return _number("BLOCKS_MAX_AUDIO_CHANNELS", 8)


def max_audio_rate() -> int:
    """`BLOCKS_MAX_AUDIO_RATE`: most samples a second of one channel; 384,000."""
    return _number("BLOCKS_MAX_AUDIO_RATE", 384_000)


def ffmpeg() -> str:
    """`BLOCKS_FFMPEG`: the ffmpeg that converts sound and film; "" looks for it, see `blocks_app.media.ffmpeg`."""
    return str(getattr(settings, "BLOCKS_FFMPEG", "")) if settings.configured else ""


def _number(name: str, default: int) -> int:
    """A setting that matters without a site, too."""
    return int(getattr(settings, name, default)) if settings.configured else default


def private_files() -> set[Path]:
    """Files of the site itself that no function may hand out: its settings, and databases that are files."""
    if not settings.configured:
        return set()
    found = [Path(str(each["NAME"])) for each in settings.DATABASES.values() if "sqlite3" in each.get("ENGINE", "")]
    kept = {file.with_name(f"{file.name}{end}") for file in found for end in ("", "-wal", "-shm", "-journal")}
    module = sys.modules.get(os.environ.get("DJANGO_SETTINGS_MODULE", ""))
    if module is not None and module.__file__ is not None:
        kept.add(Path(module.__file__))
    return {Path(os.path.realpath(file)) for file in kept}
