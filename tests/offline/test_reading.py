"""Cost follows the change: which files are parsed, and that no store and no database code is loaded."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from flexsync.desired import schema
from flexsync.desired.catalogue_file import builtin
from tests.support.folders import FLEET
from tests.support.pages import ROOT
from tests.support.repositories import ALPHA, FILES, GAMMA

HEAD = "apiVersion: flexsync/v1\nkind: Subscription\n"


@pytest.fixture
def parsed(monkeypatch):
    """How often each file was parsed; our own catalogue was before, as it is once in a process."""
    builtin()
    counts: Counter[str] = Counter()
    parse = schema.parse

    def counted(file, content):
        counts[file] += 1
        return parse(file, content)

    monkeypatch.setattr(schema, "parse", counted)
    return counts


def clients(parsed) -> dict[str, int]:
    return {file.removeprefix("clients/"): count for file, count in parsed.items() if file.startswith("clients/")}


def test_nothing_is_parsed_but_what_is_shared_when_nothing_changed(plan, parsed):
    plan()
    assert parsed == {"fleet.yaml": 2}


def test_a_changed_client_is_parsed_on_both_sides_and_nobody_else(plan, firm, parsed):
    firm.commit(
        {"clients/alpha.yaml": ALPHA + "seats: 3\n", "clients/delta.yaml": FILES["clients/delta.yaml"] + "# x\n"}
    )
    plan()
    assert clients(parsed) == {"alpha.yaml": 2, "delta.yaml": 2}


def test_a_new_client_is_parsed_once(plan, firm, parsed):
    firm.commit({"clients/zeta.yaml": ALPHA.replace("alpha", "zeta")})
    plan()
    assert clients(parsed) == {"zeta.yaml": 1}


def test_a_change_of_the_limits_alone_reads_no_client(plan, firm, parsed):
    firm.commit({"fleet.yaml": FLEET + "limits: {deactivate: {fleet: {count: 9}}}\n"})
    assert "limits: this change alters it" in plan().out
    assert clients(parsed) == {}


def test_what_all_share_reads_every_client_once(plan, firm, parsed):
    firm.commit({"fleet.yaml": FLEET.replace("Julie", "Juliette")})
    plan()
    assert clients(parsed) == {"alpha.yaml": 1, "beta.yaml": 1, "delta.yaml": 1}


def test_a_line_of_the_table_reads_no_file(plan, firm, parsed):
    firm.commit({"clients.csv": FILES["clients.csv"].replace(GAMMA, GAMMA.replace("vat;3", "vat;4"))})
    plan()
    assert clients(parsed) == {}


def test_a_line_below_a_file_reads_that_file(plan, firm, parsed):
    firm.commit({"clients/gamma.yaml": HEAD + "name: gamma-garage\n"})
    firm.git("tag", "--force", "base")
    firm.commit({"clients.csv": FILES["clients.csv"].replace(GAMMA, GAMMA.replace("vat;3", "vat;4"))})
    assert "gamma-garage" in plan().out
    assert clients(parsed) == {"gamma.yaml": 1}


def test_files_beside_the_firm_read_nothing(plan, firm, parsed):
    firm.commit({"README.md": "x", "notes/a.csv": "a;b\n"})
    plan()
    assert clients(parsed) == {}


def test_a_roster_reads_those_who_may_name_it(plan, firm, parsed):
    firm.commit({"clients/zeta.yaml": ALPHA.replace("alpha", "zeta") + "users_table: r/z.csv\n", "r/z.csv": "key\n"})
    firm.git("tag", "--force", "base")
    firm.commit({"r/z.csv": "key;email\n"})
    plan()
    assert clients(parsed) == {"zeta.yaml": 1}


def test_no_limit_of_the_run_is_told_from_the_touched_clients_alone(plan, firm):
    clients = {f"clients/c{n}.yaml": ALPHA.replace("alpha", f"c{n}") for n in range(40)}
    firm.commit({**clients, "fleet.yaml": FLEET + "limits: {deactivate: {fleet: {count: 1, percent: 10}}}\n"})
    firm.git("tag", "--force", "base")
    text = {name: content.split("users: ")[0] for name, content in list(clients.items())[:2]}
    firm.commit(text)
    done = plan()
    assert done.code == 0  # 2 of 80 users leave; of the 4 in the two clients it would be half
    assert "2 deactivate" in done.out


QUIET = """
import sys
from flexsync.cli import run
code = run(["plan", "-C", sys.argv[1], "--base", "base", "--as-of", "2026-01-15"])
print("LOADED", *sorted({"sqlalchemy", "alembic", "sqlite3", "psycopg", "smtplib"} & set(sys.modules)))
sys.exit(code)
"""


def test_no_database_code_is_loaded(firm):
    firm.commit({"clients/alpha.yaml": ALPHA + "seats: 3\n"})
    done = subprocess.run(
        [sys.executable, "-c", QUIET, str(firm.root)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "LOADED"
    assert list(firm.root.glob(".flexsync*")) == []
