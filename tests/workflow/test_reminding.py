"""Mails that time causes: who is reminded of what, when, and only once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from flexsync.catalogue import Label, Release, ServiceType
from flexsync.outbox.letter import letters
from flexsync.state import Admin
from flexsync.store.tables import body
from flexsync.workflow.delivering import once, watched
from flexsync.workflow.delivering import reminded as reminded_by
from flexsync.workflow.reminding import remind
from tests.support.posting import Box, post
from tests.support.stored import ANNE, CATALOGUE, LAURE, PAUL, VAT, atelier, brought, day

END = day("2026-12-31")
ENDING = atelier(ends_on=END)
OUT = day("2026-11-20")
NEW = Release("paye", "12.2", Label("Ciel Paye Evolution", "Ciel Paye Evolution"), published_on=OUT)


def reminded(store, as_of, catalogue=CATALOGUE) -> dict[str, tuple[str, ...]]:
    """Who was reminded on a day, of which codes."""
    before = {row.id for row in store.outbox()}
    remind(store, catalogue, as_of, actor="claire")
    new = [row for row in store.outbox() if row.id not in before]
    assert {store.run(row.run)[0].command for row in new} <= {"remind"}
    return {row.recipient: row.codes for row in new}


def days_left(store, as_of) -> list[int]:
    before = len(store.outbox())
    remind(store, CATALOGUE, as_of, actor="claire")
    return [row.payload["changes"][0]["days"] for row in store.outbox()[before:]]


@pytest.mark.parametrize(("left", "count"), [(31, 0), (30, 1), (8, 1), (7, 1), (0, 1), (-1, 0)])
def test_the_administrator_is_told_thirty_and_seven_days_before_an_end(store, activated, left, count):
    brought(store, ENDING)
    activated(ANNE)
    assert reminded(store, END - timedelta(left)) == ({ANNE.email: ("N13",)} if count else {})


def test_each_reminder_is_given_once_and_a_missed_day_is_made_up_for(store, activated):
    brought(store, ENDING)
    activated(ANNE)
    days = [END - timedelta(left) for left in range(40, -3, -1)]
    assert [left for as_of in days for left in days_left(store, as_of)] == [30, 7]
    assert [left for as_of in days for left in days_left(store, as_of)] == []


def test_a_renewed_contract_is_reminded_of_again(store, activated):
    brought(store, ENDING)
    activated(ANNE)
    assert days_left(store, END) == [0]
    later = END + timedelta(365)
    brought(store, replace(ENDING, ends_on=later))
    assert days_left(store, END) == []
    assert days_left(store, later - timedelta(29)) == [29]


def test_the_end_of_a_service_counts_as_well_and_that_of_one_switched_off_does_not(store, activated):
    ending = replace(VAT, ends_on=END)
    brought(store, atelier(services={"vat_filing": ending, "other": replace(ending, status="off")}))
    activated(ANNE)
    assert days_left(store, END) == [0]
    (part,) = letters([store.outbox()[-1]]).parts
    assert part.told[0].subject == "service/vat_filing"


def test_who_has_no_password_yet_and_a_closed_subscription_are_left_in_peace(store, activated):
    brought(store, ENDING)
    assert reminded(store, END) == {}
    activated(ANNE)
    brought(store, replace(ENDING, status="closed", users={}))
    assert reminded(store, END) == {}


def test_users_of_a_product_are_told_of_a_version_for_a_month_after_it_came_out(store, activated):
    brought(store, atelier())
    activated(PAUL)
    activated(LAURE)
    catalogue = replace(CATALOGUE, releases=(NEW,))
    assert reminded(store, OUT - timedelta(1), catalogue) == {}
    assert reminded(store, OUT, catalogue) == {PAUL.email: ("N15",), LAURE.email: ("N15",)}
    assert reminded(store, OUT + timedelta(1), catalogue) == {}
    newer = replace(CATALOGUE, releases=(NEW, replace(NEW, version="12.10")))
    assert reminded(store, OUT + timedelta(31), newer) == {}
    assert reminded(store, OUT + timedelta(30), newer) == {PAUL.email: ("N15",), LAURE.email: ("N15",)}


def test_a_version_without_a_day_is_no_news(store, activated):
    brought(store, atelier())
    activated(PAUL)
    assert reminded(store, OUT, replace(CATALOGUE, releases=(replace(NEW, published_on=None),))) == {}


def test_the_tool_of_a_service_is_news_to_its_recipients(store, activated):
    brought(store, atelier(services={"vat_filing": VAT}))
    activated(PAUL)
    activated(LAURE)
    tool = ServiceType("vat_filing", Label("TVA", "VAT"), ("compta",), tool="direct")
    catalogue = replace(CATALOGUE, services={"vat_filing": tool}, releases=(replace(NEW, product="direct"),))
    assert reminded(store, OUT, catalogue) == {PAUL.email: ("N15",)}


def test_an_administrator_who_uses_the_product_gets_one_mail_of_all(store, activated):
    ending = atelier(ends_on=OUT, admin=Admin(PAUL))
    brought(store, ending)
    activated(PAUL)
    remind(store, replace(CATALOGUE, releases=(NEW,)), OUT, actor="claire")
    mine = [row for row in store.outbox() if store.run(row.run)[0].command == "remind"]
    assert len({(row.run, row.recipient) for row in mine}) == 1
    assert {one.code for one in letters(mine).told} == {"N13", "N15"}


def test_who_delivers_without_end_reminds_once_a_day(store, clock, activated, tmp_path):
    today = clock.now().date()
    brought(store, atelier(ends_on=today + timedelta(31)))
    activated(ANNE)
    rounds = watched(post(store, Box(tmp_path).channel), limit=None, wait=lambda seconds: None)
    seen = []
    for _ in range(3):
        next(rounds)
        seen.append([row.codes for row in store.outbox() if row.codes == ("N13",)])
        clock.move(timedelta(days=1))
    rounds.close()
    assert seen == [[], [("N13",)], [("N13",)]]


def test_what_waits_leaves_even_when_reminders_cannot_be_made(store, tmp_path):
    brought(store, atelier())
    store.write(lambda connection: connection.execute(update(body).values(current="{")))
    done = once(post(store, Box(tmp_path).channel), limit=None).delivered
    assert done.trouble.startswith("The reminders of the day could not be sent: ")
    assert done.counts["sent"] == 3
    assert PAUL.email in Box(tmp_path).mails


def test_reminders_of_the_day_leave_with_the_delivery_that_made_them(store, clock, activated, tmp_path):
    brought(store, atelier(ends_on=clock.now().date() + timedelta(30)))
    activated(ANNE)
    done = once(post(store, Box(tmp_path).channel), limit=None)
    assert done.delivered.counts["sent"] == len(list(tmp_path.rglob("*.eml")))
    assert [row.state for row in store.outbox() if row.codes == ("N13",)] == ["sent"]


def test_a_second_delivery_of_the_day_looks_for_no_reminders_and_the_next_day_does(store, clock, activated, tmp_path):
    box = post(store, Box(tmp_path).channel)
    today = clock.now().date()
    reminded_by(box)
    brought(store, atelier(ends_on=today))
    activated(ANNE)
    assert reminded_by(box) == 0
    assert not [run for run in store.runs() if run.command == "remind"]
    clock.move(timedelta(days=1))
    brought(store, atelier(ends_on=today + timedelta(1)))
    reminded_by(box)
    assert [run.counts for run in store.runs() if run.command == "remind"] == [{"queued": 1}]


def test_reminders_of_all_subscriptions_are_one_run(store, activated):
    for number in range(3):
        brought(store, replace(ENDING, name=f"atelier-{number}"))
    activated(ANNE)
    before = len(store.outbox())
    assert remind(store, CATALOGUE, END, actor="claire") == 3
    assert len({row.run for row in store.outbox()[before:]}) == 1
