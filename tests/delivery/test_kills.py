"""Killed at any point, a delivery loses no letter; only one between its final dot and its record can be doubled."""

import os
import signal
from collections import Counter
from datetime import timedelta

import pytest

from flexsync import faults
from flexsync.clock import FixedClock
from flexsync.store.sql import open_store
from tests.delivery.test_smtp_faults import figures, same_copies, smtp
from tests.support.mail_servers import MailServer
from tests.support.posting import Box, delivered, looked, token_in
from tests.support.stored import NOON, atelier, brought

#: What `waitstatus_to_exitcode` makes of a process that the signal ended.
KILLED = -signal.SIGKILL
#: After these the server may have a mail that the store does not know of.
WINDOW = {"letter-given", "letter-answered", "fate-written"}


def in_child(url, channel, uncertain, die_at):
    """Deliver in a child process that dies at the given pass of any point; its exit code, and that point."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        _child(url, channel, uncertain, die_at, writer)
    os.close(writer)
    return pid, reader


def ended(pid, reader):
    with os.fdopen(reader) as pipe:
        point = pipe.read()
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), point


def _child(url, channel, uncertain, die_at, writer):
    code = 1
    try:
        passes = []

        def handler(name):
            passes.append(name)
            if len(passes) == die_at:
                os.write(writer, name.encode())
                os.kill(os.getpid(), signal.SIGKILL)

        with open_store(url, create=False, clock=FixedClock(NOON)) as store:
            faults.install(handler)
            delivered(store, channel, uncertain=uncertain, who="the late one")
        code = 0
    finally:
        os._exit(code)


@pytest.fixture(params=["sqlite", "postgresql"])
def maker(request):
    return request.getfixturevalue(f"{request.param}_maker")


@pytest.fixture
def prepared(maker):
    url = maker()
    with open_store(url, create=False, clock=FixedClock(NOON)) as store:
        brought(store, atelier())
    return url


@pytest.mark.parametrize("uncertain", ["resend", "hold"])
def test_every_point_of_death_is_survived(maker, prepared, uncertain):
    died, doubled, held = Counter(), Counter(), Counter()
    for die_at in range(1, 100):
        url = maker(prepared)
        server = MailServer()
        # The server's threads begin after the fork; until then the connection waits to be accepted.
        pid, reader = in_child(url, smtp(server, tls="none", user=""), uncertain, die_at)
        with server:
            code, point = ended(pid, reader)
            clock = FixedClock(NOON + timedelta(minutes=3))
            with open_store(url, create=False, clock=clock) as store:
                delivered(store, smtp(server, tls="none", user=""), uncertain=uncertain)
                found = figures(store, server)
        assert found.lost == 0 and found.dead == 0 and same_copies(server)
        died[point] += 1
        doubled[point] += found.duplicated
        held[point] += found.held
        if code == 0:
            break
        assert code == KILLED
    assert set(died) == {*faults.DELIVERY, ""}
    expected = WINDOW if uncertain == "resend" else set()
    assert {point for point in doubled if doubled[point]} == expected
    assert all(doubled[point] == died[point] for point in expected)
    on_the_wire = {"letter-begun", "letter-offered", *WINDOW} if uncertain == "hold" else set()
    assert {point for point in held if held[point]} == on_the_wire


def test_a_folder_of_mails_has_each_letter_once_whenever_delivery_was_killed(maker, prepared, tmp_path):
    for die_at in range(1, 100):
        url, box = maker(prepared), Box(tmp_path / str(die_at))
        code, _ = ended(*in_child(url, box.channel, "resend", die_at))
        with open_store(url, create=False, clock=FixedClock(NOON + timedelta(minutes=3))) as store:
            delivered(store, box.channel)
            assert len(box.mails) == 3
            assert all(looked(store, token_in(mail)) for mail in box.mails.values())
            assert {row.state for row in store.outbox()} == {"sent"}
        if code == 0:
            break
