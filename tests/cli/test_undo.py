"""undo through the whole command line, and what the files ask for afterwards."""

import json
import re
import shutil

import pytest

from flexsync import faults
from flexsync.state import canonical, digest
from tests.support.commands import EXAMPLES
from tests.support.undoing import PowerCut, steps

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


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("{invitations: manual, invitation_days: 3}", [(("N3",), None)]),
        ("{invitation_days: 3}", [(("N2", "N3"), 3)]),
        ("nonsense", [(("N3",), None)]),
    ],
)
def test_who_comes_back_is_invited_as_the_files_say_now(on_firm, hired, folder, store, policy, told):
    client = folder / "clients" / "lingerie-vidal.yaml"
    client.write_text(client.read_text().replace(HIRE, ""))
    left = re.search(r"Run (\w+):", on_firm("apply", "--yes", *DAY).out).group(1)
    client.write_text(client.read_text() + f"policy: {policy}\n")
    run = re.search(r"Run (\w+):", on_firm("undo", left, "--yes", "--keep-files", *DAY).out).group(1)
    mails = [row for row in store.outbox(run=run) if row.recipient == "max@vidal.example"]
    known = store.accounts(["max@vidal.example"])["max@vidal.example"].invitation
    assert [(row.codes, known.days if row.invitation else None) for row in mails] == told


def test_nobody_is_invited_back_while_a_file_does_not_say_what_it_is_about(on_firm, hired, folder, store):
    client = folder / "clients" / "lingerie-vidal.yaml"
    client.write_text(client.read_text().replace(HIRE, ""))
    left = re.search(r"Run (\w+):", on_firm("apply", "--yes", *DAY).out).group(1)
    client.write_text(client.read_text().replace("name: lingerie-vidal", "name: ["))
    run = re.search(r"Run (\w+):", on_firm("undo", left, "--yes", "--keep-files", *DAY).out).group(1)
    assert [row.codes for row in store.outbox(run=run) if row.recipient == "max@vidal.example"] == [("N3",)]


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


@pytest.fixture
def saved(on_firm, hired, tmp_path):
    """The file of the way back from the hire."""
    path = tmp_path / "undo.json"
    assert on_firm("undo", hired, "--out", path, *DAY).code == 0
    return path


@pytest.fixture
def client(folder):
    """The file of the client that hired somebody."""
    return folder / "clients" / "lingerie-vidal.yaml"


def test_a_saved_undo_is_applied_with_its_edit_and_only_once(on_firm, hired, saved, client):
    assert HIRE in client.read_text()
    assert json.loads(saved.read_text())["binding"]["undoes"] == hired
    done = on_firm("apply", saved)
    assert (done.code, HIRE in client.read_text()) == (0, False)
    assert done.out.startswith("UNDO  cabinet-aubert")
    assert steps(on_firm("plan", *DAY).out) == []
    assert f"undo {hired}" in on_firm("runs", "list").out
    assert on_firm("apply", saved).code == 5


def test_an_undo_saved_without_the_edit_leaves_the_files(on_firm, hired, client, tmp_path):
    path = tmp_path / "undo.json"
    on_firm("undo", hired, "--keep-files", "--subscription", "lingerie-vidal", "--out", path, *DAY)
    assert on_firm("apply", path).code == 0
    assert HIRE in client.read_text()
    assert steps(on_firm("plan", *DAY).out) == [("+", "reactivate", "m.blanc"), ("+", "grant", "m.blanc")]


def test_a_saved_undo_is_stale_when_files_or_store_moved(on_firm, saved, client, dumped):
    before, text = dumped(), client.read_text()
    client.write_text(f"{text}# later\n")
    done = on_firm("apply", saved)
    assert (done.code, dumped()) == (5, before)
    assert "made for another edit of the files (edits)" in done.err
    client.write_text(text.replace("given_name: Max", "given_name: Maxime"))
    on_firm("apply", "--yes", *DAY)
    done = on_firm("apply", saved)
    assert (done.code, "given_name: Maxime" in client.read_text()) == (5, True)
    assert "lingerie-vidal: has nothing to do any more" in done.err


def test_a_saved_undo_of_another_run_is_refused(on_firm, saved, hired, dumped):
    other = next(
        line.split()[0] for line in on_firm("runs", "list").out.splitlines() if hired not in line and "apply" in line
    )
    data = json.loads(saved.read_text())
    data["binding"]["undoes"] = other
    del data["digest"]
    saved.write_text(canonical({**data, "digest": digest(data)}))
    before = dumped()
    assert on_firm("apply", saved).code == 5
    assert dumped() == before


def test_after_a_crash_between_files_and_store_the_same_command_finishes(on_firm, hired, client, dumped):
    def cut(name):
        raise PowerCut

    before = dumped()
    faults.install(cut)
    try:
        with pytest.raises(PowerCut):
            on_firm("undo", hired, "--yes", *DAY)
    finally:
        faults.install(None)
    assert (HIRE in client.read_text(), dumped()) == (False, before)
    planned = on_firm("plan", *DAY).out.partition("DRY RUN")[2]  # what the process had printed comes first
    assert steps(planned) == [("-", "deactivate", "m.blanc")]
    done = on_firm("undo", hired, "--yes", *DAY)
    assert (done.code, "Edited" in done.out) == (0, False)
    assert steps(on_firm("plan", *DAY).out) == []


def test_when_the_store_refuses_all_of_it_the_files_are_put_back(on_firm, hired, client, store):
    store.lease(["lingerie-vidal"], store.begin_run("apply", actor="julie", host="desk-7"))
    before = client.read_bytes()
    done = on_firm("undo", hired, "--yes", *DAY)
    assert (done.code, client.read_bytes()) == (7, before)


def test_the_patch_names_nobody_when_names_are_masked(on_firm, hired):
    done = on_firm("undo", hired, "--redact", *DAY)
    assert "Blanc" not in done.out
    assert "edit clients/lingerie-vidal.yaml  (masked)" in done.out
