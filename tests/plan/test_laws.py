"""Laws of diff, patch and build, over generated pairs of States."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from flexsync.apply.mails import UNSETTLED
from flexsync.plan.data import subscription_data
from flexsync.plan.diff import diff
from flexsync.plan.file import differences, from_json, plan_digest, to_json
from flexsync.plan.order import in_order
from flexsync.plan.patch import patch
from flexsync.state import State, canonical
from tests.support.plans import Case, applied_by, cases, whole
from tests.support.states import RANKS, pairs


@given(pairs())
def test_patching_with_the_diff_gives_the_desired_state(pair):
    current, desired = pair
    assert patch(current, in_order(diff(current, desired, RANKS))) == desired


@given(pairs())
def test_equal_states_have_no_difference(pair):
    _, desired = pair
    assert diff(desired, desired, RANKS) == []


@given(pairs())
def test_a_plan_without_blocks_reaches_the_desired_state(pair):
    current, desired = pair
    plan = Case(current, desired).plan
    if all(step.ready and step.change.kind not in UNSETTLED for step in plan.steps):
        assert patch(current, [step.change for step in plan.steps]) == desired


@given(cases())
def test_no_prefix_of_the_ready_steps_has_more_users_than_seats(case):
    for state in _prefixes(case):
        assert len(state.present) <= max(state.seats, len(case.current.present) if case.current else 0)
        for code, product in state.products.items():
            assert product.seats is None or sum(code in user.access for user in state.present.values()) <= product.seats


@given(cases())
def test_a_plan_leaves_at_least_one_user_and_one_administrator(case):
    before, *_, after = [case.current, *_prefixes(case)]
    if before is not None and before.present and after.status == "open":
        assert after.present
    if before is not None and before.admin:
        assert after.admin


@given(cases())
def test_a_ready_step_never_needs_a_blocked_one(case):
    for state in _prefixes(case):
        for user in state.present.values():
            assert set(user.access) <= state.products.keys()


@given(cases())
def test_a_second_plan_has_nothing_to_apply(case):
    again = applied_by(case)
    assert [step.change for step in again.plan.ready] == []


@given(cases(), st.randoms())
def test_the_order_of_the_input_does_not_matter(case, random):
    one, other = case.plan, _shuffled(case, random).plan
    assert canonical(subscription_data(one)) == canonical(subscription_data(other))


@given(cases())
def test_a_saved_plan_comes_back_as_it_was(case):
    plan = whole(case.plan)
    saved = to_json(plan)
    again = from_json(saved)
    assert to_json(again) == saved
    assert plan_digest(again) == plan_digest(plan)
    assert differences(again, plan) == ()


def _prefixes(case: Case) -> Iterator[State]:
    state = case.current
    for step in case.plan.ready:
        state = patch(state, [step.change])
        yield state
    if state is not None:
        yield state


def _shuffled(case: Case, random) -> Case:
    def mixed(parts):
        items = list(parts.items())
        random.shuffle(items)
        return dict(items)

    def state(one):
        if one is None:
            return None
        parts = {name: mixed(getattr(one, name)) for name in ("users", "products", "services")}
        return replace(one, **parts)

    desired = replace(case.desired, state=state(case.desired.state), missing=mixed(case.desired.missing))
    return replace(
        case,
        current=state(case.current),
        applied=state(case.applied),
        desired=desired,
        facts=mixed(case.facts),
        known=mixed(case.known),
    )
