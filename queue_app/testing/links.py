"""Links to the page of a simulated user, and the page that one opens; see blocks_app.web.link_views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from auth_app.databases import in_thread
from blocks_app.running.call import FileContext
from blocks_app.web.link_views import LinkRequest, make_link, open_link
from queue_app.testing.seen import Seen

if TYPE_CHECKING:
    from blocks_app.web.registry import Mount
    from queue_app.execution.job_factory import Submitter


async def made(
    mount: Mount, base: str, path: str, who: Submitter, seen: Mapping[int, Seen], known: str, files: bool
) -> str:
    """The id of a link to what is seen; `base` is the link that the page was opened with."""
    values = {number: each.value for number, each in seen.items() if each.props.get("type") != "password"}
    empty = [number for number, value in values.items() if value in (None, "", [], {})]
    asked = LinkRequest(path, values, empty, files, base)
    link, _ = await in_thread(make_link, mount.blocks, mount.key, asked, known.encode(), _where(mount, who))
    return str(link)


async def opened(
    mount: Mount, link: str, path: str, who: Submitter, seen: Mapping[int, Seen], listeners: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Put the values of a link into what is seen; the listeners of the page that it opens."""
    config: dict[str, Any] = {
        "components": [{"id": number, "props": {}} for number in seen],
        "dependencies": listeners,
    }
    await in_thread(open_link, config, mount.blocks, mount.key, link, path, _where(mount, who))
    for component in config["components"]:
        if "value" in component["props"]:
            seen[component["id"]].value = component["props"]["value"]
    found: list[dict[str, Any]] = config["dependencies"]
    return found


def _where(mount: Mount, who: Submitter) -> FileContext:
    owner = "" if who.identity.is_anonymous else who.identity.key
    return FileContext(owner=owner, url_prefix="http://testserver/gradio_api", address="127.0.0.1", mount=mount.key)
