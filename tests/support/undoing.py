"""Ways back from runs, for the tests of undo."""

import re
from dataclasses import replace
from datetime import date

from flexsync.desired.model import Policy
from flexsync.plan.change import ORDER, Change
from flexsync.plan.diff import diff
from flexsync.plan.undo import Done, undo
from flexsync.state import Dossier, State
from tests.support.plans import Known
from tests.support.stored import CATALOGUE, VAT, applied, atelier, hosted, only, snapshot_of, with_user

DAY = date(2026, 11, 25)
RANKS = {"flex": 1, "ultraflex": 2}
SECRETS = Known(values=("env:DUPONT",))
PENDING = replace(VAT, status="pending")
SERVED = atelier(services={"vat_filing": VAT})
HOSTED = hosted(atelier(), DUPONT=Dossier("Dupont"))
RETRIEVED = hosted(atelier(), DUPONT=Dossier("Dupont", date(2026, 11, 26), "Anne"))
BACK = replace(
    RETRIEVED, products={**RETRIEVED.products, "compta": replace(RETRIEVED.products["compta"], data_mode="local")}
)


def edited(state: State, key: str, **fields: object) -> State:
    return with_user(state, key, replace(state.users[key], **fields))


def left(state: State, key: str) -> State:
    return edited(state, key, status="deactivated", access=())


def switched_off(state: State) -> State:
    return replace(state, services={code: replace(one, status="off") for code, one in state.services.items()})


def accounts_of(store):
    class Accounts:
        def get(self, key):
            return store.accounts([key]).get(key)

    return Accounts()


def way_back(store, name="atelier", run="", policy=Policy()):  # noqa: B008 - it is frozen
    """The Undo of the last run of a subscription, or of `run`."""
    entries = store.history(name)
    entry = next(one for one in reversed(entries) if not run or one.run == run)
    changes = tuple(Change(one["kind"], one["subject"], one["before"], one["after"]) for one in entry.steps)
    done = Done(entry.before, changes)
    return undo(done, snapshot_of(store, name), policy, accounts_of(store), CATALOGUE, DAY, SECRETS)


def take_back(store, name="atelier", run=""):
    found = way_back(store, name, run)
    assert found.conflicts == ()
    held = [(step.change.words, step.blocks) for step in found.plan.steps if not step.ready]
    assert held == []
    return only(applied(store, found.plan).outcomes)


def asked(store, desired):
    """What the files, which still say `desired`, ask for."""
    changes = diff(snapshot_of(store, desired.name).current, desired, RANKS)
    return sorted((change.kind for change in changes), key=ORDER.__getitem__)


def steps(output):
    """Sign, verb and subject of the steps that a plan shows."""
    return re.findall(r"^  ([+~!>?-]) (\w+) +([\w.]+)", output, re.MULTILINE)


class PowerCut(BaseException):
    """The process is gone."""
