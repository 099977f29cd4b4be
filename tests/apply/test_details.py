"""What a mail tells that the change alone does not say."""

from dataclasses import replace

from flexsync.outbox.letter import letters
from flexsync.snapshot import SERVICE_IDENTIFIER
from flexsync.state import Dossier
from tests.support.stored import ANNE, NOON, VAT, atelier, brought, day, hosted, snapshot_of

SERVED = atelier(services={"vat_filing": VAT}, ends_on=day("2027-01-31"))


def told_to_anne(store, kind: str):
    rows = [row for row in store.outbox() if row.recipient == ANNE.email]
    (found,) = [change for row in rows for change in row.payload["changes"] if change["kind"] == kind]
    return found


def test_a_service_is_told_with_its_identifier_its_last_day_and_the_names_of_its_recipients(store):
    brought(store, SERVED)
    change = told_to_anne(store, "service.activate")
    assert change["identifier"] == snapshot_of(store, "atelier").facts[SERVICE_IDENTIFIER.format("vat_filing")]
    assert change["ends_on"] == "2027-01-31"
    assert change["names"] == {"p.martin": "Paul Martin-Lefèvre"}


def test_a_service_with_an_end_of_its_own_is_told_with_that_one(store):
    brought(store, replace(SERVED, services={"vat_filing": replace(VAT, ends_on=day("2026-12-31"))}))
    assert told_to_anne(store, "service.activate")["ends_on"] == "2026-12-31"


def test_a_service_that_is_switched_off_is_told_with_the_day_or_with_its_end_when_that_was_before(store):
    brought(store, SERVED)
    brought(store, replace(SERVED, services={"vat_filing": replace(VAT, status="off")}))
    assert told_to_anne(store, "service.deactivate")["last_day"] == NOON.date().isoformat()


def test_data_that_came_back_is_told_with_its_dossiers_and_who_holds_them_by_name(store):
    state = hosted(atelier(), D2025=Dossier("Exercice 2025", NOON.date(), "l.petit"))
    assert brought(store, state).status == "applied"
    local = replace(state.products["compta"], data_mode="local")
    outcome = brought(store, replace(state, products={**state.products, "compta": local}))
    assert outcome.message == ""
    assert told_to_anne(store, "data_mode.to_local")["dossiers"] == [
        {"code": "D2025", "label": "Exercice 2025", "retrieved_on": "2026-11-25", "retrieved_by": "Laure Petit"}
    ]


def test_an_administrator_is_told_how_many_accounts_are_left_to_create(store):
    brought(store, atelier())
    (part,) = letters([row for row in store.outbox() if row.recipient == ANNE.email]).parts
    assert (part.seats, part.occupied) == (4, 2)
