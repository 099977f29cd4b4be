"""store rekey: shared passwords under a new key, links of the old one dead, and nothing half done."""

from datetime import timedelta

import pytest

from flexsync.acts.disclosing import NotKept, Reader, read_password
from flexsync.keys import Keys
from flexsync.store import shared
from flexsync.store.sql import open_store
from flexsync.store.tables import invitation
from tests.support.posting import Box, delivered, looked, token_in
from tests.support.shared import ADMIN, KEY, NAME, PIERRE, activate, atelier_in, catalogue
from tests.support.tables import dump

CANARY = "canari-7f3a-ne-pas-lire"
NEW = "fedcba9876543210" * 4
TODAY = "2026-11-25"
REKEY = ("store", "rekey", "--from", "env:FLEX_KEY_OLD")


@pytest.fixture
def atelier(flexsync, tmp_path, store_url, monkeypatch):
    """The guide's subscription applied under a key, on each database in turn."""
    for name, value in {"FLEX_QUIROULE_EFILING": CANARY, "FLEX_KEY": KEY, "FLEXSYNC_STORE": store_url}.items():
        monkeypatch.setenv(name, value)
    made = atelier_in(tmp_path / "fleet", flexsync)
    made.write({"2014-02-01": "2027-02-01"})
    assert made("apply", "--yes", as_of=TODAY).code == 0
    return made


@pytest.fixture
def store(atelier, store_url, clock):
    with open_store(store_url, create=False, clock=clock) as opened:
        yield opened


@pytest.fixture
def another_key(monkeypatch):
    monkeypatch.setenv("FLEX_KEY_OLD", KEY)
    monkeypatch.setenv("FLEX_KEY", NEW)


def read_with(store, key):
    return read_password(store, Keys(key.encode()), catalogue(), Reader(ADMIN, store.clock.now()), NAME, "vat_filing")


def test_a_shared_password_is_the_same_under_the_new_key_and_lost_to_the_old_one(atelier, store, another_key):
    activate(store, ADMIN)
    before = read_with(store, KEY)
    done = atelier.ask(*REKEY)
    assert done.out.splitlines()[0] == "1 shared password(s) are under the new key"
    assert read_with(store, NEW) == before
    with pytest.raises(NotKept, match="another key"):
        read_with(store, KEY)
    assert ("store rekey", "claire", "done") in {(run.command, run.actor, run.result) for run in store.runs()}
    assert atelier("plan", "--exit-code", as_of=TODAY).code == 0
    assert not [said for said in atelier.said if CANARY in said or KEY in said or NEW in said]


def test_a_second_time_changes_no_password(atelier, store, another_key):
    activate(store, ADMIN)
    atelier.ask(*REKEY)
    atelier.ask(*REKEY)
    assert read_with(store, NEW).value == CANARY


def test_links_die_and_apply_invites_again_after_the_pause(atelier, store, another_key, tmp_path, clock):
    activate(store, ADMIN)
    box = Box(tmp_path / "mails")
    delivered(store, box.channel)
    first = token_in(box.mails[PIERRE])
    assert "1 link(s) died, of which 1 invitation(s)" in atelier.ask(*REKEY).out
    assert looked(store, first) is None
    assert "invitation_pause_hours is 24: sent again from 2026-11-27 on" in atelier("plan", as_of=TODAY).out
    clock.move(timedelta(days=2))
    assert "resend invitation" in atelier("apply", "--yes", as_of="2026-11-27").out
    again = Box(tmp_path / "again")
    delivered(store, again.channel)
    assert looked(store, token_in(again.mails[PIERRE])).key == PIERRE
    assert store.check() == []


def test_a_mail_whose_link_died_does_not_count_as_an_attempt(atelier, store, another_key, tmp_path, clock):
    delivered(store, Box(tmp_path / "mails").channel)
    atelier.ask(*REKEY)
    clock.move(timedelta(days=2))
    assert atelier("apply", "--yes", as_of="2026-11-27").code == 0
    assert {row.attempt for row in store.read(lambda connection: connection.execute(invitation.select()).all())} == {1}


def test_while_a_run_holds_a_subscription_the_key_stays(atelier, store, another_key):
    run = store.begin_run("apply", actor="hugo")
    store.lease([NAME], run)
    done = atelier.flexsync(*REKEY, "-C", atelier.folder)
    assert (done.code, "is held by run" in done.err) == (7, True)
    store.release(run)
    assert atelier.flexsync(*REKEY, "-C", atelier.folder).code == 0


def test_a_password_that_fits_neither_key_changes_nothing(atelier, store, another_key):
    foreign = Keys(b"somebody else's key, long enough").fernet().encrypt(b"x").decode()
    store.write(lambda connection: shared.reencrypt(connection, {(NAME, "vat_filing"): foreign}))
    before = dump(store)
    done = atelier.flexsync(*REKEY, "-C", atelier.folder)
    assert done.code == 4
    assert f"Neither key opens the shared password of vat_filing of {NAME}." in done.err
    assert dump(store) == before


@pytest.mark.parametrize(
    ("reference", "code", "told"),
    [
        ("env:FLEX_KEY", 4, "That is the key in use."),
        ("env:NOWHERE", 4, "NOWHERE is not set"),
        ("file:../secret", 4, "lies outside the folder of the files"),
        (KEY, 64, "not the key itself"),
    ],
)
def test_a_key_before_that_cannot_be_is_told(atelier, store, reference, code, told):
    before = dump(store)
    done = atelier.flexsync("store", "rekey", "--from", reference, "-C", atelier.folder)
    assert (done.code, told in done.err) == (code, True), done
    assert KEY not in done.err
    assert dump(store) == before


def test_beside_sqlite_the_new_key_is_made(atelier, tmp_path, monkeypatch):
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.delenv("FLEXSYNC_STORE")
    (own / "subscription.yaml").write_bytes((atelier.folder / "clients" / f"{NAME}.yaml").read_bytes())
    flexsync = atelier.flexsync
    assert flexsync("apply", "--yes", "-C", own, "--as-of", TODAY).code == 0
    (own / ".flexsync" / "store.key").rename(own / "old.key")
    done = flexsync("store", "rekey", "--from", "file:old.key", "-C", own)
    assert (done.code, done.out.splitlines()[0]) == (0, "1 shared password(s) are under the new key")
    assert (own / ".flexsync" / "store.key").read_text() != (own / "old.key").read_text()
