"""Data put online and brought back in the console: never lost, told, and seen as drift."""

from dataclasses import replace
from datetime import date

import pytest

from flexsync.snapshot import DOSSIER_CHANGED
from flexsync.state import Dossier, Product
from flexsync.store.transaction import Saved
from tests.support.console import CONSOLE, LOCAL, USERS, again, drifted, mailed, snapshot
from tests.support.stored import ANNE, LAURE, PAUL
from tests.support.web import HOSTED, sure_of

DATA = f"{CONSOLE}/data/compta"


@pytest.fixture
def anne(web):
    web.has_password(ANNE)
    return web.signed_in(ANNE)


@pytest.fixture
def web(web):
    """A fleet that lets administrators edit."""
    return again(replace(web, site=replace(web.site, console_edits=True)), users=USERS, services={})


def test_data_goes_online_once_somebody_knows_that_it_needs_the_internet(web, anne):
    again(web, users=USERS, products={"compta": LOCAL, "paye": Product()}, services={})
    page = anne.send(DATA, mode="hosted", internet="yes").text
    assert "Ciel Compta\u00a0: données hébergées en ligne" in page
    done = anne.agree(DATA, mode="hosted", internet="yes")
    assert done.headers["location"] == f"{CONSOLE}/services?done=data"
    assert snapshot(web).current.products["compta"].data_mode == "hosted"
    assert snapshot(web).facts["product/compta/hosted_since"] == "2026-11-25"
    assert mailed(web) == dict.fromkeys((ANNE.email, LAURE.email, PAUL.email), ("N11",))
    assert drifted(web)


def test_what_was_seen_before_data_went_online_on_the_same_day_proves_nothing_afterwards(web, anne):
    anne.agree(DATA, mode="local", empty="yes")
    page = anne.send(DATA, mode="hosted", internet="yes").text
    assert "ne compte plus" in page
    anne.agree(DATA, mode="hosted", internet="yes")
    assert snapshot(web).current.products["compta"].confirmed_empty_on is None
    assert anne.send(DATA, mode="local").status_code == 422


def changed_online(web, day):
    """The software reports that dossier 2026 changed online."""
    run = web.store.begin_run("dossiers", actor="software")
    with web.store.transaction("dupont", run) as transaction:
        was = transaction.snapshot()
        facts = {**was.facts, DOSSIER_CHANGED.format("compta", "2026"): day}
        transaction.save(Saved(was.current, was.applied, facts, operation=f"report {day}"))
    web.store.end_run(run, "done", {})


def hosted_with(web, **dossiers):
    """Compta is online with dossiers, of which 2026 changed there a day ago."""
    again(web, products={**HOSTED, "compta": replace(HOSTED["compta"], dossiers=dossiers)}, users=USERS, services={})
    changed_online(web, "2026-11-24")


def test_going_local_is_held_back_with_the_checklist(web, anne):
    hosted_with(web, **{"2025": Dossier("Exercice 2025", date(2026, 11, 25), "p.martin"), "2026": Dossier("Ex. 2026")})
    before = snapshot(web)
    page = anne.get(DATA).text
    assert "Continuer" not in page
    for answer in (page, anne.send(DATA, mode="local").text, anne.send(DATA, mode="local", empty="yes", sure="x").text):
        assert answer.count("à récupérer</span>") == 1
        assert "25/11/2026, Paul Martin-Lefèvre" in answer
        assert "24/11/2026" in answer
    refused = anne.send(DATA, mode="local")
    assert (refused.status_code, 'href="#dossiers"' in refused.text) == (422, True)
    assert snapshot(web) == before


def test_data_comes_back_once_all_was_retrieved(web, anne):
    hosted_with(web, **{"2026": Dossier("Ex. 2026", date(2026, 11, 25), "p.martin")})
    assert "Continuer" in anne.get(DATA).text
    done = anne.agree(DATA, mode="local")
    assert done.headers["location"] == f"{CONSOLE}/services?done=data"
    assert snapshot(web).current.products["compta"].data_mode == "local"
    assert not [name for name in snapshot(web).facts if name.startswith(("dossier/", "product/compta/hosted"))]
    assert mailed(web) == dict.fromkeys((ANNE.email, LAURE.email, PAUL.email), ("N12",))
    assert drifted(web)


def test_a_dossier_that_changes_between_the_question_and_the_yes_holds_it_back(web, anne):
    hosted_with(web, **{"2026": Dossier("Ex. 2026", date(2026, 11, 24), "p.martin")})
    sure = sure_of(anne.send(DATA, mode="local").text)
    changed_online(web, "2026-11-25")
    assert anne.send(DATA, mode="local", sure=sure).status_code == 422
    assert snapshot(web).current.products["compta"].data_mode == "hosted"


def test_where_no_dossier_is_known_somebody_has_to_look(web, anne):
    assert anne.send(DATA, mode="local").status_code == 422
    page = anne.get(DATA).text
    assert "aucun dossier n’est en ligne" in page
    anne.agree(DATA, mode="local", empty="yes")
    product = snapshot(web).current.products["compta"]
    assert (product.data_mode, product.confirmed_empty_on) == ("local", date(2026, 11, 25))
    assert drifted(web)
