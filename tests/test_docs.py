"""The pages tell the truth: their commands run, their output is what comes out, their tables are the models'."""

import re
import shutil
from pathlib import Path

import pytest

from tests.support.key_tables import TABLES, key_table, kind_table, limit_table
from tests.support.pages import (
    PAGES,
    REWRITE,
    ROOT,
    Shell,
    fences,
    filled,
    missing_lines,
    session,
    settle,
)

FORMAT = ROOT / "docs" / "format.md"

#: Parts of pages that are the output of a command: page, name, what has to happen first, command, exit code.
OUTPUTS = [
    ("README.md", "plan:guide", "true", "flexsync plan -C examples/guide --as-of 2013-02-15", 0),
    (
        "README.md",
        "status:guide",
        "flexsync apply --yes -C examples/guide --as-of 2013-02-15",
        "flexsync status atelier-quiroule -C examples/guide",
        0,
    ),
    (
        "README.md",
        "problem:guide",
        "sed -i.bak s/^seats:.3/seats:\\ 1/ examples/guide/subscription.yaml",
        "flexsync validate -C examples/guide --as-of 2013-02-15",
        3,
    ),
]


@pytest.fixture
def shell(tmp_path):
    folder = tmp_path / "empty"
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns(".flexsync"))
    return Shell(folder)


def name(page: Path) -> str:
    return page.name


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_of_a_page_runs_and_shows_what_the_page_shows(page, shell):
    for command in session(page.read_text(encoding="utf-8")):
        code, output = shell.run(command.line)
        assert code == command.code, f"$ {command.line}\n{output}"
        assert missing_lines(command.shown, output) == [], f"$ {command.line}\n{output}"


@pytest.mark.parametrize(("page", "part", "before", "command", "expected"), OUTPUTS, ids=[row[1] for row in OUTPUTS])
def test_output_shown_in_a_page_is_what_comes_out(page, part, before, command, expected, shell):
    assert shell.run(before)[0] == 0
    code, output = shell.run(command)
    assert code == expected, output
    output = re.sub(r"valable jusqu'au [0-9/]+", "valable jusqu'au 01/03/2013", output)  # counts from the real day
    assert settle(ROOT / page, part, f"```text\n{output.strip()}\n```\n"), f"set {REWRITE}=1 to write it anew"


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_of_keys_are_those_of_the_models(table):
    assert settle(FORMAT, f"keys:{table}", key_table(TABLES[table])), f"set {REWRITE}=1 to write it anew"


def test_the_tables_of_limits_and_kinds_are_those_of_the_plan():
    assert settle(FORMAT, "limits", limit_table()), f"set {REWRITE}=1 to write it anew"
    assert settle(ROOT / "docs" / "commands.md", "kinds", kind_table()), f"set {REWRITE}=1 to write it anew"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_whole_files_shown_in_a_page_are_valid(page):
    from flexsync.desired.schema import read

    for number, body in enumerate(fences(page.read_text(encoding="utf-8"), "yaml")):
        if body.startswith(("apiVersion", "#")) and "kind:" in body:
            read(f"{page.name} block {number}", body.encode())


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"], ids=name)
def test_every_link_leads_somewhere(page):
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not _leads_somewhere(page, target)] == []


def _leads_somewhere(page: Path, target: str) -> bool:
    if target.startswith("https://"):
        return True
    file, _, anchor = target.partition("#")
    goal = page.parent / file if file else page
    return goal.exists() and (not anchor or anchor in _anchors(goal.read_text(encoding="utf-8")))


def _anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


# The reading of pages has to be right itself.

PAGE = """
```console
$ echo one
one
$ false  # exit 1
$ cd there
```
"""


def test_a_session_is_read_with_exit_codes_and_output():
    first, second, third = session(PAGE)
    assert (first.line, first.code, first.shown) == ("echo one", 0, ("one",))
    assert (second.line, second.code) == ("false", 1)
    assert third.line == "cd there"


def test_lines_shown_must_come_in_order():
    assert missing_lines(("a", "...", "c"), "a\nb\nc\n") == []
    assert missing_lines(("c", "a"), "a\nb\nc\n") == ["a"]


def test_the_shell_keeps_folder_and_variables(shell):
    assert shell.run("mkdir there") == (0, "")
    assert shell.run("cd there") == (0, "")
    assert shell.run("export WORD=plain") == (0, "")
    assert shell.run('pwd; echo "$WORD"')[1].endswith("/there\nplain\n")
    assert shell.run("cd nowhere")[0] == 1


def test_a_part_is_filled_between_its_marks():
    assert filled("x\n<!-- a -->\nold\n<!-- /a -->\n", "a", "new\n") == "x\n<!-- a -->\nnew\n<!-- /a -->\n"
    with pytest.raises(LookupError):
        filled("x", "a", "new")
