"""The guide's own subscription, from its file to the administrator's summary, on both stores."""

import pytest

from tests.support.commands import EXAMPLES

GUIDE = (EXAMPLES / "guide", "--as-of", "2013-02-15")


@pytest.fixture
def guide(flexsync, store_url, monkeypatch):
    """A command on the guide's subscription, its shared password at hand."""
    monkeypatch.setenv("FLEX_QUIROULE_EFILING", "correct horse")
    monkeypatch.setenv("FLEXSYNC_STORE", store_url)
    return lambda *words: flexsync(*words, "-C", *GUIDE)


def steps(out):
    return [line.split("  ")[1].strip() for line in out.splitlines() if line.startswith("  ") and line[2] in "+~->!?*"]


def test_the_first_plan_shows_everything_that_the_guide_does_by_hand(guide):
    done = guide("plan")
    assert done.code == 0
    assert [step[2:] if step[1] == " " else step for step in steps(done.out)] == [
        "register",
        "invite administrator",
        "invite",
        "invite",
        "grant",
        "grant",
        "host data online",
        "activate",
    ]


@pytest.mark.parametrize("notice", ["N1", "N2", "N8", "N9", "N11"])
def test_the_first_plan_names_the_mails_it_will_cause(guide, notice):
    assert f"mail {notice}" in guide("plan").out


def test_every_step_of_the_first_plan_says_where_it_comes_from(guide):
    lines = [line for line in guide("plan").out.splitlines() if line.startswith(("  + ", "  > "))]
    assert len(lines) == 8
    assert all("subscription.yaml:" in line for line in lines)


def test_a_plan_writes_nothing(guide, tmp_path):
    guide("plan")
    assert list((tmp_path / "here").iterdir()) == []


def test_after_apply_the_plan_is_empty_and_a_second_apply_writes_no_row(guide, dumped):
    applied = guide("apply", "--yes")
    assert (applied.code, applied.out.splitlines()[-1].split(": ")[1]) == (0, "1 applied")
    assert guide("plan", "--exit-code").code == 0
    before = dumped()
    again = guide("apply", "--yes")
    assert again.code == 0
    assert "Nothing to apply." in again.out
    assert dumped() == before


def test_the_summary_counts_as_the_guide_does(guide, flexsync):
    guide("apply", "--yes")
    out = flexsync("status", "atelier-quiroule", "-C", GUIDE[0]).out
    assert "3 compte(s) Utilisateur(s) associé(s) à votre abonnement" in out
    assert "2 compte(s) Utilisateur(s) créé(s), dont 0 activé(s)" in out
    assert "1 compte(s) Utilisateur(s) à créer" in out
    assert "THU MAI PHAMI THI" in out
    assert "Ciel directDéclaration TVA + Bilan > activé" in out
    assert "Ciel Données Mobiles > activé (compta)" in out
    assert "Ciel Compta Evolution Version 12.1" in out
    assert "Ciel directDéclaration Version 12.54" in out


def test_without_the_shared_password_the_service_waits_and_all_else_is_done(guide, monkeypatch):
    monkeypatch.delenv("FLEX_QUIROULE_EFILING")
    done = guide("apply", "--yes")
    assert done.code == 0
    assert "FLEX_QUIROULE_EFILING is not set" in done.out
    waiting = guide("plan", "--exit-code")
    assert waiting.code == 2
    assert "1 waiting" in waiting.out


def test_the_shared_password_is_never_printed_saved_or_stored(guide, dumped, tmp_path):
    printed = guide("plan", "--out", tmp_path / "plan.json", "--format", "json").out + guide("apply", "--yes").out
    saved = (tmp_path / "plan.json").read_text()
    assert "correct horse" not in printed + saved + str(dumped())
