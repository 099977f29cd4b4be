"""One pull request on the firm of the examples, in every format as a reviewer gets it."""

import re
import shutil

import pytest

from flexsync.render import RENDERERS
from tests.support.commands import EXAMPLES
from tests.support.repositories import Repository

FORMS = sorted(RENDERERS.keys() - {"json"})
HIRE = """
  k.lenoir:
    civility: madame
    given_name: Karine
    family_name: Lenoir
    email: karine@gillet.example
    access: [compta]
"""
#: File -> what is written there, and what instead.
CHANGE = {
    "clients/gillet.yaml": [("seats: 2", "seats: 3"), ("    access: [compta]\n", "    access: [compta]" + HIRE)],
    "clients/perrin.yaml": [("  compta:\n", "  compta:\n    data_mode: local\n")],
    "fleet.yaml": [
        ("  n.fabre: {civility: madame, given_name: Nathalie, family_name: Fabre, email: n.fabre@morel.example}\n", ""),
        ("    users:\n      n.fabre: {access: [paye]}\n", ""),
        ("{compta: {edition: standard}}", "{compta: {edition: standard}, paye: {}}"),
    ],
}


@pytest.fixture
def proposed(tmp_path):
    """The firm in a folder of a repository, before and after: a hire, a leaver, a product more, data back home."""
    repository = Repository(tmp_path / "repository")
    shutil.copytree(EXAMPLES / "firm", repository.root / "firm")
    repository.commit()
    for name, edits in CHANGE.items():
        file = repository.root / "firm" / name
        for old, new in edits:
            text = file.read_text(encoding="utf-8")
            assert text.count(old) == 1, name
            file.write_text(text.replace(old, new), encoding="utf-8")
    repository.commit()
    return repository


def test_a_pull_request_on_the_firm_in_every_format(proposed, flexsync, golden, monkeypatch):
    monkeypatch.chdir(proposed.root)
    outputs = [word for form in FORMS for word in ("--output", f"{form}={form}.out")]
    words = ("-C", "firm", "--base", "HEAD~1", "--head", "HEAD", "--as-of", "2026-01-15")
    assert flexsync("plan", *words, *outputs).code == 4
    for form in FORMS:
        golden(f"pull-request/{form}.txt", _steady(proposed, (proposed.root / f"{form}.out").read_text("utf-8")))


def _steady(repository, text):
    """`text` without what changes with every edit of the examples: names of commits, and the digest of the plan."""
    for revision, word in (("HEAD~1", "BASE"), ("HEAD", "HEAD")):
        text = text.replace(repository.git("rev-parse", revision)[:7], word)
    return re.sub(r"(?<=plan `)[0-9a-f]{12}|(?<=plan <code>)[0-9a-f]{12}", "DIGEST", text)
