"""A relay for shared links: Debian's OpenSSH server on the loopback address, with keys and settings of its own."""

from __future__ import annotations

import getpass
import os
import signal
import subprocess
from contextlib import ExitStack, suppress
from pathlib import Path

from tests.ports import free_ports

from .programs import program, serving

SETTINGS = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/visitor.pub
PidFile {folder}/pid
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowTcpForwarding {forwarding}
PermitRootLogin prohibit-password
LogLevel VERBOSE
"""


class OpenSSH:
    """A server that lets in whoever has `key`; start, stop and start it again on the same port."""

    def __init__(self, folder: Path, forwarding: str = "remote") -> None:
        self.folder = folder
        self.key = folder / "visitor"
        self.log = folder / "log"
        (self.port,) = free_ports(1)
        self.address = f"{getpass.getuser()}@127.0.0.1:{self.port}"
        for name in ("host", "visitor"):
            self._make_key(name)
        (folder / "settings").write_text(SETTINGS.format(port=self.port, folder=folder, forwarding=forwarding))
        self._running = ExitStack()

    def _make_key(self, name: str) -> None:
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / name)]
        subprocess.run(make, check=True, capture_output=True)

    def make_new_host_key(self) -> None:
        """Be another server from the next start on."""
        (self.folder / "host").unlink()
        self._make_key("host")

    @property
    def fingerprint(self) -> str:
        """Of the host key, as ssh-keygen and ssh tell it: "SHA256:…"."""
        completed = subprocess.run(
            ["ssh-keygen", "-l", "-f", str(self.folder / "host.pub")], check=True, capture_output=True, text=True
        )
        return completed.stdout.split()[1]

    @property
    def known_hosts(self) -> str:
        """The line that tells of it in ~/.ssh/known_hosts."""
        kind, key, *_ = (self.folder / "host.pub").read_text().split()
        return f"[127.0.0.1]:{self.port} {kind} {key}\n"

    def start(self) -> None:
        """Listen, in a process of its own."""
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)  # Debian's service makes it when it starts
        command = [program("sshd"), "-D", "-e", "-f", str(self.folder / "settings")]
        self._running.enter_context(serving(command, self.port, self.log))

    def drop(self) -> None:
        """Break every connection by ending the processes that serve them; the listener goes on."""
        self._kill(self._serving())

    def stop(self) -> None:
        """End the listener and every connection: the listener first, as who was dropped comes back at once."""
        connections = self._serving() if (self.folder / "pid").exists() else []
        self._running.close()
        self._kill(connections)

    def _serving(self) -> list[int]:
        """The processes that serve a connection each."""
        listener = (self.folder / "pid").read_text().strip()
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", listener], capture_output=True, text=True, check=False)
        return [int(child) for child in found.stdout.split()]

    def _kill(self, processes: list[int]) -> None:
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
