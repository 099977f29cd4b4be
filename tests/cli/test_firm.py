"""A firm with 150 clients: containment, limits, and one person who leaves."""

import re
import shutil

import pytest

from tests.support.commands import EXAMPLES


@pytest.fixture
def firm(tmp_path):
    """A copy of the example that may be edited."""
    return shutil.copytree(EXAMPLES / "firm", tmp_path / "firm")


@pytest.fixture
def on_firm(flexsync, firm, store_url):
    """A command on the firm at a fixed day."""
    return lambda *words: flexsync(*words, "-C", firm, "--store", store_url, "--as-of", "2026-11-25")


def remove_person(path, key):
    lines = path.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(f"  {key}: {{civility")]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept))


def test_150_clients_are_checked_and_applied(on_firm, flexsync, firm):
    assert flexsync("validate", "-C", firm).out == "Checked: 150 subscriptions, 0 errors, 0 warnings\n"
    done = on_firm("apply", "--yes")
    assert done.code == 0
    assert done.out.splitlines()[-1].endswith(": 150 applied")
    again = on_firm("apply", "--yes")
    assert (again.code, again.out.splitlines()[-1]) == (0, "Nothing to apply.")


def test_one_broken_client_is_reported_and_the_others_are_applied(on_firm, firm):
    (firm / "clients" / "dupont.yaml").write_text("name: atelier-dupont\nkind: [\n")
    done = on_firm("apply", "--yes")
    assert done.code == 3
    assert "clients/dupont.yaml:" in done.out
    assert done.out.splitlines()[-1].endswith(": 149 applied")


def test_a_file_whose_name_nobody_can_read_holds_back_the_lines_that_have_no_file(on_firm, firm):
    path = firm / "clients" / "dupont.yaml"
    path.write_bytes(path.read_text().encode("utf-16"))
    done = on_firm("apply", "--yes")
    assert done.code == 3
    assert done.out.count(": row-uncertain ") == 130
    assert done.out.splitlines()[-1].endswith(": 19 applied")


def test_people_of_a_file_that_can_no_longer_be_read_keep_their_access(on_firm, firm):
    table = firm / "clients.csv"
    table.write_text(table.read_text() + _row(firm, "atelier-dupont"))
    assert on_firm("apply", "--yes").code == 0
    path = firm / "clients" / "dupont.yaml"
    path.write_bytes(path.read_text().encode("utf-16"))
    plan = on_firm("plan")
    assert plan.code == 3
    assert " 0 deactivate," in plan.out


def _row(firm, name):
    """The last line of the table once more, for another client."""
    *_, last = (firm / "clients.csv").read_text().splitlines()
    return ";".join([name, "", *last.split(";")[2:]]) + "\n"


def test_somebody_who_leaves_the_firm_leaves_every_client_once_the_number_is_acknowledged(on_firm, firm):
    on_firm("apply", "--yes")
    remove_person(firm / "fleet.yaml", "n.fabre")
    refused = on_firm("apply", "--yes")
    assert refused.code == 4
    leaving = len(re.findall(r"^  - deactivate +n\.fabre ", refused.out, re.MULTILINE))
    assert leaving == 33
    assert f"--ack deactivate={leaving}" in refused.out
    assert "Nothing was applied." in refused.err
    wrong = on_firm("apply", "--yes", "--ack", f"deactivate={leaving - 1}")
    assert wrong.code == 4
    assert f"acknowledged {leaving - 1}, planned {leaving}" in wrong.out
    done = on_firm("apply", "--yes", "--ack", f"deactivate={leaving}")
    assert done.code == 0
    assert done.out.splitlines()[-1].endswith(f": {leaving} applied")


def test_a_warning_that_all_clients_share_is_told_once(on_firm, firm):
    on_firm("apply", "--yes")
    remove_person(firm / "fleet.yaml", "n.fabre")
    lines = [line for line in on_firm("plan").out.splitlines() if "person-gone" in line]
    assert len(lines) == 1
    assert lines[0].endswith("(in 33 subscriptions)")


def test_a_target_touches_nothing_else(on_firm, flexsync, firm, store_url):
    done = on_firm("apply", "--yes", "-t", "boulangerie-*")
    assert done.code == 0
    rows = flexsync("status", "-C", firm, "--store", store_url).out.splitlines()[1:]
    assert len(rows) == 11
    assert all(row.startswith("boulangerie-") for row in rows)
