"""Downloads and shared passwords: for whom they are, and for nobody else."""

import hashlib
from dataclasses import replace

import pytest

from flexsync.acts.site import Site
from flexsync.catalogue import Label, Release
from flexsync.keys import Keys
from flexsync.store import shared
from tests.support.stored import ANNE, LAURE, PAUL
from tests.support.web import PASSWORD, PEOPLE, STRANGER, Web


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "releases"
    place.mkdir()
    for name in ("compta-12.1.exe", "compta-12.10.exe", "paye-12.1-setup.msi", "directdeclaration-12.54.exe"):
        (place / name).write_bytes(name.encode() * 1000)
    (tmp_path / "secret.txt").write_text("secret")
    (place / "gestion_commerciale-12.1.exe").symlink_to(tmp_path / "secret.txt")
    return place


@pytest.fixture
def shop(sqlite_web, folder):
    """A portal with a folder of releases, and people with passwords."""
    sqlite_web.has_password(*PEOPLE)
    return Web(replace(sqlite_web.site, releases=str(folder)), sqlite_web.clock)


def test_people_see_the_releases_of_what_they_may_open(shop, folder):
    text = shop.signed_in(PAUL).get("/downloads").text
    content = (folder / "compta-12.1.exe").read_bytes()
    assert hashlib.sha256(content).hexdigest() in text
    assert "compta-12.1.exe (15,0 ko)" in text
    assert "paye-12.1-setup.msi" in text
    assert "directdeclaration-12.54.exe" in text
    assert "gestion_commerciale" not in text


def test_the_tool_comes_with_its_service(shop):
    assert "directdeclaration" not in shop.signed_in(LAURE).get("/downloads").text
    assert "directdeclaration-12.54.exe" in shop.signed_in(ANNE).get("/downloads").text


def test_a_file_is_fetched_as_it_is(shop, folder):
    answer = shop.signed_in(PAUL).get("/downloads/compta-12.1.exe")
    assert answer.content == (folder / "compta-12.1.exe").read_bytes()
    assert answer.headers["content-disposition"] == 'attachment; filename="compta-12.1.exe"'
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    ["compta-12.10.exe", "gestion_commerciale-12.1.exe", "../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt",
     "..%5csecret.txt", "compta-12.1.exe%00", "nothing", "COMPTA-12.1.EXE"],
)  # fmt: skip
def test_no_other_file_is(shop, name):
    answer = shop.signed_in(PAUL).get(f"/downloads/{name}")
    assert answer.status_code == 404
    assert answer.text == shop.signed_in(PAUL).get("/nowhere").text


def test_who_may_not_open_a_product_does_not_fetch_it(shop):
    assert shop.signed_in(LAURE).get("/downloads/compta-12.1.exe").status_code == 404
    assert shop.signed_in(LAURE).get("/downloads/paye-12.1-setup.msi").status_code == 200


def catalogued(shop: Web, **fields: object) -> Site:
    release = Release("compta", "12.1", Label("Compta", "Compta"), **fields)  # type: ignore[arg-type]
    return replace(shop.site, catalogue=replace(shop.site.catalogue, releases=(release,)))


def test_releases_may_be_kept_elsewhere(shop):
    site = catalogued(shop, file="compta-12.1.exe", size=48_210_944, sha256="ab" * 32)
    web = Web(replace(site, releases="https://files.dupont.example/flex"), shop.clock)
    text = web.signed_in(PAUL).get("/downloads").text
    assert 'href="https://files.dupont.example/flex/compta-12.1.exe"' in text
    assert "48,2 Mo" in text
    assert "ab" * 32 in text
    assert web.signed_in(PAUL).get("/downloads/compta-12.1.exe").status_code == 404


def test_a_file_that_is_not_what_was_released_is_not_offered(shop):
    web = Web(catalogued(shop, sha256="ab" * 32), shop.clock)
    assert "compta-12.1.exe" not in web.signed_in(PAUL).get("/downloads").text


@pytest.mark.parametrize("place", ["", "nowhere"])
def test_without_a_folder_nothing_breaks(shop, place):
    web = Web(replace(shop.site, releases=place), shop.clock)
    assert "pas encore proposé ici" in web.signed_in(PAUL).get("/downloads").text


SERVICE = "/services/dupont/vat_filing"


@pytest.fixture
def told(shop):
    """The shared password of the filing service is kept."""
    text = shop.site.keys.fernet().encrypt(b"horse battery").decode()
    run = shop.store.begin_run("apply", actor="claire")
    now = shop.clock.now()
    shop.store.write(lambda connection: shared.keep(connection, "dupont", run.id, now, {"vat_filing": text}))
    return shop


def test_a_recipient_reads_the_shared_password_after_typing_their_own(told):
    browser = told.signed_in(PAUL)
    assert "horse battery" not in browser.get(SERVICE).text
    assert browser.send(SERVICE, password="wrong").status_code == 422
    answer = browser.send(SERVICE, password=PASSWORD)
    assert answer.status_code == 200
    assert "horse battery" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_others_find_no_such_service(told):
    for person in (LAURE, STRANGER):
        assert told.signed_in(person).get(SERVICE).status_code == 404
    assert told.signed_in(PAUL).get("/services/dupont/payroll_filing").status_code == 404
    assert told.signed_in(ANNE).get(SERVICE).status_code == 200


def test_a_password_of_another_key_cannot_be_shown(told):
    web = Web(replace(told.site, keys=Keys(b"other")), told.clock)
    assert web.signed_in(PAUL).send(SERVICE, password=PASSWORD).status_code == 409
