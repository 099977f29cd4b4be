"""adopt on the example of a firm: each value goes to its file and layer, and nothing else moves."""

import difflib
import shutil
from dataclasses import replace

import pytest

from flexsync.state import Admin, Person, User
from flexsync.store.sql import open_store
from tests.support.commands import EXAMPLES
from tests.support.portal import in_portal, person_changed, user_changed

DAY = "2026-11-25"


@pytest.fixture(scope="session")
def applied_store(tmp_path_factory):
    """A store in which the firm was applied once, for every test to copy."""
    from flexsync.cli import run

    folder = tmp_path_factory.mktemp("firm")
    shutil.copytree(EXAMPLES / "firm", folder / "firm", ignore=shutil.ignore_patterns(".flexsync"))
    words = ["apply", "--yes", "-q", "--actor", "claire", "-C", str(folder / "firm"), "--as-of", DAY]
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("FLEX_CAMPING_MARIN_EFILING", "a shared password")
        assert run(["store", "init", "-C", str(folder / "firm"), "--store", str(folder / "store.db")]) == 0
        assert run([*words, "--store", str(folder / "store.db")]) == 0
    return folder / "store.db"


@pytest.fixture
def firm(tmp_path):
    return shutil.copytree(EXAMPLES / "firm", tmp_path / "firm", ignore=shutil.ignore_patterns(".flexsync"))


@pytest.fixture
def store(applied_store, tmp_path, clock):
    shutil.copyfile(applied_store, tmp_path / "store.db")
    with open_store(str(tmp_path / "store.db"), create=False, clock=clock) as opened:
        yield opened


@pytest.fixture
def on_firm(flexsync, firm, tmp_path):
    return lambda *words: flexsync(*words, "-C", firm, "--store", tmp_path / "store.db", "--as-of", DAY)


@pytest.fixture
def moved(firm):
    """The lines taken away and added in each file since the start, by file."""

    def moved():
        found = {}
        names = {path.relative_to(root).as_posix() for root in (EXAMPLES / "firm", firm) for path in root.rglob("*.*")}
        for name in sorted(name for name in names if ".flexsync" not in name):
            sides = [root / name for root in (EXAMPLES / "firm", firm)]
            old, new = (side.read_text().splitlines() if side.is_file() else [] for side in sides)
            lines = [line for line in difflib.ndiff(old, new) if line[:1] in "+-"]
            if lines:
                found[name] = lines
        return found

    return moved


def adopted(on_firm, *words):
    done = on_firm("adopt", "--yes", *words)
    assert done.code == 0, done.out + done.err
    again = on_firm("adopt", "--yes", *words)
    assert (again.code, again.out.splitlines()[-1]) == (0, "Nothing to adopt.")
    assert on_firm("drift", "--exit-code").code == 0
    return done


def test_a_name_goes_to_the_clients_own_file(on_firm, store, moved):
    in_portal(store, "boulangerie-petit", person_changed("m.petit", family_name="Petit-Roy"))
    adopted(on_firm)
    assert moved() == {"clients/petit.yaml": ["-     family_name: Petit", "+     family_name: Petit-Roy"]}


def test_a_person_of_the_firm_is_edited_under_people_and_that_is_said(on_firm, store, moved):
    names = [head.name for head in store.heads()]
    for name in names:
        in_portal(store, name, lambda state: _renamed(state, "j.roux", "Roux-Blanc"))
    done = adopted(on_firm)
    assert "fleet.yaml: j.roux is written once under people" in done.out
    assert set(moved()) == {"fleet.yaml"}
    assert len(moved()["fleet.yaml"]) == 2


def _renamed(state, key, family):
    return person_changed(key, family_name=family)(state) if key in state.users else state


def test_a_user_of_a_roster_is_edited_in_the_cell(on_firm, store, moved):
    in_portal(store, "transports-garnier", user_changed("e.tessier", access=("compta", "paye")))
    adopted(on_firm)
    lines = moved()["rosters/garnier.csv"]
    assert [line[2:] for line in lines if line[0] == "+"] == [
        "e.tessier;monsieur;Éric;Tessier;eric@garnier.example;compta+paye;;"
    ]
    assert set(moved()) == {"rosters/garnier.csv"}


def test_somebody_deactivated_leaves_the_roster(on_firm, store, moved):
    in_portal(store, "transports-garnier", user_changed("e.tessier", status="deactivated", access=()))
    adopted(on_firm)
    assert moved() == {"rosters/garnier.csv": ["- e.tessier;monsieur;Éric;Tessier;eric@garnier.example;compta;;"]}


def test_a_contract_fact_of_a_row_is_edited_in_its_cell(on_firm, store, moved):
    in_portal(store, "atelier-aubert", lambda state: replace(state, seats=4))
    adopted(on_firm)
    (lines,) = moved().values()
    assert [line[2:] for line in lines if line[0] == "+"] == [
        "atelier-aubert;C0098011;172631996;Atelier Aubert;vat;4;17263199600011+17263199600029;2025-09-26"
    ]


def test_what_a_row_cannot_say_goes_to_a_new_client_file(on_firm, store, moved):
    in_portal(store, "atelier-aubert", lambda state: replace(state, seats=5))
    zoe = User(Person("madame", "Zoé", "Noël", "zoe@aubert.example"), access=("compta",))
    in_portal(store, "atelier-aubert", lambda state: replace(state, users={**state.users, "zoe": zoe}))
    adopted(on_firm)
    assert [line[2:] for line in moved()["clients/atelier-aubert.yaml"]] == [
        "apiVersion: flexsync/v1",
        "kind: Subscription",
        "name: atelier-aubert",
        "users:",
        "  zoe:",
        "    civility: madame",
        "    given_name: Zoé",
        "    family_name: Noël",
        "    email: zoe@aubert.example",
        "    access: [compta]",
    ]
    assert set(moved()) == {"clients/atelier-aubert.yaml", "clients.csv"}


def test_what_a_profile_gives_is_overridden_in_the_clients_file_never_in_the_profile(on_firm, store, moved):
    in_portal(store, "camping-marin", user_changed("j.roux", status="deactivated", access=()))
    in_portal(store, "camping-marin", lambda state: _told(state, ()))
    adopted(on_firm)
    assert set(moved()) == {"clients/marin.yaml"}
    assert "+   j.roux: null" in moved()["clients/marin.yaml"]


def _told(state, recipients):
    vat = replace(state.services["vat_filing"], recipients=recipients)
    return replace(state, services={**state.services, "vat_filing": vat})


def test_another_administrator_is_written_out_in_the_clients_file(on_firm, store, moved):
    lise = Person("madame", "Lise", "Aubert", "lise@aubert.example")
    in_portal(store, "camping-marin", lambda state: replace(state, admin=Admin(lise)))
    adopted(on_firm)
    assert "+   person: null" in moved()["clients/marin.yaml"]
    assert set(moved()) == {"clients/marin.yaml"}


def test_one_path_can_be_picked(on_firm, store, moved):
    in_portal(store, "boulangerie-petit", person_changed("m.petit", family_name="Petit-Roy"))
    in_portal(store, "boulangerie-petit", lambda state: replace(state, seats=6))
    assert on_firm("adopt", "boulangerie-petit", "--yes", "--pick", "seats").code == 0
    assert moved() == {"clients/petit.yaml": ["- seats: 5", "+ seats: 6"]}
    assert on_firm("drift", "--exit-code").code == 2
    assert on_firm("adopt", "--yes", "--pick", "offer").code == 64


def test_a_pick_at_which_nothing_was_done_stops_all_and_says_where_something_was(on_firm, store, moved):
    in_portal(store, "boulangerie-petit", person_changed("m.petit", family_name="Petit-Roy"))
    done = on_firm("adopt", "--yes", "--pick", "users.m.petit.family_name", "--pick", "seat")
    assert (done.code, moved()) == (64, {})
    assert "in the portal at seat. Something was done at users.m.petit.family_name." in done.err


def test_what_a_cell_would_make_a_formula_of_goes_to_the_clients_file(on_firm, store, moved):
    in_portal(
        store, "atelier-aubert", lambda state: replace(state, company=replace(state.company, legal_name="-Aubert"))
    )
    adopted(on_firm)
    assert '+ company: {legal_name: "-Aubert"}' in moved()["clients/atelier-aubert.yaml"]
    assert set(moved()) == {"clients/atelier-aubert.yaml"}


def test_without_a_terminal_and_without_yes_the_patch_is_shown_and_nothing_written(on_firm, store, moved):
    in_portal(store, "boulangerie-petit", lambda state: replace(state, seats=6))
    done = on_firm("adopt")
    assert (done.code, moved()) == (4, {})
    assert "-seats: 5\n+seats: 6\n" in done.out
