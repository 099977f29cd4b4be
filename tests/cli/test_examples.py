"""The examples and the starting folders are what they teach: valid, and in the canonical form."""

import shutil
from pathlib import Path

import pytest

from tests.support.commands import EXAMPLES

STARTERS = Path(__file__).parents[2] / "flexsync" / "starters"
FOLDERS = {
    "guide": ("2013-02-15", EXAMPLES),
    "minimal": ("2026-01-15", EXAMPLES),
    "firm": ("2026-01-15", EXAMPLES),
    "single": ("2026-01-15", STARTERS),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_an_example_is_valid_and_in_the_canonical_form(flexsync, tmp_path, name):
    day, where = FOLDERS[name]
    folder = shutil.copytree(where / name, tmp_path / name)
    checked = flexsync("validate", "-C", folder, "--as-of", day)
    assert checked.code == 0
    assert " 0 errors, 0 warnings" in checked.out
    assert flexsync("fmt", "--check", "-C", folder).code == 0
