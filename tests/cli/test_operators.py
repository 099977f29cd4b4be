"""flexsync operator and serve: who looks after the fleet, and what is said before the door opens."""

import socket

import pytest

from flexsync.passwords import Hashing
from flexsync.store import operators
from flexsync.store.sql import open_store


def kept(url, clock, name):
    with open_store(url, create=False, clock=clock) as store:
        return store.read(lambda connection: operators.find(connection, name))


def test_an_operator_is_added_listed_and_ended(guide, store_url, clock):
    added = guide.flexsync("operator", "add", "claire", "--generate")
    assert added.code == 0
    password = added.out.split("shown this once: ")[1].strip()
    assert Hashing().matches(password, kept(store_url, clock, "claire").kept)
    assert "claire  2026-11-25  at work" in guide.flexsync("operator", "list").out
    assert guide.flexsync("operator", "add", "claire", "--generate").code == 4
    assert guide.flexsync("operator", "end", "claire").code == 0
    assert "ended 2026-11-25" in guide.flexsync("operator", "list").out
    assert guide.flexsync("operator", "end", "claire").code == 4
    assert "given once" in guide.flexsync("operator", "add", "claire", "--generate").err


@pytest.mark.parametrize("name", ["Claire", "a b", "../x", "x" * 64, "é"])
def test_a_name_that_cannot_be_typed_again_is_refused(guide, name):
    assert guide.flexsync("operator", "add", name, "--generate").code == 64


def test_a_password_is_not_asked_without_a_terminal(guide):
    done = guide.flexsync("operator", "add", "claire")
    assert (done.code, "--generate" in done.err) == (64, True)


def test_a_weak_password_is_refused(guide, monkeypatch):
    monkeypatch.setattr("flexsync.cli.operator._typed", lambda: "azertyuiop12")
    done = guide.flexsync("operator", "add", "claire")
    assert (done.code, "easy to guess" in done.err, "azerty" in done.err) == (4, True, False)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "flex.example", "::"])
def test_an_open_door_without_tls_is_refused(guide, host):
    done = guide.flexsync("serve", "-C", guide.folder, "--host", host)
    assert done.code == 64
    assert "https://" in done.err


def test_a_missing_package_is_named(guide, monkeypatch):
    monkeypatch.setattr("flexsync.workflow.serving.find_spec", lambda name: None if name == "uvicorn" else name)
    done = guide.flexsync("serve", "-C", guide.folder)
    assert (done.code, 'pip install "flexsync[portal]"' in done.err) == (9, True)


def test_a_store_that_is_not_there_is_said(guide, tmp_path):
    done = guide.flexsync("serve", "-C", guide.folder, "--store", tmp_path / "none.db")
    assert (done.code, "none.db" in done.err) == (9, True)


def test_a_port_that_is_taken_is_said(guide, tmp_path):
    own = tmp_path / "own.db"
    assert guide.flexsync("store", "init", "--store", own).code == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = guide.flexsync("serve", "-C", guide.folder, "--store", own, "--port", port)
    assert done.code == 9
    assert "Choose another --port" in done.err
