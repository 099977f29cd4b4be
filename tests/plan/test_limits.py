"""How much may change unasked, and how exactly it is allowed."""

from dataclasses import replace

import pytest

from flexsync.errors import WrongCommand
from flexsync.plan import limits
from flexsync.plan.limits import limits_from, parse_acks
from tests.support.plans import make
from tests.support.states import departed, state, user

DEFAULT = limits_from({})


def leaving(leavers, of):
    keys = [f"u{number:03}" for number in range(of)]
    current = state(seats=of, users={key: user(key) for key in keys})
    gone = {key: departed(current.users[key]) for key in keys[:leavers]}
    return make(current, replace(current, users={**current.users, **gone}))


def trips(plan, acks=None, bounds=DEFAULT):
    return limits.each(plan, bounds, acks or {}, limits.planned([plan]))


@pytest.mark.parametrize(("leavers", "of"), [(1, 2), (1, 9), (2, 8), (2, 9)])
def test_one_removal_or_a_quarter_always_passes(leavers, of):
    assert trips(leaving(leavers, of)) == ()


@pytest.mark.parametrize(("leavers", "of"), [(2, 3), (3, 9), (4, 9)])
def test_more_than_one_and_more_than_a_quarter_trips(leavers, of):
    assert [trip.limit for trip in trips(leaving(leavers, of))] == ["deactivate"]


def test_the_message_gives_the_exact_flag():
    (trip,) = trips(leaving(4, 9))
    assert trip.message == (
        "deactivate: 4 of 9 planned, the limit for one subscription is 1 or 25 %; "
        "if that is meant, add --ack deactivate=4"
    )


def test_only_the_exact_number_lifts_a_limit():
    assert trips(leaving(4, 9), {"deactivate": 4}) == ()
    (trip,) = trips(leaving(4, 9), {"deactivate": 3})
    assert "acknowledged 3, planned 4" in trip.message


def test_the_number_is_that_of_the_whole_run():
    plans = [leaving(4, 9), leaving(2, 20)]
    totals, exists = limits.planned(plans), {"deactivate": 29}
    assert limits.each(plans[0], DEFAULT, {"deactivate": 6}, totals) == ()
    assert limits.fleet(totals, exists, DEFAULT, {"deactivate": 6}) == ()
    (trip,) = limits.fleet(totals, exists, DEFAULT, {})
    assert (trip.scope, trip.planned, trip.population) == ("fleet", 6, 29)


def test_the_contract_always_asks():
    current = state()
    assert [trip.limit for trip in trips(make(current, replace(current, seats=4)))] == ["contract"]


def test_a_blocked_step_is_not_counted():
    current = state()
    assert trips(make(current, replace(current, users={"anna": departed(current.users["anna"])}))) == ()


def test_the_fleet_file_replaces_bounds_by_class():
    bounds = limits_from({"deactivate": {"each": {"count": 9}}, "contract": None})
    assert trips(leaving(4, 9), bounds=bounds) == ()
    assert bounds.classes["deactivate"].fleet == DEFAULT.classes["deactivate"].fleet
    assert bounds.classes["contract"] == DEFAULT.classes["contract"]
    assert bounds.digest != DEFAULT.digest


def test_acknowledgements_are_read():
    assert parse_acks(["deactivate=4", "contract=1"]) == {"deactivate": 4, "contract": 1}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("deactivat=4", 'Did you mean "deactivate"?'),
        ("deactivate", "--ack deactivate=4"),
        ("deactivate=all", "--ack deactivate=4"),
        ("deactivate=-1", "--ack deactivate=4"),
        ("deactivate=٤", "--ack deactivate=4"),
        ("\x1b[31m=1", "\\x1b"),
    ],
)
def test_nonsense_is_a_wrong_command(text, words):
    with pytest.raises(WrongCommand) as caught:
        parse_acks([text])
    assert words in str(caught.value)


def test_two_numbers_for_one_class_are_a_wrong_command():
    with pytest.raises(WrongCommand, match="given twice"):
        parse_acks(["deactivate=1", "deactivate=2"])
