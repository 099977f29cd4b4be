"""flexsync launch against a portal on this machine: the reference of what the desktop software does."""

import json
import socket
from dataclasses import replace
from datetime import timedelta

import pytest

from flexsync.state import Product
from tests.support.browser import listening
from tests.support.stored import LAURE, PAUL, brought
from tests.support.web import PASSWORD, Web


@pytest.fixture
def address(web):
    """The address of the portal, which answers until the end of the test."""
    web.has_password(PAUL, LAURE)
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        with listening(Web(replace(web.site, url=url), web.clock), door):
            yield url


@pytest.fixture
def launch(flexsync, monkeypatch):
    """`launch("paye", ...)` as Paul, who types his password."""
    monkeypatch.setenv("FLEXSYNC_LAUNCH_PASSWORD", PASSWORD)
    monkeypatch.setenv("FLEXSYNC_EMAIL", PAUL.email)

    def call(product, *words):
        return flexsync("launch", product, "--workstation", "PC-1", *words)

    return call


def test_after_one_launch_with_internet_the_next_ones_need_none(launch, address, clock):
    first = launch("paye", "--url", address, "--installed", "12.0")
    assert first.code == 0, first
    assert first.out.splitlines()[:2] == ["Launch paye of dupont: data local.", "Version 12.1 is there."]
    offline = launch("paye", "--offline")
    assert (offline.code, offline.out) == (0, "Launch paye: offline, until 2026-12-26 00:00 in Paris.\n")
    clock.move(timedelta(days=31))
    late = launch("paye", "--offline")
    assert late.code == 4
    assert "expired" in late.err


def test_hosted_data_leaves_nothing_to_launch_with_offline(launch, address, web):
    assert launch("paye", "--url", address, "--grant", "g.json").code == 0
    state = web.store.snapshots(["dupont"])["dupont"].current
    brought(web.store, replace(state, products={**state.products, "paye": Product(data_mode="hosted")}))
    online = launch("paye", "--url", address, "--grant", "g.json")
    assert "data hosted: Internet at each launch" in online.out
    assert launch("paye", "--offline", "--grant", "g.json").code == 4


def test_another_workstation_or_person_launches_nothing_offline(launch, address, monkeypatch):
    launch("paye", "--url", address)
    assert "another workstation" in launch("paye", "--offline", "--workstation", "PC-2").err
    monkeypatch.setenv("FLEXSYNC_EMAIL", LAURE.email)
    assert "another person" in launch("paye", "--offline").err


def test_an_altered_file_launches_nothing(launch, address, tmp_path):
    launch("paye", "--url", address)
    file = tmp_path / "here" / ".flexsync" / "grants" / "paye.json"
    kept = json.loads(file.read_text())
    assert PASSWORD not in file.read_text()
    file.write_text(json.dumps({**kept, "grant": kept["grant"].replace("A", "B", 1)}))
    assert launch("paye", "--offline").code == 4
    for content in ("", "[]", "{}", '{"grant": 1, "key": 2}'):
        file.write_text(content)
        assert launch("paye", "--offline").code == 4


@pytest.mark.parametrize(("email", "product", "told"), [
    (PAUL.email, "nothing", "may not open this product"), ("x@y.example", "paye", "wrong, or you may not sign in"),
])  # fmt: skip
def test_a_refusal_is_told_in_words(launch, address, monkeypatch, email, product, told):
    monkeypatch.setenv("FLEXSYNC_EMAIL", email)
    done = launch(product, "--url", address)
    assert done.code == 4
    assert told in done.err
    assert PASSWORD not in done.out + done.err


def test_without_a_portal_the_way_on_is_told(launch):
    done = launch("paye", "--url", "http://127.0.0.1:1")
    assert done.code == 9
    assert "--offline" in done.err


@pytest.mark.parametrize("url", ["http://flex.example", "ftp://x", "https://u:p@x.example", "https://x.example/a?b"])
def test_a_password_goes_to_no_odd_address(launch, url):
    assert launch("paye", "--url", url).code == 64


def test_no_password_means_no_question_without_a_terminal(flexsync, monkeypatch):
    monkeypatch.delenv("FLEXSYNC_LAUNCH_PASSWORD", raising=False)
    assert flexsync("launch", "paye", "-u", PAUL.email).code == 64
