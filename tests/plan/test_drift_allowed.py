"""Drift that the fleet's list allows is shown, left alone and not counted, until a day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from flexsync.desired.model import Allowed, Policy
from flexsync.plan.summary import summary
from tests.support.plans import make, wish
from tests.support.states import AS_OF, state, user

FILES = state(users={"paul": user("paul", "compta"), "zoe": user("zoe", "compta")})
PORTAL = replace(FILES, users={**FILES.users, "zoe": user("zoe", "compta", "paye")})


def planned(subject="access/zoe/*", until=AS_OF, drift="report", desired=FILES, as_of=AS_OF):
    policy = Policy(drift=drift, drift_allowed=(Allowed(subject, "she stands in", until),))
    return make(PORTAL, wish(desired, policy=policy), applied=FILES, as_of=as_of)


@pytest.mark.parametrize("drift", ["report", "adopt", "revert"])
def test_allowed_drift_is_left_alone_with_its_reason(drift):
    (step,) = planned(drift=drift).steps
    assert (step.allowed, step.waiting, step.refused) == (True, True, False)
    assert step.blocks[0].message == f"allowed until {AS_OF}: she stands in"


def test_it_is_counted_apart():
    assert str(summary(planned().steps)).endswith("; 0 drift; 1 allowed; 0 blocked")


def test_the_last_day_is_included_and_the_day_after_it_counts_again():
    assert planned(until=AS_OF).steps[0].allowed
    (step,) = planned(until=AS_OF, as_of=AS_OF + timedelta(days=1)).steps
    assert (step.allowed, [block.code for block in step.blocks]) == (False, ["drift"])


@pytest.mark.parametrize("subject", ["access/paul/*", "user/zoe", "access/zoe/compta"])
def test_other_subjects_are_not_allowed(subject):
    assert not planned(subject).steps[0].allowed


def test_what_the_files_ask_for_is_never_held_by_the_list():
    desired = replace(FILES, users={**FILES.users, "zoe": user("zoe", "compta", "paye"), "paul": user("paul")})
    steps = make(PORTAL, wish(desired, policy=Policy(drift_allowed=(Allowed("*", "all", date.max),))), applied=FILES)
    assert [step.ready for step in steps.steps] == [True]
