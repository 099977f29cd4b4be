"""Whom a run expects to have an account once it is done."""

from dataclasses import replace

from flexsync.errors import Block
from flexsync.workflow.planning import KnownAccounts
from flexsync.workflow.stores import NoStore
from tests.support.plans import make
from tests.support.states import state, user


def test_who_is_not_created_yet_is_not_expected_by_a_later_subscription():
    plan = make(None, state(users={"anna": user("anna", "compta"), "bruno": user("bruno", "compta")}))
    held = Block("rename", "is that the same person?")
    steps = [replace(one, blocks=(held,)) if one.change.subject == "user/bruno" else one for one in plan.steps]
    known = KnownAccounts(NoStore("store.db"))
    known.expect(replace(plan, steps=tuple(steps)))
    assert known.get("anna@dupont.example") is not None
    assert known.get("bruno@dupont.example") is None
