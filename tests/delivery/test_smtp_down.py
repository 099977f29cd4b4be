"""The mail server is away for an hour while hundreds of people are invited: nothing is lost, all leaves after."""

from collections import Counter
from datetime import timedelta

from flexsync.store import mailing
from tests.delivery.test_smtp_faults import smtp
from tests.support.mail_servers import MailServer
from tests.support.ports import deserted
from tests.support.posting import by_recipient, crowd, delivered, looked, token_in
from tests.support.stored import brought

#: More than are claimed at a time.
INVITED = 250


def test_an_hour_without_a_mail_server_costs_no_letter_and_no_attempt(store, clock):
    brought(store, crowd(INVITED))
    with deserted() as port:
        for _ in range(12):
            done = delivered(store, smtp(MailServerAt(port), tls="none"))
            assert (done.counts, "takes no mail" in done.trouble) == ({}, True)
            clock.move(timedelta(minutes=5))
    backlog = store.read(lambda connection: mailing.backlog(connection, clock.now()))
    assert (backlog.now, backlog.dead, backlog.held) == (INVITED + 1, 0, 0)
    assert {row.attempts for row in store.outbox()} == {0}
    with MailServer() as server:
        done = delivered(store, smtp(server, tls="none"))
        assert done.counts == {"sent": INVITED + 1}
        assert server.connections == 1
    copies = Counter(recipient for recipient, _ in server.taken)
    assert len(copies) == INVITED + 1 and set(copies.values()) == {1}
    mail = by_recipient(content for _, content in server.taken)["u0007@crowd.example"]
    assert looked(store, token_in(mail)).expires_at == clock.now() + timedelta(days=14)


class MailServerAt:
    """Where no server is."""

    def __init__(self, port):
        self.port = port
