"""Mail servers on loopback: one that says what a script tells it to, and certificates for both kinds."""

import ipaddress
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.stored import NOON

#: What a script may ask for in place of a reply. After the final dot `KEPT` takes the mail before it hangs up.
DROP, KEPT, STALL, TRICKLE, ENDLESS = "!drop", "!kept", "!stall", "!trickle", "!endless"

#: Replies by verb, one for each time it is heard, the last one for all times after; "" is what is usual.
Script = Mapping[str, Sequence[str]]

_USUAL = {
    "GREET": "220 mail.test ESMTP",
    "DATA": "354 go on",
    "QUIT": "221 bye",
    "AUTH": "235 welcome",
    "STARTTLS": "220 go",
}


class MailServer:
    """A server for scripts. `taken` are recipient and content of every mail it kept, `heard` all commands."""

    def __init__(
        self, script: Script | None = None, *, tls: ssl.SSLContext | None = None, implicit: bool = False
    ) -> None:
        self.script: Script = script or {}
        self.taken: list[tuple[str, bytes]] = []
        self.heard: list[str] = []
        self.connections = 0
        self.waiting: list[Callable[[], None]] = []
        self._tls, self._implicit = tls, implicit
        self._times: Counter[str] = Counter()
        self._over = Event()
        self._open: list[socket.socket] = []
        self._threads: list[Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]

    def __enter__(self) -> "MailServer":
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for connection in self._open:
            connection.close()

    def now_says(self, script: Script) -> None:
        """Another script from here on."""
        self.script, self._times = script, Counter()

    def _run(self, what: object, *args: object) -> None:
        thread = Thread(target=what, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._run(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, _Hung):
            self._talk(self._wrapped(connection) if self._implicit else connection)
        for one in [one for one in self._open if one is connection or getattr(one, "plain", None) is connection]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _wrapped(self, connection: socket.socket) -> socket.socket:
        assert self._tls
        secured = self._tls.wrap_socket(connection, server_side=True)
        secured.plain = connection  # type: ignore[attr-defined]
        self._open.append(secured)
        return secured

    def _talk(self, connection: socket.socket) -> None:
        self._answer(connection, "GREET")
        file, recipient = connection.makefile("rb"), ""
        while line := file.readline():
            self.heard.append(line.decode("utf-8", "replace").rstrip())
            verb = line.split()[0].decode().upper()
            if verb == "RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
            said = self._answer(connection, verb)
            if verb == "STARTTLS" and self._tls:
                connection = self._wrapped(connection)
                file = connection.makefile("rb")
            if verb == "DATA" and said.startswith("354"):
                self._answer(connection, "DOT", recipient, _content(file))
            if verb == "QUIT":
                return

    def _answer(self, connection: socket.socket, verb: str, recipient: str = "", content: bytes = b"") -> str:
        said = self._said(verb)
        if verb == "DOT" and (said == KEPT or said.startswith("2")):
            self.taken.append((recipient, content))
        match said:
            case "!drop" | "!kept":
                raise _Hung
            case "!stall":
                self._draw_out(connection, b"")
            case "!trickle":
                self._draw_out(connection, b"2")
            case "!endless":
                while not self._over.is_set():
                    connection.sendall(b"250-and more\r\n" * 100)
                raise _Hung
        connection.sendall(said.replace("\n", "\r\n").encode() + b"\r\n")
        return said

    def _draw_out(self, connection: socket.socket, saying: bytes) -> None:
        """No reply, and `saying` now and then, until the client hangs up."""
        connection.settimeout(0.05)
        while not self._over.is_set():
            for cut in [*self.waiting]:
                cut()
            with suppress(TimeoutError):
                connection.sendall(saying)
                connection.recv(1)
                break
        raise _Hung

    def _said(self, verb: str) -> str:
        replies = self.script.get(verb, ())
        said = replies[min(self._times[verb], len(replies) - 1)] if replies else ""
        self._times[verb] += 1
        return said or self._usual(verb)

    def _usual(self, verb: str) -> str:
        if verb in ("EHLO", "HELO"):
            return (
                "250-mail.test\n250-STARTTLS\n250 AUTH PLAIN LOGIN"
                if self._tls
                else "250-mail.test\n250 AUTH PLAIN LOGIN"
            )
        return _USUAL.get(verb, "250 fine")


class Patience:
    """In place of the timer of a client: time is up when `server` draws out a reply, on a busy machine no sooner."""

    def __init__(self, server: MailServer, cut: Callable[[], None]) -> None:
        self._waiting, self._cut = server.waiting, cut

    def start(self) -> None:
        """The client begins to wait."""
        self._waiting.append(self._cut)

    def cancel(self) -> None:
        """It waits no longer."""
        self._waiting.remove(self._cut)


def _content(file: BinaryIO) -> bytes:
    """A mail up to its final dot; without one there is none."""
    lines = []
    while (line := file.readline()) != b".\r\n":
        if not line:
            raise _Hung
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(lines)


class _Hung(Exception):
    """The server hangs up."""


def certificate(folder: Path, host: str = "127.0.0.1") -> Path:
    """A file with a key and a certificate of its own for `host`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = (
        made.serial_number(1).not_valid_before(NOON - timedelta(days=400)).not_valid_after(NOON + timedelta(days=40000))
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
    made = made.add_extension(names, critical=False).add_extension(x509.BasicConstraints(True, 0), critical=True)
    file = folder / f"{host}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return file


def serving(file: Path) -> ssl.SSLContext:
    """TLS of a server with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
