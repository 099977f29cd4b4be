"""Laws of diff, patch and build, over generated pairs of States."""

from hypothesis import given

from flexsync.plan.diff import diff
from flexsync.plan.order import in_order
from flexsync.plan.patch import patch
from tests.support.states import RANKS, pairs


@given(pairs())
def test_patching_with_the_diff_gives_the_desired_state(pair):
    current, desired = pair
    assert patch(current, in_order(diff(current, desired, RANKS))) == desired


@given(pairs())
def test_equal_states_have_no_difference(pair):
    _, desired = pair
    assert diff(desired, desired, RANKS) == []
