"""The command `blocks-client`: list an app's endpoints, or call one.

blocks-client http://127.0.0.1:7860
blocks-client http://127.0.0.1:7860 /greet --name Ada
blocks-client http://127.0.0.1:7860 /shout --file notes.txt --output results/
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any, Union

from blocks_client import Client, ClientError, FileInput, Job, Status, handle_file
from blocks_client._core.api import Endpoint
from blocks_client._version import __version__

_WIDTH = 30


def main(arguments: Union[Sequence[str], None] = None) -> int:
    """Run the command. 0 when it went well, 1 when the call failed, 2 for a command that makes no sense."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    try:
        with _client(options) as client:
            if options.endpoint is None:
                if rest:
                    parser.error(f"unknown: {' '.join(rest)}")
                sys.stdout.write(str(client.view_api(options.all or None, False, "str")))
                return 0
            endpoint = client._app.endpoint("/" + options.endpoint.lstrip("/"))
            values = _in_order(endpoint, options.values)
            job = client.submit(*values, fn_index=endpoint.fn_index, **_named(parser, endpoint, rest))
            return _follow(job, options)
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped\n")
        return 130
    except (ClientError, TypeError, CancelledError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="blocks-client",
        description="Call apps made with Blocks on Django or Gradio.",
        epilog="Values are given by name (--text hello) or in order after the endpoint. Numbers, true, false, null and "
        "JSON are taken as such, everything else as text; for a parameter that takes a file, a path or URL. A list is "
        "given value by value (--files a.txt --files b.txt), or as JSON.",
        allow_abbrev=False,
    )
    parser.add_argument("url", help="address of the app, or owner/name of a Space")
    parser.add_argument("endpoint", nargs="?", help="name of the endpoint; without it they are listed")
    parser.add_argument("values", nargs="*", help="values in order")
    parser.add_argument("--all", action="store_true", help="list hidden endpoints too")
    parser.add_argument("--json", action="store_true", help="print values as JSON, one per line")
    parser.add_argument("--output", "-o", type=Path, help="folder for files of the result (default: here)")
    parser.add_argument("--auth", metavar="NAME:PASSWORD", help="login; also $BLOCKS_CLIENT_AUTH")
    parser.add_argument("--token", help="token for Spaces; also $HF_TOKEN")
    parser.add_argument("--header", action="append", default=[], metavar="NAME:VALUE", help="a header to send")
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds that the server may take to answer")
    parser.add_argument("--insecure", action="store_true", help="accept any certificate")
    parser.add_argument("--version", action="version", version=__version__)
    return parser


def _client(options: argparse.Namespace) -> Client:
    auth = options.auth or os.environ.get("BLOCKS_CLIENT_AUTH")
    headers = dict(each.split(":", 1) for each in options.header)
    return Client(
        options.url,
        options.token,
        verbose=False,
        auth=tuple(auth.split(":", 1)) if auth else None,
        httpx_kwargs={"timeout": options.timeout},
        headers={name.strip(): value.strip() for name, value in headers.items()},
        ssl_verify=not options.insecure,
    )


def _named(parser: argparse.ArgumentParser, endpoint: Endpoint, rest: list[str]) -> dict[str, Any]:
    """`--name value` and `--name=value`, read by what the parameters take; of a list each value by itself."""
    kinds = {str(each.get("parameter_name")): _kind(each) for each in endpoint.parameters_info or []}
    found: dict[str, Any] = {}
    rest = list(rest)
    while rest:
        name, is_joined, text = rest.pop(0).partition("=")
        if not name.startswith("--") or (not is_joined and not rest):
            parser.error(f"{name}: give values as --name value")
        name = name[2:].replace("-", "_")
        kind = kinds.get(name, "")
        value = _value(text if is_joined else rest.pop(0), kind)
        if kind.startswith("list[") and isinstance(found.get(name), list) and isinstance(value, list):
            value = found[name] + value  # --files a.txt --files b.txt
        found[name] = value
    return found


def _in_order(endpoint: Endpoint, texts: list[str]) -> list[Any]:
    """Values by position; those beyond the last parameter belong to it, if it takes a list."""
    kinds = [_kind(each) for each in endpoint.parameters_info or []]
    values = [_value(text, kind) for text, kind in zip(texts, kinds)]
    surplus = [_value(text, kinds[-1] if kinds else "") for text in texts[len(values) :]]
    if surplus and kinds and kinds[-1].startswith("list[") and all(isinstance(each, list) for each in surplus):
        values[-1] = sum(surplus, values[-1])
        return values
    return values + surplus


def _kind(parameter: dict[str, Any]) -> str:
    return str(parameter.get("python_type", {}).get("type", ""))


def _value(text: str, kind: str = "") -> Any:
    if kind.startswith("list["):
        return _list(text, kind)
    if "filepath" in kind and (Path(text).is_file() or "://" in text):
        return _file(text)
    if kind == "str":
        return text
    if text.startswith("@"):
        return _file(text[1:])
    try:
        return json.loads(text)
    except ValueError:
        return text


def _list(text: str, kind: str) -> list[Any]:
    """One value of a list, or a whole list as JSON."""
    inner = kind.removeprefix("list[")
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if isinstance(given, list):
        return [_value(each, inner) if isinstance(each, str) else each for each in given]
    return [_value(text, "str" if inner.startswith("str") else inner)]


def _file(text: str) -> FileInput:
    bar = _Bar()
    return handle_file(text, progress=lambda sent, total: bar.show("uploading", sent, total or 0))


class _Bar:
    """One line on a terminal's standard error that is drawn over and over."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._last = ""

    def show(self, text: str, done: float, total: float) -> None:
        """Draw it."""
        share = min(1.0, done / total) if total else 0.0
        self.line(f"{text} [{'█' * int(share * _WIDTH):·<{_WIDTH}}] {share:4.0%}")

    def line(self, text: str) -> None:
        """Write a line over the one before."""
        if self._is_shown and text != self._last:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
            self._last = text

    def clear(self) -> None:
        """Make room for output."""
        self.line("")


def _follow(job: Job, options: argparse.Namespace) -> int:
    """Print values as they come, status and progress meanwhile."""
    bar = _Bar()
    _watch(job, bar)
    last: Any = None
    for value in job:
        bar.clear()
        value = _saved(value, options.output)
        _show(value, last, options.json)
        last = value
    if isinstance(last, str) and not options.json:
        sys.stdout.write("\n")
    sys.stdout.flush()
    return 0


def _watch(job: Job, bar: _Bar) -> None:
    notify = job.call.updated
    last: list[Any] = [None]

    def updated() -> None:
        status = job.call.status
        if status is last[0]:  # values have come, and nothing new is said
            notify()
            return
        last[0] = status
        if status.log:
            bar.clear()
            sys.stderr.write(f"{status.log[1]}: {status.log[0]}\n")
        elif status.progress_data:
            unit = status.progress_data[-1]
            share = unit.progress if unit.progress is not None else (unit.index or 0) / (unit.length or 1)
            bar.show(unit.desc or "running", share, 1.0)
        elif status.code is Status.IN_QUEUE:
            bar.line(f"waiting, {status.rank} before this one" + (f", about {status.eta:.1f} s" if status.eta else ""))
        elif status.code is Status.PROCESSING:
            bar.line("running…")
        notify()

    job.call.updated = updated
    job.add_done_callback(lambda done: _ended(done, bar))


def _ended(job: Future[Any], bar: _Bar) -> None:
    bar.clear()


def _show(value: Any, last: Any, as_json: bool) -> None:
    """Text that grows is written as it grows; everything else line by line."""
    if as_json:
        sys.stdout.write(json.dumps(value, default=str, ensure_ascii=False) + "\n")
    elif isinstance(value, str) and isinstance(last, str) and value.startswith(last):
        sys.stdout.write(value[len(last) :])
    elif isinstance(value, str):
        sys.stdout.write(("\n" if isinstance(last, str) else "") + value)
    else:
        sys.stdout.write(json.dumps(value, default=str, ensure_ascii=False, indent=1) + "\n")
    sys.stdout.flush()


def _saved(value: Any, folder: Union[Path, None]) -> Any:
    """Files of the result beside the user, under their own names; nothing is overwritten."""
    if isinstance(value, (list, tuple)):
        return [_saved(each, folder) for each in value]
    if isinstance(value, dict):
        return {key: _saved(each, folder) for key, each in value.items()}
    if not isinstance(value, str) or not _is_download(value):
        return value
    folder = folder or Path()
    folder.mkdir(parents=True, exist_ok=True)
    source, number = Path(value), 0
    target = folder / source.name
    while target.exists():
        number += 1
        target = folder / f"{source.stem}-{number}{source.suffix}"
    shutil.copyfile(source, target)
    return str(target)


def _is_download(text: str) -> bool:
    """Whether a text is the path of a file that this client has saved: `<folder>/<hash>/<name>`."""
    from blocks_client._core.requests import default_folder

    path = Path(text) if len(text) < 4096 and "\x00" not in text else Path()
    return path.is_absolute() and path.parent.parent == Path(default_folder()).absolute() and path.is_file()


if __name__ == "__main__":
    sys.exit(main())
