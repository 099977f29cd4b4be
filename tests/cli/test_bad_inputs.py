"""The whole corpus of bad files through the whole command line: exit code, code, place and words."""

import re

import pytest

from flexsync.errors import Exit
from tests.bad_inputs import rule_cases, schema_cases, table_cases, yaml_cases
from tests.bad_inputs.case import BadInput

FILES = [case for cases in (yaml_cases, schema_cases, rule_cases) for case in cases.CASES if case.code]
FLEET = """apiVersion: flexsync/v1
kind: Fleet
name: cabinet
clients: {{table: {table}}}
defaults: {defaults}
"""
#: A fleet in which the row `x1` of a table, or a roster, is all that is read.
ROSTER_DEFAULTS = "{users_table: roster.csv}"


def told(line: str) -> str:
    return line.replace("warning: ", "")


@pytest.mark.parametrize("case", FILES, ids=str)
def test_a_bad_file_is_refused_with_its_place(case: BadInput, flexsync, tmp_path):
    path = tmp_path / "here" / "f.yaml"
    path.write_bytes(case.content)
    done = flexsync("validate", "-C", path, "--as-of", "2026-01-31")
    first = told(done.out.splitlines()[0])
    assert done.code == Exit.INVALID
    assert first.startswith(f"f.yaml:{case.line}:{case.column}: {case.code} ")
    assert case.says in done.out
    assert done.err == ""


@pytest.mark.parametrize("case", table_cases.CASES, ids=str)
def test_a_bad_table_is_refused_with_its_place(case: BadInput, flexsync, tmp_path):
    folder = tmp_path / "here"
    (folder / case.kind).write_bytes(case.content)
    clients = case.kind != table_cases.ROSTER
    if not clients:
        (folder / "clients.csv").write_text("name\nx1\n")
    fleet = FLEET.format(table=case.kind if clients else "clients.csv", defaults="{}" if clients else ROSTER_DEFAULTS)
    (folder / "fleet.yaml").write_text(fleet)
    done = flexsync("validate", "--as-of", "2026-01-31")
    assert done.code == Exit.INVALID
    place = re.escape(f"{case.kind}:{case.line}:{case.column}: {case.code} ")
    assert re.search(f"^{place}.*{re.escape(case.says)}", told(done.out), re.MULTILINE)
    assert "Traceback" not in done.out + done.err


def test_a_bad_file_never_reaches_the_terminal_raw(flexsync, tmp_path):
    (tmp_path / "here" / "f.yaml").write_bytes(b"apiVersion: flexsync/v1\nkind: Subscription\nname: \x1b]0;x\x07\n")
    done = flexsync("validate", "-C", "f.yaml")
    assert done.code == Exit.INVALID
    assert "\x1b" not in done.out
