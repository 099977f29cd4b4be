"""Several deliverers at once, and letters that wait for their time."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from flexsync.outbox.deliver import ATTEMPTS, IN_VAIN, deliver, wait_after
from flexsync.store import mailing
from flexsync.store.sql import open_store
from tests.delivery.test_smtp_faults import smtp
from tests.support.mail_servers import MailServer
from tests.support.posting import Box, crowd, delivered, post, states
from tests.support.stored import PAUL, atelier, brought


def claimed(store, who, letters=100):
    rows = store.write(lambda connection: mailing.claim(connection, who, letters, store.clock.now()))
    return {letter[0].recipient for letter in rows}


def test_what_one_deliverer_claimed_no_other_gets(store):
    brought(store, crowd(9))
    first, second, third = (claimed(store, who, 4) for who in ("one", "two", "three"))
    assert (len(first), len(second), len(third)) == (4, 4, 2)
    assert len(first | second | third) == 10


def test_a_claim_is_free_again_when_its_lease_ends(store, clock):
    brought(store, atelier())
    assert len(claimed(store, "one")) == 3
    clock.move(mailing.LEASE - timedelta(seconds=1))
    assert claimed(store, "two") == set()
    clock.move(timedelta(seconds=1))
    assert len(claimed(store, "two")) == 3


def test_deliverers_side_by_side_send_each_letter_once(store_url, clock):
    with open_store(store_url, create=False, clock=clock) as store, MailServer() as server:
        brought(store, crowd(30))
        with ThreadPoolExecutor(3) as pool:
            rounds = list(pool.map(lambda n: one_of_many(store_url, clock, server, n), range(3)))
        copies = Counter(recipient for recipient, _ in server.taken)
        assert len(copies) == 31 and set(copies.values()) == {1}
        assert sum(done.counts["sent"] for done in rounds) == 31
        assert {row.state for row in store.outbox()} == {"sent"}


def one_of_many(url, clock, server, number):
    with open_store(url, create=False, clock=clock) as store:
        return delivered(store, smtp(server, tls="none", user=""), who=f"deliverer {number}")


def test_a_limit_is_kept(store, tmp_path):
    brought(store, crowd(30))
    assert deliver(post(store, Box(tmp_path).channel), limit=7).counts == {"sent": 7}
    assert deliver(post(store, Box(tmp_path).channel), limit=21).counts == {"sent": 21}


def test_a_deliverer_who_is_asked_to_stop_finishes_the_mail_in_hand(store, tmp_path):
    brought(store, crowd(30))
    heard = []
    done = deliver(post(store, Box(tmp_path).channel), stop=lambda: len(heard) == 3, on_letter=heard.append)
    assert (done.counts, done.interrupted) == ({"sent": 3}, True)
    assert len(claimed(store, "another")) == 28


def test_a_letter_is_tried_for_about_a_day_and_then_is_dead(store, clock):
    brought(store, atelier())
    began = clock.now()
    with MailServer({"RCPT": ["451 come back"]}) as server:
        while any(row.state == "queued" for row in store.outbox()):
            delivered(store, smtp(server, tls="none", user=""))
            clock.move(timedelta(minutes=30))
    assert server.taken == []
    assert {(row.state, row.attempts) for row in store.outbox()} == {("dead", ATTEMPTS)}
    assert all("451 come back" in row.error for row in store.outbox())
    assert timedelta(hours=12) < clock.now() - began < timedelta(hours=48)


@pytest.mark.parametrize("tries", [1, 2, 5, 11, 40])
def test_waits_grow_are_spread_and_have_an_end(tries):
    waits = [wait_after(tries, random.Random(seed)) for seed in range(50)]
    middle = min(timedelta(minutes=2 ** (tries - 1)), timedelta(hours=8))
    assert all(0.75 * middle <= wait <= 1.25 * middle for wait in waits)
    assert len(set(waits)) > 40


def test_letters_that_do_not_leave_one_after_the_other_end_the_round(store):
    brought(store, crowd(30))
    with MailServer({"RCPT": ["554 relay access denied"]}) as server:
        done = delivered(store, smtp(server, tls="none", user=""))
    assert done.counts == {"dead": IN_VAIN}
    assert "in a row" in done.trouble
    assert sum(state == ["queued"] for state in states(store).values()) == 31 - IN_VAIN


def test_a_mail_that_was_called_back_while_claimed_does_not_leave(store, tmp_path):
    brought(store, atelier())
    box = Box(tmp_path)
    number = next(row.id for row in store.outbox() if row.recipient == PAUL.email)

    def cancel(fate):
        store.write(lambda connection: mailing.cancel(connection, [number]))

    order = [row.recipient for row in store.outbox()]
    assert order.index(PAUL.email) > 0
    done = deliver(post(store, box.channel), on_letter=cancel)
    assert done.counts == {"sent": 2, "cancelled": 1}
    assert PAUL.email not in box.mails
