"""Mails handed to a mail server: one conversation for many, and a clear answer for each.

In: an address and bytes. Out: an Answer. Between the dot that ends a mail and the server's reply nobody knows
whether the server took it; nothing else leaves a doubt.
"""

import re
import smtplib
from contextlib import suppress

from flexsync.faults import point
from flexsync.outbox.channel import Answer, Verdict
from flexsync.outbox.server import Server
from flexsync.outbox.session import Session

_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_CLOSING, _TOO_BIG, _LOGIN_NEEDED = 421, 552, 530


class _Refusal(Exception):
    """The server does not take this mail, now or ever."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


class _Ended(Exception):
    """The server ended a conversation that had served before: the mail is offered again on a new one."""


class Smtp:
    """A mail server, spoken to when the first mail comes."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._session: Session | None = None
        self._served = 0

    def send(self, recipient: str, content: bytes, number: int) -> Answer:
        """Hand over one mail; raises Unreachable when the server would take none."""
        if _BARE.search(content) or not content.isascii():
            return Answer("refused", "the mail holds bytes that servers read in different ways")
        try:
            return self._offer(recipient, content)
        except _Ended:
            self._hang_up()
            return self._offer(recipient, content)

    def close(self) -> None:
        """Say goodbye; no reply is waited for."""
        if self._session:
            with suppress(OSError):
                self._session.putcmd("QUIT")
        self._hang_up()

    def _hang_up(self) -> None:
        if self._session:
            self._session.close()
        self._session, self._served = None, 0

    def _offer(self, recipient: str, content: bytes) -> Answer:
        session = self._session = self._session or self._server.opened()
        try:
            with session.part():
                answer = self._handed(session, recipient, content)
        except BaseException:
            self._hang_up()
            raise
        self._make_ready(session, answer)
        return answer

    def _make_ready(self, session: Session, answer: Answer) -> None:
        """Ready for the next mail: the conversation goes on, or it is over."""
        if answer.verdict == "sent":
            self._served += 1
            return
        with suppress(OSError), session.part():
            if answer.verdict != "unknown" and session.sock and session.rset()[0] == 250:
                return
        self._hang_up()

    def _handed(self, session: Session, recipient: str, content: bytes) -> Answer:
        try:
            self._begin(session)
            self._expect(session.rcpt(recipient), 250, 251)
            self._expect(session.docmd("DATA"), 354)
            point("letter-offered")
            session.send(_dotted(content))
        except smtplib.SMTPServerDisconnected:
            return Answer("later", _silence(session))
        except _Refusal as refusal:
            return refusal.answer
        point("letter-given")
        return self._acknowledged(session)

    def _begin(self, session: Session) -> None:
        """Name the sender. Who that is does not depend on the mail: a no is one to all mails."""
        try:
            code, text = session.mail(self._server.sender)
        except smtplib.SMTPServerDisconnected:
            if self._served:
                raise _Ended from None
            raise
        if code == _CLOSING and self._served:
            raise _Ended
        if code == _TOO_BIG:
            raise _Refusal(Answer("refused", self._server.said(code, text)))
        if code != 250:
            raise self._server.trouble(self._server.said(code, text))

    def _expect(self, reply: tuple[int, bytes], *wanted: int) -> None:
        code, text = reply
        if code == _LOGIN_NEEDED:
            raise self._server.trouble(self._server.said(code, text))
        if code not in wanted:
            verdict: Verdict = "refused" if 500 <= code <= 599 else "later"
            raise _Refusal(Answer(verdict, self._server.said(code, text)))

    def _acknowledged(self, session: Session) -> Answer:
        """The reply to a mail that was offered whole."""
        try:
            code, text = session.getreply()
        except smtplib.SMTPServerDisconnected:
            return Answer("unknown", _silence(session))
        point("letter-answered")
        reason = self._server.said(code, text)
        match code // 100:
            case 2:
                return Answer("sent")
            case 4:
                return Answer("later", reason)
            case 5:
                return Answer("refused", reason)
        return Answer("unknown", reason)


def _dotted(content: bytes) -> bytes:
    """A mail as it goes over the wire, to its final dot."""
    end = b"" if content.endswith(b"\r\n") else b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", content) + end + b".\r\n"


def _silence(session: Session) -> str:
    return "no reply in time" if session.cut else "the connection was lost"
