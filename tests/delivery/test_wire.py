"""What goes over the wire to a real mail server: one recipient, checked bytes, nothing that a hostile row wrote."""

from dataclasses import replace
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import AuthResult

from flexsync.outbox.server import Server
from flexsync.outbox.smtp import Smtp
from flexsync.store.tables import outbox
from tests.delivery.test_smtp_faults import pem, trusted
from tests.support.mail_servers import certificate
from tests.support.posting import SENDER, by_recipient, delivered, looked, states, token_in
from tests.support.real_mail_server import listening
from tests.support.stored import ANNE, LAURE, PAUL, atelier, brought, user, with_user

__all__ = ["pem", "trusted"]

HOSTILE = (
    "paul@dupont.example\r\nBcc: everybody@dupont.example",
    "paul@dupont.example\nRCPT TO:<x@evil.example>",
    "paul@dupont.example>\r\nDATA",
    "paul@dupont.example, mallory@evil.example",
    "=?utf-8?q?paul?=@dupont.example",
    '"Paul" <paul@dupont.example>',
    "paul@[127.0.0.1]",
    "paul@dupont.example\x7f",
    "раul@dupont.example",
    "paul@" + "x" * 300 + ".example",
    "",
)
WORDS = (
    "Dupont\r\nBcc: everybody@evil.example",
    "\r\n.\r\nMAIL FROM:<x@evil.example>",
    "=?utf-8?q?Bank?=",
    "<script>alert(1)</script>",
    "https://evil.example/login",
    "\u202egnp.exe",
)


class Box:
    """Keeps what the server was given."""

    def __init__(self):
        self.mails, self.port = [], 0

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 kept"


@pytest.fixture
def real(trusted):
    """A real server that asks for TLS and a login."""

    def authenticated(server, session, envelope, mechanism, data):
        known = (data.login, data.password) == (b"flex", b"correct horse")
        return AuthResult(success=known, handled=False)

    box = Box()
    login = {"auth_required": True, "authenticator": authenticated}
    with listening(box, tls_context=trusted, require_starttls=True, **login) as box.port:
        yield box


def channel(box, **fields):
    settings = {"tls": "starttls", "user": "flex", "password": "correct horse", **fields}
    return Smtp(Server("127.0.0.1", box.port, sender=SENDER, **settings))


def test_a_mail_goes_to_one_recipient_from_the_fixed_sender(store, real):
    brought(store, atelier())
    assert delivered(store, channel(real)).counts == {"sent": 3}
    mails = real.mails
    assert {sender for sender, _, _ in mails} == {SENDER}
    assert sorted(recipients for _, recipients, _ in mails) == [[ANNE.email], [LAURE.email], [PAUL.email]]
    for _, (recipient,), content in mails:
        mail = by_recipient([content])[recipient]
        assert looked(store, token_in(mail)).email == recipient
        assert content.isascii()


def test_a_wrong_password_sends_nothing_and_is_not_told(store, real):
    brought(store, atelier())
    done = delivered(store, channel(real, password="wrong horse"))
    assert (done.counts, real.mails) == ({}, [])
    assert "refuses the login" in done.trouble and "horse" not in done.trouble


def test_a_certificate_of_somebody_else_ends_it_before_the_login(store, real, tmp_path, monkeypatch):
    brought(store, atelier())
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path)))
    done = delivered(store, channel(real))
    assert "certificate is not to be trusted" in done.trouble
    assert real.mails == []


@pytest.mark.parametrize("recipient", HOSTILE)
def test_a_poisoned_row_is_parked_and_never_on_the_wire(store, real, recipient):
    brought(store, atelier())
    mine = outbox.update().where(outbox.c.recipient == PAUL.email).values(recipient=recipient)
    store.write(lambda connection: connection.execute(mine))
    assert delivered(store, channel(real)).counts == {"sent": 2, "dead": 1}
    assert states(store)[recipient] == ["dead"]
    assert sorted(recipients for _, recipients, _ in real.mails) == [[ANNE.email], [LAURE.email]]
    assert not any(b"evil" in content or b"everybody" in content for _, _, content in real.mails)


@pytest.mark.parametrize("words", WORDS)
def test_a_hostile_name_changes_no_header_and_starts_no_second_mail(store, real, words):
    state = with_user(atelier(), "p.martin", user(replace(PAUL, family_name=words), "compta"))
    brought(store, state)
    delivered(store, channel(real))
    assert len(real.mails) == 3
    for _, (recipient,), content in real.mails:
        mail = by_recipient([content])[recipient]
        assert isinstance(mail, EmailMessage) and mail["Bcc"] is None
        assert mail["From"] == f"Cabinet Morel <{SENDER}>"
        assert b"evil.example/login" not in content.replace(b"=\r\n", b"")
