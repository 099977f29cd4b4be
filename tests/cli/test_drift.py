"""What somebody changes in the portal is told, kept, and settled once the files agree."""

import shutil
from dataclasses import replace

import pytest

from flexsync.store.transaction import Saved
from tests.support.commands import EXAMPLES

NAME = "atelier-quiroule"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(EXAMPLES / "guide", tmp_path / "guide")


@pytest.fixture
def on_guide(flexsync, folder, store_url, monkeypatch):
    """A command on a copy of the guide's subscription, which is applied already."""
    monkeypatch.setenv("FLEX_QUIROULE_EFILING", "correct horse")
    monkeypatch.setenv("FLEXSYNC_STORE", store_url)

    def call(*words):
        return flexsync(*words, "-C", folder, "--as-of", "2013-02-15")

    assert call("apply", "--yes").code == 0
    return call


@pytest.fixture
def portal(store):
    """Edits the State as a portal does, beside the files."""

    def edit(change):
        run = store.begin_run("portal", actor="pierre")
        with store.transaction(NAME, run) as transaction:
            seen = transaction.snapshot()
            saved = Saved(change(seen.current), seen.applied, seen.facts, operation=f"portal-{seen.revision}")
            transaction.save(saved)
        store.end_run(run, "done", {})

    return edit


def renamed(name):
    def change(state):
        user = state.users["p.quiroule"]
        person = replace(user.person, family_name=name)
        return replace(state, users={**state.users, "p.quiroule": replace(user, person=person)})

    return change


def write(folder, old, new):
    file = folder / "subscription.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_drift_is_told_by_a_command_that_cannot_write(on_guide, portal, dumped):
    assert on_guide("drift", "--exit-code").code == 0
    portal(renamed("Roule"))
    before = dumped()
    done = on_guide("drift", "--exit-code")
    assert done.code == 2
    assert "changed in the portal" in done.out
    assert "Roule -> Quiroule" in done.out
    assert dumped() == before


def test_reported_drift_is_not_undone_and_stops_nothing_else(on_guide, portal, folder, dumped):
    portal(renamed("Roule"))
    write(folder, "seats: 3", "seats: 4")
    done = on_guide("apply", "--yes", "--ack", "contract=1")
    assert done.code == 0
    assert "Roule" in str(dumped()["body"])
    assert on_guide("drift", "--exit-code").code == 2


def test_drift_that_the_files_agree_with_is_settled_for_good(on_guide, portal, folder, dumped):
    portal(renamed("Roule"))
    write(folder, "family_name: Quiroule", "family_name: Roule")
    assert "* agreed" in on_guide("plan").out
    assert on_guide("apply", "--yes").code == 0
    before = dumped()
    assert on_guide("apply", "--yes").out.splitlines()[-1] == "Nothing to apply."
    assert dumped() == before
    write(folder, "family_name: Roule", "family_name: Quiroule")
    done = on_guide("plan")
    assert "Roule -> Quiroule" in done.out
    assert "1 update; 0 drift" in done.out


def test_a_policy_of_revert_lets_the_files_win(on_guide, portal, folder):
    portal(renamed("Roule"))
    file = folder / "subscription.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "policy: {drift: revert}\n", encoding="utf-8")
    assert on_guide("apply", "--yes").code == 0
    assert on_guide("drift", "--exit-code").code == 0


def test_a_proposed_address_that_the_files_take_back_is_withdrawn(on_guide, folder, store, activated):
    activated(store.snapshots([NAME])[NAME].current.users["p.quiroule"].person)
    old = "pierre.quiroule@namassepasmousse.com"
    write(folder, old, "pierre@quiroule.example")
    assert "propose e-mail" in on_guide("apply", "--yes").out
    write(folder, "pierre@quiroule.example", old)
    assert "~ withdraw proposed e-mail" in on_guide("apply", "--yes").out
    assert not [name for name in store.snapshots([NAME])[NAME].facts if "proposed" in name]
    assert on_guide("plan", "--exit-code").code == 0


def test_adopted_drift_is_in_the_files_and_later_edits_are_meant(on_guide, portal, folder):
    portal(renamed("Roule"))
    adopted = on_guide("adopt", NAME, "--yes")
    assert adopted.code == 0
    assert "family_name: Roule" in (folder / "subscription.yaml").read_text(encoding="utf-8")
    assert on_guide("apply", "--yes").code == 0
    assert on_guide("drift", "--exit-code").code == 0
    write(folder, "family_name: Roule", "family_name: Quiroule")
    done = on_guide("plan")
    assert "1 update; 0 drift" in done.out
    assert on_guide("apply", "--yes").code == 0
