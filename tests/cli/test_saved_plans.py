"""A saved plan is done exactly, once, or not at all."""

import json
import shutil

import pytest

from flexsync.plan.file import MAX_BYTES
from flexsync.state import canonical, digest
from tests.support.commands import EXAMPLES


@pytest.fixture
def folder(tmp_path):
    """A copy of the guide's example that may be edited."""
    return shutil.copytree(EXAMPLES / "guide", tmp_path / "guide")


@pytest.fixture
def on_guide(flexsync, folder, store_url):
    """A command on the copy, without planning options."""
    return lambda *words: flexsync(*words, "-C", folder, "--store", store_url)


@pytest.fixture
def saved(on_guide, tmp_path):
    """The file of a plan of everything."""
    path = tmp_path / "plan.json"
    assert on_guide("plan", "--as-of", "2013-02-15", "--out", path).code == 0
    return path


def replant(path, **changes):
    """The saved plan with some of its binding changed and its digest made anew."""
    data = json.loads(path.read_text())
    data["binding"] |= changes
    del data["digest"]
    path.write_text(canonical({**data, "digest": digest(data)}))


def test_a_saved_plan_is_applied_without_asking_and_only_once(on_guide, saved):
    done = on_guide("apply", saved)
    assert (done.code, done.out.splitlines()[-1].split(": ")[1]) == (0, "1 applied")
    again = on_guide("apply", saved)
    assert again.code == 5
    assert "stale" in again.err or "used" in again.err


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("store", "0" * 32),
        ("as_of", "2013-02-14"),
        ("catalogue", "0" * 32),
        ("tool", "0.0.1"),
        ("commit", "0" * 40),
        ("limits", "0" * 32),
        ("acks", ["deactivate=4"]),
        ("targets", ["atelier-*"]),
        ("excludes", ["boulangerie-*"]),
    ],
)
def test_a_plan_bound_to_something_else_is_refused_with_the_difference(on_guide, saved, dumped, field, value):
    before = dumped()
    replant(saved, **{field: value})
    done = on_guide("apply", saved)
    if field in {"as_of", "acks", "targets", "excludes"}:
        # Apply plans with what the file says; the steps and digests then have to fit.
        assert done.code in {0, 5}
        return
    assert done.code == 5
    assert field in done.err
    assert dumped() == before


def test_a_plan_is_stale_when_the_files_moved(on_guide, saved, folder, dumped):
    before = dumped()
    path = folder / "subscription.yaml"
    path.write_text(path.read_text().replace("given_name: Pierre", "given_name: Pierrot"))
    done = on_guide("apply", saved)
    assert done.code == 5
    assert "the files ask for something else" in done.err
    assert dumped() == before


def test_a_plan_is_stale_when_the_store_moved(on_guide, saved, folder):
    assert on_guide("apply", "--yes", "--as-of", "2013-02-15").code == 0
    done = on_guide("apply", saved)
    assert done.code == 5
    assert "revision 0 -> 1" in done.err or "nothing to do any more" in done.err


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda text: text[: len(text) // 2], "cut off or is not JSON"),
        (lambda text: text.replace("Pierre", "Pierra"), "edited or damaged"),
        (lambda text: text.replace('"format":1', '"format":2'), "format 2"),
        (lambda text: "[" * 100_000, "plan"),
        (lambda text: "{}", "not a plan file"),
        (lambda text: "", "plan"),
        (lambda text: '{"format":1,"format":1}', "not JSON"),
        (lambda text: " " * (MAX_BYTES + 1), "at most"),
    ],
)
def test_a_damaged_plan_file_is_refused_in_words(on_guide, saved, dumped, damage, says):
    before = dumped()
    saved.write_text(damage(saved.read_text()))
    done = on_guide("apply", saved)
    assert done.code == 5
    assert says in done.err
    assert "Traceback" not in done.err
    assert dumped() == before


def test_a_saved_plan_takes_no_planning_options(on_guide, saved):
    done = on_guide("apply", saved, "--as-of", "2013-02-15")
    assert done.code == 64
    assert "leave out" in done.err


def test_equal_inputs_give_a_byte_identical_plan(on_guide, tmp_path):
    texts = []
    for name in ("one.json", "two.json"):
        on_guide("plan", "--as-of", "2013-02-15", "--out", tmp_path / name)
        texts.append((tmp_path / name).read_bytes())
    assert texts[0] == texts[1]


def test_a_plan_for_a_store_that_is_not_there_yet_fits_no_other_new_store(flexsync, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("FLEX_QUIROULE_EFILING", "correct horse")
    path = tmp_path / "plan.json"
    on = ("-C", folder)
    assert flexsync("plan", *on, "--as-of", "2013-02-15", "--out", path).code == 0
    other = flexsync("apply", path, *on, "--store", tmp_path / "other.db")
    assert other.code == 5
    assert "made for another store" in other.err
    assert not (tmp_path / "other.db").exists()
    assert flexsync("apply", path, *on).code == 0
    assert flexsync("apply", path, *on).code == 5
