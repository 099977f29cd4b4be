"""Wrong command lines, hostile folders, broken stores: exit code and words, never a traceback."""

import errno
import io
import sqlite3
from pathlib import Path

import pytest

from flexsync.cli import COMMANDS, run
from tests.support.commands import EXAMPLES

GUIDE = EXAMPLES / "guide"
ON_GUIDE = ("-C", GUIDE, "--as-of", "2013-02-15")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["plna"], 'Did you mean "plan"?'),
        (["plan", "--stroe", "x"], "--store"),
        (["plan", "-C", "nowhere"], 'There is no "nowhere"'),
        (["plan", "--as-of", "20260101"], "YYYY-MM-DD"),
        (["plan", "--as-of", "2026-02-30"], "YYYY-MM-DD"),
        (["plan", "--as-of", "2026-W01-1"], "YYYY-MM-DD"),
        (["plan", "--format", "yaml"], "'text'"),
        (["plan", "--output", "text"], "FORMAT=FILE"),
        (["plan", "--output", "yaml=x"], "FORMAT=FILE"),
        (["plan", "--output", "text=no/folder/x"], "no folder"),
        (["plan", *ON_GUIDE, "-t", "nobody-*"], "No subscription matches"),
        (["validate", *ON_GUIDE, "-t", "nobody-*"], "No subscription matches"),
        (["plan", *ON_GUIDE, "--ack", "deactivat=1"], 'Did you mean "deactivate"?'),
        (["plan", *ON_GUIDE, "--ack", "deactivate"], "--ack deactivate=4"),
        (["plan", *ON_GUIDE, "--ack", "deactivate=-1"], "--ack deactivate=4"),
        (["plan", *ON_GUIDE, "--ack", "deactivate=1", "--ack", "deactivate=2"], "given twice"),
        (["apply", "nowhere.json"], "does not exist"),
        (["apply", GUIDE], "is a directory"),
        (["schema", "cats"], "'subscription'"),
        (["show"], "NAME"),
        (["show", "atelier-quirole", *ON_GUIDE], 'Did you mean "atelier-quiroule"?'),
        (["explain", "atelier-quiroule"], "USER"),
        (["runs"], "Usage"),
        (["runs", "list", "--limit", "0"], "range"),
        (["completion", "tcsh"], "'bash'"),
        (["init", "palace"], "'single'"),
    ],
)
def test_a_wrong_command_line_says_what_was_meant(flexsync, words, says):
    done = flexsync(*words)
    assert done.code == 64
    assert says in done.err
    assert "Traceback" not in done.err


def test_no_command_prints_the_help(flexsync):
    done = flexsync()
    assert "Commands" in done.out + done.err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_commands_that_need_one_an_example(flexsync, name):
    done = flexsync(name, "--help")
    assert done.code == 0
    assert "Usage" in done.out


def test_an_output_file_that_exists_is_not_written_over(flexsync, tmp_path):
    (tmp_path / "here" / "plan.json").write_text("mine")
    done = flexsync("plan", *ON_GUIDE, "--out", "plan.json")
    assert done.code == 64
    assert "exists" in done.err
    assert (tmp_path / "here" / "plan.json").read_text() == "mine"


def test_an_apply_without_a_terminal_needs_a_yes(flexsync):
    done = flexsync("apply", *ON_GUIDE, "--store", "s.db")
    assert done.code == 4
    assert "--yes" in done.err
    assert not Path("s.db").exists()


def test_a_run_in_ci_needs_a_name(flexsync, monkeypatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.delenv("FLEXSYNC_ACTOR")
    done = flexsync("apply", *ON_GUIDE, "--yes")
    assert done.code == 64
    assert "--actor" in done.err


@pytest.mark.parametrize(
    "command", [["status"], ["runs", "list"], ["outbox", "list"], ["store", "info"], ["store", "check"]]
)
def test_a_store_that_is_not_there_is_told_with_the_command_that_makes_one(flexsync, command):
    done = flexsync(*command, "-C", GUIDE, "--store", "s.db")
    assert done.code == 9
    assert "flexsync store init" in done.err
    assert not Path("s.db").exists()


def test_a_file_that_is_no_store_is_left_as_it_is(flexsync, tmp_path):
    path = tmp_path / "here" / "notes.txt"
    path.write_text("not a database")
    for command in (["plan", *ON_GUIDE], ["apply", "--yes", *ON_GUIDE], ["store", "init", "-C", GUIDE]):
        done = flexsync(*command, "--store", "notes.txt")
        assert done.code == 9
        assert "not a flexsync store" in done.err
    assert path.read_text() == "not a database"


def test_somebody_elses_database_is_left_as_it_is(flexsync, tmp_path):
    with sqlite3.connect(tmp_path / "here" / "other.db") as other:
        other.execute("CREATE TABLE books (title TEXT)")
    other.close()
    done = flexsync("apply", "--yes", *ON_GUIDE, "--store", "other.db")
    assert done.code == 9
    assert "Nothing was written" in done.err


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://flexsync:correct-horse@127.0.0.1:1/flexsync",
        "mysql://flexsync:correct-horse@localhost/flexsync",
        "postgresql://flexsync:correct-horse@local\nhost/x",
    ],
)
def test_a_store_that_cannot_be_reached_is_told_without_its_password(flexsync, url):
    done = flexsync("plan", *ON_GUIDE, "--store", url)
    assert done.code in {9, 64}
    assert done.err
    assert "correct-horse" not in done.out + done.err
    assert "Traceback" not in done.err


def test_an_empty_folder_says_how_to_begin(flexsync):
    done = flexsync("plan")
    assert done.code == 3
    assert "flexsync init" in done.err


def test_init_writes_a_folder_that_validates_and_plans(flexsync):
    for kind in ("single", "firm"):
        assert flexsync("init", kind, kind).code == 0
        assert flexsync("validate", "-C", kind).code == 0
        assert flexsync("plan", "-C", kind).code == 0


def test_init_overwrites_nothing(flexsync, tmp_path):
    (tmp_path / "here" / "subscription.yaml").write_text("mine")
    done = flexsync("init")
    assert done.code == 64
    assert (tmp_path / "here" / "subscription.yaml").read_text() == "mine"
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["subscription.yaml"]


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside.yaml", "loop.yaml"])
def test_a_client_file_that_is_a_link_is_refused_and_not_read(flexsync, tmp_path, target):
    here = tmp_path / "here"
    (tmp_path / "outside.yaml").write_text("canary: outside\n")
    flexsync("init", "firm")
    (here / "clients" / "loop.yaml").symlink_to(target)
    done = flexsync("validate")
    assert done.code == 3
    assert "clients/loop.yaml" in done.out
    assert "canary" not in done.out
    assert "root:" not in done.out


def test_a_store_that_was_named_and_is_not_there_is_not_made(flexsync):
    done = flexsync("apply", "--yes", *ON_GUIDE, "--store", "sotre.db")
    assert done.code == 9
    assert "flexsync store init" in done.err
    assert not Path("sotre.db").exists()


def test_a_plan_for_a_store_that_was_named_and_is_not_there_says_so(flexsync):
    done = flexsync(
        "plan", *ON_GUIDE, "--store", "sotre.db", "--output", "markdown=plan.md", "--output", "html=plan.html"
    )
    assert "no store at sotre.db: everything counts as new" in done.out.splitlines()[0]
    assert all("no store yet: everything counts as new" in Path(name).read_text() for name in ("plan.md", "plan.html"))


class FullDisk(io.StringIO):
    """Output to a file for which there is no room."""

    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_output_that_finds_no_room_is_told_in_words(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout", FullDisk())
    assert run(["validate", "-C", str(GUIDE), "--as-of", "2013-02-15"]) == 9
    assert capsys.readouterr().err == "Error: What is printed or kept cannot be written: No space left on device.\n"


def test_a_variable_may_name_a_format_that_only_plans_have(flexsync, monkeypatch):
    here = ("-C", GUIDE, "--store", "here.db")
    assert flexsync("store", "init", *here).code == 0
    plain = flexsync("status", *here).out
    monkeypatch.setenv("FLEXSYNC_FORMAT", "markdown")
    assert flexsync("status", *here).out == plain
    monkeypatch.setenv("FLEXSYNC_FORMAT", "nonsense")
    assert flexsync("status", *here).code == 64
    assert flexsync("status", *here, "--format", "markdown").code == 64
