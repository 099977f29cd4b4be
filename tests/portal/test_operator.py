"""Pages of operators: the fleet found, mails looked after, nothing changed besides, and nothing for anybody else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flexsync.plan.change import KINDS
from flexsync.portal.operator_words import KINDS as WORDS
from flexsync.portal.pages.operator_mails import MAIL_POLICY
from flexsync.state import Company
from flexsync.store import overview
from flexsync.store.queue import Mail
from flexsync.store.tables import invitation, outbox
from tests.support.portal import in_portal, person_changed
from tests.support.stored import ANNE, NOON, PAUL, ZOE, atelier, brought, client
from tests.support.web import costa, dupont


def counts(web):
    return web.store.read(lambda connection: overview.overview(connection, NOON.date(), web.clock.now()))


def names(web, text="", show="", number=1):
    found = web.store.read(lambda c: overview.subscriptions(c, text, show, NOON.date(), number))
    return [row.name for row in found.rows]


def queued(web, state="queued", recipient=PAUL.email):
    """A mail in some state; its number."""
    mail = Mail(recipient, recipient, "fr", ["N3"], {"person": {}, "changes": []})
    run = web.store.begin_run("test", actor="claire")
    web.store.end_run(run, "done", {})
    from flexsync.store.queue import row_of

    row = {**row_of(mail, f"test/{run.id}", "dupont", run.id, web.clock.now()), "state": state}
    return web.store.write(lambda c: c.execute(outbox.insert().returning(outbox.c.id), row).scalar_one())


def state_of(web, number):
    return next(row.state for row in web.store.outbox() if row.id == number)


def test_the_fleet_is_counted(web):
    seen = counts(web)
    assert (seen.open, seen.closed, seen.drifting, seen.ending) == (2, 0, 0, 0)
    assert seen.invitations == {"waiting": 5}


def test_what_people_changed_in_the_portal_counts_as_drift(web):
    in_portal(web.store, "dupont", person_changed("p.martin", given_name="Paulo"))
    assert counts(web).drifting == 1
    assert names(web, show="drift") == ["dupont"]


@pytest.mark.parametrize(("days", "near"), [(-1, False), (0, True), (30, True), (31, False)])
def test_an_end_is_near_for_thirty_days(web, days, near):
    brought(web.store, replace(dupont(), ends_on=NOON.date() + timedelta(days=days)))
    assert names(web, show="ending") == (["dupont"] if near else [])


def test_invitations_are_waiting_expired_or_failed(web):
    number = queued(web, "dead")
    with web.store.engine.begin() as c:
        first = c.execute(invitation.select().order_by(invitation.c.id)).first()
        c.execute(outbox.update().where(outbox.c.id == number).values(invitation=first.id))
    assert counts(web).invitations == {"waiting": 4, "failed": 1}
    web.clock.move(timedelta(days=400))
    assert counts(web).invitations == {"expired": 4, "failed": 1}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("dupont", ["costa", "dupont"]),
        ("COSTA", ["costa"]),
        ("costa sarl", ["costa"]),
        ("c0098001", ["costa", "dupont"]),
        ("zoe@dupont", ["costa"]),
        ("noël", ["costa"]),
        ("paul martin", ["dupont"]),
        ("bruno@costa.example", ["costa"]),
        ("%", []),
        ("_", []),
        ("'; DROP TABLE seat; --", []),
        ("nobody at all", []),
    ],
)
def test_search_finds_names_customers_and_people(web, text, found):
    assert names(web, text) == found


#: Letters of Latin, Greek and Cyrillic that have one other case.
LETTERS = [letter for letter in map(chr, range(0xC0, 0x460)) if letter.lower().upper() == letter != letter.lower()]


@pytest.mark.parametrize("written", ["".join(LETTERS), "".join(LETTERS).lower()], ids=["capitals", "small"])
def test_search_knows_the_case_of_every_letter(web, written):
    brought(web.store, dupont(name="annexe", company=Company(written)))
    assert {"É", "Œ", "Ç", "Ω", "Ж"} < set(LETTERS)
    for letter in LETTERS:
        assert "annexe" in names(web, letter)
        assert "annexe" in names(web, letter.lower())
    assert names(web, "ж") == ["annexe"]


def test_people_and_mails_are_found_whatever_the_case_of_their_accents(web):
    queued(web, recipient="Élodie@dupont.example")
    for text in ("NOËL", "noël", "NoËl"):
        assert names(web, text) == ["costa"]
    for text in ("élodie@", "ÉLODIE@"):
        found = web.store.read(lambda c, text=text: overview.mails(c, "", text, 1))
        assert [row.recipient for row in found.rows] == ["Élodie@dupont.example"]


def test_pages_are_bounded_and_count_from_one(web):
    for number in range(overview.PAGE + 1):
        brought(web.store, client(number, 1))
    assert len(names(web)) == overview.PAGE
    assert len(names(web, number=2)) == 3
    assert names(web, number=99) == names(web, number=2)
    page = web.operator().get("/operator?show=&page=2").text
    assert "page 2 sur 2" in page
    assert 'rel="prev"' in page


def test_one_subscription_is_shown_whole_and_read_only(web):
    web.has_password(PAUL)
    in_portal(web.store, "dupont", person_changed("p.martin", given_name="Paulo"))
    page = web.operator().get("/operator/subscriptions/dupont?lang=en")
    assert page.status_code == 200
    for text in ("Atelier Dupont", "Paulo Martin-Lefèvre", "activated", "User&#39;s data changed", "claire"):
        assert text in page.text
    assert page.text.count("<form") == 1  # signing out
    assert "env:DUPONT" not in page.text


def test_an_unknown_subscription_is_an_unknown_page(web):
    operator = web.operator()
    assert operator.get("/operator/subscriptions/nobody").status_code == 404
    assert operator.get("/operator/runs/nobody").status_code == 404


def test_a_run_is_shown_with_its_journal(web):
    run = next(one for one in web.store.runs() if one.command == "apply")
    operator = web.operator()
    assert run.id in operator.get("/operator/runs").text
    page = operator.get(f"/operator/runs/{run.id}?lang=en").text
    assert "Subscription registered" in page
    assert "User invited" in page


def test_every_kind_of_change_has_words():
    assert KINDS.keys() <= WORDS.keys()


def test_a_mail_is_shown_with_its_link_masked(web):
    operator = web.operator()
    row = next(row for row in web.store.outbox() if row.purpose == "activation")
    with web.store.engine.begin() as c:
        c.execute(outbox.update().where(outbox.c.id == row.id).values(state="queued"))
    page = operator.get(f"/operator/outbox/{row.id}").text
    assert row.recipient in page
    assert "/link/" + "_" * 43 in page


def test_a_mail_is_shown_alone_under_a_policy_that_runs_nothing(web):
    answer = web.operator().get(f"/operator/outbox/{queued(web)}/html")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == MAIL_POLICY
    assert answer.headers["x-frame-options"] == "DENY"
    assert "<script" not in answer.text


@pytest.mark.parametrize("state", ["queued", "held", "dead"])
@pytest.mark.parametrize(("act", "after"), [("retry", "queued"), ("cancel", "cancelled")])
def test_mails_that_did_not_leave_are_sent_again_or_given_up(web, state, act, after):
    operator, number = web.operator(), queued(web, state)
    done = operator.send(f"/operator/outbox/{number}/{act}", "/operator/outbox")
    assert (done.status_code, state_of(web, number)) == (303, after)


@pytest.mark.parametrize("act", ["retry", "cancel"])
def test_a_mail_that_left_stays_as_it_is(web, act):
    operator, number = web.operator(), queued(web, "sent")
    done = operator.send(f"/operator/outbox/{number}/{act}", "/operator/outbox")
    assert done.headers["location"].endswith("?done=too-late")
    assert state_of(web, number) == "sent"


@pytest.mark.parametrize("number", ["0", "999", "9223372036854775808", "1e3", "-1", "x", "١"])
def test_a_mail_that_is_none_is_an_unknown_page(web, number):
    operator = web.operator()
    for path in (f"/operator/outbox/{number}", f"/operator/outbox/{number}/html"):
        assert operator.get(path).status_code == 404
    assert operator.send(f"/operator/outbox/{number}/retry", "/operator/outbox").status_code == 404


def test_an_act_needs_the_token_of_the_session(web):
    operator, number = web.operator(), queued(web, "held")
    assert operator.client.post(f"/operator/outbox/{number}/retry", data={"form": "x"}).status_code == 403
    assert state_of(web, number) == "held"


def test_outbox_is_filtered_by_state_and_text(web):
    operator = web.operator()
    queued(web, "dead", "who@elsewhere.example")
    assert "who@elsewhere.example" in operator.get("/operator/outbox?state=dead").text
    assert "who@elsewhere.example" not in operator.get("/operator/outbox?state=queued").text
    assert "who@elsewhere.example" in operator.get("/operator/outbox?q=ELSEWHERE").text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_notice_can_be_looked_at(web, language):
    operator = web.operator()
    assert "N15" in operator.get("/operator/notices").text
    for number in range(1, 16):
        path = f"/operator/notices/N{number}/{language}"
        assert operator.get(path).status_code == 200
        assert operator.get(f"{path}/html").headers["content-security-policy"] == MAIL_POLICY
    assert operator.get("/operator/notices/N16/fr").status_code == 404
    assert operator.get("/operator/notices/N1/de").status_code == 404


@pytest.mark.parametrize("page", ["", "/invitations", "/outbox", "/runs", "/disclosures", "/notices"])
def test_pages_are_for_operators_alone(web, page):
    web.has_password(ANNE)
    for browser in (web.browser(), web.signed_in(ANNE)):
        answer = browser.get(f"/operator{page}")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/operator/login")
    assert web.operator().get(f"/operator{page}").status_code == 200


def test_what_people_typed_is_text(web):
    evil = replace(ZOE, given_name="<script>alert(1)</script>")
    brought(web.store, replace(costa(), users={"z.noel": replace(costa().users["z.noel"], person=evil)}))
    operator = web.operator()
    for path in ("/operator/subscriptions/costa", "/operator/invitations", "/operator?q=%3Cscript%3Ealert"):
        assert "<script>" not in operator.get(path).text


def test_hostile_queries_are_answered(web):
    operator = web.operator()
    for query in (
        "page=-1",
        "page=x",
        "page=99999999999999999999",
        "page=0",
        "state=%00",
        "q=%00",
        "show=all",
        "q=%25",
    ):
        for page in ("", "/outbox", "/invitations", "/runs", "/disclosures"):
            assert operator.get(f"/operator{page}?{query}").status_code == 200


def test_the_overview_reads_no_body(web):
    with web.store.engine.begin() as c:
        c.exec_driver_sql("UPDATE body SET current = 'damaged'")
    assert web.operator().get("/operator").status_code == 200


def test_the_listing_agrees_with_the_state(web):
    brought(web.store, atelier("new", customer_code="C77"))
    assert names(web, "c77") == ["new"]
    brought(web.store, atelier("new", customer_code="C78"))
    assert names(web, "c77") == []
    assert web.store.check() == []
