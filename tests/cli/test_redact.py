"""--redact: nobody's name on a public page, also when the files are wrong."""

import pytest

from tests.support.folders import FLEET, client, firm

SECRETS = ("Marc", "Zoé", "Petit", "Claire", "morel.example", "petit.example")


def differing(name, given_name):
    person = f"{{civility: monsieur, given_name: {given_name}, family_name: Petit, email: p@petit.example, access: []}}"
    return client(name, f"users: {{p.petit: {person}}}\n")


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html", "junit", "sarif", "github", "gitlab", "csv"])
def test_one_person_with_two_names_is_told_without_them(flexsync, tmp_path, form):
    firm(
        tmp_path / "firm",
        {"clients/a.yaml": differing("client-a", "Marc"), "clients/b.yaml": differing("client-b", "Zoé")},
    )
    done = flexsync("plan", "-C", tmp_path / "firm", "--format", form, "--redact")
    assert done.code == 3
    assert not [secret for secret in SECRETS if secret in done.out + done.err]


def test_a_fleet_file_that_is_wrong_is_told_without_the_people_in_it(flexsync, tmp_path):
    fleet = FLEET.replace("given_name: Claire", "given_name: 7").replace("c.morel@morel", "c morel@morel")
    firm(tmp_path / "firm", fleet=fleet)
    plain = flexsync("plan", "-C", tmp_path / "firm")
    masked = flexsync("plan", "-C", tmp_path / "firm", "--redact")
    assert (plain.code, masked.code) == (3, 3)
    assert "Morel" in plain.err
    assert not [secret for secret in (*SECRETS, "Morel") if secret in masked.out + masked.err]
