"""One person of two clients: corrected, moved on, invited by hand, whichever client is applied first."""

import pytest

FLEET = """\
apiVersion: flexsync/v1
kind: Fleet
name: firm
people:
  c.morel: {civility: madame, given_name: Claire, family_name: Morel, email: c.morel@firm.example}
  j.roux: {civility: madame, given_name: Julie, family_name: Roux, email: j.roux@firm.example}
defaults:
  offer: flex
  seats: 2
  products: {compta: {}}
  admin: {person: c.morel, also_user: true}
  users: {j.roux: {}}
clients: {files: "clients/*.yaml"}
"""
CLIENT = "apiVersion: flexsync/v1\nkind: Subscription\nname: {}\n"
JULIE = "j.roux@firm.example"


class Firm:
    """Clients that share their people; `write` edits the fleet's file."""

    def __init__(self, folder, flexsync):
        self.folder, self.flexsync = folder, flexsync
        (folder / "clients").mkdir(parents=True)
        self.fleet = folder / "fleet.yaml"
        self.fleet.write_text(FLEET, encoding="utf-8")

    def __call__(self, *words):
        return self.flexsync(*words, "-C", self.folder, "--as-of", "2026-11-25")

    def write(self, old, new):
        text = self.fleet.read_text(encoding="utf-8")
        assert old in text
        self.fleet.write_text(text.replace(old, new), encoding="utf-8")

    def client(self, name, more=""):
        (self.folder / "clients" / f"{name}.yaml").write_text(CLIENT.format(name) + more, encoding="utf-8")


@pytest.fixture
def firm(flexsync, tmp_path, store_url, monkeypatch):
    monkeypatch.setenv("FLEXSYNC_STORE", store_url)
    made = Firm(tmp_path / "firm", flexsync)
    for name in ("alpha", "beta"):
        made.client(name)
    return made


def test_a_corrected_address_reaches_every_client_one_run_after_the_other(firm, store):
    assert firm("apply", "--yes").code == 0
    firm.write(JULIE, "julie@firm.example")
    assert firm("apply", "--yes", "-t", "alpha").code == 0
    assert firm("apply", "--yes", "-t", "beta").code == 0
    assert store.snapshots(["beta"])["beta"].current.users["j.roux"].person.email == "julie@firm.example"
    assert store.accounts([JULIE, "julie@firm.example"]).keys() == {"julie@firm.example"}
    assert firm("plan", "--exit-code").code == 0
    assert store.check() == []


def test_the_account_of_a_client_that_closed_follows_the_next_one(firm, store):
    assert firm("apply", "--yes", "-t", "alpha").code == 0
    assert firm("apply", "--yes", "-t", "beta").code == 0
    firm.client("alpha", "state: closed\n")
    assert firm("apply", "--yes", "--ack", "close=1").code == 0
    firm.write("family_name: Roux", "family_name: Noir")
    assert firm("apply", "--yes").code == 0
    assert store.accounts([JULIE])[JULIE].person.family_name == "Noir"
    firm.client("gamma")
    assert firm("apply", "--yes").code == 0
    assert "gamma" in store.snapshots(["gamma"])
    assert firm("plan", "--exit-code").code == 0
    assert store.check() == []


def test_invitations_by_hand_are_not_sent_for_the_second_client_either(firm, store, dumped):
    firm.write("  users: {j.roux: {}}", "  users: {j.roux: {}}\n  policy: {invitations: manual}")
    assert firm("apply", "--yes", "-t", "alpha").code == 0
    assert firm("apply", "--yes", "-t", "beta").code == 0
    assert dumped()["invitation"] == []
    assert not {code for row in store.outbox() for code in row.codes} & {"N1", "N2", "N4"}
