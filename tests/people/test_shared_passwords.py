"""The shared password of a service: set, read by those who may, rotated, removed, and never told elsewhere."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from flexsync.acts.disclosing import NotForYou, NotKept, ProofNeeded, Reader, read_password
from flexsync.keys import Keys
from flexsync.store.sql import open_store
from flexsync.store.tables_portal import service_secret
from tests.support.shared import ADMIN, KEY, NAME, PIERRE, activate, atelier_in, catalogue, read_by
from tests.support.tables import dump

CANARY = "canari-7f3a-ne-pas-lire"
READ = "password_from: {env: FLEX_QUIROULE_EFILING}"
MADE = "password_from: {generate: true}"
PIERRE_LEAVES = {
    """  p.quiroule:
    civility: monsieur
    given_name: Pierre
    family_name: Quiroule
    email: pierre.quiroule@namassepasmousse.com
""": """  {}
""",
    "recipients: [admin, p.quiroule]": "recipients: [admin]",
}


@pytest.fixture
def atelier(flexsync, tmp_path, store_url, monkeypatch):
    """The files, nothing applied yet, on each database in turn."""
    monkeypatch.setenv("FLEX_QUIROULE_EFILING", CANARY)
    monkeypatch.setenv("FLEX_KEY", KEY)
    monkeypatch.setenv("FLEXSYNC_STORE", store_url)
    return atelier_in(tmp_path / "fleet", flexsync)


@pytest.fixture
def store(store_url, clock):
    with open_store(store_url, create=False, clock=clock) as opened:
        yield opened


@pytest.fixture(params=[READ, MADE])
def applied(request, atelier, store):
    """Applied, with a password that is read and with one that is made; both people have passwords of their own."""
    atelier.write({READ: request.param})
    atelier.apply()
    activate(store, ADMIN, PIERRE)
    return atelier


def kept(store) -> list[str]:
    return store.read(lambda connection: list(connection.scalars(select(service_secret.c.service))))


def test_a_password_that_was_read_can_be_read_in_the_portal_by_its_recipients_and_the_administrator(atelier, store):
    atelier.apply()
    activate(store, ADMIN, PIERRE)
    assert read_by(store, ADMIN).value == read_by(store, PIERRE).value == CANARY


def test_a_password_that_was_made_is_long_and_easy_to_type(atelier, store):
    atelier.write({READ: MADE})
    atelier.apply()
    activate(store, PIERRE)
    value = read_by(store, PIERRE).value
    groups = value.split("-")
    assert [len(group) for group in groups] == [5, 5, 5, 5]
    assert not set("01ilo") & set(value)


def test_a_made_password_stays_as_it_is_when_nothing_changes(atelier, store):
    atelier.write({READ: MADE})
    atelier.apply()
    activate(store, ADMIN)
    before = read_by(store, ADMIN).value
    assert atelier("plan", "--exit-code").code == 0
    atelier.apply()
    assert read_by(store, ADMIN).value == before


def test_each_reading_is_recorded_and_shown(applied, store):
    read_by(store, PIERRE)
    read_by(store, ADMIN)
    shown = applied.ask("audit", "disclosures")
    assert shown.out.splitlines() == [
        f"2026-11-25 12:00:00 UTC  {NAME}  service/vat_filing  {PIERRE}",
        f"2026-11-25 12:00:00 UTC  {NAME}  service/vat_filing  {ADMIN}",
    ]
    listed = json.loads(applied.ask("audit", "disclosures", "--format", "json").out)
    assert [one["actor"] for one in listed] == [PIERRE, ADMIN]
    assert applied.ask("audit", "disclosures", "--subscription", "other").out == ""


def test_who_is_no_recipient_or_has_not_the_product_or_is_nobody_gets_one_answer(applied, store):
    applied.write({"recipients: [admin, p.quiroule]": "recipients: [admin]"})
    applied.apply()
    told = set()
    for email, service in ((PIERRE, "vat_filing"), ("x@y.example", "vat_filing"), (ADMIN, "sepa_payments")):
        with pytest.raises(NotForYou) as refusal:
            read_by(store, email, service=service)
        told.add(str(refusal.value))
    with pytest.raises(NotForYou) as refusal:
        read_password(store, Keys(b"k"), catalogue(), Reader(ADMIN, store.clock.now()), "other", "vat_filing")
    assert len({*told, str(refusal.value)}) == 1
    assert dump(store)["disclosure"] == []


def test_the_password_of_the_reader_was_typed_within_five_minutes(applied, store):
    assert read_by(store, PIERRE, ago=timedelta(minutes=5)).value
    for ago in (timedelta(minutes=5, seconds=1), timedelta(seconds=-1)):
        with pytest.raises(ProofNeeded):
            read_by(store, PIERRE, ago=ago)
    assert len(dump(store)["disclosure"]) == 1


def test_who_has_no_password_of_their_own_yet_reads_none(atelier, store):
    atelier.apply()
    with pytest.raises(NotForYou):
        read_by(store, ADMIN)


def test_a_made_password_changes_in_the_apply_in_which_a_recipient_leaves(atelier, store):
    atelier.write({READ: MADE})
    atelier.apply()
    activate(store, ADMIN, PIERRE)
    before = read_by(store, ADMIN).value
    atelier.write(PIERRE_LEAVES)
    done = atelier.apply()
    assert "rotate shared password" in done.out
    assert "known to p.quiroule" in done.out
    assert read_by(store, ADMIN).value != before
    with pytest.raises(NotForYou):
        read_by(store, PIERRE)
    assert atelier("plan", "--exit-code").code == 0


def test_a_password_that_is_read_waits_for_a_new_value_when_a_recipient_leaves(atelier, store, monkeypatch):
    atelier.apply()
    activate(store, ADMIN)
    atelier.write(PIERRE_LEAVES)
    atelier.apply()
    assert read_by(store, ADMIN).value == CANARY
    monkeypatch.setenv("FLEX_QUIROULE_EFILING", CANARY * 2)
    assert "rotate shared password" in atelier.apply().out
    assert read_by(store, ADMIN).value == CANARY * 2


@pytest.mark.parametrize(("before", "after"), [(READ, MADE), (MADE, READ)])
def test_another_source_is_another_password(atelier, store, before, after):
    atelier.write({READ: before})
    atelier.apply()
    activate(store, ADMIN)
    old = read_by(store, ADMIN).value
    atelier.write({before: after})
    assert "rotate shared password" in atelier.apply().out
    assert read_by(store, ADMIN).value != old
    assert atelier("plan", "--exit-code").code == 0


def test_a_service_that_is_switched_off_keeps_no_password(applied, store):
    assert kept(store) == ["vat_filing"]
    applied.write({"enabled: true": "enabled: false"})
    applied.apply("--ack", "service_off=1")
    assert kept(store) == []
    with pytest.raises(NotForYou):
        read_by(store, ADMIN)


def test_without_a_key_a_password_that_is_read_is_told_but_not_kept(atelier, store, monkeypatch):
    monkeypatch.delenv("FLEX_KEY")
    done = atelier.apply()
    assert "nobody can read the shared password of vat_filing in the portal, it was not kept" in done.out
    assert kept(store) == []
    activate(store, ADMIN)
    with pytest.raises(NotKept, match="was not kept"):
        read_by(store, ADMIN)


def test_a_rotation_without_a_key_forgets_the_old_password(atelier, store, monkeypatch):
    atelier.apply()
    monkeypatch.delenv("FLEX_KEY")
    monkeypatch.setenv("FLEX_QUIROULE_EFILING", CANARY * 2)
    atelier.apply()
    assert kept(store) == []


def test_without_a_key_no_password_is_made(atelier, store, monkeypatch):
    monkeypatch.delenv("FLEX_KEY")
    atelier.write({READ: MADE})
    done = atelier("apply", "--yes")
    assert done.code == 4
    assert "FLEX_KEY is not set" in done.out
    assert dump(store)["subscription"] == []


def test_a_server_without_a_key_is_known_before_apply(atelier, store, postgresql_url, monkeypatch):
    monkeypatch.setenv("FLEXSYNC_STORE", postgresql_url)
    atelier.write({READ: MADE})
    fleet = atelier.folder / "fleet.yaml"
    fleet.write_text(fleet.read_text().replace(", key_from: {env: FLEX_KEY}", ""))
    assert "could be kept nowhere: The key of links and shared passwords is not set" in atelier("plan").out


def test_another_key_is_told_and_gives_nothing(applied, store):
    with pytest.raises(NotKept, match="another key"):
        read_password(store, Keys(b"another"), catalogue(), Reader(ADMIN, store.clock.now()), NAME, "vat_filing")
    assert dump(store)["disclosure"] == []


def test_the_password_is_nowhere_but_with_its_reader(applied, store, tmp_path, caplog):
    plan = tmp_path / "plan.json"
    value = read_by(store, ADMIN)
    applied("plan", "--output", f"json={plan}")
    for words in ("status", f"explain {NAME} p.quiroule", "audit list", "outbox list", "runs list", "drift"):
        applied.ask(*words.split())
    texts = [*applied.said, repr(value), str(value), caplog.text, repr(dump(store, frozenset()))]
    texts += [path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file()]
    assert len(texts) > 10
    assert [text for text in texts if value.value in text] == []
