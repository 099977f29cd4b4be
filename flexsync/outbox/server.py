"""The mail server of a fleet: how to reach it, and what to say when that fails.

In: its settings and the password. Out: a Session up to the login. No message holds the password, whatever the
server answers.
"""

import base64
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from typing import Literal

from flexsync.outbox.channel import Unreachable
from flexsync.outbox.session import Session, TlsSession
from flexsync.text import shorten

_PRIVATE = "when a private authority made it, name that one's certificates with SSL_CERT_FILE"
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPServerDisconnected, "it hung up"),
    (smtplib.SMTPException, "it offers no way to log in that is known here"),
    (socket.gaierror, "nobody knows its name"),
    (TimeoutError, "it does not answer in time"),
    (ssl.SSLError, "TLS could not be agreed on; check port and tls"),
)
#: The secret part of a link, whole or folded as mails are.
_LINK = re.compile(r"/link/(?:[\w-]|=\s*)+")
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mails are handed over, and as whom; `user` is empty when nobody logs in."""

    host: str
    port: int
    tls: Literal["starttls", "implicit", "none"]
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    def opened(self) -> Session:
        """A conversation up to the login; raises Unreachable."""
        if self.tls == "none" and self.host not in _HERE:
            raise Unreachable(f"{self._shown} is not on this machine: set tls to starttls or implicit.")
        try:
            return self._logged_in(self._begun())
        except (OSError, ValueError) as error:
            raise self.trouble(self._why(error)) from None

    def trouble(self, why: str) -> Unreachable:
        """No mail can be handed over, and why."""
        return Unreachable(f"{self._shown} takes no mail: {why}.")

    def said(self, code: int, text: bytes) -> str:
        """A reply as a reason: its code and its words, without what only the server and we may know."""
        words = text.decode("utf-8", "replace")
        for secret in filter(None, (self.password, *self._disguised())):
            words = words.replace(secret, "…")
        # Filters of unwanted mail quote what they found: the link works, and this is kept.
        words = _LINK.sub("/link/…", words)
        return f"{code} {shorten(' '.join(words.split()), 120)}".strip()

    @property
    def _shown(self) -> str:
        return f"The mail server {shorten(self.host)}:{self.port}"

    def _disguised(self) -> tuple[str, ...]:
        """The password as a login carries it."""
        if not self.password:
            return ()
        plain = (self.password, f"\0{self.user}\0{self.password}")
        return tuple(base64.b64encode(text.encode()).decode() for text in plain)

    def _begun(self) -> Session:
        name = self.sender.rpartition("@")[2]
        if self.tls == "implicit":
            return TlsSession(self.host, self.port, name, ssl.create_default_context())
        return Session(self.host, self.port, name)

    def _logged_in(self, session: Session) -> Session:
        try:
            with session.part():
                if self.tls == "starttls":
                    session.starttls(context=ssl.create_default_context())
                session.ehlo_or_helo_if_needed()
                if self.user:
                    session.login(self.user, self.password)
        except BaseException:
            session.close()
            raise
        return session

    def _why(self, error: Exception) -> str:
        """What kept the conversation from beginning."""
        match error:
            case ssl.SSLCertVerificationError():
                return f"its certificate is not to be trusted ({error.verify_message}); {_PRIVATE}"
            case smtplib.SMTPAuthenticationError():
                return f'it refuses the login of "{shorten(self.user)}" (code {error.smtp_code})'
            case smtplib.SMTPResponseException():
                return self.said(error.smtp_code, _bytes(error.smtp_error))
            case smtplib.SMTPNotSupportedError():
                return "it offers no TLS" if "STARTTLS" in str(error) else "it offers no login"
        words = next((words for kind, words in _WORDS if isinstance(error, kind)), "")
        return words or (getattr(error, "strerror", None) or "what it says makes no sense").lower()


def _bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text
