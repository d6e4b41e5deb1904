"""`launch(share=True)`: a public link through a reverse SSH tunnel to a relay of the operator's own.

The relay is any SSH server that forwards ports. It listens on a port of its own and hands each connection down the
tunnel to the launched server. Its host key is checked before anything is said; nothing is downloaded or started.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from queue_app.exceptions import LaunchError, ShareError
from queue_app.log_sentences import logger

log = logger("queue_app.sharing")

#: Why there is no link when no relay was named.
NO_RELAY = (
    "No public relay is configured. Name an SSH server of your own that forwards ports, as "
    'launch(share=True, share_server_address="user@example.org:22") or in GRADIO_SHARE_SERVER_ADDRESS.'
)
_NO_LIBRARY = 'Sharing needs the library asyncssh: pip install "asyncssh>=2.21".'
_CONNECT_SECONDS = 20
_KEEP_ALIVE_SECONDS = 15
_LONGEST_PAUSE = 60.0
#: How often the old port is asked for again, before any other will do: the relay may not have noticed the break yet.
_TRIES_FOR_THE_SAME_PORT = 5


@dataclass(frozen=True)
class Relay:
    """An SSH server, as `share_server_address` names it."""

    host: str
    port: int = 22
    user: str | None = None

    @classmethod
    def parse(cls, address: str) -> Relay:
        """Read "[user@]host[:port]", IPv6 in brackets. Raises LaunchError for anything else."""
        user, _, place = address.strip().rpartition("@")
        host, colon, port = place.rpartition(":") if not place.endswith("]") else (place, "", "")
        if not colon:
            host, port = place, "22"
        bare = host.removeprefix("[").removesuffix("]")
        if not bare or (":" in bare) != host.startswith("[") or not port.isdecimal() or not 0 < int(port) < 65536:
            raise LaunchError(
                f"`share_server_address` must look like 'host:port' or 'user@host:port', not {address!r}."
            )
        return cls(bare, int(port), user or None)

    def link(self, protocol: str, port: int) -> str:
        """The public address of what listens on the relay's `port`; BLOCKS_SHARE_LINK may say otherwise."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        template = os.environ.get("BLOCKS_SHARE_LINK") or "{protocol}://{host}:{port}/"
        try:
            link = template.format(protocol=protocol, host=host, port=port)
        except (KeyError, IndexError, ValueError) as error:
            raise ShareError(f"BLOCKS_SHARE_LINK knows {{protocol}}, {{host}} and {{port}}, not {error}.") from None
        return f"{link.rstrip('/')}/"


class Tunnel:
    """One app's way to its relay. All methods run on the server's loop."""

    def __init__(
        self,
        relay: Relay,
        protocol: str,
        local_port: int,
        announce: Callable[[str], None],
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Prepare a tunnel.

        Args:
            relay: the SSH server.
            protocol: the scheme of the link, "http" or "https".
            local_port: where the app listens on this machine.
            tell: called with the link at first and whenever it has changed.
            say: called with a sentence when the tunnel breaks, cannot be built again, or is there again.
        """
        self.relay = relay
        self.protocol = protocol
        self.local_port = local_port
        self.announce = announce
        self.say = say
        self.link: str | None = None
        self._port = 0  # the relay chooses
        self._connection: Any = None
        self._keeper: asyncio.Task[None] | None = None
        self._closing = False

    async def open(self) -> str:
        """Connect, and stay connected until closed; gives the public link. Raises ShareError."""
        await self._connect()
        self._keeper = asyncio.get_running_loop().create_task(self._keep())
        assert self.link is not None
        return self.link

    async def close(self) -> None:
        """End the tunnel; the link is dead afterwards."""
        self._closing = True  # too: a connection that ends at this very moment may swallow the cancellation
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        if self._connection is not None:
            self._connection.abort()
            await self._connection.wait_closed()

    async def _keep(self) -> None:
        while not self._closing:
            await self._connection.wait_closed()
            if not self._closing:
                await self._build_again()

    async def _build_again(self) -> None:
        """Connect until that works or the tunnel is closed; say what happens, and each reason once."""
        before, reason, tries = self.link, "", 0
        where = {"relay": f"{self.relay.host}:{self.relay.port}"}
        log.warning("share.lost", extra=where)
        self.say("The public link is broken: the relay hung up. Connecting again.")
        while not self._closing:
            await asyncio.sleep(min(0.5 * 2**tries, _LONGEST_PAUSE) if tries else 0)
            tries += 1
            if tries > _TRIES_FOR_THE_SAME_PORT:
                self._port = 0
            try:
                await self._connect()
            except ShareError as error:
                if reason != (reason := str(error)):
                    log.warning("share.refused", extra={**where, "reason": reason})
                    self.say(f"The public link is still broken, and will be tried again. {reason}")
                continue
            log.info("share.back", extra={**where, "tries": tries})
            if self.link == before:
                self.say(f"The public link works again: {self.link.rstrip('/') if self.link else ''}")
            return

    async def _connect(self) -> None:
        asyncssh = _library()
        try:
            connection = await asyncssh.connect(**self._options(asyncssh))
        except asyncssh.HostKeyNotVerifiable as error:
            raise ShareError(
                f"The relay {self.relay.host} has a host key that is not known here ({error}). Compare it, and add it "
                "to ~/.ssh/known_hosts or give its fingerprint in BLOCKS_SHARE_HOST_KEY."
            ) from error
        except asyncssh.PermissionDenied as error:
            raise ShareError(f"The relay {self.relay.host} does not let {self.relay.user or 'you'} in.") from error
        except (asyncssh.Error, OSError, ValueError, TimeoutError) as error:
            raise ShareError(f"The relay {self.relay.host}:{self.relay.port} cannot be reached: {error}.") from error
        try:
            listener = await connection.forward_remote_port("", self._port, "127.0.0.1", self.local_port)
            link = self.relay.link(self.protocol, listener.get_port())
        except BaseException as error:
            connection.abort()
            if isinstance(error, (asyncssh.Error, asyncssh.ChannelListenError, OSError)):
                raise ShareError(f"The relay {self.relay.host} forwards no port: {error}.") from error
            raise
        self._connection, self._port = connection, listener.get_port()
        if link != self.link:
            self.link = link
            self.announce(link)

    def _options(self, asyncssh: Any) -> dict[str, Any]:
        wanted = os.environ.get("BLOCKS_SHARE_HOST_KEY")
        options: dict[str, Any] = {
            "host": self.relay.host,
            "port": self.relay.port,
            "connect_timeout": _CONNECT_SECONDS,
            "login_timeout": _CONNECT_SECONDS,
            "keepalive_interval": _KEEP_ALIVE_SECONDS,
        }
        if self.relay.user:
            options["username"] = self.relay.user
        if key := os.environ.get("BLOCKS_SHARE_KEY"):
            options["client_keys"] = [key]
        if wanted:  # instead of known_hosts, not beside it
            options["known_hosts"] = ([], [], [])
            options["client_factory"] = lambda: _fingerprinted(asyncssh, wanted.strip())
        return options


def _fingerprinted(asyncssh: Any, wanted: str) -> Any:
    """A client that takes only the host key with this fingerprint, such as "SHA256:…"."""

    class Client(asyncssh.SSHClient):  # type: ignore[misc]  # an optional library
        def validate_host_public_key(self, host: str, addr: str, port: int, key: Any) -> bool:
            kind = wanted.partition(":")[0].lower()
            return bool(kind in ("sha256", "sha384", "sha512") and key.get_fingerprint(kind) == wanted)

    return Client()


def _library() -> Any:
    try:
        import asyncssh  # optional, and slow to load
    except ImportError as error:
        raise ShareError(_NO_LIBRARY) from error
    return asyncssh
