"""Edits of the console, where the fleet lets administrators make them: guarded as in a plan, told, seen as drift."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from flexsync.portal.routes import ROUTES
from flexsync.state import Admin, Company, Product
from tests.support.console import drifted
from tests.support.portal import in_portal, user_changed
from tests.support.stored import ANNE, LAURE, PAUL, ZOE, brought, user
from tests.support.web import HOSTED, STRANGER, dupont, sure_of

USERS = "/console/dupont"
NEW = {
    "civility": "monsieur",
    "given_name": "Pierre",
    "family_name": "Quiroulé",
    "email": "pierre@dupont.example",
    "email_again": "pierre@dupont.example",
    "language": "fr",
    "existing": "",
    "access_1": "compta",
}


def typed(person, *access, **fields):
    """What the form of a user sends."""
    names = ("civility", "given_name", "family_name", "email", "language")
    boxes = {f"access_{number}": code for number, code in enumerate(access, 1)}
    return {**{name: getattr(person, name) for name in names}, **boxes, **fields}


@pytest.fixture
def web(web):
    """A fleet that lets administrators edit."""
    web.has_password(ANNE, PAUL)
    return replace(web, site=replace(web.site, console_edits=True))


@pytest.fixture
def anne(web):
    return web.signed_in(ANNE)


def path_of(route):
    parts = {"subscription": "dupont", "key": "p.martin", "service": "vat_filing", "product": "compta"}
    return route.path.format_map(parts)


def state(web, name="dupont"):
    return web.store.snapshots([name])[name].current


def test_a_new_user_takes_a_free_seat_and_is_invited(web, anne):
    done = anne.agree(f"{USERS}/users", **NEW)
    assert done.headers["location"] == f"{USERS}?done=created"
    made = state(web).users["p.quiroule"]
    assert (made.person.family_name, made.access) == ("Quiroulé", ("compta",))
    assert web.mails() == [("pierre@dupont.example", ("N2",), "activation")]
    assert drifted(web)
    assert web.store.history("dupont")[-1].actor == ANNE.email


def test_seats_are_never_exceeded_by_twenty_at_once(web, anne):
    browsers = [web.signed_in(ANNE) for _ in range(20)]

    def post(number):
        """Somebody who says yes again whenever something else would be done by now."""
        address = f"p{number}@dupont.example"
        fields = {**NEW, "email": address, "email_again": address}
        while (answer := browsers[number].agree(f"{USERS}/users", **fields).status_code) == 409:
            pass
        return answer

    with ThreadPoolExecutor(20) as pool:
        answers = sorted(pool.map(post, range(20)))
    assert answers == [303, 303, *[422] * 18]
    assert len(state(web).present) == 4
    assert drifted(web)


def test_nothing_is_done_before_somebody_agreed_to_what_is_shown(web, anne):
    before = web.store.snapshots(["dupont"])
    page = anne.send(f"{USERS}/users/p.martin", **typed(replace(PAUL, family_name="Martin"), "compta"))
    assert page.status_code == 200
    for words in ("Rien n’est encore modifié", "Nom\u00a0: Martin-Lefèvre → Martin", "ne peut plus ouvrir Ciel Paye",
                  "Prévenus par e-mail\u00a0: Paul Martin"):  # fmt: skip
        assert words in page.text
    assert web.store.snapshots(["dupont"]) == before
    assert web.mails() == []


def test_what_was_agreed_to_is_what_is_done_or_nothing(web, anne):
    sure = sure_of(anne.send(f"{USERS}/users/p.martin", **typed(PAUL, "compta")).text)
    in_portal(web.store, "dupont", user_changed("p.martin", access=("paye",)))
    before = web.store.snapshots(["dupont"])
    page = anne.send(f"{USERS}/users/p.martin", **typed(PAUL, "compta"), sure=sure)
    assert page.status_code == 409
    assert "entre-temps" in page.text
    assert sure_of(page.text) != sure
    assert web.store.snapshots(["dupont"]) == before


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": PAUL.email, "email_again": PAUL.email}, "déjà cette adresse"),
        ({"email": "x"}, "pas une adresse e-mail"),
        ({"email_again": "other@dupont.example"}, "identiques"),
        ({"access_1": ""}, "Indiquez"),
        ({"access_1": "nothing"}, "pas un produit"),
        ({"given_name": "<b>"}, "lettres"),
        ({"existing": STRANGER.email}, "possibilités"),
        ({"email": ZOE.email, "email_again": ZOE.email}, "autre civilité"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_written(web, anne, fields, words):
    before = web.store.snapshots(["dupont", "costa"])
    page = anne.agree(f"{USERS}/users", **{**NEW, **fields})
    assert page.status_code == 422
    assert words in page.text
    assert web.store.snapshots(["dupont", "costa"]) == before
    assert web.mails() == []


def test_an_existing_account_is_attached_with_its_own_names(web, anne):
    other = dupont(name="annexe", company=Company("Annexe"), users={"z.noel": user(ZOE, "paye")}, services={})
    brought(web.store, other)
    web.forget_mails()
    page = anne.get(f"{USERS}/users").text
    assert ZOE.email in page
    assert STRANGER.email not in page
    anne.agree(f"{USERS}/users", **{**dict.fromkeys(NEW, ""), "existing": ZOE.email, "access_1": "paye"})
    assert state(web).users["z.noel"].person == ZOE
    assert drifted(web)


def test_somebody_who_left_comes_back_under_the_same_key(web, anne):
    anne.agree(f"{USERS}/users/l.petit/remove")
    anne.agree(f"{USERS}/users", **{**dict.fromkeys(NEW, ""), "existing": LAURE.email, "access_1": "paye"})
    assert state(web).users["l.petit"].status == "present"
    assert not drifted(web)


def test_products_change_and_the_person_is_told(web, anne):
    done = anne.agree(f"{USERS}/users/p.martin", **typed(PAUL, "compta"))
    assert done.headers["location"] == f"{USERS}?done=changed"
    assert state(web).users["p.martin"].access == ("compta",)
    assert web.mails() == [(PAUL.email, ("N5",), "")]
    assert drifted(web)


def test_names_change_for_the_account_too(web, anne):
    anne.agree(f"{USERS}/users/p.martin", **typed(replace(PAUL, family_name="Martin"), "compta", "paye"))
    assert state(web).users["p.martin"].person.family_name == "Martin"
    assert web.store.accounts([PAUL.email])[PAUL.email].person.family_name == "Martin"
    assert drifted(web)


def test_the_address_of_somebody_active_is_proposed_and_moves_once_confirmed(web, anne):
    done = anne.agree(f"{USERS}/users/p.martin", **typed(replace(PAUL, email="p@dupont.example"), "compta", "paye"))
    assert done.headers["location"] == f"{USERS}?done=proposed"
    snapshot = web.store.snapshots(["dupont"])["dupont"]
    assert snapshot.current.users["p.martin"].person.email == PAUL.email
    assert snapshot.facts["user/p.martin/proposed_email"] == "p@dupont.example"
    assert ("p@dupont.example", ("N3",), "confirm_email") in web.mails()
    assert "p@dupont.example" in anne.get(USERS).text
    assert web.store.check() == []


def test_the_address_of_somebody_invited_moves_with_a_new_invitation(web, anne):
    anne.agree(f"{USERS}/users/l.petit", **typed(replace(LAURE, email="laure.petit@dupont.example"), "paye"))
    assert state(web).users["l.petit"].person.email == "laure.petit@dupont.example"
    assert ("laure.petit@dupont.example", "activation") in {(mail[0], mail[2]) for mail in web.mails()}
    assert drifted(web)


def test_who_is_known_elsewhere_keeps_their_names(web, anne):
    brought(web.store, replace(state(web, "costa"), users={**state(web, "costa").users, "paul": user(PAUL, "compta")}))
    page = anne.agree(f"{USERS}/users/p.martin", **typed(replace(PAUL, given_name="Jean"), "compta", "paye"))
    assert page.status_code == 422
    assert "elle-même" in page.text
    assert "costa" not in page.text.lower()
    assert state(web).users["p.martin"].person == PAUL


def test_hosting_is_switched_off_for_one_person(web, anne):
    anne.agree(f"{USERS}/users/p.martin", **typed(PAUL, "compta", "paye", opted_out="yes"))
    assert state(web).users["p.martin"].hosted_opt_out
    assert drifted(web)


def test_nothing_different_changes_nothing(web, anne):
    before = web.store.snapshots(["dupont"])
    done = anne.agree(f"{USERS}/users/p.martin", **typed(PAUL, "compta", "paye"))
    assert done.headers["location"] == f"{USERS}?done=unchanged"
    assert web.store.snapshots(["dupont"]) == before


def test_deleting_asks_first_then_frees_the_seat_and_ends_the_session(web, anne):
    paul = web.signed_in(PAUL)
    page = anne.send(f"{USERS}/users/p.martin/remove")
    assert "attend la prochaine application" in page.text
    assert "Supprimer le compte Utilisateur de Paul" in page.text
    assert state(web).users["p.martin"].status == "present"
    done = anne.agree(f"{USERS}/users/p.martin/remove")
    assert done.headers["location"] == f"{USERS}?done=removed"
    gone = state(web).users["p.martin"]
    assert (gone.status, gone.access, gone.person) == ("deactivated", (), PAUL)
    assert state(web).services["vat_filing"].recipients == ()
    assert web.store.snapshots(["dupont"])["dupont"].facts["service/vat_filing/rotation_due"] == "p.martin"
    assert paul.get("/").status_code == 303
    assert (PAUL.email, ("N5",), "") in web.mails()
    assert drifted(web)


def test_the_last_user_stays(web, anne):
    anne.agree(f"{USERS}/users/l.petit/remove")
    page = anne.agree(f"{USERS}/users/p.martin/remove")
    assert page.status_code == 422
    assert "dernier utilisateur" in page.text
    assert state(web).users["p.martin"].status == "present"


def test_the_seat_of_the_administrator_stays(web, anne):
    own = dupont(admin=Admin(ANNE, also_user=True), users={**dupont().users, "admin": user(ANNE, "compta", "paye")})
    brought(web.store, own)
    page = anne.agree(f"{USERS}/users/admin/remove")
    assert page.status_code == 422
    assert "suit l’administrateur" in page.text
    anne.agree(f"{USERS}/users/admin", **{"access_1": "compta"})
    assert state(web).users["admin"].access == ("compta",)
    assert state(web).users["admin"].person == ANNE
    assert drifted(web)


def test_a_product_has_its_own_number_of_users(web, anne):
    capped = {**HOSTED, "paye": Product(seats=2)}
    brought(web.store, dupont(products=capped))
    page = anne.agree(f"{USERS}/users", **{**NEW, "access_1": "paye"})
    assert page.status_code == 422
    assert "place libre" in page.text


def test_who_administers_no_more_edits_nothing(web, anne):
    token = anne.token(f"{USERS}/users")
    brought(web.store, dupont(admin=Admin(PAUL), users={"l.petit": user(LAURE, "paye")}, services={}))
    assert anne.client.post(f"{USERS}/users", data={"form": token, **NEW, "sure": "x"}).status_code in (303, 404)
    assert "p.quiroule" not in state(web).users


def test_no_stream_of_mails_to_strangers(sqlite_web):
    from flexsync.acts.console_changes import added, removed
    from flexsync.acts.console_editing import edit, preview
    from flexsync.acts.own import BadValue
    from flexsync.store import logins

    site = sqlite_web.site
    login = site.store.read(lambda connection: logins.by_key(connection, ANNE.email))
    made = 0

    def done(wanted):
        edit(site, login, "dupont", "console", wanted, preview(site, login, "dupont", wanted).digest)

    with pytest.raises(BadValue, match="Too many e-mails"):
        for number in range(60):
            stranger = replace(PAUL, email=f"s{number}@elsewhere.example", family_name=f"Nom{chr(97 + number % 26)}")
            done(added(stranger, ("compta",)))
            made += 1
            key = next(key for key, one in state(sqlite_web).present.items() if one.person.email == stranger.email)
            done(removed(key))
    assert made == 40


EDITS = [route for route in ROUTES if "sure" in route.fields]


@pytest.mark.parametrize("route", EDITS, ids=lambda route: route.path)
def test_where_the_files_manage_it_no_edit_exists(web, route):
    managed = replace(web, site=replace(web.site, console_edits=False))
    browser = managed.signed_in(ANNE)
    before = web.store.snapshots(["dupont"])
    answer = browser.send(path_of(route), page=f"{USERS}/services", sure="x")
    assert answer.status_code == 404
    assert web.store.snapshots(["dupont"]) == before


@pytest.mark.parametrize("route", EDITS, ids=lambda route: route.path)
def test_without_files_the_pages_say_so(web, route):
    managed = replace(web, site=replace(web.site, console_edits=False))
    page = managed.signed_in(ANNE).get(path_of(route)).text
    assert "ce portail n’a pas" in page
    assert "<button" not in page.partition("<main")[2]
