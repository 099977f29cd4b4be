"""Policies through the whole command line."""

import json
import shutil

import pytest

from tests.support.commands import EXAMPLES

DAY = ("--as-of", "2026-01-15")


@pytest.fixture
def folder(tmp_path):
    """A copy of the example that may be edited."""
    return shutil.copytree(EXAMPLES / "policies", tmp_path / "policies")


@pytest.fixture
def on_firm(flexsync, folder, store_url):
    return lambda *words: flexsync(*words, "-C", folder, "--store", store_url)


def test_apply_waits_for_an_approver_who_is_written_down(on_firm):
    held = on_firm("apply", "--yes", *DAY)
    assert (held.code, held.out.splitlines()[-1]) == (8, "Nothing was applied: what is wrong or refused stands above.")
    assert "allow it with --approved-by e.aubert" in held.out
    assert on_firm("apply", "--yes", "--approved-by", "nobody", *DAY).code == 64
    done = on_firm("apply", "--yes", "--approved-by", "e.aubert", *DAY)
    assert done.code == 0
    assert "claire, approved by e.aubert" in on_firm("runs", "list").out


def test_a_plan_shows_what_the_policies_say_and_fails_on_a_denial_only(on_firm, folder):
    shown = on_firm("plan", *DAY)
    assert shown.code == 0
    assert "? needs approval  lingerie-vidal access/s.vidal/paye" in shown.out
    assert "~ policy  lingerie-vidal user/s.vidal" in shown.out
    replace_in(folder / "fleet.yaml", "effect: warn", "effect: deny")
    denied = on_firm("plan", *DAY)
    assert denied.code == 8
    assert "! denied  lingerie-vidal user/s.vidal" in denied.out
    assert on_firm("apply", "--yes", "--approved-by", "e.aubert", *DAY).code == 8


def test_one_denied_subscription_does_not_stop_the_others(on_firm, folder):
    other = (
        (folder / "clients" / "lingerie-vidal.yaml").read_text().replace("vidal", "blanc").replace("[payroll]", "[]")
    )
    (folder / "clients" / "blanc.yaml").write_text(other.replace("[paye]", "[compta]") + "products: {compta: {}}\n")
    done = on_firm("apply", "--yes", *DAY)
    assert (done.code, done.out.splitlines()[-1].split(": ")[1]) == (8, "1 applied")


def test_a_saved_plan_is_approved_when_it_is_applied(on_firm, tmp_path):
    saved = tmp_path / "plan.json"
    on_firm("plan", "--out", saved, *DAY)
    assert [one["effect"] for one in json.loads(saved.read_text())["findings"]] == ["warn", "require_approver"]
    assert on_firm("apply", saved).code == 8
    assert on_firm("apply", saved, "--approved-by", "e.aubert").code == 0


def test_a_saved_plan_is_stale_when_the_policies_changed(on_firm, folder, tmp_path):
    saved = tmp_path / "plan.json"
    on_firm("plan", "--out", saved, *DAY)
    replace_in(folder / "fleet.yaml", "effect: require_approver", "effect: warn")
    replace_in(folder / "fleet.yaml", "    approvers: [e.aubert]\n", "")
    done = on_firm("apply", saved)
    assert done.code == 5
    assert "other policies" in done.err


def test_a_policy_that_cannot_be_read_is_shown_with_its_line(flexsync, folder):
    replace_in(folder / "fleet.yaml", 'when: kind == "user.delete"', "when: kynd == 1")
    done = flexsync("validate", "-C", folder)
    assert done.code == 3
    assert 'fleet.yaml:20:11: policy no-deletion: "kynd" is no variable of a step. Did you mean "kind"?' in done.out


def test_cases_are_tested_and_a_wrong_expectation_is_told(flexsync, folder):
    assert flexsync("policy", "test", folder / "cases.yaml").code == 0
    replace_in(folder / "cases.yaml", "expect: warn", "expect: pass")
    done = flexsync("policy", "test", folder / "cases.yaml")
    assert done.code == 8
    assert "FAILED  an address outside of the firm is pointed out" in done.out
    assert "cases.yaml:14:5: expected pass, found warn" in done.out
    assert "warn by one-domain: An address outside of the firm." in done.out
    assert done.out.endswith("Policies: 4 passed, 1 failed\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cases: []", "cases: list should have at least 1 item"),
        ("cases: [{name: a, item: {kynd: x}, expect: pass}]", 'unknown key "kynd". Did you mean "kind"?'),
        ("cases: [{name: a, item: {kind: user.delet}, expect: pass}]", 'Did you mean "user.delete"?'),
        ("kind: Fleet\ncases: []", 'unknown key "kind".\n'),
        ("cases: [{name: a, item: {counts: many}, expect: pass}]", "counts: input should be a valid dictionary"),
        ("cases: [{name: a, item: {}, expect: maybe}]", "expect: input should be"),
        ("{", "syntax"),
        ("fleet: nowhere.yaml\ncases: [{name: a, item: {}, expect: pass}]", "nowhere.yaml"),
    ],
)
def test_a_file_of_cases_that_cannot_be_used_is_told_with_its_place(flexsync, tmp_path, text, words):
    (tmp_path / "cases.yaml").write_text(text)
    done = flexsync("policy", "test", tmp_path / "cases.yaml")
    assert done.code in (3, 64)
    assert words in done.err + done.out


def replace_in(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
