"""Names that no file can have, pipes, and names that would move the cursor: told in words, at once."""

import os
from pathlib import Path

import pytest

from flexsync.errors import Refused
from flexsync.secrets import Secrets
from tests.support.folders import firm, solo, write

LONG = "x" * 300
ESC = "odd\x1b[31mname"


@pytest.fixture
def one(tmp_path):
    """A folder with one subscription."""
    write(tmp_path / "one", {"subscription.yaml": solo()})
    return tmp_path / "one"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("plan", "-C", LONG), 64),
        (("validate", "-C", LONG), 64),
        (("fmt", LONG), 64),
        (("fmt", "-C", LONG), 64),
        (("status", "-C", LONG), 64),
        (("init", "single", LONG), 64),
        (("apply", LONG), 64),
        (("plan", "--store", LONG), 9),
        (("apply", "--yes", "--store", LONG), 9),
        (("status", "--store", LONG), 9),
        (("store", "init", "--store", LONG), 9),
        (("plan", "--out", LONG), 64),
        (("plan", "--out", "x" * 252), 64),
        (("plan", "--output", f"text={LONG}"), 64),
        (("store", "backup", LONG), 64),
    ],
)
def test_a_name_that_is_too_long_is_told_in_words(flexsync, one, monkeypatch, words, code):
    monkeypatch.chdir(one)
    done = flexsync(*words)
    assert done.code == code
    assert "Error: " in done.err


@pytest.fixture
def pipe(one):
    """A pipe into which nobody writes."""
    os.mkfifo(one / "pipe", 0o600)
    return one / "pipe"


def test_a_plan_is_not_awaited_from_a_pipe(flexsync, pipe):
    done = flexsync("apply", pipe)
    assert (done.code, "not a regular file" in done.err) == (64, True)


def test_a_secret_is_not_awaited_from_a_pipe(pipe):
    with pytest.raises(Refused, match="Not a regular file"):
        Secrets(pipe.parent, {}).read("file:pipe")


def test_a_secret_may_be_a_link_inside_the_folder(one):
    (one / "secret").write_text("long enough")
    (one / "secret").chmod(0o600)
    (one / "link").symlink_to("secret")
    assert Secrets(one, {}).read("file:link") == "long enough"


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "-C", ESC),
        ("plan", "-C", ESC),
        ("plan", "-C", f"{ESC}/nothing"),
        ("plan", "--out", f"{ESC}/plan.json"),
        ("plan", "--output", f"text={ESC}/none/plan.txt"),
        ("plan", "--output", ESC),
        ("apply", f"{ESC}.json"),
        ("runs", "show", ESC),
        ("init", "single", ESC),
        ("init", "single", f"{ESC}-new"),
        (ESC,),
        ("plan", f"--{ESC}"),
        ("plan", "--format", ESC),
        ("schema", ESC),
        ("export", "--all", "--to", ESC),
        ("export", "--all", "--to", f"{ESC}-new"),
        ("store", "backup", f"{ESC}/copy.db"),
    ],
)
def test_an_odd_name_never_reaches_the_terminal_raw(flexsync, one, monkeypatch, words):
    monkeypatch.chdir(one)
    write(Path(ESC), {"subscription.yaml": solo("other-one", "o@o.example")})
    assert flexsync("store", "init").code == 0
    assert flexsync("plan", "-C", ESC, "--out", f"{ESC}/plan.json").code == 0
    done = flexsync(*words)
    assert "\x1b" not in done.out + done.err


def test_a_fleet_in_an_odd_folder_is_refused_its_part_in_visible_letters(flexsync, tmp_path):
    firm(tmp_path / ESC, {"clients/a.yaml": solo()})
    done = flexsync("plan", "-C", tmp_path / ESC / "clients")
    assert done.code == 64
    assert "\x1b" not in done.out + done.err
