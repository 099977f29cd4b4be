"""The administrator's console: who stands where, what can be done, and what is told of it (guide: the console)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from flexsync.snapshot import DOSSIER_CHANGED
from flexsync.state import Company, Dossier, Evidence, Person, Product, Service, State
from tests.support.portal import in_portal, person_changed, user_changed
from tests.support.stored import ANNE, LAURE, PAUL, ZOE, brought, user
from tests.support.web import HOSTED, STRANGER, VAT, dupont

USERS = "/console/dupont"


def again(web, state: State):
    """The files bring `state`; its mails leave."""
    brought(web.store, state)
    web.forget_mails()
    return web


@pytest.fixture
def anne(web):
    web.has_password(ANNE, PAUL)
    return web.signed_in(ANNE)


def cell(page, key):
    """The row of one user."""
    return page.text.partition(f'id="user-{key}"')[2].partition("</tr>")[0]


def test_one_subscription_is_shown_at_once(anne):
    assert anne.get("/console").headers["location"] == USERS


def test_several_subscriptions_are_a_choice(web):
    other = dupont(name="annexe", company=Company("Annexe Dupont"), users={"l.petit": user(LAURE, "paye")}, services={})
    again(web, other).has_password(ANNE)
    page = web.signed_in(ANNE).get("/console")
    assert "/console/annexe" in page.text
    assert "/console/dupont" in page.text
    assert "costa" not in page.text


def test_who_administers_nothing_has_no_console(web):
    web.has_password(PAUL)
    browser = web.signed_in(PAUL)
    for path in ("/console", USERS, f"{USERS}/users/p.martin"):
        assert browser.get(path).status_code == 404
    assert "/console" not in browser.get("/").text


def test_counters_are_those_of_the_guide(anne):
    page = anne.get(USERS)
    counts = [part.partition("</dd>")[0] for part in page.text.split("<dd>")[1:4]]
    assert counts == ["4", "1", "2"]
    for words in ("compte(s) Utilisateur(s) associé(s)", "compte(s) Utilisateur(s) activé(s)", "à créer"):
        assert words in page.text


def a_day_later(web):
    """Anne, signed in again a day after everybody was invited."""
    web.clock.move(timedelta(days=1, seconds=1))
    return web.signed_in(ANNE)


def test_each_user_has_a_row_with_products_and_the_actions_that_suit(web, anne):
    page = a_day_later(web).get(USERS)
    paul, laure = cell(page, "p.martin"), cell(page, "l.petit")
    assert paul.count("✓") == 2
    assert laure.count("✓") == 1
    assert "activé" in paul
    assert ("p.martin/reset" in paul, "p.martin/resend" in paul) == (True, False)
    assert ("l.petit/reset" in laure, "l.petit/resend" in laure) == (False, True)
    for row, key in ((paul, "p.martin"), (laure, "l.petit")):
        assert f"{USERS}/users/{key}" in row
        assert f"{USERS}/users/{key}/remove" in row


def test_the_next_free_seat_is_the_last_row_until_none_is_free(web, anne):
    assert "Créer un nouvel utilisateur" in anne.get(USERS).text
    again(web, dupont(seats=2))
    full = anne.get(USERS).text
    assert "Créer un nouvel utilisateur" not in full
    assert "sont utilisés" in full


@pytest.mark.parametrize(("days", "words"), [(0, "invitation à envoyer"), (15, "invitation expirée le 09/12/2026")])
def test_invitations_say_until_when(web, anne, days, words):
    web.clock.move(timedelta(days=days))
    assert words in cell(web.signed_in(ANNE).get(USERS), "l.petit")


def test_the_activation_mail_goes_out_again_a_day_later_and_not_before(web, anne):
    early = anne.client.post(f"{USERS}/users/l.petit/resend", data={"form": anne.token(f"{USERS}/users")})
    assert early.status_code == 409
    assert "Le tableau dit quand" in early.text
    assert "pourra être renvoyé à partir du 26/11/2026 13:00" in cell(anne.get(USERS), "l.petit")
    late = a_day_later(web).send(f"{USERS}/users/l.petit/resend", page=USERS)
    assert late.headers["location"] == f"{USERS}?done=resent"
    assert (LAURE.email, ("N2",), "activation") in web.mails()
    assert web.store.check() == []


def test_a_second_click_sends_no_second_mail(web, anne):
    anne = a_day_later(web)
    form = {"form": anne.token(USERS)}
    answers = [anne.client.post(f"{USERS}/users/l.petit/resend", data=form).status_code for _ in range(3)]
    assert answers == [303, 409, 409]
    assert len(web.mails()) == 1


def test_the_password_link_is_for_active_users_alone(web, anne):
    form = {"form": anne.token(USERS)}
    assert anne.client.post(f"{USERS}/users/p.martin/reset", data=form).status_code == 303
    assert anne.client.post(f"{USERS}/users/l.petit/reset", data=form).status_code == 409
    assert anne.client.post(f"{USERS}/users/p.martin/resend", data=form).status_code == 409
    assert web.mails() == [(PAUL.email, ("N7",), "reset")]


def test_mails_sent_again_are_in_the_history_with_who_asked(web, anne):
    anne.send(f"{USERS}/users/p.martin/reset", page=USERS)
    page = anne.get(f"{USERS}/history").text
    assert "Lien de mot de passe renvoyé : Paul Martin-Lefèvre".replace(" :", "\u00a0:") in page
    assert ANNE.email in page
    assert "claire" in page


def test_nobody_fills_a_mailbox_with_links(web, anne):
    web.has_password(PAUL)
    web.forget_mails()
    answers = [anne.send(f"{USERS}/users/p.martin/reset", page=USERS).status_code for _ in range(5)]
    assert answers == [303, 303, 303, 409, 409]
    assert "Plusieurs liens" in anne.send(f"{USERS}/users/p.martin/reset", page=USERS).text


@pytest.mark.parametrize("act", ["resend", "reset", "remove"])
def test_somebody_unknown_is_a_page_that_does_not_exist(anne, act):
    form = {"form": anne.token(USERS)}
    unknown = anne.client.post(f"{USERS}/users/nobody/{act}", data=form)
    assert unknown.status_code == 404
    assert unknown.text == anne.get("/no/such/page").text
    assert anne.get(f"{USERS}/users/nobody").status_code == 404


def test_services_tell_identifier_papers_end_and_state(web, anne):
    papers = {"tax_office_form": Evidence(date(2026, 10, 1))}
    sepa = Service(status="pending")
    vat = replace(VAT, evidence=papers, ends_on=date(2027, 2, 1))
    products = {**HOSTED, "gestion_commerciale": Product()}
    again(web, dupont(products=products, services={"vat_filing": vat, "sepa_payments": sepa}))
    page = anne.get(f"{USERS}/services").text
    identifier = web.store.snapshots(["dupont"])["dupont"].facts["service/vat_filing/identifier"]
    for words in (identifier, "01/10/2026", "01/02/2027", "en attente", "/services/dupont/vat_filing", "Paul Martin"):
        assert words in page


def test_the_checklist_says_which_dossiers_are_still_to_be_retrieved(web, anne):
    dossiers = {"2025": Dossier("Exercice 2025", date(2026, 11, 26), "p.martin"), "2026": Dossier("Exercice 2026")}
    again(web, dupont(products={**HOSTED, "compta": replace(HOSTED["compta"], dossiers=dossiers)}))
    run = web.store.begin_run("dossiers", actor="software")
    with web.store.transaction("dupont", run) as transaction:
        from flexsync.store.transaction import Saved

        was = transaction.snapshot()
        facts = {**was.facts, DOSSIER_CHANGED.format("compta", "2026"): "2026-11-24"}
        transaction.save(Saved(was.current, was.applied, facts, operation="report"))
    web.store.end_run(run, "done", {})
    page = anne.get(f"{USERS}/services").text
    assert "26/11/2026, Paul Martin-Lefèvre" in page
    assert "24/11/2026" in page
    assert page.count("à récupérer") == 1
    assert "clic-droit" in page


def test_drift_of_somebodys_own_data_is_told_with_what_it_was(web, anne):
    in_portal(web.store, "dupont", person_changed("p.martin", family_name="Durand", language="en"))
    page = anne.get(f"{USERS}/files").text
    assert "Paul Durand\N{NO-BREAK SPACE}: nom «\N{NO-BREAK SPACE}Durand\N{NO-BREAK SPACE}» au lieu de" in page
    assert "langue «\N{NO-BREAK SPACE}anglais\N{NO-BREAK SPACE}» au lieu de" in page
    page = anne.get(f"{USERS}/files?lang=en").text
    assert "Paul Durand: family name “Durand” instead of “Martin-Lefèvre”" in page
    assert "language “English” instead of “French”" in page


def test_users_can_be_searched_by_name_and_address(web, anne):
    assert 'role="search"' not in anne.get(USERS).text
    for sought in ("martin", " PAUL@dupont "):
        page = anne.get(USERS, params={"q": sought}).text
        assert "Paul Martin-Lefèvre" in page
        assert 'id="user-l.petit"' not in page
    assert "compte(s) Utilisateur(s) activé(s)" in page
    many = {f"u{n}": user(replace(LAURE, email=f"u{n}@dupont.example"), "paye") for n in range(21)}
    again(web, dupont(seats=30, users=many))
    assert 'role="search"' in anne.get(USERS).text


def test_an_existing_account_is_offered_to_who_administers_several(web, anne):
    words = "choisir un compte existant"
    assert words not in anne.get(USERS).text
    other = dupont(name="annexe", company=Company("Annexe Dupont"), users={"l.petit": user(LAURE, "paye")}, services={})
    again(web, other)
    assert words in anne.get(USERS).text


def test_drift_is_told_with_what_was_done(web, anne):
    in_portal(web.store, "dupont", user_changed("p.martin", access=("compta",)))
    page = anne.get(f"{USERS}/files").text
    assert "Paul Martin-Lefèvre ne peut plus ouvrir Ciel Paye" in page
    assert "sans les fichiers" in page


HOSTILE = [
    Person("madame", "<script>alert(1)</script>", "O'Neil\"&", "a@dupont.example"),
    Person("madame", "{{ 70081*70081 }}", "{% include 'x' %}", "b@dupont.example"),
    Person("madame", "%(who)s", "%s %d", "c@dupont.example"),
    Person("madame", "\u202eevil", "Z\u0338", "d@dupont.example"),
]


@pytest.mark.parametrize("person", HOSTILE, ids=lambda person: person.email)
def test_hostile_names_are_text_in_every_cell(web, anne, person):
    name = "<img src=x onerror=1>"
    state = dupont(company=Company(name), users={"p.martin": user(PAUL, "paye"), "evil": user(person, "compta")})
    again(web, state)
    paths = ["", "/services", "/history", "/files", "/users", "/users/evil", "/users/evil/remove"]
    for path in paths:
        page = anne.get(USERS + path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert str(70081 * 70081) not in page.text


def test_a_console_names_nobody_of_another_customer(web, anne):
    for path in ("", "/services", "/history", "/files", "/users", "/users/p.martin", "/users/p.martin/remove"):
        text = anne.get(USERS + path).text
        for canary in (ZOE.family_name, STRANGER.given_name, "costa"):
            assert canary not in text
