"""A link works once, for one person, for as long as it says, and dies with what it hangs on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from flexsync.keys import hashed
from flexsync.store.tables import invitation, outbox
from tests.support.portal import in_portal, person_changed, user_changed
from tests.support.posting import DAY, Box, delivered, looked, token_in, used, with_password
from tests.support.stored import PAUL, atelier, brought


@pytest.fixture
def box(tmp_path):
    return Box(tmp_path / "mail")


@pytest.fixture
def token(store, box):
    brought(store, atelier())
    delivered(store, box.channel)
    return token_in(box.mails[PAUL.email])


def number_of(store, key):
    return looked(store, key).account


def test_fifty_posts_at_once_have_one_winner(store, token):
    with ThreadPoolExecutor(50) as pool:
        won = [link for link in pool.map(lambda _: used(store, token, "activation"), range(50)) if link]
    assert [link.key for link in won] == [PAUL.email]


def test_looking_changes_nothing(store, token, dumped):
    before = dumped()
    for _ in range(10):
        assert looked(store, token)
    assert dumped() == before


def test_the_store_never_holds_a_token(token, dumped):
    assert token not in str(dumped())
    assert hashed(token) in str(dumped())


def test_an_invitation_lives_as_many_days_as_it_was_given_from_the_moment_of_sending(store, box, clock):
    brought(store, atelier())
    clock.move(10 * DAY)
    delivered(store, box.channel)
    token = token_in(box.mails[PAUL.email])
    clock.move(14 * DAY - timedelta(seconds=1))
    assert looked(store, token)
    clock.move(timedelta(seconds=1))
    assert looked(store, token) is None
    assert used(store, token, "activation") is None


def test_a_sent_invitation_says_so(store, token, clock):
    rows = store.read(lambda connection: connection.execute(invitation.select()).all())
    assert {(row.state, row.sent_at) for row in rows} == {("sent", clock.now())}
    assert {row.expires_at for row in rows} == {clock.now() + 14 * DAY}


def test_following_a_link_accepts_the_invitation(store, token):
    used(store, token, "activation")
    states = store.read(lambda connection: connection.execute(invitation.select()).all())
    assert sorted(row.state for row in states) == ["accepted", "sent", "sent"]


def test_a_link_is_good_for_its_own_purpose_alone(store, token):
    assert used(store, token, "reset") is None
    assert looked(store, token)


def test_a_link_dies_when_the_person_leaves(store, token):
    in_portal(store, "atelier", user_changed("p.martin", status="deactivated"))
    assert looked(store, token) is None


def test_a_link_dies_when_the_address_moves(store, token):
    in_portal(store, "atelier", person_changed("p.martin", email="p.martin@dupont.example"))
    assert looked(store, token) is None


def test_links_of_an_account_die_together(store, token, box, clock):
    link = looked(store, token)
    with_password(store, PAUL.email)
    asked(store, "reset", PAUL.email)
    delivered(store, Box(box.folder / "reset").channel)
    reset = token_in(Box(box.folder / "reset").mails[PAUL.email])
    assert looked(store, reset).expires_at == clock.now() + timedelta(hours=1)
    assert used(store, reset, "reset").account == link.account
    assert looked(store, token) is None


def test_a_younger_link_of_a_purpose_kills_the_older_one(store, token, box):
    with_password(store, PAUL.email)
    boxes = [Box(box.folder / str(number)) for number in range(2)]
    for number, one in enumerate(boxes):
        asked(store, "reset", PAUL.email, number)
        delivered(store, one.channel)
    first, second = (token_in(one.mails[PAUL.email]) for one in boxes)
    assert looked(store, first) is None and looked(store, second)


def test_a_mail_whose_link_has_no_use_any_more_stays_home(store, box):
    brought(store, atelier())
    store.write(lambda connection: connection.execute(invitation.update().values(state="accepted")))
    assert delivered(store, box.channel).counts == {"cancelled": 3}
    assert not box.folder.exists()


def test_a_new_address_is_confirmed_for_the_account_of_the_old_one(store, box, token, clock):
    with_password(store, PAUL.email)
    new = "paul.martin@dupont.example"
    brought(store, atelier(), proposing(new))
    other = Box(box.folder / "confirm")
    delivered(store, other.channel)
    link = looked(store, token_in(other.mails[new]))
    assert (link.purpose, link.key, link.email) == ("confirm_email", PAUL.email, new)
    assert link.expires_at == clock.now() + timedelta(hours=24)


def proposing(email):
    from flexsync.plan.change import Change

    return Change("user.propose_email", "user/p.martin", PAUL.email, email)


def asked(store, purpose, recipient, number=0):
    """Somebody asks for a link."""
    run = store.begin_run("reset-password", actor="claire")
    row = {
        "dedup": f"asked-{number}", "subscription": "atelier", "run": run.id, "recipient": recipient, "language": "fr",
        "codes": '["N7"]', "payload": "{}", "purpose": purpose, "state": "queued", "attempts": 0, "claimed_by": "",
        "created_at": store.clock.now(), "next_at": store.clock.now(), "error": "",
    }  # fmt: skip
    store.write(lambda connection: connection.execute(outbox.insert(), row))
    store.end_run(run, "done", {})
