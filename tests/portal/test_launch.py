"""The launch of a product: who is let in, what they are told, and how long they may go on without Internet."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from flexsync.acts.launching import Allowed, Denied, Launch, launch
from flexsync.acts.signing import Attempt
from flexsync.grants import (
    Grant,
    Launching,
    decoded,
    opened,
    public_key,
    public_text,
    refusal,
)
from flexsync.passwords import Busy, Hashing
from flexsync.store import workstations
from flexsync.store.tables_portal import workstation
from tests.support.stored import ANNE, LAURE, PAUL, ZOE, atelier, brought, user, with_user
from tests.support.tables import statements
from tests.support.web import PASSWORD

ADDRESS = "192.0.2.7"
PAYE = {"product": "paye", "workstation": "PC-1", "version": "12.0"}


@pytest.fixture
def site(web):
    web.has_password(ANNE, PAUL, LAURE, ZOE)
    return web.site


def launched(site, person, product="paye", password=PASSWORD, **fields):
    asked = Launch(product, fields.pop("workstation", "PC-1"), fields.pop("version", "12.0"), **fields)
    return launch(site, Attempt(person.email, password, ADDRESS), asked)


def grant_of(site, allowed) -> Grant:
    return opened(allowed.grant, public_key(public_text(site.keys.signer())))


def with_users(site, name="dupont", **fields):
    """The subscription as it is, with other fields."""
    state = site.store.snapshots([name])[name].current
    brought(site.store, replace(state, **fields))


def test_a_user_in_local_mode_gets_a_grant_for_one_workstation(site):
    allowed = launched(site, PAUL, workstation="PC-2")
    assert (allowed.mode, allowed.internet_required, allowed.subscription) == ("local", False, "dupont")
    grant = grant_of(site, allowed)
    assert grant == Grant("dupont", "paye", PAUL.email, "PC-2", site.now(), allowed.grant_expires_at)
    assert refusal(grant, Launching("paye", PAUL.email, "PC-2"), site.now()) == ""
    assert "another workstation" in refusal(grant, Launching("paye", PAUL.email, "PC-1"), site.now())
    assert "another product" in refusal(grant, Launching("compta", PAUL.email, "PC-2"), site.now())
    assert "another person" in refusal(grant, Launching("paye", ANNE.email, "PC-2"), site.now())


def test_hosted_data_needs_internet_at_each_launch_and_gives_no_grant(site):
    allowed = launched(site, PAUL, "compta")
    assert (allowed.mode, allowed.internet_required, allowed.grant, allowed.grant_expires_at) == (
        "hosted",
        True,
        "",
        None,
    )


def test_who_keeps_their_own_data_off_the_hosted_service_gets_a_grant(site):
    state = site.store.snapshots(["dupont"])["dupont"].current
    brought(site.store, with_user(state, "p.martin", replace(state.users["p.martin"], hosted_opt_out=True)))
    allowed = launched(site, PAUL, "compta")
    assert (allowed.mode, allowed.internet_required) == ("local", False)
    assert grant_of(site, allowed).product == "compta"


def test_the_answer_says_what_else_may_be_opened_and_what_is_newest(site):
    allowed = launched(site, PAUL, "compta", version="12.0")
    assert (allowed.products, allowed.services, allowed.newest.version) == (("compta", "paye"), ("vat_filing",), "12.1")


def test_whoever_is_not_let_in_gets_one_answer(site):
    assert launched(site, PAUL, password="wrong") is None
    assert launched(site, replace(PAUL, email="nobody@dupont.example")) is None
    with_users(site, users={"l.petit": user(LAURE, "paye"), "p.martin": replace(user(PAUL), status="deactivated")})
    assert launched(site, PAUL) is None


def test_an_administrator_without_a_seat_launches_nothing(site):
    assert launched(site, ANNE).code == "no_seat"


@pytest.mark.parametrize(("product", "subscription", "code"), [
    ("compta", "", "no_access"), ("nothing", "", "no_access"),
    ("paye", "costa", "no_seat"), ("paye", "nowhere", "no_seat"),
])  # fmt: skip
def test_who_may_not_open_a_product_is_told_so_once_signed_in(site, product, subscription, code):
    denied = launched(site, LAURE, product, subscription=subscription)
    assert isinstance(denied, Denied)
    assert denied.code == code


@pytest.mark.parametrize(("fields", "code"), [
    ({"ends_on": date(2026, 11, 24)}, "contract_ended"), ({"ends_on": date(2026, 11, 25)}, None),
])  # fmt: skip
def test_the_last_day_of_the_contract_is_included(site, fields, code):
    with_users(site, **fields)
    found = launched(site, PAUL)
    assert getattr(found, "code", None) == code


def test_a_seat_whose_last_day_has_passed_launches_nothing(site):
    with_users(site, users={"p.martin": user(PAUL, "paye", ends_on=date(2026, 11, 24)), "l.petit": user(LAURE, "paye")})
    assert launched(site, PAUL).code == "seat_ended"


def test_who_uses_a_product_in_several_subscriptions_names_one(site):
    brought(site.store, atelier("boulangerie", users={"paul": user(PAUL, "paye")}))
    denied = launched(site, PAUL)
    assert (denied.code, denied.subscriptions) == ("choose_subscription", ("boulangerie", "dupont"))
    assert launched(site, PAUL, subscription="boulangerie").subscription == "boulangerie"
    assert launched(site, PAUL, "compta").subscription == "dupont"


def test_a_denied_launch_counts_as_no_guess(site):
    for _ in range(12):
        assert launched(site, LAURE, "compta").code == "no_access"
    assert isinstance(launched(site, LAURE), Allowed)


def test_guessing_gets_slow_for_the_account_and_helps_nobody(site, web):
    for _ in range(5):
        launched(site, PAUL, password="wrong")
    assert launched(site, PAUL) is None
    web.clock.move(timedelta(minutes=2))
    assert isinstance(launched(site, PAUL), Allowed)


def test_when_the_line_is_full_nothing_is_asked_of_the_store(site):
    narrow = replace(site, hashing=Hashing(at_once=1, waiting=0))
    with narrow.hashing.in_line(), statements(site.store) as asked, pytest.raises(Busy):
        launched(narrow, PAUL)
    assert asked == []
    assert isinstance(launched(narrow, PAUL), Allowed)


def test_a_launch_notes_the_workstation_first_and_last(site, web):
    launched(site, PAUL, version="12.0")
    web.clock.move(timedelta(days=1))
    launched(site, PAUL, version="12.1")
    launched(site, PAUL, workstation="PC-2")
    rows = site.store.read(
        lambda connection: connection.execute(select(workstation).order_by(workstation.c.workstation)).all()
    )
    assert [(row.workstation, row.version, (row.last_at - row.first_at).days) for row in rows] == [
        ("PC-1", "12.1", 1),
        ("PC-2", "12.0", 0),
    ]


def test_names_of_workstations_are_bounded(site, web):
    number = web.number(PAUL.email)
    for count in range(workstations.MOST + 5):
        now = site.now() + timedelta(minutes=count)
        site.store.write(lambda c, n=count, t=now: workstations.note(c, "dupont", number, "paye", f"pc-{n}", "1", t))
    names = site.store.read(lambda connection: set(connection.scalars(select(workstation.c.workstation))))
    assert len(names) == workstations.MOST
    assert "pc-4" not in names
    assert "pc-5" in names


@pytest.mark.parametrize(("now", "contract", "seat", "expires"), [
    # 30 days on, to the end of the day in Paris: summer time begins on 28 March 2027 and ends on 31 October 2027.
    (datetime(2027, 3, 1, 12, tzinfo=UTC), None, None, datetime(2027, 3, 31, 22, tzinfo=UTC)),
    (datetime(2027, 2, 20, 12, tzinfo=UTC), None, None, datetime(2027, 3, 22, 23, tzinfo=UTC)),
    (datetime(2027, 10, 1, 12, tzinfo=UTC), None, None, datetime(2027, 10, 31, 23, tzinfo=UTC)),
    (datetime(2027, 10, 1, 12, tzinfo=UTC), date(2027, 10, 30), None, datetime(2027, 10, 30, 22, tzinfo=UTC)),
    (datetime(2027, 10, 1, 12, tzinfo=UTC), None, date(2027, 10, 2), datetime(2027, 10, 2, 22, tzinfo=UTC)),
    # 23:30 UTC is the next day in Paris.
    (datetime(2027, 3, 1, 23, 30, tzinfo=UTC), None, None, datetime(2027, 4, 1, 22, tzinfo=UTC)),
])  # fmt: skip
def test_a_grant_ends_with_the_first_of_its_days_contract_and_seat(site, web, now, contract, seat, expires):
    with_users(
        site, ends_on=contract, users={"p.martin": user(PAUL, "paye", ends_on=seat), "l.petit": user(LAURE, "paye")}
    )
    web.clock.move(now - web.clock.now())
    grant = grant_of(site, launched(site, PAUL))
    assert grant.expires_at == expires
    mine = Launching("paye", PAUL.email, "PC-1")
    assert refusal(grant, mine, expires - timedelta(seconds=1)) == ""
    assert "expired" in refusal(grant, mine, expires)
    assert "clock" in refusal(grant, mine, now - timedelta(seconds=1))


def test_a_launch_leaves_no_secret_in_the_store(site):
    allowed = launched(site, PAUL)
    rows = site.store.read(lambda connection: [tuple(row) for row in connection.execute(select(workstation))])
    assert PASSWORD not in repr(allowed) + repr(rows) + str(decoded(allowed.grant.split(".")[0]))
