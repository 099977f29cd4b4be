"""Data that goes online: what was retrieved, or seen, before."""

from dataclasses import replace
from datetime import date

import pytest

from flexsync.desired.resolve import resolve
from flexsync.snapshot import Snapshot
from flexsync.state import Dossier, State
from tests.support.catalogues import builtin
from tests.support.subscriptions import PathPlaces, edited

TODAY = date(2013, 6, 15)


def resolved(current: State | None) -> State:
    snapshot = Snapshot("atelier-dupont", 1 if current else 0, current)
    return resolve(edited({}), PathPlaces(), snapshot, builtin(), TODAY).state


@pytest.mark.parametrize(("seen", "counts"), [(date(2013, 6, 14), True), (TODAY, False)])
def test_what_was_seen_on_the_day_on_which_data_goes_online_proves_nothing_afterwards(seen, counts):
    dossier, hosted = Dossier("Atelier Dupont", seen, "Laure"), resolved(None)
    local = replace(hosted.products["compta"], data_mode="local", confirmed_empty_on=seen, dossiers={"DUPONT": dossier})
    compta = resolved(replace(hosted, products={**hosted.products, "compta": local})).products["compta"]
    assert compta.data_mode == "hosted"
    assert compta.confirmed_empty_on == (seen if counts else None)
    assert compta.dossiers["DUPONT"] == (dossier if counts else Dossier("Atelier Dupont"))
