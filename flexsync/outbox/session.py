"""A conversation with a mail server that cannot be drawn out: each part of it has an end, each reply a size.

In: host and port. Out: smtplib's session, cut off when a part of it takes too long, however slowly
the server goes on talking. It must not know what a mail is.
"""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any, BinaryIO

#: Seconds to reach one of the server's addresses, and for one part of the conversation: its beginning, a login, a mail.
CONNECT = 5
PART = 25

_ADDRESSES = 2
_REPLY_LINES = 50
_REPLY_LINE = 1000


class _Replies:
    """What the server says, until a reply is too long."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lines = 0

    def begin(self) -> None:
        """A new reply."""
        self._lines = 0

    def readline(self, limit: int) -> bytes:
        """One line of the reply; raises OSError, upon which smtplib hangs up."""
        self._lines += 1
        line = self._file.readline(_REPLY_LINE + 1)
        if len(line) > _REPLY_LINE or self._lines > _REPLY_LINES:
            raise OSError("the reply is too long")
        return line

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Session(smtplib.SMTP):
    """smtplib's session with bounds."""

    cut = False
    _cord: socket.socket | None = None

    def __init__(self, host: str, port: int, name: str) -> None:
        with self._beginning():
            smtplib.SMTP.__init__(self, host, port, name, timeout=PART)

    @contextmanager
    def _beginning(self) -> Iterator[None]:
        """The way to the server's greeting; nothing stays open when it fails."""
        try:
            with self.part():
                yield
        except BaseException:
            self.close()
            raise

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of the conversation, after whose time the connection is cut off; raises TimeoutError then."""
        timer = Timer(PART, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except OSError:
            if self.cut:
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self.cut = True
        if self._cord:
            with suppress(OSError):
                self._cord.shutdown(socket.SHUT_RDWR)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """A connection, with a second handle on it that a change to TLS leaves as it is."""
        made = _connected(host, port)
        self._cord = made.dup()
        return made

    def getreply(self) -> tuple[int, bytes]:
        """The next reply of the server."""
        if self.file is None:
            # There is a socket whenever a reply is awaited, which the types of the library do not say.
            self.file: Any = _Replies(self.sock.makefile("rb"))  # type: ignore[union-attr]
        self.file.begin()
        return super().getreply()

    def close(self) -> None:
        """Hang up."""
        super().close()
        if self._cord:
            self._cord.close()
            self._cord = None


class TlsSession(smtplib.SMTP_SSL, Session):
    """The same, under TLS from the first byte."""

    def __init__(self, host: str, port: int, name: str, context: ssl.SSLContext) -> None:
        with self._beginning():
            smtplib.SMTP_SSL.__init__(self, host, port, name, timeout=PART, context=context)


def _connected(host: str, port: int) -> socket.socket:
    """A connection to the first address that answers."""
    *others, last = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[:_ADDRESSES]
    for family, kind, protocol, _, address in others:
        with suppress(OSError):
            return _to(family, kind, protocol, address)
    family, kind, protocol, _, address = last
    return _to(family, kind, protocol, address)


def _to(family: int, kind: int, protocol: int, address: Any) -> socket.socket:
    made = socket.socket(family, kind, protocol)
    made.settimeout(CONNECT)
    try:
        made.connect(address)
        # Longer than any part, so that the end of the part comes first and is told as what it is.
        made.settimeout(PART + CONNECT)
    except BaseException:
        made.close()
        raise
    return made
