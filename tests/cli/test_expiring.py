"""expiring: what ends soon or waits, as the store has it."""

import json
from dataclasses import replace
from datetime import date

import pytest

from flexsync.state import Evidence
from tests.support.stored import VAT, ZOE, atelier, brought, hosted, user, with_user

PENDING = replace(VAT, status="pending", ends_on=date(2026, 12, 20))


@pytest.fixture
def filled(store):
    """Three subscriptions at 25 November 2026: one that ends, one with data online, one that is closed."""
    brought(store, with_user(atelier(ends_on=date(2026, 12, 10)), "zoe", user(ZOE, ends_on=date(2026, 12, 1))))
    online = hosted(atelier("bureau", ends_on=date(2026, 12, 24), admin=None, users={}))
    brought(store, replace(online, services={"vat_filing": PENDING}))
    brought(store, atelier("chalet", ends_on=date(2026, 12, 1), admin=None, users={}))
    brought(store, atelier("chalet", ends_on=date(2026, 12, 1), admin=None, users={}, status="closed"))
    return store


@pytest.fixture
def expiring(flexsync, filled, store_url, tmp_path):
    (tmp_path / "one.yaml").write_text(
        "apiVersion: flexsync/v1\nkind: Subscription\nname: one\noffer: flex\nseats: 1\nproducts: {compta: {}}\n"
    )

    def call(*words):
        return flexsync("expiring", "-C", tmp_path / "one.yaml", "--store", store_url, *words)

    return call


def told(done):
    return [(end["subscription"], end["what"], end["subject"], end["days"]) for end in json.loads(done.out)]


def test_data_online_comes_first_then_what_is_due_first(expiring):
    assert told(expiring("--within", "30d", "--format", "json")) == [
        ("bureau", "prerequisite", "vat_filing", 0),
        ("bureau", "service", "vat_filing", 25),
        ("bureau", "contract", "", 29),
        ("atelier", "user", "zoe", 6),
        ("atelier", "invitation", "admin", 14),
        ("atelier", "invitation", "l.petit", 14),
        ("atelier", "invitation", "p.martin", 14),
        ("atelier", "invitation", "zoe", 14),
        ("atelier", "contract", "", 15),
    ]


def test_the_last_day_of_a_span_is_part_of_it(expiring):
    assert ("atelier", "contract", "", 15) in told(expiring("--within", "15d", "--format", "json"))
    assert ("atelier", "contract", "", 15) not in told(expiring("--within", "14", "--format", "json"))
    assert told(expiring("--within", "30d", "--format", "json", "--as-of", "9999-12-31"))


def test_a_shorter_look_ahead_tells_less(expiring):
    assert told(expiring("--within", "1w", "--format", "json")) == [
        ("bureau", "prerequisite", "vat_filing", 0),
        ("atelier", "user", "zoe", 6),
    ]


def test_papers_are_awaited_since_the_day_of_the_request_and_what_is_past_has_days_below_0(expiring):
    found = told(expiring("--as-of", "2026-12-27", "--within", "0", "--format", "json"))
    assert ("bureau", "prerequisite", "vat_filing", -32) in found
    assert ("atelier", "contract", "", -17) in found


def test_the_table_says_what_is_missing(expiring):
    done = expiring()
    assert done.code == 0
    assert "data of compta is online; bring it back before" in done.out
    assert "awaits tax_office_form" in done.out
    assert expiring("--exit-code").code == 2


def test_a_paper_that_was_sent_is_not_awaited(expiring, filled):
    sent = replace(PENDING, evidence={"tax_office_form": Evidence(date(2026, 11, 20))})
    brought(filled, replace(filled.snapshots(["bureau"])["bureau"].current, services={"vat_filing": sent}))
    assert "awaits a decision" in expiring().out


@pytest.mark.parametrize("span", ["30x", "-1", "1e3", "", "99999"])
def test_a_span_of_another_form_is_refused(expiring, span):
    assert expiring("--within", span).code == 64
