"""Services switched in the console: agreed to, guarded as in a plan, told, and seen as drift."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from flexsync.acts.files import Proposal
from flexsync.desired.model import Policy
from flexsync.state import GENERATED, Evidence, Product, Service
from flexsync.store.tables import outbox
from tests.support.console import CONSOLE, LOCAL, USERS, again, drifted, mailed, snapshot
from tests.support.inviting import delivered, undeliverable
from tests.support.stored import ANNE, LAURE, PAUL, ZOE, user
from tests.support.web import HOSTED, PASSWORD, VAT

SERVICE, PAYROLL, SEPA = (f"{CONSOLE}/services/{code}" for code in ("vat_filing", "payroll_filing", "sepa_payments"))
DATA = f"{CONSOLE}/data/compta"
SIRET = "73282932000074"
MADE = Service("active", (SIRET,), ("l.petit", "p.martin"), {"tax_office_form": Evidence(date(2026, 10, 1))}, GENERATED)
BANK = {"creditor_id": "FR72ZZZ123456", "iban": "FR76 3000 6000 0112 3456 7890 189", "bic": "agrifrpp"}


class Files:
    """Files that can be edited to ask for anything."""

    def where(self, name, paths):
        return {}

    def policy(self, name):
        return Policy()

    def proposal(self, stored, wanted):
        return Proposal(f"+ {wanted.services['vat_filing'].status}")


@pytest.fixture
def web(web):
    """A fleet that lets administrators edit; it has no services yet."""
    web.has_password(ANNE, PAUL, LAURE)
    return again(replace(web, site=replace(web.site, console_edits=True)), users=USERS, services={})


@pytest.fixture
def anne(web):
    return web.signed_in(ANNE)


def service(web, code="vat_filing"):
    return snapshot(web).current.services[code]


def shared(web, person, code="vat_filing"):
    """The shared password, as somebody reads it."""
    page = web.signed_in(person).send(f"/services/dupont/{code}", password=PASSWORD).text
    return page.partition("<code>")[2].partition("</code>")[0]


def with_password_made(web):
    """The filing service is on with a password that was made in the console."""
    fields = {"sirets": SIRET, "recipient_1": "l.petit", "recipient_2": "p.martin", "sent_1": "2026-10-01"}
    web.signed_in(ANNE).agree(SERVICE, **fields)
    assert service(web) == MADE
    web.forget_mails()
    return web


def test_a_filing_service_is_activated_with_a_password_that_is_made(web, anne):
    form = {"sirets": "732 829 320 00074\r\n", "recipient_2": "p.martin", "sent_1": "2026-10-01"}
    page = anne.send(SERVICE, **form).text
    for words in ("directDéclaration TVA + Bilan activé", f"SIRET\u00a0: – → {SIRET}", "– → Paul Martin", "01/10/2026"):
        assert words in page
    assert web.mails() == []
    done = anne.agree(SERVICE, **form)
    assert done.headers["location"] == f"{CONSOLE}/services?done=service"
    assert service(web) == replace(MADE, recipients=("p.martin",))
    assert snapshot(web).facts["service/vat_filing/identifier"] in anne.get(f"{CONSOLE}/services").text
    assert mailed(web) == {ANNE.email: ("N8",), PAUL.email: ("N9",)}
    assert shared(web, PAUL) == shared(web, ANNE) != ""
    assert drifted(web)
    assert web.store.history("dupont")[-1].actor == ANNE.email
    assert "Télédéclaration" not in anne.get(f"{CONSOLE}/history").text


def test_a_service_waits_for_its_papers_and_is_active_once_they_are_dated(web, anne):
    anne.agree(SERVICE, sirets=SIRET)
    assert service(web).status == "pending"
    assert "service/vat_filing/identifier" in snapshot(web).facts
    assert mailed(web) == {ANNE.email: ("N8",)}
    assert web.signed_in(ANNE).get("/services/dupont/vat_filing").status_code == 404
    anne.agree(SERVICE, sirets=SIRET, sent_1="2026-11-25")
    assert service(web).status == "active"
    assert shared(web, ANNE) != ""
    assert drifted(web)


def test_somebody_s_word_stands_for_a_paper(web, anne):
    word = {"tax_office_form": Evidence(acknowledged_by="Claire Morel")}
    again(web, users=USERS, services={"vat_filing": Service("pending", (SIRET,), evidence=word)})
    assert "Claire Morel" in anne.get(SERVICE).text
    anne.agree(SERVICE, sirets=SIRET)
    assert (service(web).status, service(web).evidence) == ("active", word)


def test_money_is_moved_between_accounts_that_pass_their_checks(web, anne):
    again(web, products={**HOSTED, "gestion_commerciale": Product()}, services={})
    page = anne.send(SEPA, **BANK).text
    assert "FR76…0189" in page
    anne.agree(SEPA, **BANK)
    on = service(web, "sepa_payments")
    assert (on.status, on.iban, on.bic) == ("active", "FR7630006000011234567890189", "AGRIFRPP")
    assert "secret" not in str(web.store.outbox()[-1].payload)
    assert drifted(web)


@pytest.mark.parametrize(
    ("path", "fields", "field", "words"),
    [
        (SERVICE, {"sirets": ""}, "sirets", "au moins un"),
        (SERVICE, {"sirets": "73282932000075"}, "sirets", "14 chiffres"),
        (SERVICE, {"sirets": f"{SIRET}\n35600000000048\n35600000009075"}, "sirets", "Votre contrat"),
        (SERVICE, {"sirets": SIRET, "recipient_1": "nobody"}, "recipients", "peuvent ouvrir"),
        (PAYROLL, {"sirets": SIRET, "recipient_1": "l.petit"}, "recipients", "peuvent ouvrir"),
        (SERVICE, {"sirets": SIRET, "sent_1": "2026-11-26"}, "sent_1", "jour d’envoi"),
        (SERVICE, {"sirets": SIRET, "sent_1": "yesterday"}, "sent_1", "jour d’envoi"),
        (SEPA, {**BANK, "creditor_id": "FR20ZZZ123456"}, "creditor_id", "créancier"),
        (SEPA, {**BANK, "iban": "FR7630006000011234567890188"}, "iban", "IBAN"),
        (SEPA, {**BANK, "bic": ""}, "bic", "BIC"),
        (DATA, {"mode": "hosted"}, "internet", "connexion Internet"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field_and_nothing_is_written(web, anne, path, fields, field, words):
    products = {"compta": LOCAL, "paye": Product(), "gestion_commerciale": Product()}
    again(web, users=USERS, products=products, services={}, sirets_allowed=2)
    before = snapshot(web)
    page = anne.send(path, **fields)
    assert page.status_code == 422
    for part in (f'href="#{field}"', f'id="{field}"', f'id="{field}-error"', words):
        assert part in page.text
    assert snapshot(web) == before
    assert web.mails() == []


def test_recipients_change_and_a_password_that_one_knew_is_made_anew(web, anne):
    known = shared(with_password_made(web), LAURE)
    page = anne.send(SERVICE, sirets=SIRET, recipient_2="p.martin").text
    for words in ("Laure Petit, Paul Martin-Lefèvre → Paul Martin-Lefèvre", "mot de passe partagé modifié"):
        assert words in page
    anne.agree(SERVICE, sirets=SIRET, recipient_2="p.martin")
    assert service(web).recipients == ("p.martin",)
    assert shared(web, PAUL) not in ("", known)
    assert mailed(web) == {ANNE.email: ("N8", "N9"), PAUL.email: ("N9",)}
    assert drifted(web)


def test_who_comes_to_use_a_service_is_told_where_its_password_is(web, anne):
    again(web, users=USERS, services={"vat_filing": VAT})
    anne.agree(SERVICE, sirets=SIRET, recipient_1="l.petit", recipient_2="p.martin")
    assert mailed(web) == {ANNE.email: ("N8",), LAURE.email: ("N9",)}


def test_who_leaves_takes_no_password_along(web, anne):
    known = shared(with_password_made(web), LAURE)
    anne.agree(f"{CONSOLE}/users/l.petit/remove")
    assert shared(web, PAUL) not in ("", known)
    assert "N9" in mailed(web)[PAUL.email]


def test_a_password_by_reference_waits_for_who_reads_it(web, anne):
    again(web, users=USERS, services={"vat_filing": replace(VAT, recipients=("l.petit", "p.martin"))})
    page = anne.send(SERVICE, sirets=SIRET, recipient_2="p.martin").text
    assert "attend la prochaine application des fichiers" in page
    anne.agree(SERVICE, sirets=SIRET, recipient_2="p.martin")
    assert snapshot(web).facts["service/vat_filing/rotation_due"] == "l.petit"
    assert service(web).secret == VAT.secret
    assert drifted(web)


def test_a_service_whose_password_is_by_reference_is_activated_by_the_files(web):
    papers = {"tax_office_form": Evidence(date(2026, 10, 1))}
    again(web, users=USERS, services={"vat_filing": replace(VAT, status="off", evidence=papers)})
    before = snapshot(web)
    browser = replace(web, site=replace(web.site, files=Files())).signed_in(ANNE)
    for sure in ("", "x"):
        page = browser.send(SERVICE, sirets=SIRET, recipient_1="p.martin", sent_1="2026-10-01", sure=sure).text
        assert "ce portail ne peut pas le lire" in page
        assert "+ active" in page
        assert 'name="sure"' not in page
    assert snapshot(web) == before


def test_a_service_ends_and_who_used_it_is_told(web, anne):
    with_password_made(web)
    page = anne.get(f"{SERVICE}/end").text
    assert "Désactiver Ciel directDéclaration TVA + Bilan" in page
    assert "Anne Dupont, Laure Petit, Paul Martin-Lefèvre" in page
    done = anne.agree(f"{SERVICE}/end")
    assert done.headers["location"] == f"{CONSOLE}/services?done=ended"
    assert service(web) == replace(MADE, status="off")
    assert mailed(web) == dict.fromkeys((ANNE.email, LAURE.email, PAUL.email), ("N10",))
    assert anne.get("/services/dupont/vat_filing").status_code == 404
    assert "service/vat_filing/identifier" in snapshot(web).facts
    assert anne.get(f"{SERVICE}/end").headers["location"] == f"{CONSOLE}/services?done=unchanged"
    assert web.store.check() == []


def test_nothing_is_activated_after_the_contract(web, anne):
    again(web, users=USERS, services={}, ends_on=date(2026, 11, 30))
    web.clock.move(timedelta(days=6))
    page = web.signed_in(ANNE).send(SERVICE, sirets=SIRET, sent_1="2026-10-01")
    assert page.status_code == 422
    assert "arrivé à son terme" in page.text


@pytest.mark.parametrize("path", [SEPA, f"{SEPA}/end", f"{CONSOLE}/services/mobile_data", f"{CONSOLE}/services/x",
                                  f"{CONSOLE}/data/paye", f"{CONSOLE}/data/x"])  # fmt: skip
def test_what_is_not_sold_or_follows_from_elsewhere_has_no_page(anne, path):
    assert anne.get(path).text == anne.get("/no/such/page").text
    assert anne.send(path, page="/me").status_code == 404


def test_an_offer_without_services_has_none_to_switch(web, anne):
    again(web, offer="flex", products={"compta": LOCAL, "paye": Product()}, services={})
    assert anne.get(SERVICE).status_code == 404
    assert anne.get(DATA).status_code == 404
    assert "Activer" not in anne.get(f"{CONSOLE}/services").text


@pytest.mark.parametrize("fate", [delivered, undeliverable])
def test_what_waits_for_others_is_no_part_of_an_edit(web, anne, fate):
    """Zoé did not follow her invitation, or its mail was refused; a password that Laure knew waits for its change."""
    again(web, users={**USERS, "z.noel": user(ZOE)}, services={"vat_filing": replace(VAT, recipients=("l.petit",))})
    anne.agree(SERVICE, sirets=SIRET)
    web.store.write(lambda connection: connection.execute(update(outbox).values(state="queued")))
    fate(web.store)
    web.clock.move(timedelta(days=30))
    anne = web.signed_in(ANNE)
    page = anne.send(SERVICE, sirets=SIRET, recipient_1="p.martin").text.partition("<main")[2]
    assert "Zoé" not in page
    assert "attend la prochaine application" not in page
    anne.agree(SERVICE, sirets=SIRET, recipient_1="p.martin")
    assert snapshot(web).facts["service/vat_filing/rotation_due"] == "l.petit"
    assert mailed(web) == {ANNE.email: ("N8",), PAUL.email: ("N9",)}
