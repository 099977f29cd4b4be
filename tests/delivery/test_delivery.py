"""What waits in the outbox is delivered: one mail a person and run, with a link that works."""

import pytest

from flexsync.store import mailing
from tests.support.posting import Box, delivered, looked, states, token_in, used
from tests.support.stored import PAUL, applied, atelier, brought, planned


@pytest.fixture
def box(tmp_path):
    return Box(tmp_path / "mail")


def test_an_invitation_arrives_with_a_link_that_works_once(store, box):
    brought(store, atelier())
    assert delivered(store, box.channel).counts == {"sent": 3}
    token = token_in(box.mails[PAUL.email])
    link = looked(store, token)
    assert (link.key, link.purpose, link.subscription) == (PAUL.email, "activation", "atelier")
    assert used(store, token, "activation") == link
    assert used(store, token, "activation") is None
    assert looked(store, token) is None


def test_a_second_delivery_sends_nothing(store, box):
    brought(store, atelier())
    delivered(store, box.channel)
    before = {path.name: path.stat().st_mtime_ns for path in box.folder.iterdir()}
    assert delivered(store, box.channel).counts == {}
    assert {path.name: path.stat().st_mtime_ns for path in box.folder.iterdir()} == before


def test_all_that_a_run_tells_a_person_is_one_mail(store, box):
    applied(store, planned(store, atelier("boulangerie")), planned(store, atelier("atelier")))
    assert len(store.outbox()) == 6
    assert delivered(store, box.channel).counts == {"sent": 3}
    assert set(states(store)[PAUL.email]) == {"sent"}
    assert token_in(box.mails[PAUL.email])


def test_two_runs_are_two_mails(store, box):
    brought(store, atelier("boulangerie"))
    brought(store, atelier("atelier"))
    assert delivered(store, box.channel).counts == {"sent": 6}


def test_a_mail_waits_for_the_end_of_its_run(store, box, clock):
    run = store.begin_run("apply", actor="claire")
    store.lease(["atelier"], run)
    plan = planned(store, atelier())
    from flexsync.apply import apply_subscription
    from tests.support.stored import tools

    apply_subscription(store, plan, run, tools())
    assert delivered(store, box.channel).counts == {}
    assert store.read(lambda connection: mailing.backlog(connection, clock.now())).unfinished == 3
    store.end_run(run, "done", {})
    assert delivered(store, box.channel).counts == {"sent": 3}
