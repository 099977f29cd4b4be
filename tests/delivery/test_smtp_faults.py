"""Whatever a mail server does, no letter is lost; one is doubled only when nobody can know better."""

from collections import Counter
from datetime import timedelta

import pytest

from flexsync.outbox import session
from flexsync.outbox.channel import Unreachable
from flexsync.outbox.server import Server
from flexsync.outbox.smtp import Smtp
from tests.delivery.faults import FAULTS, Figures
from tests.support.mail_servers import STALL, TRICKLE, MailServer, Patience, certificate, serving
from tests.support.pages import ROOT, settle
from tests.support.posting import PORTAL, SENDER, delivered, read, token_in
from tests.support.stored import atelier, brought

PASSWORD = "hunter2 and some more"


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trusted(pem, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    return serving(pem)


def smtp(server, **fields):
    settings = {"tls": "starttls", "sender": SENDER, "user": "flex", "password": PASSWORD}
    return Smtp(Server("127.0.0.1", server.port, **{**settings, **fields}))


def figures(store, server):
    """What the recipients and the list of mails say."""
    copies = Counter(recipient for recipient, _ in server.taken)
    states = Counter(row.state for row in store.outbox())
    gone = {row.recipient for row in store.outbox() if row.state in ("held", "dead")}
    return Figures(
        sent=len(copies),
        duplicated=sum(number - 1 for number in copies.values()),
        lost=len({row.recipient for row in store.outbox()} - set(copies) - gone),
        held=states["held"],
        dead=states["dead"],
    )


@pytest.mark.parametrize("uncertain", ["resend", "hold"])
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_costs_what_the_page_says(name, uncertain, store, clock, trusted, monkeypatch):
    fault = FAULTS[name]
    brought(store, atelier())
    with MailServer(fault.script, tls=trusted) as server:
        monkeypatch.setattr(session, "Timer", lambda _seconds, cut: Patience(server, cut))
        first = delivered(store, smtp(server), uncertain=uncertain)
        assert bool(first.trouble) == fault.ends
        assert PASSWORD not in first.trouble + str([row.error for row in store.outbox()])
        server.now_says({})
        for _ in range(3):
            clock.move(timedelta(minutes=3))
            delivered(store, smtp(server), uncertain=uncertain)
        expected = (fault.hold if uncertain == "hold" else None) or fault.resend
        assert figures(store, server) == expected
        assert same_copies(server)


@pytest.mark.parametrize("greeting", [STALL, TRICKLE])
def test_who_draws_out_a_reply_is_left_in_time(greeting, monkeypatch):
    monkeypatch.setattr(session, "PART", 0.2)
    with MailServer({"GREET": [greeting]}) as server, pytest.raises(Unreachable, match="does not answer in time"):
        smtp(server, tls="none")._server.opened()


def same_copies(server):
    """Copies of one letter have one Message-ID and one link."""
    by_recipient = {}
    for recipient, content in server.taken:
        mail = read(content)
        by_recipient.setdefault(recipient, set()).add((mail["Message-ID"], token_in(mail)))
    return all(len(kinds) == 1 for kinds in by_recipient.values())


def test_the_page_shows_these_figures():
    assert settle(ROOT / "docs" / "mail.md", "faults", table())


def table():
    heads = ("the server", "arrived", "twice", "lost", "held", "dead", "with `hold`")
    lines = [heads, ("---",) * len(heads), *(_line(name, fault) for name, fault in FAULTS.items())]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _line(name, fault):
    one = fault.resend
    counts = (one.sent, one.duplicated, one.lost, one.held, one.dead)
    hold = f"{fault.hold.sent} arrived, {fault.hold.held} held" if fault.hold else ""
    return (name, *map(str, counts), hold)


def test_a_server_that_quotes_the_link_does_not_make_us_keep_it():
    token = "k3y_-" * 8 + "end"
    server = Server("127.0.0.1", 25, "none", SENDER)
    for text in (f"spam: {PORTAL}/link/{token}", f"spam: {PORTAL}/link/{token[:20]}=\r\n{token[20:]} listed"):
        reason = server.said(550, text.encode())
        assert "/link/…" in reason
        assert token[:4] not in reason and token[-3:] not in reason
