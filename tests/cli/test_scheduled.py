"""Somebody whose first day is still to come: the files ask, the store has nobody yet."""

import json

import pytest

from tests.support.folders import solo

SEASON = """\
users:
  zoe: null
  jade: {civility: madame, given_name: Jade, family_name: Collin, email: jade@solo.example, starts_on: 2026-06-01}
"""


@pytest.fixture
def solo_store(flexsync, store_url, tmp_path):
    """A command on one subscription with a seasonal worker, applied on a day in winter."""
    file = tmp_path / "solo.yaml"
    file.write_text(solo().replace("seats: 1", "seats: 2") + SEASON)

    def call(*words):
        return flexsync(*words, "-C", file, "--store", store_url)

    assert call("apply", "--yes", "--as-of", "2026-01-15").code == 0
    return call, file


def test_status_lists_who_begins_later_with_the_day(solo_store, flexsync, store_url):
    call, file = solo_store
    file.write_text(file.read_text().replace("2026-06-01", "2027-06-01"))
    assert "  jade   Jade Collin  à partir du 01/06/2027 " in call("status", "solo-bernard").out
    assert json.loads(call("status", "solo-bernard", "--format", "json").out)["scheduled"] == {"jade": "2027-06-01"}
    assert "jade" not in flexsync("status", "solo-bernard", "--store", store_url).out


def test_files_that_cannot_be_read_are_no_hindrance_to_explain(solo_store):
    call, file = solo_store
    file.write_text("apiVersion: [")
    assert call("explain", "solo-bernard", "admin", "--as-of", "2026-05-31").code == 0


def test_explain_says_the_first_day(solo_store):
    call, _ = solo_store
    said = call("explain", "solo-bernard", "jade", "--as-of", "2026-05-31").out
    assert said.splitlines()[0] == "jade in solo-bernard: no access before 2026-06-01"
    assert "  state       not in the store yet\n" in said
    assert "  products    compta\n" in said


def test_somebody_who_comes_back_is_deactivated_until_then(solo_store):
    call, file = solo_store
    assert call("apply", "--yes", "--as-of", "2026-06-01").code == 0
    file.write_text(file.read_text().replace("2026-06-01", "2027-06-01"))
    assert call("apply", "--yes", "--as-of", "2026-10-01").code == 0
    said = call("explain", "solo-bernard", "jade", "--as-of", "2026-10-01").out
    assert said.splitlines()[0] == "jade in solo-bernard: no access before 2027-06-01"
    assert "  state       deactivated\n" in said
