"""Built bundles without Django: a page asks for ten at once, and each costs Django several hops between threads.

The same file is served by the view in blocks_app when the site lacks the wrapper; what is sent is the same.
"""

from __future__ import annotations

from blocks_app import served
from blocks_app.endpoint import HEADERS
from queue_app.http import HttpConsumer, Refusal

_FIXED = (
    (b"cache-control", served.IMMUTABLE.encode()),
    (b"vary", b"Accept-Encoding"),
    *((name.lower().encode(), value.encode()) for name, value in HEADERS.items()),
)


class Asset(HttpConsumer):
    """`GET assets/<name>`: a built bundle; its name carries a hash, so browsers keep it for ever."""

    guarded = False  # code, the same for everybody

    async def handle(self, name: str) -> None:
        """Answer the file in the best encoding that the browser takes, or 304 when it has it."""
        content = served.bundle(name, (self.header(b"accept-encoding") or b"").decode("latin-1"))
        if content is None:
            raise Refusal(404, "Not Found")
        etag = content.etag.encode()
        headers = [*_FIXED, (b"etag", etag)]
        if etag in (self.header(b"if-none-match") or b""):
            await self.send_whole(304, headers, b"")
            return
        headers.append((b"content-type", content.kind.encode()))
        if content.encoding:
            headers.append((b"content-encoding", content.encoding.encode()))
        headers.append((b"content-length", b"%d" % len(content.body)))
        await self.send_whole(200, headers, content.body)
