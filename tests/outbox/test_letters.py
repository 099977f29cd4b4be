"""Rows become one letter: over all subscriptions, gravest first, in plain words."""

from dataclasses import replace

import pytest

from flexsync.outbox.letter import letters
from tests.support.letters import LINK, PAUL, read, row, told

ANNE = {"civility": "madame", "given_name": "Anne", "family_name": "Dupont", "email": "anne@dupont.example"}
GRANT = told("N3", "access.grant", "access/p.martin/paye", False, True)
LINKED = told("N4", "user.link", "user/p.martin", None, {"person": PAUL})
INVITED = told("N2", "user.create", "user/p.martin", None, {"person": PAUL})


def flat(text: str) -> str:
    return text.replace("\u00a0", " ").replace("’", "'")


def test_one_letter_tells_of_all_subscriptions_and_the_gravest_thing_gives_the_subject():
    rows = [row(GRANT), row(INVITED, id=2, subscription="vidal", payload={"legal_name": "Vidal"}, purpose="activation")]
    texts = read(*rows, link=LINK)
    assert texts.subject == "Votre compte utilisateur est créé\u00a0: choisissez votre mot de passe"
    assert "Lingerie Dupont" in texts.text
    assert "Vidal" in texts.text
    assert LINK in texts.text
    assert letters(rows).purpose == "activation"


def test_subscriptions_of_which_the_same_is_told_share_their_paragraphs():
    rows = [
        row(LINKED, id=n, subscription=f"c{n}", payload={"legal_name": f"Client {n}", "customer_code": f"C{n}"})
        for n in range(40)
    ]
    text = read(*rows).text
    assert text.count("utilisateur") == 1
    assert "== 40 abonnements\nClient 0 (code client C0), Client 1 (code client C1), " in text
    assert all(f"Client {n} (code client C{n})" in text for n in range(40))


def test_what_is_told_of_one_of_many_stands_under_its_own_name_and_the_gravest_comes_first():
    revoke = told("N5", "access.revoke", "access/p.martin/compta", True, False)
    rows = [row(LINKED, id=n, subscription=f"c{n}", payload={"legal_name": f"Client {n}"}) for n in range(9)]
    rows.append(row(revoke, id=9, subscription="zed", payload={"legal_name": "Zed"}))
    text = flat(read(*rows).text)
    assert text.index("== Zed") < text.index("Vous ne pouvez plus ouvrir") < text.index("== 9 abonnements")


def test_products_gained_and_lost_are_told_together():
    revoke = told("N5", "access.revoke", "access/p.martin/compta", True, False)
    text = flat(read(row(GRANT, revoke, payload={"access": ["paye"]})).text)
    assert "Vous pouvez désormais ouvrir : Ciel Paye" in text
    assert "Vous ne pouvez plus ouvrir : Ciel Compta" in text
    assert "Au total, vous pouvez ouvrir : Ciel Paye" in text


def test_an_administrator_reads_who_left_and_the_one_who_left_reads_that_it_was_them():
    left = told("N5", "user.deactivate", "user/p.martin", {"person": PAUL, "access": ["compta"]}, None)
    theirs = flat(read(row(left)).text)
    assert "Votre accès a été retiré" in theirs
    assert "Vous ne pouvez plus ouvrir : Ciel Compta" in theirs
    admins = flat(read(row(left, recipient="anne@dupont.example", payload={"person": ANNE})).text)
    assert "Bonjour Madame Dupont," in admins
    assert "- Paul Martin" in admins
    assert "Votre accès a été retiré" not in admins


def test_an_administrator_who_was_replaced_reads_who_follows():
    replaced = told("N5", "admin.replace", "admin", {"person": PAUL}, {"person": ANNE})
    text = flat(read(row(replaced)).text)
    assert "Vous n'êtes plus administrateur de cet abonnement" in text
    assert "L'administrateur est désormais Anne Dupont." in text


def test_both_addresses_are_told_of_a_proposed_one_and_the_new_one_is_asked():
    proposed = told("N3", "user.propose_email", "user/p.martin", "paul@dupont.example", "p.martin@dupont.example")
    old = read(row(proposed))
    assert "p.martin@dupont.example (auparavant : paul@dupont.example)" in flat(old.text)
    assert "Prévenez sans attendre votre administrateur" in flat(old.text)
    asked = row(proposed, recipient="p.martin@dupont.example", purpose="confirm_email", payload={"person": None})
    new = read(asked, link=LINK)
    assert new.subject == "Confirmez votre nouvelle adresse e-mail"
    assert "Bonjour,\n" in new.text
    assert LINK in new.text


def test_a_service_that_waits_names_the_papers_that_are_missing_and_one_that_is_on_reminds_of_them():
    pending = {"status": "pending", "sirets": ["73282932000074"]}
    more = {"identifier": "IJN33", "ends_on": "2027-01-31", "names": {}}
    waits = flat(read(row(told("N8", "service.request", "service/vat_filing", None, pending, **more))).text)
    assert "en attente de documents : Ciel directDéclaration TVA + Bilan" in waits
    assert "Il sera activé dès que ces documents auront été envoyés :\n  - Formulaire de souscription" in waits
    assert "Votre identifiant : IJN33" in waits
    assert "Dernier jour d'utilisation : 31/01/2027" in waits
    active = {**pending, "status": "active", "evidence": {"tax_office_form": {"sent_on": "2026-01-02"}}}
    on = flat(read(row(told("N8", "service.activate", "service/vat_filing", None, active, **more))).text)
    assert "Prérequis, pour rappel :\n  - Formulaire de souscription" in on


def test_data_that_came_back_without_any_dossier_says_so():
    local = told("N12", "data_mode.to_local", "product/compta", "hosted", "local", dossiers=[])
    assert "aucun dossier n'était à récupérer" in flat(read(row(local)).text)


@pytest.mark.parametrize(
    ("kind", "code", "subject"),
    [
        ("subscription.close", "N10", "Votre abonnement est clos"),
        ("product.add", "N3", "Les logiciels de votre abonnement ont changé"),
        ("password.change", "N3", "Votre mot de passe a été modifié"),
        ("service.update", "N9", "Mot de passe d’un service connecté"),
        ("run.digest", "N14", "Bilan des opérations du jour"),
    ],
)
def test_what_a_code_says_too_narrowly_has_a_subject_of_its_own(kind, code, subject):
    assert read(row(told(code, kind, "product/paye"))).subject == subject


@pytest.mark.parametrize(("kind", "anew"), [("service.update", False), ("service.activate", True)])
def test_who_is_new_to_a_service_is_not_told_that_its_password_is_new(kind, anew):
    text = flat(read(row(told("N9", kind, "service/vat_filing"))).text)
    assert "Services connectés" in text
    assert ("n'est plus valable" in text) is anew


def test_a_code_without_a_change_is_told_all_the_same():
    text = read(row(codes=("N7",), purpose="reset"), link=LINK)
    assert text.subject == "Choisissez un nouveau mot de passe"
    assert "votre mot de passe actuel reste valable" in text.text


def test_the_order_of_the_rows_does_not_matter():
    rows = [row(GRANT), row(LINKED, id=2, subscription="vidal"), row(INVITED, id=3, subscription="alba")]
    assert letters(rows) == letters(rows[::-1])


def test_the_day_is_that_of_paris():
    late = row(GRANT)
    late = replace(late, created_at=late.created_at.replace(day=31, month=12, hour=23, minute=30))
    assert "Voici ce qui a changé le 01/01/2027" in read(late).text


def test_a_link_says_to_the_minute_of_paris_when_it_ends():
    text = read(row(codes=("N7",), purpose="reset"), link=LINK).text
    assert "jusqu’au 16/03/2026 à 09:30 (heure de Paris)" in text
    text = read(row(codes=("N7",), purpose="reset", language="en"), link=LINK).text
    assert "until 16 Mar 2026 at 09:30 (Paris time)" in text


def test_whoever_is_invited_or_given_a_product_that_is_online_reads_that_each_start_needs_internet():
    online = {"access": ["compta", "paye"], "hosted": ["compta", "paye"]}
    needed = "Internet nécessaire à chaque démarrage\N{NO-BREAK SPACE}:"
    assert f"{needed} Ciel Compta, Ciel Paye\n" in read(row(INVITED, payload=online)).text
    assert f"{needed} Ciel Paye\n" in read(row(GRANT, payload=online)).text
    assert needed not in read(row(INVITED)).text


@pytest.mark.parametrize("kind", ["user.propose_email", "user.change_email", "admin.change_email"])
def test_whose_login_moves_reads_whom_to_tell_when_it_was_not_them(kind):
    moved = told("N3", kind, "user/p.martin", "paul@dupont.example", "p@dupont.example")
    assert "Ce n’était pas vous" in read(row(moved)).text
