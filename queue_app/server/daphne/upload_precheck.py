"""Whether a large upload may come, asked as soon as its headers are known.

Daphne takes a whole body before it calls an application, and so the gate in `uploads` would speak after gigabytes. Here
the same questions are asked beside the body that comes: may this visitor enter, has the account room, has the disk.
What counts is still the gate: this only spares what is refused in any case, so whatever is in doubt is let through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied

from blocks_app.connections import released
from blocks_app.files import quotas
from blocks_app.files.filestore import default_store
from queue_app.server.network.host_check import HostCheck
from queue_app.transport.routing import BlocksASGI

if TYPE_CHECKING:
    from blocks_app.web.registry import Mount
    from queue_app.asgi_types import Scope

#: Announced bytes from which on it is worth asking.
WORTH = 1024 * 1024


async def objection(application: Any, mount: Mount, scope: Scope, coming: int) -> tuple[int, str] | None:
    """Status and sentence that refuse an upload of so many bytes; None for none.

    A site may wrap the application in others that tell who asks; then only the gate can know that somebody is unknown.
    """
    try:
        identity = await mount.guard(scope)
    except PermissionDenied:  # what a proxy hides of the address may matter here; the gate sees it whole
        return None
    if identity is None:
        return (401, "Not authenticated") if isinstance(application, (BlocksASGI, HostCheck)) else None
    client = scope.get("client")
    payer = quotas.account_of(identity, client[0] if client else "")
    return await sync_to_async(released, thread_sensitive=False)(quotas.problem_with, payer, coming, default_store())


def scope_of(request: Any, headers: list[tuple[bytes, bytes]]) -> Scope:
    """What Daphne will say of a request whose body has not come yet. `headers` have lower-case names."""
    from daphne.utils import parse_x_forwarded_for  # only where Daphne serves

    server, peer = request.server, request.channel.getPeer()
    path, _, query = request.channel._path.partition(b"?")
    client: Any = [str(peer.host), peer.port] if hasattr(peer, "host") else None
    scheme = "https" if request.isSecure() else "http"
    if server.proxy_forwarded_address_header:
        client, scheme = parse_x_forwarded_for(
            request.requestHeaders,
            server.proxy_forwarded_address_header,
            server.proxy_forwarded_port_header,
            server.proxy_forwarded_proto_header,
            client,
            scheme,
        )
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": unquote(path.decode("latin-1")),
        "raw_path": path,
        "root_path": server.root_path,
        "scheme": scheme,
        "query_string": query,
        "headers": [(name, value) for name, value in headers if b"_" not in name],
        "client": client,
        "server": None,
    }
