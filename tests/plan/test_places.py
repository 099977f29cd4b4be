"""Where the files ask for a change."""

import pytest

from flexsync.plan.change import Change
from flexsync.plan.places import path_of
from flexsync.state import Admin, to_plain
from tests.support.states import person

BEFORE, AFTER = to_plain(person("anne")), {**to_plain(person("anne")), "family_name": "Autre"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (Change("user.update", "user/anne", BEFORE, AFTER), ("users", "anne", "family_name")),
        (Change("admin.update", "admin", {"person": BEFORE}, {"person": AFTER}), ("admin", "family_name")),
        (Change("admin.update", "admin", {"person": BEFORE}, {"person": BEFORE}), ("admin",)),
        (Change("user.change_email", "user/anne", "a@b.example", "c@b.example"), ("users", "anne", "email")),
        (Change("user.create", "user/anne", None, {"person": AFTER}), ("users", "anne")),
        (Change("admin.create", "admin", None, to_plain(Admin(person("anne")))), ("admin",)),
    ],
)
def test_a_change_of_own_data_points_at_the_field_which_may_stand_elsewhere(change, path):
    assert path_of(change) == path
