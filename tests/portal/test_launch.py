"""The launch of a product: who is let in, what they are told, and how long they may go on without Internet."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient

from flexsync.acts.launching import Allowed, Denied, Launch, launch
from flexsync.acts.signing import Attempt
from flexsync.grants import (
    BadGrant,
    Grant,
    Launching,
    decoded,
    encoded,
    opened,
    public_key,
    public_text,
    refusal,
    signed,
)
from flexsync.keys import Keys
from flexsync.portal.api import api
from flexsync.store import workstations
from flexsync.store.tables_portal import workstation
from tests.support.stored import ANNE, LAURE, PAUL, ZOE, atelier, brought, user, with_user
from tests.support.web import PASSWORD, URL

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


KEY = Keys(b"k" * 32).signer()
TEXT = signed(
    Grant("dupont", "paye", "p@d.example", "PC-1", datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)),
    KEY,
)


@settings(max_examples=300)
@given(st.integers(0, len(TEXT) - 1), st.characters(codec="utf-8"))
def test_a_grant_in_which_one_character_is_another_is_refused(place, other):
    if other == TEXT[place]:
        return
    with pytest.raises(BadGrant):
        opened(TEXT[:place] + other + TEXT[place + 1 :], public_key(public_text(KEY)))


def test_a_grant_in_which_any_one_bit_of_any_byte_is_another_is_refused():
    content, signature = map(decoded, TEXT.split("."))
    for part, other, join in ((content, signature, lambda a, b: (a, b)), (signature, content, lambda a, b: (b, a))):
        for place in range(len(part)):
            for bit in range(8):
                changed = part[:place] + bytes([part[place] ^ (1 << bit)]) + part[place + 1 :]
                with pytest.raises(BadGrant):
                    opened(".".join(map(encoded, join(changed, other))), public_key(public_text(KEY)))


@pytest.mark.parametrize(
    "text", ["", ".", "a", "a.b", TEXT + "=", TEXT + ".", TEXT + "\n", " " + TEXT, "x" * 5000, TEXT[:-1]]
)
def test_what_is_no_grant_is_refused(text):
    with pytest.raises(BadGrant):
        opened(text, public_key(public_text(KEY)))


def test_a_grant_of_another_portal_is_refused():
    with pytest.raises(BadGrant):
        opened(TEXT, public_key(public_text(Keys(b"other").signer())))


@pytest.fixture
def http(site):
    with TestClient(api(site), base_url=URL, raise_server_exceptions=False) as client:
        yield client


def asked(**fields):
    return {"email": PAUL.email, "password": PASSWORD, **PAYE, **fields}


def test_the_interface_answers_with_what_the_act_says(http, site):
    answer = http.post("/launch", json=asked())
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["newest"] == {"version": "12.1", "label": "Ciel Paye Evolution", "update": True}
    key = http.get("/key").json()
    assert opened(told["grant"], public_key(key["public_key"])).workstation == "PC-1"


@pytest.mark.parametrize(("fields", "status", "code"), [
    ({"password": "wrong"}, 401, "not_signed_in"),
    ({"email": "nobody@dupont.example"}, 401, "not_signed_in"),
    ({"email": LAURE.email, "product": "compta"}, 403, "no_access"),
    ({"email": ANNE.email}, 403, "no_seat"),
    ({"role": "admin"}, 422, "invalid"),
    ({"workstation": "a b"}, 422, "invalid"),
    ({"version": 12.1}, 422, "invalid"),
    ({"password": "x" * 1025}, 422, "invalid"),
    ({"email": "a\x00b@c.example"}, 422, "invalid"),
])  # fmt: skip
def test_each_refusal_has_a_status_and_a_code(http, fields, status, code):
    answer = http.post("/launch", json=asked(**fields))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_refused_credentials_look_alike_to_the_byte(http):
    answers = [
        http.post("/launch", json=asked(**fields))
        for fields in ({"password": "wrong"}, {"email": "nobody@dupont.example"}, {"password": "\x00"})
    ]
    assert len({(one.status_code, one.content, tuple(one.headers.items())) for one in answers}) == 1


@pytest.mark.parametrize(("content", "kind", "status"), [
    (b'{"email": "a", "email": "b"}', "application/json", 400),
    (b'{"email": NaN}', "application/json", 400),
    (b"[" * 60_000, "application/json", 400),
    (b"\xff", "application/json", 400),
    (b"", "application/json", 400),
    (b"{}", "text/plain", 415),
    (b"{}", "", 415),
    (b" " * 70_000, "application/json", 413),
])  # fmt: skip
def test_what_is_no_plain_json_is_refused_unread(http, content, kind, status):
    assert http.post("/launch", content=content, headers={"content-type": kind}).status_code == status


def test_what_was_sent_comes_back_in_no_answer(http):
    secret = "canari " + "x" * 1100
    assert "canari" not in http.post("/launch", json=asked(password=secret)).text
    assert "canari" not in http.post("/launch", json={"email": 5, "password": ["canari"]}).text


def test_an_address_that_guesses_too_often_waits(http):
    statuses = [http.post("/launch", json=asked(email=f"n{n}@x.example")).status_code for n in range(61)]
    assert statuses[:60] == [401] * 60
    answer = http.post("/launch", json=asked())
    assert (answer.status_code, answer.headers["retry-after"].isdigit()) == (429, True)


def test_a_launch_leaves_no_secret_in_the_store(site):
    allowed = launched(site, PAUL)
    rows = site.store.read(lambda connection: [tuple(row) for row in connection.execute(select(workstation))])
    assert PASSWORD not in repr(allowed) + repr(rows) + str(decoded(allowed.grant.split(".")[0]))
