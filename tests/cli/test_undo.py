"""undo through the whole command line, and what the files ask for afterwards."""

import re
import shutil

import pytest

from tests.support.commands import EXAMPLES

DAY = ("--as-of", "2026-01-15")
HIRE = (
    "  m.blanc: {civility: monsieur, given_name: Max, family_name: Blanc, email: max@vidal.example, access: [paye]}\n"
)


@pytest.fixture
def folder(tmp_path):
    """A copy of the example that may be edited, without its policies."""
    copy = shutil.copytree(EXAMPLES / "policies", tmp_path / "policies")
    text = (copy / "fleet.yaml").read_text()
    (copy / "fleet.yaml").write_text(re.sub(r"policies:.*?\n\n", "", text, flags=re.DOTALL))
    return copy


@pytest.fixture
def on_firm(flexsync, folder, store_url):
    return lambda *words: flexsync(*words, "-C", folder, "--store", store_url)


@pytest.fixture
def hired(on_firm, folder):
    """The id of the run that hired somebody."""
    on_firm("apply", "--yes", *DAY)
    client = folder / "clients" / "lingerie-vidal.yaml"
    client.write_text(client.read_text() + HIRE)
    done = on_firm("apply", "--yes", *DAY)
    assert done.code == 0
    return re.search(r"Run (\w+):", done.out).group(1)


def steps(output):
    """Sign, verb and subject of the steps that a plan shows."""
    return re.findall(r"^  ([+~!>?-]) (\w+) +([\w.]+)", output, re.MULTILINE)


def test_without_the_edit_the_next_plan_shows_what_the_files_still_ask(on_firm, hired):
    done = on_firm("undo", hired, "--yes", "--keep-files", *DAY)
    assert done.code == 0
    assert done.out.startswith("UNDO  cabinet-aubert")
    assert "  - deactivate  m.blanc" in done.out
    assert "* stays  1 mail(s) of the run were sent or are on their way" in done.out
    said = done.out.partition("The files go on asking for this")[2]
    assert "  lingerie-vidal: reactivate m.blanc  clients/lingerie-vidal.yaml:8:12" in said
    assert "  lingerie-vidal: grant paye to m.blanc  clients/lingerie-vidal.yaml:8:" in said
    plan = on_firm("plan", *DAY)
    assert steps(plan.out) == [("+", "reactivate", "m.blanc"), ("+", "grant", "m.blanc")]
    assert "0 drift" in plan.out
    assert f"undo {hired}" in on_firm("runs", "list").out
    assert on_firm("store", "check").code == 0


def test_a_run_is_undone_in_the_store_and_in_the_files(on_firm, hired, folder):
    client = folder / "clients" / "lingerie-vidal.yaml"
    before = client.read_bytes()
    done = on_firm("undo", hired, "--yes", *DAY)
    assert (done.code, "The files go on asking" in done.out) == (0, False)
    assert f"\n-{HIRE}" in done.out
    assert client.read_bytes() == before.replace(HIRE.encode(), b"")
    assert "Edited 1 file(s); check and commit them before the next apply." in done.out
    assert steps(on_firm("plan", *DAY).out) == []


def test_undo_asks_first_and_refuses_where_it_cannot(on_firm, hired, folder):
    done = on_firm("undo", hired, *DAY)
    assert done.code == 4
    assert f"\n-{HIRE}" in done.out
    assert "There is no terminal to ask on" in done.err
    assert HIRE in (folder / "clients" / "lingerie-vidal.yaml").read_text()
    assert steps(on_firm("plan", *DAY).out) == []


def test_a_run_or_subscription_that_is_not_there_is_said(on_firm, hired):
    assert on_firm("undo", "000000000000", "--yes").code == 64
    done = on_firm("undo", hired, "--subscription", "lingerie-videl", "--yes")
    assert done.code == 64
    assert 'Did you mean "lingerie-vidal"?' in done.err


def test_what_changed_since_is_left_alone_and_exits_4(on_firm, hired, folder):
    client = folder / "clients" / "lingerie-vidal.yaml"
    client.write_text(client.read_text().replace("given_name: Max", "given_name: Maxime"))
    on_firm("apply", "--yes", *DAY)
    done = on_firm("undo", hired, "--yes", *DAY)
    assert done.code == 4
    assert "! not undone  lingerie-vidal: changed since the run" in done.out
    assert "deactivate m.blanc: since then update m.blanc" in done.out


def test_undo_is_held_by_limits_of_its_own_and_of_its_steps(on_firm, hired, folder):
    fleet = folder / "fleet.yaml"
    fleet.write_text(fleet.read_text() + "limits: {undo: {each: {count: 0}}}\n")
    refused = on_firm("undo", hired, "--yes", *DAY)
    assert refused.code == 4
    assert "add --ack undo=1" in refused.out
    assert on_firm("undo", hired, "--yes", "--ack", "undo=1", *DAY).code == 0


def test_undoing_the_first_run_closes_what_it_registered_with_its_acknowledgement(on_firm, flexsync):
    done = on_firm("apply", "--yes", *DAY)
    run = re.search(r"Run (\w+):", done.out).group(1)
    refused = on_firm("undo", run, "--yes", *DAY)
    assert refused.code == 4
    assert "--ack close=1" in refused.out
    undone = on_firm("undo", run, "--yes", "--ack", "close=1", *DAY)
    assert undone.code == 0
    assert "* stays  lingerie-vidal: register: a subscription is closed, not forgotten" in undone.out
