"""What the pages are made of: vendored files as they came, templates without script or style of their own."""

import hashlib
import re
from pathlib import Path

import pytest

import flexsync.portal

PORTAL = Path(flexsync.portal.__file__).parent
ASSETS = Path(__file__).parents[1] / "assets" / "vendor"
STATIC = PORTAL / "static" / "vendor"
VENDORED = {
    STATIC / "pico-2.1.1.min.css": "fbc9a63fc9fc9f72d12fd7fc9806e11fa9f77ae4f9cad146b27003a1119ba3db",
    STATIC / "htmx-2.0.11.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    ASSETS / "axe-4.14.1.min.js": "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c",
}
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))


@pytest.mark.parametrize("file", VENDORED, ids=lambda file: file.name)
def test_vendored_files_are_as_they_came_and_have_their_licence(file):
    assert hashlib.sha256(file.read_bytes()).hexdigest() == VENDORED[file]
    assert file.with_name(f"{file.name.partition('-')[0]}-LICENSE.txt").read_text(encoding="utf-8")


def test_nothing_is_vendored_unseen():
    found = {file for folder in (STATIC, ASSETS) for file in folder.iterdir()}
    assert {file for file in found if not file.name.endswith("-LICENSE.txt")} == VENDORED.keys()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_templates_hold_nothing_that_the_policy_forbids(template):
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|\bstyle=|\bon[a-z]+=|javascript:|\|\s*safe\b", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"""(src|href|action)=["'](https?:)?//""", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_every_form_that_is_sent_carries_the_token(template):
    forms = re.findall(r'<form[^>]*method="post".*?</form>', template.read_text(encoding="utf-8"), re.DOTALL)
    assert all("token()" in form for form in forms)


@pytest.mark.parametrize("file", sorted(STATIC.glob("*.min.*")), ids=lambda file: file.name)
def test_what_is_vendored_for_pages_is_used_by_one(file):
    assert any(f"/static/vendor/{file.name}" in template.read_text(encoding="utf-8") for template in TEMPLATES)
