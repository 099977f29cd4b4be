"""Facts of catalogue files: the built-in one says what the guide says, another one is checked."""

from pathlib import Path

import pytest

import flexsync
from flexsync.desired.catalogue_file import builtin, catalogue_from
from flexsync.errors import InvalidFiles
from tests.support import catalogues

OWN = (Path(flexsync.__file__).parent / "catalogue.yaml").read_text(encoding="utf-8")


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidFiles) as caught:
        catalogue_from("mine.yaml", text.encode())
    return [(problem.code, str(problem.where)) for problem in caught.value.problems]


def test_the_built_in_catalogue_is_read_whole_and_once():
    plain = catalogues.builtin()
    assert (builtin().offers, builtin().products) == (plain.offers, plain.products)
    assert set(builtin().services) == {"mobile_data", "vat_filing", "payroll_filing", "sepa_payments"}
    assert builtin() is builtin()


def test_only_the_larger_offer_has_services():
    assert builtin().offers["flex"].services == ()
    assert builtin().offers["ultraflex"].hosting


def test_versions_are_compared_by_their_parts():
    latest = builtin().latest("directdeclaration")
    assert latest is not None
    assert latest.version == "12.54"


def test_the_digest_follows_the_content_not_its_layout():
    same = catalogue_from("mine.yaml", ("# a comment\n" + OWN).encode())
    other = catalogue_from("mine.yaml", OWN.replace("rank: 1", "rank: 0").encode())
    assert same.digest == builtin().digest
    assert other.digest != builtin().digest


def test_every_reference_leads_somewhere():
    assert problems(OWN.replace("vat_filing, payroll", "vat_fling, payroll"))[0][0] == "unknown-reference"
    assert problems(OWN.replace("products: [paye]", "products: [pay]")) == [("unknown-reference", "mine.yaml:43:16")]
    assert problems(OWN.replace("{product: directdeclaration", "{product: nothing"))[0][0] == "unknown-reference"


def test_a_catalogue_file_is_a_catalogue():
    assert problems("apiVersion: flexsync/v1\nkind: Fleet\nname: mine\n") == [("kind", "mine.yaml:2:7")]
