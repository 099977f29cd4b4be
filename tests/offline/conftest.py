"""A firm in a repository, and plans of its changes."""

import pytest

from tests.support.repositories import firm_repository


@pytest.fixture
def firm(tmp_path):
    return firm_repository(tmp_path / "firm")


@pytest.fixture
def plan(flexsync, firm):
    """The plan of what was committed since the tag `base`."""
    return lambda *words: flexsync("plan", "-C", firm.root, "--base", "base", "--as-of", "2026-01-15", *words)
