"""What the software reports of dossiers decides whether data may come back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flexsync.acts.reporting import Event, Known, Report, report
from flexsync.acts.signing import Attempt
from flexsync.clock import today
from flexsync.plan.dossiers import not_retrieved
from flexsync.snapshot import DOSSIER_CHANGED
from flexsync.state import Dossier, Product
from tests.support.stored import PAUL, brought
from tests.support.web import PASSWORD

BOOKS = {"compta": Product(data_mode="hosted", dossiers={"DUPONT": Dossier("Atelier Dupont")}), "paye": Product()}


@pytest.fixture
def site(web):
    state = web.store.snapshots(["dupont"])["dupont"].current
    brought(web.store, replace(state, products=BOOKS))
    web.has_password(PAUL)
    return web.site


def reported(site, *events, product="compta", password=PASSWORD):
    asked = Report(product, [Event(*event.split(" ")) for event in events])
    return report(site, Attempt(PAUL.email, password, "192.0.2.7"), asked)


def snapshot(site):
    return site.store.snapshots(["dupont"])["dupont"]


def lacking(site) -> list[str]:
    """Why the data may not come back."""
    found = snapshot(site)
    product = found.current.products["compta"]
    return list(not_retrieved("compta", product, product, found.facts))


def test_data_may_not_come_back_after_a_change_and_may_after_a_retrieval(site, web):
    day = today(web.clock)
    assert reported(site, "DUPONT changed") == (Known("DUPONT", day, None),)
    assert lacking(site) == [f"dossier DUPONT changed online on {day:%d/%m/%Y}, never retrieved"]
    web.clock.move(timedelta(days=1))
    assert reported(site, "DUPONT retrieved") == (Known("DUPONT", day, day + timedelta(days=1)),)
    assert lacking(site) == []
    web.clock.move(timedelta(days=1))
    reported(site, "DUPONT changed")
    assert "last retrieved" in lacking(site)[0]
    assert site.store.check() == []


def test_a_change_after_a_retrieval_of_the_same_day_makes_it_count_no_more(site):
    reported(site, "DUPONT retrieved")
    assert lacking(site) == []
    reported(site, "DUPONT changed")
    assert "never retrieved" in lacking(site)[0]
    reported(site, "DUPONT changed", "DUPONT retrieved")
    assert lacking(site) == []


def test_a_dossier_that_no_file_knows_counts_too(site):
    reported(site, "DUPONT retrieved", "NOUVEAU changed")
    assert [line.split()[1] for line in lacking(site)] == ["NOUVEAU"]


def test_a_retrieval_is_drift_by_design_and_names_who_did_it(site):
    reported(site, "DUPONT retrieved")
    found = snapshot(site)
    assert found.current.products["compta"].dossiers["DUPONT"].retrieved_by == PAUL.name
    assert found.applied.products["compta"].dossiers["DUPONT"].retrieved_on is None
    assert site.store.history("dupont")[-1].actor == PAUL.email


def test_the_same_report_twice_changes_nothing_the_second_time(site):
    reported(site, "DUPONT changed")
    before = snapshot(site).revision
    reported(site, "DUPONT changed")
    assert snapshot(site).revision == before
    assert len(site.store.runs(100)) == len([run for run in site.store.runs(100) if run.result == "done"])


@pytest.mark.parametrize(("product", "code"), [("paye", "not_hosted"), ("nothing", "no_access")])
def test_only_data_that_is_online_is_reported(site, product, code):
    assert reported(site, "DUPONT changed", product=product).code == code


def test_a_wrong_password_reports_nothing(site):
    before = snapshot(site)
    assert reported(site, "DUPONT changed", password="wrong") is None
    assert snapshot(site) == before


def test_dossiers_of_a_product_are_bounded(site):
    many = [f"D{number} changed" for number in range(500)]
    assert reported(site, *many).code == "too_many_dossiers"
    assert DOSSIER_CHANGED.format("compta", "D1") not in snapshot(site).facts
    assert len(reported(site, *many[:499])) == 499


def test_another_customer_learns_and_changes_nothing(site):
    before = site.store.snapshots(["costa"])
    asked = Report("compta", [Event("DUPONT", "changed")], "costa")
    assert report(site, Attempt(PAUL.email, PASSWORD, "192.0.2.7"), asked).code == "no_seat"
    assert site.store.snapshots(["costa"]) == before
